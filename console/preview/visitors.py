"""Who may use the preview, and which conversation is theirs."""

from __future__ import annotations

import hashlib
import os
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from bot.channels.preview import PreviewVisitor
from console.preview.connection import shared_redis, shared_vault
from console.preview.refusal import Refused

COOKIE = "preview_visitor"
_SALT = "console.preview"


async def admitted(request: HttpRequest) -> bool:
    """Anyone while the bot has no Telegram; with a token the preview is for signed-in staff."""
    if not os.environ.get("TELEGRAM_BOT_TOKEN"):
        return True
    user = await request.auser()
    return bool(user.is_active and user.is_staff)


def known_visitor(request: HttpRequest) -> str:
    """The visitor's id from the signed cookie; empty where there is none or it was tampered with."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=_SALT) or "")


def new_visitor() -> str:
    return secrets.token_urlsafe(24)


def remember(response: HttpResponseBase, visitor: str) -> None:
    """Keep the id in the browser until it is closed, out of reach of scripts and other sites."""
    response.set_signed_cookie(
        COOKIE,
        visitor,
        salt=_SALT,
        path=reverse("preview:page"),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def mark(visitor: str) -> str:
    """A name for the conversation that the page may know: it leads back to nothing."""
    return hashlib.sha256(visitor.encode()).hexdigest()[:12]


async def admitted_visitor(request: HttpRequest) -> PreviewVisitor:
    """The visitor of a request to the API. Raises Refused."""
    if not await admitted(request):
        raise Refused(403, "staff_only")
    visitor = known_visitor(request)
    if not visitor:
        raise Refused(400, "unknown_visitor")
    return PreviewVisitor(await shared_redis(), shared_vault(), visitor)
