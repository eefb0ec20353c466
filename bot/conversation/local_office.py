"""The office of the person's own district, in a few lines inside an answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import Answer
from bot.conversation import offers
from bot.conversation.card import (
    address_lines,
    confirmation,
    contact_lines,
    fallback_door,
    has_door,
    hours_lines,
    pretty_phone,
    title,
)
from bot.conversation.context import Context
from bot.conversation.naming import described
from bot.conversation.session import Shown, Wish
from services_directory.snapshot import CATEGORIES, Listing


@dataclass(frozen=True, slots=True)
class LocalOffice:
    """An office as shown inside an answer, and what "when are they open?" then refers to."""

    html: str
    shown: Shown


def office_wish(found: Answer) -> Wish:
    """The local door behind a question."""
    return Wish(found.office) if found.office in CATEGORIES else Wish("other_office", found.office)


def local_office(ctx: Context, wish: Wish) -> LocalOffice | None:
    """The best office for the session's place; None where the place or an office for it is not known."""
    place = ctx.session.place
    matches = offers.search(ctx, wish, place) if place else []
    if place is None or not matches or matches[0].scope == "neighbour":
        return None
    match = matches[0]
    listing = match.listing
    lines = [
        ctx.t("📌 For {place}:", place=described(ctx, place)),
        *offers.missing(ctx, wish, match),
        title(listing),
        *address_lines(listing),
        *_contact(listing),
        *_hours(ctx, listing),
        *fallback_door(ctx, match),
        confirmation(ctx, listing),
    ]
    return LocalOffice("\n".join(lines), Shown(listing.id, wish.category, wish.office_kind))


def _hours(ctx: Context, listing: Listing) -> list[str]:
    """The opening state; that one should call first is said once, by the confirmation."""
    if not has_door(listing):
        return []
    return hours_lines(ctx, listing) if listing.opening_hours else [ctx.t("🕒 Opening hours are not known.")]


def _contact(listing: Listing) -> list[str]:
    """The first phone number; mail and web only where nobody can be called. The card has the rest."""
    if listing.phones:
        return [f"☎️ {pretty_phone(listing.phones[0])}"]
    return contact_lines(listing)
