"""Which office a text names, by the word lists in `lexicon/offices.yml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from bot.understanding.normalise import normalise

_FILE = Path(__file__).parent / "lexicon" / "offices.yml"


def office_kind(text: str) -> str:
    """The kind (`services_directory.snapshot.OFFICE_KINDS`) of the office named first, or ""."""
    normal = normalise(text)
    found = [(match.start(), kind) for kind, pattern in _patterns() if (match := pattern.search(normal))]
    return min(found)[1] if found else ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists: dict[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        (kind, re.compile("|".join(f"(?:{part})" for part in parts))) for kind, parts in lists.items()
    )
