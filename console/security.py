"""Content security policy: what a page of the console may load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

STRICT = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
THEMED = ("/admin/", "/overview/")
"""Staff pages: they wear the admin's theme."""
# The admin theme runs on Alpine.js, which evaluates expressions in attributes and styles inline.
ADMIN = f"{STRICT}; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"


@sync_and_async_middleware
def content_security_policy(get_response: Callable[..., Any]) -> Callable[..., Any]:
    """Middleware: the strict policy everywhere, the theme's needs on staff pages; a view may set its own."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            return _with_policy(request, await get_response(request))

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponse:
        return _with_policy(request, get_response(request))

    return synchronous


def _with_policy(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    policy = ADMIN if request.path.startswith(THEMED) else STRICT
    response.headers.setdefault("Content-Security-Policy", policy)
    return response
