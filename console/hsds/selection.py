"""What of the directory the API gives away, and how it is narrowed.

Every filter is a filter on listings, and only listings people see count: a service is given away when one
of its listings is, an organization when one of its services is. The number of queries does not depend on
how many records a page has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import DateTimeField, Max, Model, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from console.hsds import taxonomy
from console.hsds.parameters import Query
from console.hsds.postcodes import districts_of
from services_directory.models import (
    Language,
    Location,
    Organization,
    Phone,
    Publication,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTranslation,
)

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_OF_SERVICE = ("translations", "languages", "service_areas")
_OF_LISTING = ("phones", "schedules", "schedule_exceptions")
_SEARCHED = (
    "service__name",
    "service__description",
    "service__organization__name",
    "location__city",
)
_HISTORIES: tuple[tuple[type[Model], str, str], ...] = (
    (Organization, "id", "service__organization"),
    (Service, "id", "service"),
    (ServiceTranslation, "service", "service"),
    (Language, "service", "service"),
    (ServiceArea, "service", "service"),
    (Location, "id", "location"),
    (ServiceAtLocation, "id", "pk"),
    (Phone, "service_at_location", "pk"),
    (Schedule, "service_at_location", "pk"),
    (ScheduleException, "service_at_location", "pk"),
)
"""Models whose history tells when a listing changed, their field, and what of the listing it holds."""


def services(query: Query) -> QuerySet[Service]:
    """Services with their shown listings as `shown`, and the moment of the last change."""
    newest = _dated(ServiceAtLocation.objects.filter(service=OuterRef("pk"))).order_by("-last_modified")
    found = Service.objects.filter(pk__in=_listings(query).values("service"))
    dated = found.annotate(last_modified=Subquery(newest.values("last_modified")[:1]))
    nested = dated.select_related("organization").prefetch_related(*_OF_SERVICE, _shown_listings())
    return _since(nested, query).order_by("name", "id")


def listings(query: Query) -> QuerySet[ServiceAtLocation]:
    """Listings with everything that belongs to them, and the moment of the last change."""
    found = ServiceAtLocation.objects.filter(pk__in=_listings(query).values("pk"))
    nested = _dated(found).select_related("service__organization", "location")
    related = (*(f"service__{name}" for name in _OF_SERVICE), *_OF_LISTING)
    return _since(nested, query).prefetch_related(*related).order_by("district_ags", "public_id")


def organizations(query: Query) -> QuerySet[Organization]:
    """Organizations with their services as `offered`, each with its shown listings."""
    found = Organization.objects.filter(pk__in=_listings(query).values("service__organization"))
    return found.prefetch_related(Prefetch("services", services({}), "offered")).order_by("name")


def latest_change() -> tuple[int, datetime]:
    """The directory's version: its revision, and when something in it changed last."""
    revision = Publication.objects.values_list("revision", flat=True).first() or 0
    latest = (
        _history(model).order_by().values(unit=Value(1)).annotate(at=Max("history_date")).values_list("at")
        for model, _, _ in _HISTORIES
    )
    moments = [at for (at,) in next(latest).union(*latest, all=True) if at]
    return revision, max(moments, default=NEVER)


def _listings(query: Query) -> QuerySet[ServiceAtLocation]:
    """The shown listings that all filters of the query let through; one may come several times."""
    found: QuerySet[ServiceAtLocation] = ServiceAtLocation.objects.shown().order_by()
    for condition in _conditions(query):
        found = found.filter(condition)
    return found


def _conditions(query: Query) -> Iterable[Q]:
    if "district" in query:
        yield _serving([query["district"]])
    if "postcode" in query:
        yield _serving(districts_of(query["postcode"]))
    if "category" in query:
        yield Q(service__category=query["category"])
    if "organization_id" in query:
        yield Q(service__organization=query["organization_id"])
    if "taxonomy_id" in query and str(query["taxonomy_id"]) != taxonomy.TAXONOMY["id"]:
        yield Q(pk__in=())
    if "taxonomy_term_id" in query:
        yield _having_term(str(query["taxonomy_term_id"]))
    for word in query.get("search", ()):
        yield _naming(word)


def _naming(word: str) -> Q:
    # SQLite compares only ASCII without case, except in regular expressions.
    pattern = re.escape(word)
    said = Q(name__iregex=pattern) | Q(description__iregex=pattern)
    # Not joined: each word would multiply the rows by the number of translations.
    translated = ServiceTranslation.objects.filter(said).exclude(state=ServiceTranslation.State.STALE)
    in_german = (Q(**{f"{field}__iregex": pattern}) for field in _SEARCHED)
    return reduce(or_, in_german, Q(service__in=translated.values("service")))


def _serving(districts: Collection[str]) -> Q:
    if not districts:
        return Q(pk__in=())
    areas = (Q(service__service_areas__ags__startswith=ags) for ags in districts)
    return reduce(or_, areas, Q(service__service_areas__isnull=True))


def _having_term(identity: str) -> Q:
    code = next((code for code, term in taxonomy.terms().items() if term["id"] == identity), "")
    category, _, kind = code.partition("/")
    return Q(service__category=category, service__office_kind=kind) if kind else Q(service__category=category)


def _shown_listings() -> Prefetch[str, QuerySet[ServiceAtLocation], str]:
    shown = ServiceAtLocation.objects.shown().select_related("location").prefetch_related(*_OF_LISTING)
    return Prefetch("service_at_locations", shown.order_by("district_ags", "public_id"), "shown")


def _dated(found: QuerySet[ServiceAtLocation]) -> QuerySet[Any]:
    moments = (
        Subquery(
            _history(model)
            .filter(**{field: OuterRef(owner)})
            .order_by("-history_date")
            .values("history_date")[:1]
        )
        for model, field, owner in _HISTORIES
    )
    never = Value(NEVER, output_field=DateTimeField())
    last = Greatest(*(Coalesce(moment, never) for moment in moments))
    dated: QuerySet[Any] = found.annotate(last_modified=last)
    return dated


def _since(found: QuerySet[Any], query: Query) -> QuerySet[Any]:
    return found.filter(last_modified__gte=query["modified_after"]) if "modified_after" in query else found


def _history(model: type[Model]) -> QuerySet[Any]:
    history: QuerySet[Any] = model.history.all()  # type: ignore[attr-defined]
    return history
