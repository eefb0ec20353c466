"""Openings as an iCalendar file (RFC 5545). It says nothing of who asked for it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import UTC, datetime

from icalendar import Calendar, Event

from bot.conversation.card import confirmation, pretty_phone
from bot.conversation.context import Context
from bot.conversation.openings import Opening
from bot.types import Document
from services_directory.snapshot import Listing

_PRODUCT = "-//Lotse//Lotse Baden-Württemberg//DE"


def calendar_file(ctx: Context, listing: Listing, openings: Iterable[Opening]) -> Document:
    """A file with one entry for each opening."""
    calendar = new_calendar(_PRODUCT)
    for opening in openings:
        calendar.add_component(_entry(ctx, listing, opening))
    content = base64.b64encode(calendar.to_ical()).decode()
    return Document(f"lotse-{listing.id}.ics", "text/calendar", content)


def new_calendar(product: str) -> Calendar:
    """An empty calendar; `product` says what made it."""
    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def opening_entry(listing_id: str, begin: datetime, end: datetime, made: datetime) -> Event:
    """One opening, with the same UID wherever it is given out and for as long as it begins at that time.

    Times are in UTC: the phone shows them in its own zone, and no clock change can shift them.
    """
    begin = begin.astimezone(UTC)
    entry = Event()
    entry.add("uid", f"{listing_id}-{begin:%Y%m%dT%H%MZ}@lotse")
    entry.add("dtstamp", made.astimezone(UTC))
    entry.add("dtstart", begin)
    entry.add("dtend", end.astimezone(UTC))
    return entry


def _entry(ctx: Context, listing: Listing, opening: Opening) -> Event:
    entry = opening_entry(listing.id, opening.begin, opening.end, ctx.now)
    entry.add("summary", listing.name)
    if listing.address:
        entry.add("location", listing.address)
    if listing.website:
        entry.add("url", listing.website)
    entry.add("description", "\n".join(_details(ctx, listing)))
    # What the office is there for is not for everybody who sees the calendar on a shared screen.
    entry.add("class", "PRIVATE")
    return entry


def _details(ctx: Context, listing: Listing) -> list[str]:
    contacts = [*map(pretty_phone, listing.phones), listing.email, listing.website]
    source = [listing.source_url] if listing.source_url and listing.source_url != listing.website else []
    lines = [listing.organization, *contacts, confirmation(ctx, listing), *source]
    return [line for line in lines if line]
