"""What people ask of the bot itself in words of their own: reminders, news, no more messages, what it costs.

The NLU has no intents for these. Only short messages of known words count, by `lexicon/requests.yml`, so that
nothing else is taken for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.types import Request
from bot.understanding.normalise import normalise

_FILE = Path(__file__).parent / "lexicon" / "requests.yml"
_MOST_WORDS = 9
_SAFE_WORDS = 6
"""More than that beside "I am safe" may be a farewell: then the NLU's word on danger counts."""
_WORD = re.compile(r"[\w'-]+")
_SHORT = 3
"""Up to so many letters a word of the lists has to be the whole word, not its beginning."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    request: Request
    each: tuple[tuple[str, ...], ...]
    around: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    patterns: tuple[_Pattern, ...]
    expressions: dict[str, re.Pattern[str]]


def request(text: str) -> Request:
    """What the whole text asks of the bot, or "". The names of places are taken out before."""
    words = _WORD.findall(normalise(text))
    if not words or len(words) > _MOST_WORDS:
        return ""
    fitting = (one.request for one in _lexicon().patterns if _fits(one, words))
    return next(fitting, _how_they_are(text))


def lead_time(text: str) -> Literal["", "day", "hours", "both"]:
    """How long before somebody wants to be reminded, where the text says so."""
    normal, expressions = normalise(text), _lexicon().expressions
    day, hours = (bool(expressions[name].search(normal)) for name in ("day", "hours"))
    return "both" if day and hours else "day" if day else "hours" if hours else ""


def _how_they_are(text: str) -> Request:
    """How somebody is, where a short text says nothing else."""
    normal, expressions = normalise(text), _lexicon().expressions
    if expressions["distress"].search(normal):
        return "distress"
    if expressions["doubt"].search(normal):
        return ""
    if expressions["safe"].search(normal) and len(_WORD.findall(normal)) <= _SAFE_WORDS:
        return "safe"
    return "better" if expressions["better"].search(normal) else ""


def _fits(pattern: _Pattern, words: list[str]) -> bool:
    known = (*(start for starts in pattern.each for start in starts), *pattern.around)
    return all(_is_one(word, known) for word in words) and all(
        any(_is_one(word, starts) for word in words) for starts in pattern.each
    )


def _is_one(word: str, starts: tuple[str, ...]) -> bool:
    return any(word == start or (len(start) > _SHORT and word.startswith(start)) for start in starts)


@cache
def _lexicon() -> _Lexicon:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    always = data["around"].split()
    patterns = tuple(
        _Pattern(
            one["is"],
            tuple(tuple(data["words"][name]) for name in one["each"]),
            (*one.get("around", "").split(), *always),
        )
        for one in data["requests"]
    )
    names = ("safe", "better", "doubt", "distress", "day", "hours")
    return _Lexicon(patterns, {name: re.compile(data[name]) for name in names})
