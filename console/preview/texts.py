"""What the page itself says, in three languages: `texts/{language}.json`, one sentence per name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from bot.conversation.respond import DEFAULT_LANGUAGE
from bot.types import LANGUAGES, Language

TEXTS = Path(__file__).resolve().parent / "texts"
LANGUAGE_COOKIE = "preview_language"


@cache
def page_texts(language: Language) -> dict[str, str]:
    """All sentences of the page in one language, by name."""
    texts: dict[str, str] = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def page_language(request: HttpRequest) -> Language:
    """The language chosen on the page, else the browser's first that is spoken here, else the bot's own."""
    wished = [request.GET.get("lang", ""), request.COOKIES.get(LANGUAGE_COOKIE, "")]
    wished += [tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    for tag in wished:
        for language in LANGUAGES:
            if tag.lower().split("-")[0] == language:
                return language
    return DEFAULT_LANGUAGE
