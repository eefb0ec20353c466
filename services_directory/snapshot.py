"""The directory as the bot holds it in memory: a versioned, flat list of listings.

This module is plain Python (no Django): `services_directory.publish` writes a snapshot to
Redis, the bot reads it. The wire format is JSON, `Snapshot.to_json` / `Snapshot.from_json`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date, time, timedelta
from typing import Any, Literal

Category = Literal[
    "integration_management",
    "initial_counselling",
    "trauma_consultation",
    "helper_training",
    "other_office",
]
CATEGORIES: tuple[Category, ...] = (
    "integration_management",
    "initial_counselling",
    "trauma_consultation",
    "helper_training",
    "other_office",
)

OFFICE_KINDS: tuple[str, ...] = (
    "general",
    "auslaenderbehoerde",
    "jobcenter",
    "sozialamt",
    "buergeramt",
    "gesundheitsamt",
    "jugendamt",
    "schulamt",
    "familienkasse",
    "arbeitsagentur",
    "pflegestuetzpunkt",
    "consulate",
    "other",
)
"""What an `other_office` listing is. `general` is the Landratsamt's or town hall's switchboard."""

EXCEPTION_KINDS: tuple[str, ...] = ("closed", "changed", "extra")
"""`closed`: not open that day. `changed`: these hours instead of the usual ones. `extra`: these besides."""

FORMAT = 1

CONFIRMATION_AGE = timedelta(days=90)
"""How long an office's own confirmation is taken as fresh."""


class SnapshotError(ValueError):
    """The bytes are not a snapshot of a format this version reads."""


@dataclass(frozen=True, slots=True)
class HoursException:
    """How the opening hours of one day differ from the usual week."""

    date: str
    """ISO date."""
    kind: str
    """One of `EXCEPTION_KINDS`."""
    opens: str = ""
    """"HH:MM"; empty where closed."""
    closes: str = ""
    """As `opens`; not later than that: on the following day."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One service at one location, flattened for showing and searching (HSDS service_at_location)."""

    id: str
    """Stable across seeds and edits; lower-case letters and digits, at most 12 characters."""
    category: str
    name: str
    """The office's German name as written on its door."""
    organization: str
    service_area: tuple[str, ...] = ()
    """AGS of five (district) or eight digits (municipality); empty: the whole Land."""
    office_kind: str = ""
    descriptions: dict[str, str] = field(default_factory=dict)
    """What this place does for you, by language; a missing language falls back to the category's text."""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phones: tuple[str, ...] = ()
    """E.164, the first is the main one."""
    email: str = ""
    website: str = ""
    opening_hours: str = ""
    """OpenStreetMap opening_hours syntax; empty: not known."""
    exceptions: tuple[HoursException, ...] = ()
    """Closures, changed and extra hours of single days, in order."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the languages spoken there; empty: not known."""
    source_url: str = ""
    source_date: str = ""
    """As precise as the source: "2025", "2025-03", "2025-03-14" or empty."""
    verified_at: str = ""
    """ISO date on which the office itself confirmed the record; empty: not yet confirmed."""
    is_central_contact: bool = False
    """The district's switchboard, standing in where nothing better is known."""

    @property
    def address(self) -> str:
        """Street, postal code and town in one line, as far as they are known."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        return ", ".join(part for part in (self.street, town) if part)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All listings that may be shown. `version` grows with every publication."""

    version: int
    published_at: str
    listings: tuple[Listing, ...] = ()

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, raw: str | bytes) -> Snapshot:
        """Read a snapshot; raises SnapshotError for anything else. Unknown listing fields are ignored."""
        try:
            data = json.loads(raw)
            if data["format"] != FORMAT:
                raise SnapshotError(f"snapshot format {data['format']!r}, this version reads {FORMAT}")
            listings = tuple(_listing(row) for row in data["listings"])
            return cls(int(data["version"]), str(data["published_at"]), listings)
        except SnapshotError:
            raise
        except (ValueError, KeyError, TypeError) as error:
            raise SnapshotError(f"not a directory snapshot: {type(error).__name__}") from error


_FIELDS = {f.name for f in fields(Listing)}
_TUPLES = ("service_area", "phones", "languages")


def _listing(row: dict[str, Any]) -> Listing:
    known = {key: value for key, value in row.items() if key in _FIELDS}
    for key in _TUPLES:
        known[key] = tuple(known.get(key, ()))
    known["exceptions"] = tuple(
        _exception(item) for item in known.get("exceptions", ()) if item["kind"] in EXCEPTION_KINDS
    )
    return Listing(**known)


def _exception(row: dict[str, str]) -> HoursException:
    """Raises ValueError where date or times are none: hours computed from them would be wrong."""
    date.fromisoformat(row["date"])
    times = (row.get("opens", ""), row.get("closes", ""))
    if row["kind"] == "closed":
        return HoursException(row["date"], "closed")
    for text in times:
        time.fromisoformat(text)
    return HoursException(row["date"], row["kind"], *times)
