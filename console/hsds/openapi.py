"""The OpenAPI document of the API, made from its table of addresses."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from console.hsds import problems
from console.hsds.parameters import Parameter, Query
from console.hsds.records import LICENCE
from console.hsds.routes import ROUTES, Route
from services_directory.snapshot import CATEGORIES, OFFICE_KINDS

VERSION = "1.0"
_HSDS = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/"
_DESCRIPTION = (
    "Offices, counselling and trauma consultation hours for people displaced from Ukraine in "
    "Baden-Württemberg. Only listings that are shown to people are here. Read each listing's "
    "`confirmation`: not every one has been confirmed by its office."
)


def document(request: HttpRequest, query: Query) -> HttpResponse:
    """The document for the server that was asked."""
    server = request.build_absolute_uri(reverse("hsds:about")).rstrip("/")
    return JsonResponse(described(server), json_dumps_params={"ensure_ascii": False})


def described(server: str) -> dict[str, Any]:
    """The document as data."""
    parameters = {parameter.name: parameter for route in ROUTES for parameter in route.parameters}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lotse Baden-Württemberg: open data after HSDS 3.0",
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "CC BY 4.0", "url": LICENCE["license_url"]},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": server}],
        "paths": {f"/{route.path}": {"get": _operation(route)} for route in ROUTES},
        "components": {
            "parameters": {name: _parameter(parameter) for name, parameter in parameters.items()},
            "responses": {"Problem": _problem_response()},
            "schemas": _schemas(),
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    in_path = [_path_parameter(name) for name in re.findall(r"{(\w+)}", route.path)]
    in_query = [{"$ref": f"#/components/parameters/{parameter.name}"} for parameter in route.parameters]
    return {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [*in_path, *in_query],
        "responses": {
            "200": {"description": route.summary, "content": _content(route)},
            "304": {"description": "Not changed since the version named in If-None-Match"},
            "400": {"$ref": "#/components/responses/Problem"},
            **({"404": {"$ref": "#/components/responses/Problem"}} if in_path else {}),
        },
    }


def _content(route: Route) -> dict[str, Any]:
    if "/" in route.answers:
        return {route.answers: {"schema": {"type": "string"}}}
    record = {"$ref": f"#/components/schemas/{route.answers}"}
    if not route.paged:
        return {"application/json": {"schema": record}}
    page = {
        "allOf": [{"$ref": "#/components/schemas/Page"}],
        "properties": {"contents": {"type": "array", "items": record}},
    }
    return {"application/json": {"schema": page}, "application/x-ndjson": {"schema": record}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {
        "id": {"type": "string", "format": "uuid"},
        "ags": {"type": "string", "pattern": "^08[0-9]{3}$"},
    }
    meaning = {"id": "The id of the record.", "ags": "The AGS of a district, five digits."}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": meaning[name],
        "schema": schema[name],
    }


def _problem_response() -> dict[str, Any]:
    problem = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "Why the request is not answered, and what would be right",
        "content": {problems.CONTENT_TYPE: {"schema": problem}},
    }


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _extended(hsds: str, **profile: dict[str, Any]) -> dict[str, Any]:
    """A schema of HSDS with the profile's fields besides."""
    return {"allOf": [{"$ref": _HSDS + hsds}, _object(**profile)]}


def _schemas() -> dict[str, Any]:
    text, flag, number = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}
    link, moment, day = ({**text, "format": form} for form in ("uri", "date-time", "date"))
    translation = _object(language=text, name=text, description=text, state=text)
    translations = {"type": "array", "items": translation}
    licence = {"license": text, "license_url": link, "attribution": text}
    confirmation = _object(
        state={"type": "string", "enum": ["confirmed", "due", "unconfirmed"]},
        verified_at=moment,
        due_on=day,
        source_url=link,
        source_date=text,
    )
    return {
        "About": _object(version=text, profile=link, openapi_url=link, **licence),
        "Page": {
            **_object(
                total_items=number,
                total_pages=number,
                page_number=number,
                size=number,
                first_page=flag,
                last_page=flag,
                empty=flag,
                contents={"type": "array"},
                **licence,
            ),
            "required": ["total_items", "total_pages", "page_number", "size", "empty", "contents"],
        },
        "Problem": _object(type=text, title=text, status=number, detail=text),
        "Organization": _extended("compiled/organization.json", **licence),
        "Service": _extended(
            "compiled/service.json",
            category={"type": "string", "enum": list(CATEGORIES)},
            office_kind={"type": "string", "enum": list(OFFICE_KINDS)},
            translations=translations,
            **licence,
        ),
        "ServiceAtLocation": _extended(
            "compiled/service_at_location.json",
            name=text,
            status=text,
            public_id=text,
            district_ags=text,
            opening_hours=text,
            is_central_contact=flag,
            confirmation=confirmation,
            last_modified=moment,
            **licence,
        ),
        "Taxonomy": _extended("taxonomy.json", **licence),
        "TaxonomyTerm": _extended("taxonomy_term.json", translations=translations, **licence),
    }
