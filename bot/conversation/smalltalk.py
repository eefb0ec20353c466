"""Greetings, thanks, goodbyes, and who is speaking."""

from __future__ import annotations

from bot.conversation import menu
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.types import Reply


def greet(ctx: Context) -> Outcome:
    return ctx.say(
        menu.menu(ctx, ctx.t("Hello! What do you need? Write in your own words, or choose:")), misunderstood=0
    )


def thank(ctx: Context) -> Outcome:
    return _short(ctx, ctx.t("You are welcome. Write whenever you need something."))


def goodbye(ctx: Context) -> Outcome:
    return _short(ctx, ctx.t("Goodbye, and all the best. I am here day and night."))


def about(ctx: Context) -> Outcome:
    """What the bot can do, who runs it, and that it is a program."""
    html = ctx.t(
        "I am Lotse, a program. I know offices, counselling and psychological support in all 44 districts of "
        "Baden-Württemberg. I answer questions about residence, money, housing, work, school and health. "
        "A program can be wrong: please check by phone. Run by: {operator}",
        operator=ctx.operator,
    )
    return ctx.say(menu.menu(ctx, html), misunderstood=0)


def _short(ctx: Context, html: str) -> Outcome:
    return ctx.say(Reply(html, (menu.back_row(ctx),)), misunderstood=0)
