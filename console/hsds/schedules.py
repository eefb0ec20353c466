"""HSDS schedules from opening hours in OpenStreetMap syntax.

HSDS wants times with their offset from UTC, so the usual week stands once for each clock: until the next
clock change and after it. A schedule of a single day replaces the usual week on that day; such days are
worked out for eight weeks, with the Land's holidays and the exceptions staff entered. Hours that are not
the same in every week (months, "Th[1]") have single days only.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from services_directory.hours import BERLIN, Exceptions, HoursError, Span, next_openings, public_holiday

HORIZON = timedelta(weeks=8)

_DAY = timedelta(days=1)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ENOUGH = 500
_EVERY_WEEK = re.compile(r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|off|closed|24/7|\d\d?:\d\d|[-,; ])*")
_REFERENCE = date(2026, 9, 7)
"""A Monday: neither a holiday of the Land nor a clock change lies in its week."""

Hours = tuple[time, time]
"""Opening and closing; a closing that is not later is one of the following day."""
Days = dict[date, tuple[Hours, ...]]


def schedules(
    listing: uuid.UUID, expression: str, exceptions: Exceptions, today: date, notes: dict[str, str]
) -> list[dict[str, Any]]:
    """The schedules of a listing; `notes` are public remarks by ISO date. Empty where hours are not known."""
    if not expression and not exceptions:
        return []
    try:
        week = usual_week(expression)
        days = opening_days(expression, exceptions, today)
    except HoursError:
        return []
    rows = [*_weekly(week, today), *_single(week, days, today, notes)]
    return [{"id": _identity(listing, row), "service_at_location_id": str(listing), **row} for row in rows]


@lru_cache(maxsize=4096)
def usual_week(expression: str) -> tuple[tuple[Hours, ...], ...]:
    """The hours of Monday to Sunday; all empty where weeks differ. Raises HoursError."""
    if not expression or not _EVERY_WEEK.fullmatch(expression):
        return ((),) * 7
    spans = next_openings(expression, _midnight(_REFERENCE), 100)
    days = _by_day(spans, _REFERENCE, _REFERENCE + 7 * _DAY)
    return tuple(days.get(_REFERENCE + n * _DAY, ()) for n in range(7))


@lru_cache(maxsize=4096)
def opening_days(expression: str, exceptions: Exceptions, today: date) -> Days:
    """What really opens within the horizon, by day; closed days are missing. Raises HoursError."""
    spans = next_openings(expression, _midnight(today), _ENOUGH, exceptions)
    return _by_day(spans, today, today + HORIZON)


def _by_day(spans: Iterable[Span], start: date, end: date) -> Days:
    days: dict[date, list[Hours]] = defaultdict(list)
    for span in spans:
        for opens, closes in _divided(*(moment.replace(tzinfo=None) for moment in span)):
            if start <= opens.date() < end:
                days[opens.date()].append((opens.time(), closes.time()))
    return {day: tuple(hours) for day, hours in days.items()}


def _divided(opens: datetime, closes: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Openings of a day or longer are divided at midnight; a night belongs to the day it begins on."""
    if closes - opens < _DAY:
        yield opens, closes
        return
    while opens < closes:
        stop = min(closes, datetime.combine(opens.date() + _DAY, time.min))
        yield opens, stop
        opens = stop


def _weekly(week: tuple[tuple[Hours, ...], ...], today: date) -> Iterator[dict[str, Any]]:
    weekdays: dict[Hours, list[str]] = defaultdict(list)
    for code, day in zip(_CODES, week, strict=True):
        for hours in day:
            weekdays[hours].append(code)
    for begin, end, offset in clocks(today):
        for hours, codes in weekdays.items():
            yield {
                "valid_from": begin.isoformat(),
                "valid_to": end.isoformat(),
                "timezone": offset,
                "wkst": "MO",
                "freq": "WEEKLY",
                "byday": ",".join(codes),
                **_times(hours, offset),
            }


def _single(
    week: tuple[tuple[Hours, ...], ...], days: Days, today: date, notes: dict[str, str]
) -> Iterator[dict[str, Any]]:
    for n in range(HORIZON.days):
        day = today + n * _DAY
        opened, usual = days.get(day, ()), week[day.weekday()]
        if opened == usual:
            continue
        note = notes.get(day.isoformat()) or public_holiday(day)
        for hours in opened or (None,):
            yield {
                "valid_from": day.isoformat(),
                "valid_to": day.isoformat(),
                "dtstart": day.isoformat(),
                "timezone": _offset(day),
                "count": 1,
                **(_times(hours, _offset(day)) if hours else {}),
                **({"notes": note} if note else {}),
                "exception": "changed" if hours else "closed",
            }


@lru_cache(maxsize=16)
def clocks(today: date) -> tuple[tuple[date, date, int], ...]:
    """First day, last day and offset from UTC in hours: of the clock in use today, and of the next one."""
    around = (today + n * _DAY for n in range(-230, 450))
    periods = []
    for offset, days in groupby(around, key=_offset):
        listed = list(days)
        if listed[-1] >= today:
            periods.append((listed[0], listed[-1], offset))
    return tuple(periods[:2])


def _times(hours: Hours, offset: int) -> dict[str, str]:
    opens, closes = hours
    return {"opens_at": f"{opens:%H:%M}+{offset:02}:00", "closes_at": f"{closes:%H:%M}+{offset:02}:00"}


def _offset(day: date) -> int:
    """Hours from UTC at noon, when a clock change of that day has happened."""
    offset = datetime.combine(day, time(12), BERLIN).utcoffset() or timedelta()
    return offset // timedelta(hours=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BERLIN)


def _identity(listing: uuid.UUID, row: dict[str, Any]) -> str:
    """The same for the same hours, whenever it is asked for."""
    said = (row.get(key, "") for key in ("valid_from", "byday", "opens_at", "closes_at"))
    return str(uuid.uuid5(listing, "schedule " + " ".join(said)))
