"""The overview's pages and files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from console.overview.columns import COLUMNS, as_table, ordered
from console.overview.coverage import LAND, Cell, Level, coverage
from console.overview.distribution import (
    METHOD,
    POPULATION_SOURCE,
    about,
    distribution,
    euros,
    population_days,
)
from console.overview.drawing import Drawing, as_png, as_svg, draw
from console.overview.forms import AmountForm, FilterForm
from console.overview.funding import DEFAULT_CENTS
from console.overview.tables import Table, Value, csv_response, german, xlsx_response
from gazetteer.districts import districts
from services_directory.models import Service


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Which districts have which offers, narrowed and ordered as the address says."""
    cells = coverage()
    form = FilterForm(request.GET)
    rows = ordered(form.chosen(cells), request.GET.get("sort", ""))
    context = {
        "title": "Angebote in den Kreisen",
        "form": form,
        "headers": _headers(request.GET),
        "rows": [_row(cell) for cell in rows],
        "may_look": request.user.has_perm("services_directory.view_serviceatlocation"),
        "levels": list(Level),
        "summary": [(category, _counted(cells, category)) for category in Service.Category],
    }
    return _page(request, "overview/table.html", context)


@require_GET
def table_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same rows as the table's page has, as CSV or XLSX."""
    rows = ordered(FilterForm(request.GET).chosen(coverage()), request.GET.get("sort", ""))
    explained: dict[str, Value] = {"Tag": timezone.localdate()}
    explained |= {level.word: level.meaning for level in Level}
    return _file(kind, as_table(rows), "angebote-in-den-kreisen", explained)


@require_GET
def map_page(request: HttpRequest) -> HttpResponse:
    """The map of one offer, and the same in words."""
    category = _category(request)
    levels = _levels(category)
    context = {
        "title": f"Karte: {category.label}",
        "category": category,
        "categories": Service.Category,
        "drawing": draw(category.label, levels, timezone.localdate()),
        "words": [
            (level, [districts()[ags].name_de for ags, found in levels.items() if found is level])
            for level in Level
        ],
    }
    return _page(request, "overview/map.html", context)


@require_GET
def map_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The map of one offer as SVG or PNG."""
    category = _category(request)
    if kind not in ("svg", "png"):
        raise Http404
    drawing = draw(category.label, _levels(category), timezone.localdate())
    return _picture(drawing, kind, f"karte-{category.value}.{kind}")


@require_GET
def funding(request: HttpRequest) -> HttpResponse:
    """An amount shared out over the districts by population."""
    form = _amount_form(request.GET)
    context: dict[str, Any] = {
        "title": "Mittel nach Einwohnern verteilen",
        "form": form,
        "population_days": [german(day) for day in population_days()],
        "source": POPULATION_SOURCE,
        "method": METHOD,
    }
    if form.is_valid():
        cents = form.cleaned_data["amount"]
        amount = german(euros(cents))
        header, *rows, total = distribution(cents)
        context |= {
            "header": header,
            "rows": [[german(value) for value in row] for row in rows],
            "total": [german(value) for value in total],
            "amount": amount,
            "query": urlencode({"amount": amount}),
        }
    return _page(request, "overview/funding.html", context)


@require_GET
def funding_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The shares as CSV or XLSX; with a wrong amount back to the page, which says what is wrong."""
    form = _amount_form(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('overview:funding')}?{request.GET.urlencode()}")
    cents = form.cleaned_data["amount"]
    return _file(kind, distribution(cents), "mittel-nach-einwohnern", about(cents))


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    shared = {**admin.site.each_context(request), "day": timezone.localdate()}
    query = request.GET.urlencode()
    return TemplateResponse(request, template, {**shared, "query": query, **context})


def _file(kind: str, rows: Table, name: str, explained: dict[str, Value]) -> HttpResponse:
    name = f"{name}-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(rows, name)
    if kind == "xlsx":
        return xlsx_response(rows, name, explained)
    raise Http404


def _picture(drawing: Drawing, kind: str, name: str) -> HttpResponse:
    if kind == "svg":
        response = HttpResponse(as_svg(drawing), content_type="image/svg+xml")
    else:
        response = HttpResponse(as_png(drawing), content_type="image/png")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _headers(wish: QueryDict) -> list[dict[str, Any]]:
    """For each column its title, how it is sorted now, and the address that sorts by it."""
    now = wish.get("sort", "")
    headers = []
    for column in COLUMNS:
        turned = wish.copy()
        turned["sort"] = f"-{column.name}" if now == column.name else column.name
        sorted_now = {column.name: "ascending", f"-{column.name}": "descending"}.get(now, "")
        address = f"?{turned.urlencode()}"
        headers.append({"column": column, "sorted": sorted_now, "address": address})
    return headers


def _row(cell: Cell) -> dict[str, Any]:
    """A row of the page: its first value names it, and leads to the entries the district keeps."""
    entries = reverse("admin:services_directory_serviceatlocation_changelist")
    wish = QueryDict(mutable=True)
    wish.update({"district": cell.ags, "service__category__exact": cell.category.value})
    values = [(german(column.value(cell)), column.is_number) for column in COLUMNS]
    return {
        "name": values[0][0],
        "address": f"{entries}?{wish.urlencode()}" if cell.ags else "",
        "values": values[1:],
    }


def _counted(cells: list[Cell], category: Service.Category) -> list[int]:
    """How many districts are on each level of an offer."""
    levels = [cell.level for cell in cells if cell.category == category and cell.ags != LAND]
    return [levels.count(level) for level in Level]


def _category(request: HttpRequest) -> Service.Category:
    """The offer the address names, integration management where it names none. Raises Http404."""
    try:
        return Service.Category(request.GET.get("category") or Service.Category.INTEGRATION_MANAGEMENT)
    except ValueError as error:
        raise Http404 from error


def _levels(category: Service.Category) -> dict[str, Level]:
    cells = coverage()
    return {cell.ags: cell.level for cell in cells if cell.category == category and cell.ags != LAND}


def _amount_form(wish: QueryDict) -> AmountForm:
    default = {"amount": german(euros(DEFAULT_CENTS))}
    return AmountForm(wish if "amount" in wish else default)
