"""Which districts have which offers: counts, and one word for each district and offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Max
from django.utils import timezone

from gazetteer.districts import districts
from services_directory.models import (
    Language,
    Location,
    Phone,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTranslation,
)
from services_directory.search import CENTRAL_CONTACT_HELPS
from services_directory.snapshot import CONFIRMATION_AGE

LAND = ""
"""Stands for the whole Land where an AGS stands for a district."""
LAND_NAME = "Ganzes Land"


class Level(Enum):
    """What people of a district find of an offer, best first. `word` fits on a tile of the map."""

    CONFIRMED = ("bestätigt", "gezeigt und in den letzten 90 Tagen bestätigt")
    SHOWN = ("gezeigt", "gezeigt, aber nicht oder zuletzt vor mehr als 90 Tagen bestätigt")
    PART = ("teilweise", "nur für einzelne Gemeinden gezeigt")
    CONTACT = ("Zentrale", "kein eigenes Angebot, nur der zentrale Kontakt des Kreises")
    DRAFT = ("Entwurf", "eingetragen, aber nicht gezeigt")
    NONE = ("nichts", "nichts eingetragen")

    def __init__(self, word: str, meaning: str) -> None:
        self.word = word
        self.meaning = meaning

    @property
    def rank(self) -> int:
        """0 for the best."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Cell:
    """One offer in one district (or the Land): what serves it, whoever keeps it.

    `shown` + `drafts` are all entries that are neither withdrawn nor defunct; `confirmed` are those of
    `shown` that were ever confirmed, `due` those whose confirmation is missing or old, `elsewhere`
    those another district keeps.
    """

    ags: str
    category: Service.Category
    level: Level
    shown: int
    confirmed: int
    drafts: int
    due: int
    elsewhere: int
    touched: date | None
    """The day of the last change, in Berlin."""

    @property
    def name(self) -> str:
        """The district's German name."""
        return districts()[self.ags].name_de if self.ags else LAND_NAME


def coverage() -> list[Cell]:
    """All cells: the districts in the official order, then the Land, each with all offers."""
    by_cell: dict[tuple[str, str], list[ServiceAtLocation]] = defaultdict(list)
    reached_by_phone: set[str] = set()
    for listing in _listings():
        for ags in _areas(listing):
            by_cell[ags, listing.service.category].append(listing)
            if listing.is_central_contact and _is_shown(listing):
                reached_by_phone.add(ags)
    changes = _Changes()
    return [
        _cell(ags, category, by_cell[ags, category], ags in reached_by_phone, changes)
        for ags in (*districts(), LAND)
        for category in Service.Category
    ]


def _listings() -> Iterable[ServiceAtLocation]:
    present = ServiceAtLocation.objects.with_visibility().exclude(state=ServiceAtLocation.State.WITHDRAWN)
    present = present.exclude(service__status=Service.Status.DEFUNCT)
    return present.select_related("service").prefetch_related("service__service_areas")


def _areas(listing: ServiceAtLocation) -> set[str]:
    """The districts where a listing serves at least one municipality; the Land where it names none."""
    named = {area.ags[:5] for area in listing.service.service_areas.all()}
    return named or {LAND, listing.district_ags}


def _cell(
    ags: str,
    category: Service.Category,
    listings: list[ServiceAtLocation],
    has_contact: bool,
    changes: _Changes,
) -> Cell:
    shown = [listing for listing in listings if _is_shown(listing)]
    has_contact = has_contact and category in CENTRAL_CONTACT_HELPS
    return Cell(
        ags=ags,
        category=category,
        level=_level(ags, listings, has_contact),
        shown=len(shown),
        confirmed=sum(listing.verified_at is not None for listing in shown),
        drafts=len(listings) - len(shown),
        due=sum(map(_is_due, shown)),
        elsewhere=sum(listing.district_ags != ags for listing in shown),
        touched=changes.last(listings),
    )


def _level(ags: str, listings: list[ServiceAtLocation], has_contact: bool) -> Level:
    own = [listing for listing in listings if not listing.is_central_contact]
    shown = [listing for listing in own if _is_shown(listing)]
    everywhere = [listing for listing in shown if _serves_all_of(ags, listing)]
    if everywhere:
        return Level.SHOWN if all(map(_is_due, everywhere)) else Level.CONFIRMED
    if shown:
        return Level.PART
    if has_contact:
        return Level.CONTACT
    return Level.DRAFT if listings else Level.NONE


def _serves_all_of(ags: str, listing: ServiceAtLocation) -> bool:
    named = {area.ags for area in listing.service.service_areas.all()}
    return not named or ags in named


def _is_shown(listing: ServiceAtLocation) -> bool:
    return bool(getattr(listing, "is_shown", False))


def _is_due(listing: ServiceAtLocation) -> bool:
    return listing.verified_at is None or listing.verified_at < timezone.now() - CONFIRMATION_AGE


class _Changes:
    """When listings were last changed, with all that hangs on them, also what was deleted since."""

    def __init__(self) -> None:
        of = "service_at_location_id"
        self._listing = _latest(
            (ServiceAtLocation, "id"), (Phone, of), (Schedule, of), (ScheduleException, of)
        )
        of = "service_id"
        self._service = _latest((Service, "id"), (ServiceTranslation, of), (Language, of), (ServiceArea, of))
        self._location = _latest((Location, "id"))

    def last(self, listings: Iterable[ServiceAtLocation]) -> date | None:
        """The day of the last change of any of them; None where nothing is known."""
        moments = [moment for listing in listings for moment in self._moments(listing)]
        return timezone.localdate(max(moments)) if moments else None

    def _moments(self, listing: ServiceAtLocation) -> list[datetime]:
        found = (
            self._listing.get(listing.pk),
            self._service.get(listing.service_id),
            self._location.get(listing.location_id),
        )
        return [moment for moment in found if moment]


def _latest(*histories: tuple[type[models.Model], str]) -> dict[UUID, datetime]:
    """The last change by the key of what the rows belong to."""
    latest: dict[UUID, datetime] = {}
    for model, key in histories:
        history: Any = model.history  # type: ignore[attr-defined]
        for owner, moment in history.order_by().values_list(key).annotate(Max("history_date")):
            latest[owner] = max(moment, latest.get(owner, moment))
    return latest
