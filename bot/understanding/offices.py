"""Which office or offer a text names, by the word lists in `lexicon/offices.yml` and `lexicon/offers.yml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from bot.understanding.normalise import normalise

_SMALL_WORD = 3
_WHERE = re.compile(r"\b(?:де|где|wo|куди|куда)\b")
_WORD_END = re.compile(r"\w*")
_LEXICON = Path(__file__).parent / "lexicon"


def office_kind(text: str) -> str:
    """The kind (`services_directory.snapshot.OFFICE_KINDS`) of the office named first, or ""."""
    return _first_named("offices.yml", text)


def names_little_else(text: str) -> bool:
    """Whether an office is named and nothing beside it but the smallest words ("and the Jobcenter?")."""
    normal = normalise(text)
    kind = office_kind(text)
    found = next((pattern.search(normal) for name, pattern in _patterns("offices.yml") if name == kind), None)
    if found is None:
        return False
    ends = _WORD_END.match(normal, found.end())
    rest = normal[: found.start()] + (normal[ends.end() :] if ends else "")
    return all(len(word) <= _SMALL_WORD for word in re.findall(r"\w+", rest))


def asks_where(text: str) -> bool:
    """Whether the text only asks where an office is ("де консульство?")."""
    return bool(_WHERE.search(normalise(text))) and names_little_else(text)


def category(text: str) -> str:
    """The category of the offer named first in a short query, or "". A sentence may mean something else."""
    return _first_named("offers.yml", text)


def _first_named(file: str, text: str) -> str:
    normal = normalise(text)
    found = [(match.start(), name) for name, pattern in _patterns(file) if (match := pattern.search(normal))]
    return min(found)[1] if found else ""


@cache
def _patterns(file: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists: dict[str, list[str]] = yaml.safe_load((_LEXICON / file).read_text(encoding="utf-8"))
    return tuple(
        (name, re.compile("|".join(f"(?:{part})" for part in parts))) for name, parts in lists.items()
    )
