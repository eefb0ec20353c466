"""Opening hours in OpenStreetMap syntax, as the clock of Baden-Württemberg reads them.

Pure functions: no clock, no Django, no network. Every returned time is aware, in Europe/Berlin.

Four rules of our own on top of the syntax:
- On a public holiday of the Land an office is closed, also when its hours say nothing of PH.
  Hours that are the same on all seven days (24/7, "Mo-Su 08:00-20:00") are kept: those are
  help lines, and their makers mean every day.
- A night span belongs to the day it begins on, so "Fr 22:00-02:00" ends on Saturday at two
  even when that Saturday is a holiday.
- Exceptions of single days come after all that: a closed day has no opening, changed hours stand
  in for the usual ones, extra hours are added, also on a holiday.
- What cannot be computed here to the minute (comments, fallbacks, school holidays, sunrise,
  open ends) is refused rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from services_directory.snapshot import HoursException

BERLIN = ZoneInfo("Europe/Berlin")
NEAR_DAYS = 15
"""Looked ahead first: nearly every office opens again within two weeks."""
FAR_DAYS = 400
"""Looked ahead at most: beyond that an opening counts as unknown, an end as never."""

_DAY = timedelta(days=1)
_WEEKDAY = re.compile(r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\b")
_HOLIDAY = re.compile(r"\bPH\b")
_REFUSED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r'"'), "Bemerkungen in Anführungszeichen gehören in das Feld „Notiz“."),
    (re.compile(r"\|\|"), "Ersatzregeln mit „||“ kann Lotse nicht auswerten."),
    (re.compile(r"\bSH\b"), "Schulferien (SH) kann Lotse nicht auswerten, bitte Daten angeben."),
    (re.compile(r"\bunknown\b"), "„unknown“ kann Lotse nicht auswerten."),
    (re.compile(r"dawn|sunrise|sunset|dusk"), "Sonnenauf- und -untergang kann Lotse nicht auswerten."),
    (re.compile(r"\d\+"), "Bitte ein Ende der Öffnungszeit angeben statt „+“."),
)

Span = tuple[datetime, datetime]
Exceptions = tuple[HoursException, ...]


class HoursError(ValueError):
    """The expression cannot be read; the message says why, in German, for staff."""


@dataclass(frozen=True, slots=True)
class OpeningState:
    """What a clock says about an office. All times are aware, in Europe/Berlin.

    `until` is the end of the present opening (None when closed, or open without an end).
    `next_open` and `next_close` are the next opening that has not begun yet, None when there
    is none within `FAR_DAYS`.
    """

    open: bool
    until: datetime | None
    next_open: datetime | None
    next_close: datetime | None


def is_valid(expression: str) -> bool:
    """Whether the expression can be shown and computed."""
    return problem(expression) == ""


def problem(expression: str) -> str:
    """Say in plain German what is wrong with the expression, or return an empty string."""
    try:
        _parsed(expression)
    except HoursError as error:
        return str(error)
    return ""


def opening_state(expression: str, at: datetime, exceptions: Exceptions = ()) -> OpeningState:
    """Tell whether an office with these hours is open at an aware point in time.

    Raises HoursError when the expression cannot be read. An empty one has the exceptions' hours only.
    """
    now = _local(at)
    spans = _spans_from(expression, exceptions, now, wanted=2)
    current = next((span for span in spans if span[0] <= now), None)
    upcoming = next((span for span in spans if span[0] > now), None)
    start, end = upcoming or (None, None)
    until = current[1] if current and current[1] < _horizon(now) else None
    return OpeningState(current is not None, _berlin(until), _berlin(start), _berlin(end))


def next_openings(expression: str, at: datetime, count: int = 3, exceptions: Exceptions = ()) -> list[Span]:
    """Return up to `count` openings as (start, end); the first may already be running at `at`.

    Hours without an end, as of a line open around the clock, are one opening that ends with the
    calendar, `FAR_DAYS` ahead. Raises HoursError when the expression cannot be read.
    """
    spans = _spans_from(expression, exceptions, _local(at), wanted=count)[:count]
    return [(start.astimezone(BERLIN), end.astimezone(BERLIN)) for start, end in spans]


def opening_at(expression: str, at: datetime, exceptions: Exceptions = ()) -> Span | None:
    """Return the opening that is running at an aware point in time. Raises HoursError."""
    first = next(iter(next_openings(expression, at, 1, exceptions)), None)
    return first if first and first[0] <= _local(at) else None


def days_off(expression: str, start: date, end: date, exceptions: Exceptions = ()) -> list[tuple[date, str]]:
    """Days of [start, end) on which the office would open by its usual week but does not open at all.

    With each comes the German name of the public holiday it is, else an empty string. Raises HoursError.
    """
    if not expression or end <= start:
        return []
    begin, stop = _midnight(start - _DAY), _midnight(end)
    usual = _days_of(_naive_spans(_parsed(expression), begin, stop))
    spans = _calendar(expression, start, (end - start).days, exceptions)
    open_days = _days_of((_wall_clock(opens), _wall_clock(closes)) for opens, closes in spans)
    off = sorted(day for day in usual - open_days if start <= day < end)
    names = {} if _says_nothing_of_days(expression) else {day: public_holiday(day) for day in off}
    return [(day, names.get(day, "")) for day in off]


def is_public_holiday(day: date) -> bool:
    """Whether the day is a public holiday in the whole of Baden-Württemberg."""
    return day in _holidays(day.year)


def public_holiday(day: date) -> str:
    """The German name of the Land's public holiday on this day; empty where it is none."""
    return _holidays(day.year).get(day, "")


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a point in time needs its time zone")
    return at.astimezone(UTC)


def _berlin(moment: datetime | None) -> datetime | None:
    return moment.astimezone(BERLIN) if moment else None


def _horizon(now: datetime) -> datetime:
    """Where the calendar computed for this day ends; an opening that reaches it has no known end."""
    return _utc(_midnight(now.astimezone(BERLIN).date() + timedelta(days=FAR_DAYS)))


def _spans_from(expression: str, exceptions: Exceptions, now: datetime, wanted: int) -> list[Span]:
    """Openings that end after `now` (UTC), looking far ahead only where the near days do not suffice."""
    today = now.astimezone(BERLIN).date()
    spans = [span for span in _calendar(expression, today, NEAR_DAYS, exceptions) if span[1] > now]
    complete = len(spans) > wanted  # one to spare: the last may be cut off by the window
    if not complete:
        spans = [span for span in _calendar(expression, today, FAR_DAYS, exceptions) if span[1] > now]
    return spans


@lru_cache(maxsize=8192)
def _calendar(expression: str, today: date, days: int, exceptions: Exceptions = ()) -> tuple[Span, ...]:
    """All openings from the day before yesterday on, as UTC spans in order."""
    start, end = _midnight(today - 2 * _DAY), _midnight(today + timedelta(days=days))
    usual = _usual_spans(expression, start, end) if expression or not exceptions else ()
    standing = _outside(usual, {date.fromisoformat(e.date) for e in exceptions if e.kind != "extra"})
    merged = _merged(sorted([*standing, *_exceptional_spans(exceptions, start, end)]))
    return tuple((_utc(opens), _utc(closes)) for opens, closes in merged)


def _usual_spans(expression: str, start: datetime, end: datetime) -> Iterator[Span]:
    """Openings of the usual week, with the Land's holidays."""
    yield from _without_holidays(expression, _naive_spans(_parsed(expression), start, end))
    yield from _holiday_spans(expression, start, end)


def _outside(spans: Iterable[Span], days: set[date]) -> Iterable[Span]:
    if not days:
        return spans
    return (part for span in spans for part in _on_days(span, lambda day: day not in days))


def _exceptional_spans(exceptions: Exceptions, start: datetime, end: datetime) -> Iterator[Span]:
    for exception in exceptions:
        day = date.fromisoformat(exception.date)
        if exception.kind == "closed" or not start.date() <= day < end.date():
            continue
        opens = datetime.combine(day, time.fromisoformat(exception.opens))
        closes = datetime.combine(day, time.fromisoformat(exception.closes))
        yield opens, closes if closes > opens else closes + _DAY


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> OpeningHours:
    for pattern, message in _REFUSED:
        if pattern.search(expression):
            raise HoursError(message)
    try:
        _parse(_on_holidays(expression))
        return _parse(expression)
    except ParserError as error:
        raise HoursError(
            "Diese Öffnungszeiten sind nicht lesbar. Beispiel: Mo-Fr 08:00-12:00; Th 14:00-17:30"
        ) from error


def _parse(expression: str) -> OpeningHours:
    return OpeningHours(expression, auto_country=False, auto_timezone=False)


def _on_holidays(expression: str) -> str:
    """The same hours as they read on a holiday: the parser's own calendar lacks the Land's holidays."""
    return _HOLIDAY.sub("Mo-Su", expression)


def _says_nothing_of_days(expression: str) -> bool:
    """Whether the hours are the same on all seven days, as for a help line."""
    return not _HOLIDAY.search(expression) and not _WEEKDAY.search(expression.replace("Mo-Su", ""))


def _without_holidays(expression: str, spans: Iterator[Span]) -> Iterator[Span]:
    if _says_nothing_of_days(expression):
        return spans
    return (part for span in spans for part in _on_days(span, lambda day: not is_public_holiday(day)))


def _on_days(span: Span, is_kept: Callable[[date], bool]) -> Iterator[Span]:
    """Cut days out of an opening; a night span goes or stays as a whole."""
    start, end = span
    if end - start < _DAY:
        if is_kept(start.date()):
            yield span
        return
    while start < end:
        stop = min(end, _midnight(start.date() + _DAY))
        if is_kept(start.date()):
            yield start, stop
        start = stop


def _days_of(spans: Iterable[Span]) -> set[date]:
    """The days openings begin on; of one that lasts for days, each of them."""
    return {opens.date() for span in spans for opens, _ in _on_days(span, lambda _: True)}


def _holiday_spans(expression: str, start: datetime, end: datetime) -> Iterator[Span]:
    """Openings that begin on a holiday, where the expression says what holds on holidays."""
    if not _HOLIDAY.search(expression):
        return
    hours = _parse(_on_holidays(expression))
    for day in _holidays_between(start.date(), end.date()):
        for opens, closes in _naive_spans(hours, _midnight(day), _midnight(day + 2 * _DAY)):
            if opens.date() == day:
                yield opens, closes if closes - opens < _DAY else _midnight(day + _DAY)


def _holidays_between(start: date, end: date) -> list[date]:
    years = range(start.year, end.year + 1)
    return sorted(day for year in years for day in _holidays(year) if start <= day < end)


@lru_cache(maxsize=16)
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("DE", subdiv="BW", years=year, language="de"))


def _naive_spans(hours: OpeningHours, start: datetime, end: datetime) -> Iterator[Span]:
    opened = (row[:2] for row in hours.intervals(start, end) if row[2] == State.OPEN)
    return iter(_merged(opened))


def _merged(spans: Iterator[Span] | list[Span]) -> list[Span]:
    """Join spans that touch or overlap; the input is in order."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _wall_clock(moment: datetime) -> datetime:
    return moment.astimezone(BERLIN).replace(tzinfo=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _utc(wall_clock: datetime) -> datetime:
    """The moment a Berlin wall clock shows this time; of a doubled hour the first one."""
    return wall_clock.replace(tzinfo=BERLIN).astimezone(UTC)
