"""The public pages. They ask nobody who they are, set no cookies and run no scripts."""

from __future__ import annotations

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from bot.answers import answers
from bot.conversation.context import Context
from bot.conversation.knowledge import sources
from bot.conversation.labels import door
from bot.conversation.local_office import office_wish
from bot.conversation.naming import district_name
from bot.conversation.places import federal_links
from bot.types import Language
from console.pages import answering, places
from console.pages import helplines as lines
from console.pages.codes import as_image, bot_link
from console.pages.directory import directory
from console.pages.offers import sections
from console.pages.poster import poster as poster_of
from console.pages.poster_pdf import as_pdf
from console.pages.reader import reader
from console.preview.texts import page_language
from gazetteer.districts import districts

ASKED = "ask_"
"""What the intents of nearly all questions begin with; it does not stand in an address."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the pages in the browser's language."""
    response = redirect("pages:home", page_language(request))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: all but what is for staff and the chat."""
    rules = "User-agent: *\nDisallow: /admin/\nDisallow: /preview/\n"
    return HttpResponse(rules, content_type="text/plain; charset=utf-8")


@require_safe
def home(request: HttpRequest, language: Language) -> HttpResponseBase:
    """All districts and questions; with `?q=` what a search says."""
    ctx, text = _reader(language), request.GET.get("q", "").strip()
    found = places.find(ctx, text) if text else None
    if found and found.ags:
        response: HttpResponseBase = redirect("pages:district", language, found.ags)
    else:
        context = {"found": found, "query": text[: places.MAX_QUERY], "max_query": places.MAX_QUERY}
        response = _page(request, "home", ctx, context | _lists(ctx))
    if text:
        response.headers["Cache-Control"] = "no-store"  # what somebody looked for is nobody else's
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def district(request: HttpRequest, language: Language, ags: str) -> HttpResponseBase:
    """A district with all its offers."""
    if ags not in districts():
        return not_found(request, language)
    ctx = _reader(language, ags)
    link = bot_link(ctx.username, ags, language)
    context = {
        "ags": ags,
        "name": district_name(ctx, ags),
        "sections": sections(ctx),
        "link": link,
        "code": as_image(link) if link else "",
        "preview": "" if os.environ.get("TELEGRAM_BOT_TOKEN") else reverse("preview:page"),
        "made": _made(ctx),
    }
    return _page(request, "district", ctx, context)


@require_safe
def poster(request: HttpRequest, language: Language, ags: str) -> HttpResponseBase:
    """The district's poster as a PDF of one page."""
    if ags not in districts():
        return not_found(request, language)
    address = request.build_absolute_uri(reverse("pages:district", args=[language, ags]))
    drawn = as_pdf(poster_of(_reader(language, ags), ags, address))
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="Lotse-{ags}.pdf"'
    return answering.kept(request, response)


@require_safe
def helplines(request: HttpRequest, language: Language) -> HttpResponseBase:
    """All help lines."""
    ctx = _reader(language)
    return _page(request, "helplines", ctx, {"all_lines": lines.all_lines(ctx), "made": _made(ctx)})


@require_safe
def question(request: HttpRequest, language: Language, topic: str) -> HttpResponseBase:
    """The answer to a question of the knowledge base."""
    found = answers().get(f"{ASKED}{topic}") or answers().get(topic)
    if found is None or _topic(found.intent) != topic:
        return not_found(request, language)
    ctx, wish = _reader(language), office_wish(found)
    context = {
        "answer": found.wordings[language],
        "office": ctx.t(door(wish.category, wish.office_kind).label),
        "sources": sources(ctx, found).split("\n"),
        "related": [
            (_topic(intent), answers()[intent].wordings[language].title)
            for intent in found.related
            if intent in answers()
        ],
        "max_query": places.MAX_QUERY,
    }
    return _page(request, "question", ctx, context)


def not_found(request: HttpRequest, language: Language, rest: str = "") -> HttpResponseBase:
    """There is no such page: the way to those that are there."""
    ctx = _reader(language)
    context = {"max_query": places.MAX_QUERY} | _lists(ctx)
    return _page(request, "not_found", ctx, context, status=404)


def _reader(language: Language, ags: str = "") -> Context:
    return reader(language, directory(), answering.present(), ags)


def _page(
    request: HttpRequest, template: str, ctx: Context, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    around = {"lines": lines.first_lines(ctx), "federal_links": federal_links().split("\n")}
    return answering.page(
        request, template, ctx.language, around | context, operator=ctx.operator, status=status
    )


def _lists(ctx: Context) -> dict[str, Any]:
    topics = [(_topic(intent), found.wordings[ctx.language].title) for intent, found in answers().items()]
    return {
        "regions": places.regions(ctx),
        "topics": sorted(topics, key=lambda item: item[1]),
        "is_empty": not ctx.directory.snapshot.listings,
    }


def _topic(intent: str) -> str:
    return intent.removeprefix(ASKED)


def _made(ctx: Context) -> str:
    day = ctx.texts.source_date(ctx.now.date().isoformat())
    return ctx.t("As of {day}. Opening hours can change.", day=day)
