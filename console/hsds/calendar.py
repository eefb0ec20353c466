"""The consultation hours of a district as a calendar (RFC 5545) to subscribe to.

Each opening of the next eight weeks is an entry of its own, so holidays and exceptions need no rules. Times
are in UTC: no clock change can shift them. An opening keeps its UID for as long as it begins at that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event

from bot.conversation.calendar import new_calendar, opening_entry
from bot.conversation.card import pretty_phone
from bot.conversation.labels import door
from bot.texts import Texts, texts
from console.hsds import selection
from console.hsds.parameters import Query
from console.hsds.problems import not_found
from console.hsds.records import confirmation, translations
from console.hsds.schedules import HORIZON
from gazetteer.districts import districts
from services_directory.hours import BERLIN, HoursError, Span, next_openings
from services_directory.models import ServiceAtLocation
from services_directory.records import Record

CATEGORIES = ("integration_management", "initial_counselling", "trauma_consultation")
_PRODUCT = "-//Lotse//Lotse Baden-Württemberg open data//DE"
_ENOUGH = 500
_AROUND_THE_CLOCK = timedelta(hours=24)
_REFRESH = "PT6H"


def feed(request: HttpRequest, query: Query, ags: str) -> HttpResponse:
    """The calendar of a district. Raises Problem for an AGS that is none."""
    if ags not in districts():
        raise not_found(
            "There is no district with this AGS in Baden-Württemberg: five digits, such as 08221."
        )
    language = query.get("language", "de")
    calendar = _empty(districts()[ags].name(language))
    for listing in selection.listings({"district": ags}).filter(service__category__in=CATEGORIES):
        for entry in _entries(texts(language), listing):
            calendar.add_component(entry)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="lotse-{ags}.ics"'
    response["Content-Language"] = language
    return response


def _empty(district: str) -> Calendar:
    calendar = new_calendar(_PRODUCT)
    calendar.add("x-wr-calname", f"Lotse: {district}")
    calendar.add("x-wr-timezone", str(BERLIN))
    calendar.add("x-published-ttl", _REFRESH)
    return calendar


def _entries(said: Texts, listing: ServiceAtLocation) -> Iterator[Event]:
    record = Record.of(listing)
    for opens, closes in _openings(record):
        if closes - opens < _AROUND_THE_CLOCK:  # a line that never sleeps is no appointment
            yield _entry(said, listing, record, opens, closes)


def _openings(record: Record) -> list[Span]:
    """The openings that begin from today on, within the horizon; none where hours are not known."""
    if not record.opening_hours and not record.exceptions:
        return []
    start = datetime.combine(timezone.localdate(), time.min, BERLIN)
    try:
        found = next_openings(record.opening_hours, start, _ENOUGH, record.exceptions)
    except HoursError:
        return []
    end = (start + HORIZON).astimezone(UTC)
    return [span for span in found if start.astimezone(UTC) <= span[0].astimezone(UTC) < end]


def _entry(
    said: Texts, listing: ServiceAtLocation, record: Record, opens: datetime, closes: datetime
) -> Event:
    # Stamped with a moment of the data, not of the request: the same directory gives the same file.
    entry = opening_entry(record.id, opens, closes, listing.last_modified)  # type: ignore[attr-defined]
    entry.add("summary", record.name)
    entry.add("categories", [said.t(door(record.category, record.office_kind).label)])
    if address := ", ".join(part for part in (record.street, _town(record)) if part):
        entry.add("location", address)
    if record.website:
        entry.add("url", record.website)
    entry.add("description", "\n".join(_details(said, listing, record)))
    return entry


def _town(record: Record) -> str:
    return f"{record.postal_code} {record.city}".strip()


def _details(said: Texts, listing: ServiceAtLocation, record: Record) -> list[str]:
    by_language = {text["language"]: text.get("description") for text in translations(listing.service)}
    does = by_language.get(said.language) or by_language["de"]
    contacts = [*map(pretty_phone, record.phones), record.email, record.website]
    lines = [record.organization, does, *contacts, _confirmation(said, listing)]
    return [line for line in lines if line]


def _confirmation(said: Texts, listing: ServiceAtLocation) -> str:
    """Whether the office confirmed the hours, in the words of the bot's cards."""
    known = confirmation(listing, timezone.localdate())
    if known["state"] != "unconfirmed":
        day = said.source_date(timezone.localdate(listing.verified_at).isoformat())
        if known["state"] == "confirmed":
            return said.t("✅ The office confirmed these details on {day}.", day=day)
        return said.t("⚠️ The office last confirmed these details on {day}.", day=day)
    if "source_date" in known:
        day = said.source_date(known["source_date"])
        return said.t("⚠️ Not yet confirmed by the office (as of {day}).", day=day)
    return said.t("⚠️ Not yet confirmed by the office (date not known).")
