"""From the names found in a text to one answer: found, ambiguous, outside or none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.types import Place, PlaceMatch, PlaceResult
from gazetteer.distance import kilometres
from gazetteer.index import OUTSIDE, Entry

EQUAL = 0.9
"""Weights this close are meant equally."""
DOMINANT = 4.5
"""A place this many times as populous as its namesake is the one people mean."""
CLEARLY_NEARER = 2.0
MAX_CONTEXT_KM = 40.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One mention as understood: what it may mean, how surely the person is there, where it stands."""

    entries: tuple[Entry, ...]
    weight: float
    fit: float
    span: tuple[int, int]
    bare: bool = False
    """The message holds hardly more than this name."""
    works: bool = False
    """The person says to work or learn there."""

    @property
    def outside(self) -> bool:
        return self.entries[0].kind in OUTSIDE

    @property
    def districts(self) -> frozenset[str]:
        return frozenset(entry.ags for entry in self.entries)


def decide(readings: list[Reading]) -> PlaceResult:
    """The answer for a text, from its readings in order of appearance."""
    land = [reading for reading in readings if not reading.outside]
    outside = [reading for reading in readings if reading.outside and _counts_outside(reading)]
    land = [_narrowed(reading, land) for reading in land]
    abroad = max(outside, key=lambda reading: reading.weight, default=None)
    if not land:
        return PlaceResult("outside", outside_name=abroad.entries[0].name) if abroad else PlaceResult("none")
    best = max(land, key=lambda reading: reading.weight)
    if abroad and _lives_abroad(abroad, best):
        return PlaceResult("outside", outside_name=abroad.entries[0].name)
    result = _result(_equals(best, land))
    return replace(result, beside=_beside(result, readings)) if result.kind == "found" else result


def _beside(result: PlaceResult, readings: list[Reading]) -> tuple[Place, ...]:
    """Where the person works or learns, as long as that is another district or not in the Land."""
    home = {match.place.ags for match in result.matches}
    towns = (reading.entries[0] for reading in readings if reading.works and len(reading.entries) == 1)
    others = {entry.name: entry for entry in towns if entry.ags not in home}
    return tuple(_place(entry) for entry in others.values())


def _lives_abroad(abroad: Reading, best: Reading) -> bool:
    """A town outside the Land is the answer beside one in it only where the person clearly lives there."""
    return abroad.entries[0].kind == "city" and abroad.weight >= 2 and abroad.weight - best.weight >= 2


def _counts_outside(reading: Reading) -> bool:
    """Countries and Ukrainian towns are mostly where somebody comes from, not where they are."""
    kind = reading.entries[0].kind
    if kind == "city":
        return True
    if reading.bare:
        return kind != "country"
    return reading.weight >= {"state": 1, "origin": 0, "country": 3}[kind]


def _narrowed(reading: Reading, land: list[Reading]) -> Reading:
    """One of several namesakes, where the rest of the text tells which."""
    if len(reading.districts) == 1:
        return reading
    others = [other for other in land if other is not reading and len(other.districts) == 1]
    named = [entry for entry in reading.entries if any(entry.ags in other.districts for other in others)]
    if named:
        return replace(reading, entries=tuple(named))
    near = _nearest(reading.entries, others)
    return replace(reading, entries=(near,) if near else _dominant(reading.entries))


def _nearest(entries: tuple[Entry, ...], others: list[Reading]) -> Entry | None:
    """The namesake that lies clearly nearest to another place of the text."""
    for other in others:
        ranked = sorted((kilometres(entry, other.entries[0]), number) for number, entry in enumerate(entries))
        if ranked[0][0] <= MAX_CONTEXT_KM and ranked[1][0] >= CLEARLY_NEARER * ranked[0][0]:
            return entries[ranked[0][1]]
    return None


def _dominant(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    biggest = max(entry.population for entry in entries)
    return tuple(entry for entry in entries if entry.population * DOMINANT > biggest)


def _equals(best: Reading, land: list[Reading]) -> list[Reading]:
    """All readings meant as much as the best one, a district left out where a town is named too."""
    equal = [reading for reading in land if best.weight - reading.weight < EQUAL]
    towns = [reading for reading in equal if reading.entries[0].kind != "district"]
    return towns or equal


def _result(readings: list[Reading]) -> PlaceResult:
    matches: dict[str, PlaceMatch] = {}
    for reading in sorted(readings, key=lambda reading: -reading.weight):
        for entry in sorted(reading.entries, key=lambda entry: -entry.population):
            match = PlaceMatch(_place(_as_sure(entry, readings)), round(reading.fit, 3), reading.span)
            matches.setdefault(entry.ags, match)
    return PlaceResult("found" if len(matches) == 1 else "ambiguous", tuple(matches.values()))


def _as_sure(entry: Entry, readings: list[Reading]) -> Entry:
    """The entry, without its municipality where another one of its district is meant as much."""
    meant = (other for reading in readings for other in reading.entries if other.ags == entry.ags)
    others = {other.municipality_ags for other in meant} - {"", entry.municipality_ags}
    return replace(entry, municipality_ags="") if others else entry


def _place(entry: Entry) -> Place:
    code, _, town = entry.name.partition(" ")
    if code.isdigit():
        name = entry.name if town else code
        return Place(name, entry.ags, "postal_code", "", entry.latitude, entry.longitude)
    if entry.kind == "district":
        return Place(entry.name, entry.ags, "district", "", entry.latitude, entry.longitude)
    return Place(
        entry.name, entry.ags, "municipality", entry.municipality_ags, entry.latitude, entry.longitude
    )
