"""How every answer of the API is given: read-only, cacheable, conditional, open to every origin, no cookie.

The version of an answer is that of the directory, the day (holidays, due confirmations and the hours of the
coming weeks move with it) and the address. Whoever already has that version is told so before anything else
is read from the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, time
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_etags
from django.views.decorators.csrf import csrf_exempt

from console.hsds import problems
from console.hsds.parameters import Parameter, Query, read
from console.hsds.problems import Problem
from console.hsds.records import LICENCE
from console.hsds.selection import latest_change

FORMAT = 1
"""Grows when the same directory is written differently."""
MAX_AGE_S = 60
_METHODS = "GET, HEAD, OPTIONS"

View = Callable[..., HttpResponse]
"""Takes the request, its query and the parts of its path. Raises Problem."""


def answering(view: View, parameters: tuple[Parameter, ...]) -> Callable[..., HttpResponse]:
    """Make a Django view of a view of the API."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **parts: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return _open(_preflight())
        try:
            if request.method not in {"GET", "HEAD"}:
                raise Problem(405, "Read only", f"This API can only be read: {_METHODS}.")
            return _open(_current(request, view, parameters, parts))
        except Problem as problem:
            response = problems.answer(problem)
            if problem.status == 405:
                response["Allow"] = _METHODS
            return _open(response)

    return answered


def nowhere(request: HttpRequest, query: Query, rest: str = "") -> HttpResponse:
    """Any other address below /hsds/."""
    raise problems.not_found("There is nothing at this address. /hsds/openapi.json names all that there are.")


def _current(
    request: HttpRequest, view: View, parameters: tuple[Parameter, ...], parts: dict[str, str]
) -> HttpResponse:
    revision, changed = latest_change()
    address = request.build_absolute_uri()
    etag = _etag(revision, changed, address)
    modified = int(max(changed, _midnight()).timestamp())
    if etag in _known_to(request):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = view(request, read(request.GET, parameters), **parts)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    return get_conditional_response(request, etag, modified, response) or response


def _etag(revision: int, changed: datetime, address: str) -> str:
    version = f"{FORMAT} {revision} {changed.isoformat()} {timezone.localdate()} {address}"
    return f'"{hashlib.sha256(version.encode()).hexdigest()[:32]}"'


def _known_to(request: HttpRequest) -> set[str]:
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return {tag.removeprefix("W/") for tag in tags}


def _midnight() -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = _METHODS
    response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _open(response: HttpResponse) -> HttpResponse:
    """Any page may read the answer; the licence comes with it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Link"] = f'<{LICENCE["license_url"]}>; rel="license"'
    response["Content-Language"] = response.get("Content-Language", "de")
    return response
