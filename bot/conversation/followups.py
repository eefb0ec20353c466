"""Follow-ups: what was just shown is what they speak of."""

from __future__ import annotations

from bot.conversation import dates, menu, offers, places
from bot.conversation.card import (
    address_lines,
    confirmation,
    contact_lines,
    hours_lines,
    language_lines,
    map_button,
    next_door,
)
from bot.conversation.context import Context
from bot.conversation.markup import escape
from bot.conversation.openings import upcoming
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Reply
from bot.understanding.requests import lead_time
from services_directory.snapshot import Listing

_COST = "Guten Tag, kostet die Beratung etwas?"
"""To be shown at the counter or said on the phone."""
_DATES_SEEN = ("guess:ask_opening_hours", "guess:book_reminder")
DEFAULT_WISH = Wish("integration_management")
"""Whom people mean who ask for "the office" without having seen one."""


def opening_hours(ctx: Context) -> Outcome:
    """When the office last shown is open: now, and the next times."""
    listing = _subject(ctx)
    if listing is None:
        return offers.find(ctx, _meant(ctx))
    if upcoming(listing, ctx.now):
        return dates.screen(ctx, listing)
    lines = [f"<b>{escape(listing.name)}</b>", *hours_lines(ctx, listing)]
    return _about(ctx, listing, [*lines, *contact_lines(listing)])


def book_reminder(ctx: Context) -> Outcome:
    """A date to come, or a reminder of one: the dates, with the way to be reminded under each."""
    listing = _subject(ctx)
    if listing is None:
        return offers.find(ctx, _meant(ctx))
    if upcoming(listing, ctx.now):
        when = lead_time(ctx.turn.text)
        return dates.next_to_remind_of(ctx, listing, when) if when else dates.screen(ctx, listing)
    reason = ctx.t("I cannot remind you: I do not know when this office is open next.")
    lines = [f"<b>{escape(listing.name)}</b>", *hours_lines(ctx, listing), *contact_lines(listing)]
    return _about(ctx, listing, [*lines, "", reason])


def contact(ctx: Context) -> Outcome:
    """Phone, address and way of the office last shown."""
    listing = _subject(ctx)
    if listing is None:
        return offers.find(ctx, _meant(ctx))
    lines = [f"<b>{escape(listing.name)}</b>", *address_lines(listing), *contact_lines(listing)]
    return _about(ctx, listing, [*lines, *_spoken(ctx, listing), *_no_phone(ctx, listing)])


def cost(ctx: Context) -> Outcome:
    """What it costs: this chat nothing; of an office only what the directory says."""
    free = ctx.t("This chat costs nothing.")
    listing = _subject(ctx)
    if listing is None:
        ask = ctx.t("What do you need?")
        return ctx.say(menu.menu(ctx, f"{free} {ask}"), misunderstood=0)
    said = listing.descriptions.get(ctx.language, "")
    lines = [
        f"<b>{escape(listing.name)}</b>",
        *([escape(said)] if said else []),
        *contact_lines(listing),
        "",
        ctx.t("Ask there what it costs. You can show this:"),
        f"<b>„{_COST}“</b>",
        free,
    ]
    return _about(ctx, listing, lines)


def affirm(ctx: Context) -> Outcome:
    """A yes without a question of ours open: the next date, where dates are seen; else what next."""
    if ctx.session.asked == "place":
        return places.ask(ctx, ctx.session.wish)
    listing = _subject(ctx) if ctx.session.trail and ctx.session.trail[-1] in _DATES_SEEN else None
    if listing and upcoming(listing, ctx.now):
        return dates.next_to_remind_of(ctx, listing)
    return ctx.say(menu.menu(ctx, ctx.t("Good. What else do you need?")))


def deny(ctx: Context) -> Outcome:
    """A no after a card means "not this one"."""
    if ctx.session.shown and not ctx.session.asked:
        return offers.another(ctx)
    return menu.show_menu(ctx)


def _subject(ctx: Context) -> Listing | None:
    """The office last shown, unless the message names another place or another kind of office."""
    shown, named = ctx.session.shown, ctx.understanding.office_kind if ctx.understanding else ""
    if shown is None or ctx.place.kind != "none" or (named and named != shown.office_kind):
        return None
    return ctx.directory.get(shown.listing_id)


def _meant(ctx: Context) -> Wish:
    """What is asked about where it is not the office last shown: the named one, else the same elsewhere."""
    if ctx.understanding and ctx.understanding.office_kind:
        return Wish("other_office", ctx.understanding.office_kind)
    shown = ctx.session.shown
    return Wish(shown.category, shown.office_kind) if shown else DEFAULT_WISH


def _about(ctx: Context, listing: Listing, lines: list[str]) -> Outcome:
    html = "\n".join((*lines, "", confirmation(ctx, listing)))
    return ctx.say(Reply(html, _buttons(ctx, listing)), misunderstood=0)


def _no_phone(ctx: Context, listing: Listing) -> list[str]:
    """Whoever asks for a number learns that none is known, and who in the district can tell it."""
    if listing.phones:
        return []
    other = next_door(ctx, listing)
    return ["", *other] if other else [f"☎️ {ctx.t('no phone known')}"]


def _spoken(ctx: Context, listing: Listing) -> list[str]:
    return language_lines(ctx, listing) or [ctx.t("🗣 I do not know which languages they speak there.")]


def _buttons(ctx: Context, listing: Listing) -> tuple[tuple[Button, ...], ...]:
    return ((*map_button(ctx, listing), ctx.button(N_("➡️ Another one"), "another")), menu.back_row(ctx))
