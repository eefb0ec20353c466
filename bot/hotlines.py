"""Crisis and help lines: which to name first, to whom, at what hour."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.types import Language
from services_directory.hours import opening_state

DATA = Path(__file__).resolve().parent.parent / "services_directory" / "data" / "hotlines.csv"
ALWAYS = "24/7"


@dataclass(frozen=True, slots=True)
class Hotline:
    """One line, as in services_directory/data/hotlines.csv (see the README there)."""

    id: str
    names: dict[str, str]
    phone: str
    website: str
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    hours: str
    channel: str
    order: int

    def open_at(self, at: datetime) -> bool:
        """Whether somebody may answer now: not where the hours are known and it is closed."""
        return self.hours in ("", ALWAYS) or opening_state(self.hours, at).open

    def speaks(self, language: Language) -> bool:
        """Whether the line is known to speak the language; an emergency number is never ruled out."""
        return not self.languages or language in self.languages


@cache
def hotlines() -> tuple[Hotline, ...]:
    """All lines, in the order of the file's `order` column."""
    with DATA.open(encoding="utf-8", newline="") as source:
        rows = [_hotline(row) for row in csv.DictReader(source)]
    return tuple(sorted(rows, key=lambda line: line.order))


def lines_for(
    audiences: Iterable[str], language: Language, at: datetime, lines: Iterable[Hotline] | None = None
) -> list[Hotline]:
    """Lines for these audiences that can be called now, those that speak the language first.

    Lines that are closed now are left out: a person in danger must not ring in vain. Lines whose hours
    nobody knows come last.
    """
    wanted = set(audiences)
    fitting = [
        line
        for line in (hotlines() if lines is None else lines)
        if wanted & set(line.audiences) and line.phone and line.open_at(at)
    ]
    return sorted(fitting, key=lambda line: (not line.hours, not line.speaks(language), line.order))


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _hotline(row: dict[str, str]) -> Hotline:
    names = {language: row[f"name_{language}"] for language in ("uk", "ru", "de")}
    return Hotline(
        row["id"], names, row["phone"], row["website"], _split(row["audiences"]), _split(row["languages"]),
        row["hours"], row["channel"], int(row["order"] or 99),
    )  # fmt: skip
