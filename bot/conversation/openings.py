"""When an office opens, as the conversation speaks of it: from now on, in words, with what falls out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.conversation.context import BERLIN, Context
from bot.texts import N_
from services_directory.hours import (
    OpeningState,
    days_off,
    next_openings,
    opening_at,
    opening_state,
)
from services_directory.snapshot import Listing

UPCOMING = 3
_CLOSURES_SHOWN = 5

_HOLIDAYS = {
    "Neujahr": N_("New Year (Neujahr)"),
    "Heilige Drei Könige": N_("Epiphany (Heilige Drei Könige)"),
    "Karfreitag": N_("Good Friday (Karfreitag)"),
    "Ostermontag": N_("Easter Monday (Ostermontag)"),
    "Erster Mai": N_("Labour Day (Tag der Arbeit)"),
    "Christi Himmelfahrt": N_("Ascension Day (Christi Himmelfahrt)"),
    "Pfingstmontag": N_("Whit Monday (Pfingstmontag)"),
    "Fronleichnam": N_("Corpus Christi (Fronleichnam)"),
    "Tag der Deutschen Einheit": N_("Day of German Unity (Tag der Deutschen Einheit)"),
    "Allerheiligen": N_("All Saints' Day (Allerheiligen)"),
    "Erster Weihnachtstag": N_("Christmas Day (Erster Weihnachtstag)"),
    "Zweiter Weihnachtstag": N_("Second day of Christmas (Zweiter Weihnachtstag)"),
}
"""The Land's public holidays by the German name the calendar gives them."""
_ANOTHER_HOLIDAY = N_("public holiday")
_KINDS = {"changed": N_("other hours than usual"), "extra": N_("additional hours")}


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of time an office is open. Both ends are aware, in Europe/Berlin."""

    begin: datetime
    end: datetime


def are_known(listing: Listing) -> bool:
    """Whether anything is known of the hours: a usual week, or single dates."""
    return bool(listing.opening_hours) or any(e.kind != "closed" for e in listing.exceptions)


def state(listing: Listing, now: datetime) -> OpeningState:
    """What a clock says of an office whose hours are known."""
    return opening_state(listing.opening_hours, now, listing.exceptions)


def upcoming(listing: Listing, now: datetime) -> list[Opening]:
    """The next openings that have not begun yet; none where the hours are not known."""
    if not are_known(listing):
        return []
    found = next_openings(listing.opening_hours, now, UPCOMING + 1, listing.exceptions)
    # In UTC, since two wall clocks do not compare rightly in the doubled hour of October.
    return [Opening(*span) for span in found if span[0] > now.astimezone(UTC)][:UPCOMING]


def opening_of(listing: Listing, begin: datetime) -> Opening | None:
    """The opening that begins or is already running at this moment; None where it is closed then."""
    if not are_known(listing):
        return None
    span = opening_at(listing.opening_hours, begin, listing.exceptions)
    return Opening(*span) if span else None


def moment_in_words(ctx: Context, moment: datetime) -> str:
    """A point in time: "Thursday, 26 November, 14:00"; near days are called by their name as well."""
    local = moment.astimezone(BERLIN)
    day, today = ctx.texts.day(local.date()), ctx.now.date()
    near = {today: ctx.t("today"), today + timedelta(days=1): ctx.t("tomorrow")}.get(local.date())
    named = f"{near} ({day})" if near else day
    return f"{named}, {ctx.texts.time(local)}"


def in_words(ctx: Context, listing: Listing, opening: Opening) -> str:
    """An opening with both ends, and whether it is other than usual."""
    said = f"{moment_in_words(ctx, opening.begin)}–{ctx.texts.time(opening.end)}"
    day = opening.begin.date().isoformat()
    kinds = {exception.kind for exception in listing.exceptions if exception.date == day} & set(_KINDS)
    return f"{said} ({ctx.t(_KINDS[min(kinds)])})" if kinds else said


def closures_in_words(ctx: Context, listing: Listing, until: datetime) -> list[str]:
    """The days from today to `until` on which the office stays closed although it usually opens."""
    off = days_off(listing.opening_hours, ctx.now.date(), until.date(), listing.exceptions)
    return [_closure(ctx, day, name) for day, name in off[:_CLOSURES_SHOWN]]


def _closure(ctx: Context, day: date, holiday: str) -> str:
    said = ctx.texts.day(day)
    return f"{said}: {ctx.t(_HOLIDAYS.get(holiday, _ANOTHER_HOLIDAY))}" if holiday else said
