"""Follow-ups: what was just shown is what they speak of."""

from __future__ import annotations

from bot.conversation import menu, offers, places
from bot.conversation.card import address_lines, contact_lines, hours_lines, map_url
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Reply
from services_directory.hours import next_openings
from services_directory.snapshot import Listing

_UPCOMING = 3
DEFAULT_WISH = Wish("integration_management")
"""Whom people mean who ask for "the office" without having seen one."""


def opening_hours(ctx: Context) -> Outcome:
    """When the office last shown is open: now, and the next times."""
    listing = _subject(ctx)
    if listing is None:
        return offers.find(ctx, DEFAULT_WISH)
    lines = [f"<b>{_name(listing)}</b>", *hours_lines(ctx, listing)]
    if listing.opening_hours:
        upcoming = next_openings(listing.opening_hours, ctx.now, _UPCOMING)
        lines += [
            f"• {ctx.texts.day(begin.date())}, {ctx.texts.time(begin)}–{ctx.texts.time(end)}"
            for begin, end in upcoming
        ]
    lines += contact_lines(listing)
    return ctx.say(Reply("\n".join(lines), _buttons(ctx, listing)), misunderstood=0)


def contact(ctx: Context) -> Outcome:
    """Phone, address and way of the office last shown."""
    listing = _subject(ctx)
    if listing is None:
        return offers.find(ctx, DEFAULT_WISH)
    lines = [
        f"<b>{_name(listing)}</b>",
        *address_lines(listing),
        *contact_lines(listing),
        *_spoken(ctx, listing),
    ]
    return ctx.say(Reply("\n".join(lines), _buttons(ctx, listing)), misunderstood=0)


def affirm(ctx: Context) -> Outcome:
    """A yes without a question of ours open: ask what next."""
    if ctx.session.asked == "place":
        return places.ask(ctx, ctx.session.wish)
    return ctx.say(menu.menu(ctx, ctx.t("Good. What else do you need?")))


def deny(ctx: Context) -> Outcome:
    """A no after a card means "not this one"."""
    if ctx.session.shown and not ctx.session.asked:
        return offers.another(ctx)
    return menu.show_menu(ctx)


def _subject(ctx: Context) -> Listing | None:
    """The office last shown, unless the message names another place."""
    shown = ctx.session.shown
    if shown is None or ctx.place.kind != "none":
        return None
    return ctx.directory.get(shown.listing_id)


def _name(listing: Listing) -> str:
    return listing.name.replace("&", "&amp;").replace("<", "&lt;")


def _spoken(ctx: Context, listing: Listing) -> list[str]:
    if not listing.languages:
        return [ctx.t("🗣 I do not know which languages they speak there.")]
    return ["🗣 " + ", ".join(ctx.texts.language_name(code) for code in listing.languages)]


def _buttons(ctx: Context, listing: Listing) -> tuple[tuple[Button, ...], ...]:
    row: list[Button] = []
    if url := map_url(listing):
        row.append(Button(ctx.t("🗺 Map"), url=url))
    row.append(ctx.button(N_("➡️ Another one"), "another"))
    return (tuple(row), menu.back_row(ctx))
