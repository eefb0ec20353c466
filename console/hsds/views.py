"""What each address of the API answers. Every view takes a request and its query, and returns a response."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from console.hsds import records, selection, taxonomy
from console.hsds.parameters import PER_PAGE, Query
from console.hsds.problems import bad_request, not_found
from console.hsds.records import LICENCE, Json

HSDS_VERSION = "3.0"
PROFILE = Path(__file__).resolve().parents[2] / "docs" / "hsds-profile.md"
_ALL = 10_000

Rows = QuerySet[Any] | Sequence[Any]
Shape = Callable[[Any], Json]


def about(request: HttpRequest, query: Query) -> HttpResponse:
    """What this API is."""
    return _json(
        {
            "version": HSDS_VERSION,
            "profile": request.build_absolute_uri(reverse("hsds:profile")),
            "openapi_url": request.build_absolute_uri(reverse("hsds:openapi")),
            **LICENCE,
        }
    )


def profile(request: HttpRequest, query: Query) -> HttpResponse:
    """The German profile: what stands in the records besides HSDS."""
    return HttpResponse(PROFILE.read_bytes(), content_type="text/markdown; charset=utf-8")


def services(request: HttpRequest, query: Query) -> HttpResponse:
    """All services."""
    if query.get("minimal") and query.get("full"):
        raise bad_request('Please give either "minimal" or "full".')
    found = selection.services(query)
    if query.get("minimal"):
        alone = found.select_related(None).prefetch_related(None)
        return _collection(alone, records.service_minimal, query, _ALL)
    return _collection(found, records.service_full if query.get("full") else records.service_simple, query)


def service(request: HttpRequest, query: Query, id: str) -> HttpResponse:
    """One service."""
    return _record(selection.services({}), records.service_full, id)


def service_at_locations(request: HttpRequest, query: Query) -> HttpResponse:
    """All listings."""
    shape: Shape = records.listing_full if query.get("full") else records.listing_simple
    return _collection(selection.listings(query), shape, query)


def service_at_location(request: HttpRequest, query: Query, id: str) -> HttpResponse:
    """One listing."""
    return _record(selection.listings({}), records.listing_full, id)


def organizations(request: HttpRequest, query: Query) -> HttpResponse:
    """All organizations."""
    shape: Shape = records.organization_simple
    if query.get("full") or query.get("full_service"):
        shape = _whole_organization(query)
    return _collection(selection.organizations(query), shape, query)


def organization(request: HttpRequest, query: Query, id: str) -> HttpResponse:
    """One organization."""
    return _record(selection.organizations({}), _whole_organization(query), id)


def taxonomies(request: HttpRequest, query: Query) -> HttpResponse:
    """All taxonomies: there is one."""
    return _collection(_containing([taxonomy.TAXONOMY], query), dict, query)


def taxonomy_(request: HttpRequest, query: Query, id: str) -> HttpResponse:
    """One taxonomy."""
    return _record([taxonomy.TAXONOMY], dict, id)


def taxonomy_terms(request: HttpRequest, query: Query) -> HttpResponse:
    """All terms."""
    found = list(taxonomy.terms().values())
    if query.get("top_only"):
        found = [term for term in found if "parent_id" not in term]
    for name in ("parent_id", "taxonomy_id"):
        if name in query:
            found = [term for term in found if term.get(name) == str(query[name])]
    return _collection(_containing(found, query), dict, query)


def taxonomy_term(request: HttpRequest, query: Query, id: str) -> HttpResponse:
    """One term."""
    return _record(list(taxonomy.terms().values()), dict, id)


def _whole_organization(query: Query) -> Shape:
    full_service = query.get("full_service", False)
    return lambda row: records.organization_full(row, full_service)


def _containing(found: list[Json], query: Query) -> list[Json]:
    """Those whose texts have all words of the search."""
    words = [word.casefold() for word in query.get("search", ())]
    return [row for row in found if all(word in _text(row).casefold() for word in words)]


def _collection(found: Rows, shape: Shape, query: Query, per_page: int = PER_PAGE) -> HttpResponse:
    if query.get("format") == "ndjson":
        return _lines(found, shape, query)
    pages = Paginator(found, query.get("per_page", per_page), allow_empty_first_page=False)
    number = query.get("page", 1)
    rows = pages.page(number).object_list if number <= pages.num_pages else []
    contents = [shape(row) for row in rows]
    return _json(
        {
            "total_items": pages.count,
            "total_pages": pages.num_pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages.num_pages,
            "empty": not contents,
            **LICENCE,
            "contents": contents,
        }
    )


def _lines(found: Rows, shape: Shape, query: Query) -> HttpResponse:
    if "page" in query or "per_page" in query:
        raise bad_request("ndjson has no pages: please leave out page and per_page.")
    lines = (_text({**shape(row), **LICENCE}) for row in found)
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="application/x-ndjson")


def _record(found: Rows, shape: Shape, id: str) -> HttpResponse:
    """Raises Problem where there is nothing with this id, or nothing people may see."""
    try:
        identity = uuid.UUID(id)
    except ValueError:
        raise not_found("An id here is a UUID.") from None
    if isinstance(found, QuerySet):
        row = found.filter(pk=identity).first()
    else:
        row = next((row for row in found if row["id"] == str(identity)), None)
    if row is None:
        raise not_found("There is nothing with this id, or it is not shown at the moment.")
    return _json({**shape(row), **LICENCE})


def _text(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False)


def _json(data: Json) -> HttpResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
