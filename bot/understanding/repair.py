"""Short moves of a conversation ("back", "again", "another one") and corrections of the place.

Only whole short messages and clear patterns count, by the word lists in `lexicon/repair.yml`: a question
or a request is left to the NLU.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import OSA

from bot.types import Correction, Move
from bot.understanding.normalise import normalise

_FILE = Path(__file__).parent / "lexicon" / "repair.yml"
_MOVE_WORDS = 6
_CORRECTION_WORDS = 9
_TYPO_FROM, _TWO_TYPOS_FROM = 6, 12
"""Letters of a phrase from which on one typo, or two, are forgiven."""
_WORD = re.compile(r"[\w'-]+")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    moves: dict[str, Move]
    another_one: tuple[str, ...]
    beside_another: tuple[str, ...]
    courtesy: frozenset[str]
    levels: dict[str, tuple[str, ...]]
    around: frozenset[str]
    mistaken: tuple[str, ...]
    moved: tuple[str, ...]
    denied_then: re.Pattern[str]
    then_denied: re.Pattern[str]
    only_denied: re.Pattern[str]


def move(text: str) -> Move:
    """The move that the whole text is, or ""."""
    words = [word for word in _words(text) if word not in _lexicon().courtesy]
    if not words or len(words) > _MOVE_WORDS:
        return ""
    said, moves = " ".join(words), _lexicon().moves
    exact = moves.get(said, "") or moves.get(" ".join(_words(text)), "")
    if exact or _asks_for_another(words):
        return exact or "another"
    return next((kind for phrase, kind in moves.items() if _alike(phrase, said)), "")


def without_denied(text: str, is_place: Callable[[str], bool]) -> str:
    """The text with the denied part of "not X but Y" blanked, where X is a place or a level.

    Positions in the text stay the same.
    """
    lexicon = _lexicon()
    for pattern in (lexicon.denied_then, lexicon.then_denied, lexicon.only_denied):
        found = pattern.search(text)
        if found and (_level(found["wrong"]) or is_place(found["wrong"])):
            start, end = found.span("cut")
            return text[:start] + " " * (end - start) + text[end:]
    return text


def level(text: str) -> Correction:
    """Which of a town and the district of its name the whole text asks for, or ""."""
    words = _words(text)
    if not words or len(words) > _CORRECTION_WORDS:
        return ""
    kept = _words(without_denied(text, lambda _: False))
    if not kept:
        return "city" if _level(text) == "district" else "district" if _level(text) == "city" else ""
    rest = [word for word in kept if word not in _lexicon().around]
    return _level(rest[0]) if len(rest) == 1 else ""


def says_only_a_place(rest: str) -> bool:
    """Whether the words beside a place only correct it, or say that somebody moved there."""
    words = _words(rest)
    lexicon = _lexicon()
    return len(words) <= _CORRECTION_WORDS and all(
        word in lexicon.around or _level(word) or word.startswith((*lexicon.moved, *lexicon.mistaken))
        for word in words
    )


def owns_a_mistake(text: str) -> bool:
    """Whether somebody says that what they wrote before was wrong."""
    return any(word.startswith(_lexicon().mistaken) for word in _words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text))


def _asks_for_another(words: list[str]) -> bool:
    another, beside = _lexicon().another_one, _lexicon().beside_another
    return all(word.startswith(another + beside) for word in words) and any(
        word.startswith(another) for word in words
    )


def _alike(phrase: str, said: str) -> bool:
    if phrase[0] != said[0] or len(phrase) < _TYPO_FROM:
        return False
    allowed = 2 if len(phrase) >= _TWO_TYPOS_FROM else 1
    return OSA.distance(phrase, said, score_cutoff=allowed) <= allowed


def _level(text: str) -> Correction:
    """The level a few words name, where they name one only."""
    named: set[Correction] = set()
    for word in _words(text):
        if word.startswith(_lexicon().levels["district"]):
            named.add("district")
        elif word.startswith(_lexicon().levels["city"]):
            named.add("city")
        elif word not in _lexicon().around:
            return ""
    return named.pop() if len(named) == 1 else ""


@cache
def _lexicon() -> _Lexicon:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    moves: dict[str, Move] = {
        normalise(phrase): kind for kind, phrases in data["moves"].items() for phrase in phrases
    }
    no, but = data["denials"], data["instead"]
    wrong = r"(?P<wrong>[^.,;:!?\n]{2,40}?)"
    return _Lexicon(
        moves=moves,
        another_one=tuple(data["another_one"]),
        beside_another=tuple(data["beside_another"].split()),
        courtesy=frozenset(data["courtesy"].split()),
        levels={kind: tuple(starts) for kind, starts in data["levels"].items()},
        around=frozenset(data["around"].split()),
        mistaken=tuple(data["mistaken"]),
        moved=tuple(data["moved"]),
        denied_then=re.compile(rf"\b(?P<cut>(?:{no})\s+{wrong}[\s,–—-]+(?:{but}))\s+(?=\S)", re.IGNORECASE),
        then_denied=re.compile(
            rf"\S(?P<cut>[\s,–—-]+(?:(?:а|и|und|та|aber)\s+)?(?:{no})\s+{wrong})[.!\s]*$", re.IGNORECASE
        ),
        only_denied=re.compile(
            rf"^(?P<cut>\W*(?:(?:ні|нет|nein)\W+)?(?:{no})\s+{wrong})[.!\s]*$", re.IGNORECASE
        ),
    )
