"""A person instead of the bot: the wish is recorded, and a door where people answer is shown."""

from __future__ import annotations

from bot.conversation import feedback, menu, offers, places
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Event, Reply

_PEOPLE = Wish("integration_management")


def talk(ctx: Context) -> Outcome:
    """Record the wish and show who can be spoken to now; no answer in the chat is promised."""
    event = Event("person_wanted", {"ags": ctx.session.place.ags if ctx.session.place else ""})
    note = Reply(
        ctx.t(
            "I have noted that you want to talk to a person. In this chat only I, a program, answer for now. "
        )
        + ctx.t("These people talk to you by phone or on site:")
    )
    if ctx.session.place is None and ctx.place.kind == "none":
        outcome = places.ask(
            ctx, _PEOPLE, ctx.t("Where do you live? Then I show you the person for your district.")
        )
    else:
        outcome = offers.find(ctx, _PEOPLE)
    return outcome.after(note).also(event)


def feedback_positive(ctx: Context) -> Outcome:
    """Thanks for thanks."""
    html = ctx.t("I am glad. Write whenever you need something.")
    return ctx.say(Reply(html, (menu.back_row(ctx),)), events=(Event("feedback_positive"),), misunderstood=0)


def feedback_negative(ctx: Context) -> Outcome:
    """It did not help: the report goes to the card last shown, and a person is one tap away."""
    if ctx.session.topic:
        return feedback.ask_why(ctx, ctx.session.topic)
    event = Event("feedback_negative", {"listing": ctx.session.shown.listing_id if ctx.session.shown else ""})
    html = ctx.t("I am sorry that this did not help. I have noted it. What should happen next?")
    rows: list[tuple[Button, ...]] = []
    if ctx.session.shown:
        rows.append((ctx.button(N_("➡️ Another one"), "another"),))
    rows.append(menu.person_row(ctx))
    return ctx.say(Reply(html, tuple(rows)), events=(event,))
