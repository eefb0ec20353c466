"""The chat page and the two addresses it talks to: turns go in, replies come out."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bot.channels.base import MAX_TEXT
from bot.conversation.menu import LANGUAGE_LABELS
from bot.types import LANGUAGES
from console.preview.connection import shared_redis
from console.preview.flood import count_turn
from console.preview.refusal import refusing_in_json
from console.preview.stream import checked_id, events
from console.preview.texts import LANGUAGE_COOKIE, page_language, page_texts
from console.preview.turns import read_turn
from console.preview.visitors import admitted, admitted_visitor, known_visitor, mark, new_visitor, remember


@never_cache
@require_GET
async def page(request: HttpRequest) -> HttpResponse:
    """The chat page. A browser without a conversation is given one."""
    if not await admitted(request):
        return redirect_to_login(request.path, reverse("admin:login"))
    language, visitor = page_language(request), known_visitor(request) or new_visitor()
    context = {
        "language": language,
        "texts": page_texts(language),
        "all_texts": {code: page_texts(code) for code in LANGUAGES},
        "languages": LANGUAGE_LABELS.items(),
        "mark": mark(visitor),
        "max_text": MAX_TEXT,
    }
    response = render(request, "preview/page.html", context)
    response["Content-Language"] = language
    if request.GET.get("lang") == language:
        response.set_cookie(LANGUAGE_COOKIE, language, path=request.path, samesite="Strict")
    remember(response, visitor)
    return response


@require_POST
async def anew(request: HttpRequest) -> HttpResponse:
    """Leave the conversation and begin another one."""
    response = redirect("preview:page")
    remember(response, new_visitor())
    return response


@require_POST
@refusing_in_json
async def turns(request: HttpRequest) -> JsonResponse:
    """Put a turn into the bot's inbox: 202, also when its key was there before."""
    visitor = await admitted_visitor(request)
    turn = read_turn(request.body)
    await count_turn(await shared_redis(), visitor.conversation)
    new = await visitor.submit(
        turn.kind,
        turn.key,
        text=turn.text,
        payload=turn.payload,
        latitude=turn.latitude,
        longitude=turn.longitude,
        client_language=page_language(request),
    )
    return JsonResponse({"accepted": new}, status=202)


@require_GET
@refusing_in_json
async def replies(request: HttpRequest) -> StreamingHttpResponse:
    """Replies after `Last-Event-ID` (or `?after=`) as server-sent events."""
    visitor = await admitted_visitor(request)
    after = checked_id(request.headers.get("Last-Event-ID") or request.GET.get("after", ""))
    backlog = await visitor.replies(after)
    response = StreamingHttpResponse(events(visitor, after, backlog), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
