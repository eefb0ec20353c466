"""Why a request of the page is refused: one sentence in the person's language, and a status."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

from bot.inbox import InboxFull
from bot.vault import VaultError
from console.preview.texts import page_language, page_texts

log = logging.getLogger(__name__)

View = Callable[[HttpRequest], Coroutine[Any, Any, HttpResponseBase]]


class Refused(Exception):
    """`reason` names a sentence of the page's texts, without its prefix "error_"."""

    def __init__(self, status: int, reason: str, retry_after_s: int = 0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after_s = retry_after_s


def refusing_in_json(view: View) -> View:
    """Answer `{"error": sentence}` where the view refuses, or where Redis or its contents let it down."""

    @wraps(view)
    async def answered(request: HttpRequest) -> HttpResponseBase:
        try:
            return await view(request)
        except Refused as refused:
            return _answer(request, refused)
        except InboxFull:
            log.error("preview: the inbox is full")
            return _answer(request, Refused(503, "full", 30))
        except RedisError as error:
            log.warning("preview: Redis does not answer (%s)", type(error).__name__)
            return _answer(request, Refused(503, "unreachable", 5))
        except VaultError as error:
            log.error("preview: a reply cannot be opened (%s)", error)
            return _answer(request, Refused(503, "unreadable"))

    return answered


def _answer(request: HttpRequest, refused: Refused) -> JsonResponse:
    sentence = page_texts(page_language(request))[f"error_{refused.reason}"]
    response = JsonResponse({"error": sentence}, status=refused.status)
    response["Cache-Control"] = "no-store"
    if refused.retry_after_s:
        response["Retry-After"] = str(refused.retry_after_s)
    return response
