"""The 44 Stadt- und Landkreise, their neighbours and places, and which one a position lies in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from bot.types import Language
from gazetteer.distance import kilometres, kilometres_between
from gazetteer.files import rows

OUTSIDE_KM = 15.0
"""A position farther than this from every postal-code area of the Land is outside it."""
BORDER_KM = 3.0
"""Another district whose nearest postal-code position is at most this much farther may be the one meant."""
NEIGHBOURS = 8
"""Districts whose seats are nearest: one beyond a border is among them."""


@dataclass(frozen=True, slots=True)
class District:
    """A Stadtkreis or Landkreis. The position is that of its seat; the population has its date (ISO)."""

    ags: str
    name_de: str
    name_uk: str
    name_ru: str
    type: Literal["Stadtkreis", "Landkreis"]
    region: str
    seat: str
    latitude: float
    longitude: float
    population: int
    population_date: str
    nuts3: str

    def name(self, language: Language) -> str:
        """The name in the person's language."""
        return {"uk": self.name_uk, "ru": self.name_ru, "de": self.name_de}[language]


@cache
def districts() -> Mapping[str, District]:
    """All 44 districts by AGS, in the official order. Read once."""
    return MappingProxyType({row["ags"]: _district(row) for row in rows("districts")})


def nearest_districts(ags: str) -> tuple[str, ...]:
    """AGS of all other districts, the nearest seat first. Raises KeyError for an unknown AGS."""
    here = districts()[ags]
    others = (district for district in districts().values() if district.ags != ags)
    return tuple(other.ags for other in sorted(others, key=lambda other: kilometres(here, other)))


def district_at(latitude: float, longitude: float) -> tuple[str, float] | None:
    """The district of a position (degrees) with the distance in km to the nearest postal-code position.

    None where the position is farther than `OUTSIDE_KM` from all of them.
    """
    distance, ags = min((km, ags) for ags, km in _distances(latitude, longitude).items())
    return (ags, distance) if distance <= OUTSIDE_KM else None


def districts_around(latitude: float, longitude: float) -> tuple[str, ...]:
    """The district of a position, and close to a border also the one beyond it. Empty outside the Land."""
    found = district_at(latitude, longitude)
    if found is None:
        return ()
    here, km = found
    distances = _distances(latitude, longitude)
    beyond = [ags for ags in nearest_districts(here)[:NEIGHBOURS] if distances[ags] - km <= BORDER_KM]
    return (here, *sorted(beyond, key=lambda ags: distances[ags])[:1])


def _distances(latitude: float, longitude: float) -> dict[str, float]:
    """Distance in km from a position to each district's nearest postal-code position."""
    nearest: dict[str, float] = {}
    for ags, north, east in _positions():
        km = kilometres_between(latitude, longitude, north, east)
        nearest[ags] = min(km, nearest.get(ags, km))
    return nearest


@cache
def places_in(ags: str) -> tuple[str, ...]:
    """German names of the places of a district, biggest first. Empty for an unknown AGS."""
    known = [row for row in rows("places") if row["ags"] == ags]
    known.sort(key=lambda row: -int(row["population"] or 0))
    return tuple(dict.fromkeys(row["name_de"] for row in known))


def _district(row: dict[str, str]) -> District:
    return District(
        ags=row["ags"],
        name_de=row["name_de"],
        name_uk=row["name_uk"],
        name_ru=row["name_ru"],
        type=row["type"],  # type: ignore[arg-type]
        region=row["region"],
        seat=row["seat"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        population=int(row["population"]),
        population_date=row["population_date"],
        nuts3=row["nuts3"],
    )


@cache
def _positions() -> tuple[tuple[str, float, float], ...]:
    return tuple(
        (row["ags"], float(row["latitude"]), float(row["longitude"])) for row in rows("postal_codes")
    )
