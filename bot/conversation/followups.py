"""Follow-ups: what was just shown is what they speak of."""

from __future__ import annotations

from bot.conversation import menu, offers, places
from bot.conversation.card import address_lines, confirmation, contact_lines, hours_lines, map_url
from bot.conversation.context import Context
from bot.conversation.markup import escape
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
        return offers.find(ctx, _meant(ctx))
    lines = [f"<b>{escape(listing.name)}</b>", *hours_lines(ctx, listing)]
    if listing.opening_hours:
        upcoming = next_openings(listing.opening_hours, ctx.now, _UPCOMING)
        lines += [
            f"• {ctx.texts.day(begin.date())}, {ctx.texts.time(begin)}–{ctx.texts.time(end)}"
            for begin, end in upcoming
        ]
    return _about(ctx, listing, [*lines, *contact_lines(listing)])


def contact(ctx: Context) -> Outcome:
    """Phone, address and way of the office last shown."""
    listing = _subject(ctx)
    if listing is None:
        return offers.find(ctx, _meant(ctx))
    lines = [f"<b>{escape(listing.name)}</b>", *address_lines(listing), *contact_lines(listing)]
    return _about(ctx, listing, [*lines, *_spoken(ctx, listing)])


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
