"""How a page is sent: rendered without a session, kept for some minutes, and not sent twice."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from bot.conversation.menu import LANGUAGE_LABELS
from bot.texts import texts
from bot.types import LANGUAGES, Language
from console.pages.wording import wording

KEPT_S = 300
"""How long a browser or a proxy may show a page without asking again."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def present() -> datetime:
    """Now, to the last full five minutes: in between a page stays the same, letter by letter."""
    now = timezone.now().astimezone(UTC)
    return now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)


def page(
    request: HttpRequest,
    template: str,
    language: Language,
    context: dict[str, Any],
    *,
    operator: str,
    status: int = 200,
) -> HttpResponseBase:
    """A page in a language. One that is not found is not kept."""
    said = {
        "language": language,
        "languages": _languages(request, language),
        "say": wording(language),
        "operator": texts(language).t("Run by: {operator}", operator=operator),
    }
    body = render_to_string(f"pages/{template}.html", said | context)
    response = HttpResponse(body, status=status)
    response["Content-Language"] = language
    response["Content-Security-Policy"] = POLICY
    if status != 200:
        response["Cache-Control"] = "no-store"
        return response
    return kept(request, response)


def kept(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response with the marks by which it is known again; 304 where the reader has it already."""
    moment = int(present().timestamp())
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"], response["Last-Modified"] = etag, http_date(moment)
    response["Cache-Control"] = f"public, max-age={KEPT_S}"
    return get_conditional_response(request, etag, moment, response) or response


def _languages(request: HttpRequest, language: Language) -> list[dict[str, Any]]:
    """The same page in each language."""
    _, _, rest = request.path.lstrip("/").partition("/")
    return [
        {
            "code": code,
            "name": LANGUAGE_LABELS[code],
            "path": f"/{code}/{rest}",
            "url": request.build_absolute_uri(f"/{code}/{rest}"),
            "current": code == language,
        }
        for code in LANGUAGES
    ]
