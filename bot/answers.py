"""The knowledge base: one file per question intent in `locales/answers`, in all three languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.texts import LOCALES
from bot.types import LANGUAGES, Language

ANSWERS = LOCALES / "answers"


@dataclass(frozen=True, slots=True)
class Wording:
    """An answer in one language."""

    title: str
    short: str
    steps: tuple[str, ...]
    papers: tuple[str, ...]
    changing: str = ""
    """One sentence on what is uncertain now and whom to ask; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to one `ask_*` intent, with its sources."""

    intent: str
    office: str
    """An office kind, or a category of the directory: the local door behind this question."""
    as_of: str
    """"2025" or "2025-10"; empty where no source shows its date."""
    sources: tuple[str, ...]
    """Who says so, the newest first."""
    links: tuple[tuple[str, str], ...]
    """(title, address) of official pages."""
    related: tuple[str, ...]
    wordings: dict[Language, Wording]


@cache
def answers() -> dict[str, Answer]:
    """All answers by intent, read once."""
    found = (_answer(path) for path in sorted(ANSWERS.glob("*.yml")))
    return {answer.intent: answer for answer in found}


def _answer(path: Path) -> Answer:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Answer(
        intent=data["intent"],
        office=data["office"],
        as_of=str(data["as_of"]),
        sources=tuple(source["name"] for source in sorted(data["sources"], key=_date, reverse=True)),
        links=tuple((link["title"], link["url"]) for link in data.get("links") or ()),
        related=tuple(data["related"]),
        wordings={language: _wording(data[language]) for language in LANGUAGES},
    )


def _date(source: dict[str, str]) -> str:
    return source["date"]


def _wording(data: dict[str, Any]) -> Wording:
    return Wording(
        data["title"],
        data["short"],
        tuple(data["steps"]),
        tuple(data.get("papers") or ()),
        data.get("changing", ""),
    )
