"""Finds the listings for a place and a category in a snapshot. Plain Python, no Django, no I/O.

The order of what is found:
- the most specific area first: the municipality, the district, the nearest of other districts, the Land;
- within one area: confirmed by the office, then reachable by phone, then the more complete record;
  a central contact comes last;
- what may stand in for a category (`_STANDS_IN`) comes after the category itself, but before
  anything outside the district.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Literal

from gazetteer.distance import kilometres_between
from services_directory.locate import Position, position_of
from services_directory.snapshot import Listing, Snapshot

Scope = Literal["municipality", "district", "neighbour", "state"]
NEIGHBOURS = 3
"""Offers of other districts that are named, the nearest ones."""
LIMIT = 20
"""More offers than that help nobody; it also keeps a search short in a directory of any size."""

_RESIDENCE_BOUND = frozenset({"integration_management", "other_office"})
"""Only one's own district is responsible: a neighbour is named only where there is nothing else."""
_STANDS_IN: dict[str, tuple[str, ...]] = {
    "integration_management": ("initial_counselling",),
    "initial_counselling": ("integration_management",),
}
_NEXT_DOOR = ("integration_management", "initial_counselling")
"""Who in the district tells the way to an office that is not listed."""
CENTRAL_CONTACT_HELPS = frozenset({"integration_management", "initial_counselling", "other_office"})


@dataclass(frozen=True, slots=True)
class Match:
    """A listing that was found.

    `distance_km` is as the crow flies, to the listing's town at least: from the person's position where it
    is known, for a neighbour else from the seat of the person's district. None where an end is not known.
    """

    listing: Listing
    scope: Scope
    distance_km: float | None = None

    @property
    def is_own(self) -> bool:
        """Whether it serves the person's own district, or a municipality of it."""
        return self.scope in ("municipality", "district")


class DirectoryIndex:
    """A snapshot, indexed for searching. Build it once per snapshot; searching does not change it."""

    def __init__(self, snapshot: Snapshot, district_positions: Mapping[str, Position]) -> None:
        self.snapshot = snapshot
        self._positions = dict(district_positions)
        self._by_id = {listing.id: listing for listing in snapshot.listings}
        self._by_area: dict[tuple[str, str], list[Listing]] = defaultdict(list)
        self._by_municipalities: dict[tuple[str, str], list[Listing]] = defaultdict(list)
        self._central: dict[str, list[Listing]] = defaultdict(list)
        for listing in sorted(snapshot.listings, key=_rank):
            self._add(listing)

    def _add(self, listing: Listing) -> None:
        """File a listing under each of its areas, for its category and for its kind of office."""
        topics = [listing.category] + ([f"kind:{listing.office_kind}"] if listing.office_kind else [])
        for topic in topics:
            for ags in listing.service_area or ("",):
                self._by_area[ags, topic].append(listing)
            for ags in dict.fromkeys(ags[:5] for ags in listing.service_area if len(ags) == 8):
                self._by_municipalities[ags, topic].append(listing)
        if listing.is_central_contact:
            for ags in listing.service_area:
                self._central[ags].append(listing)

    def get(self, listing_id: str) -> Listing | None:
        """Look a listing up by its id."""
        return self._by_id.get(listing_id)

    def central_contact(self, ags: str) -> Listing | None:
        """The district's switchboard, for listings that nobody answers at: None where it is not shown."""
        return next(iter(self._central.get(ags, ())), None)

    def next_door(self, ags: str) -> Listing | None:
        """Who in the district can be called or visited instead of an office that cannot.

        The switchboard, else integration management or first counselling.
        """
        others = (listing for topic in _NEXT_DOOR for listing in self._by_area.get((ags, topic), ()))
        return self.central_contact(ags) or next((one for one in others if one.phones or one.street), None)

    def search(
        self,
        ags: str,
        category: str,
        municipality_ags: str = "",
        office_kind: str = "",
        position: Position | None = None,
        limit: int = LIMIT,
    ) -> list[Match]:
        """Return at most `limit` listings for a district (five digits), best first, each once.

        `municipality_ags` (eight digits) brings in what serves only that municipality and leaves out
        what serves only others. `office_kind` narrows `other_office` to one kind of office: that kind
        first, anywhere it serves the place, then the general contact, then whoever in the district
        tells the way there. Unknown keys find nothing.
        """
        place = _Place(ags, municipality_ags, position or self._positions.get(ags), position is not None)
        if category == "other_office" and office_kind:
            found = self._office(place, office_kind)
        else:
            found = self._offer(place, category)
        return list(islice(_once(found), limit))

    def _offer(self, place: _Place, category: str) -> Iterator[Match]:
        nearby = False
        for topic in (category, *_STANDS_IN.get(category, ())):
            for match in self._local(place, topic):
                nearby = True
                yield match
        if category in CENTRAL_CONTACT_HELPS:
            for listing in self._central.get(place.ags, ()):
                nearby = True
                yield place.match(listing, "district")
        if not nearby or category not in _RESIDENCE_BOUND:
            yield from self._neighbours(place, category)
        yield from self._statewide(place, category)

    def _office(self, place: _Place, kind: str) -> Iterator[Match]:
        for topic in (f"kind:{kind}", "kind:general"):
            yield from self._local(place, topic)
            yield from self._statewide(place, topic)
        for listing in self._central.get(place.ags, ()):
            yield place.match(listing, "district")
        for topic in _NEXT_DOOR:
            yield from self._local(place, topic)

    def _local(self, place: _Place, topic: str) -> Iterator[Match]:
        """What serves the municipality, then the district; of a district alone also its municipalities'."""
        if place.municipality_ags:
            for listing in self._by_area.get((place.municipality_ags, topic), ()):
                yield place.match(listing, "municipality")
        for listing in self._by_area.get((place.ags, topic), ()):
            yield place.match(listing, "district")
        if not place.municipality_ags:
            for listing in self._by_municipalities.get((place.ags, topic), ()):
                yield place.match(listing, "municipality")

    def _neighbours(self, place: _Place, topic: str) -> Iterator[Match]:
        if place.origin is None:
            return
        nearest: dict[str, Match] = {}
        for ags, position in self._positions.items():
            for listing in self._of_another_district(place, ags, topic):
                km = _listing_distance(place.origin, listing) or kilometres_between(*place.origin, *position)
                known = nearest.get(listing.id)
                if known is None or km < (known.distance_km or 0.0):
                    nearest[listing.id] = Match(listing, "neighbour", km)
        yield from nsmallest(NEIGHBOURS, nearest.values(), key=lambda match: match.distance_km or 0.0)

    def _of_another_district(self, place: _Place, ags: str, topic: str) -> Iterator[Listing]:
        listings = self._by_area.get((ags, topic), ()) if ags != place.ags else ()
        return (listing for listing in listings[:NEIGHBOURS] if not listing.is_central_contact)

    def _statewide(self, place: _Place, topic: str) -> Iterator[Match]:
        for listing in self._by_area.get(("", topic), ()):
            yield place.match(listing, "state")


@dataclass(frozen=True, slots=True)
class _Place:
    ags: str
    municipality_ags: str
    origin: Position | None
    """The person's position, else the seat of the district, where known."""
    is_exact: bool

    def match(self, listing: Listing, scope: Scope) -> Match:
        distance = _listing_distance(self.origin, listing) if self.is_exact and self.origin else None
        return Match(listing, scope, distance)


def _rank(listing: Listing) -> tuple[bool, bool, bool, int, str]:
    """The order within one area; ends with the id, so that it never depends on chance."""
    complete = sum(map(bool, (listing.opening_hours, listing.street, listing.website, listing.languages)))
    return (
        listing.is_central_contact,
        not listing.verified_at,
        not listing.phones,
        -complete,
        listing.id,
    )


def _once(matches: Iterable[Match]) -> Iterator[Match]:
    seen: set[str] = set()
    for match in matches:
        if match.listing.id not in seen:
            seen.add(match.listing.id)
            yield match


def _listing_distance(origin: Position, listing: Listing) -> float | None:
    position = position_of(listing)
    return kilometres_between(*origin, *position) if position else None
