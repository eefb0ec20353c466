"""For whom somebody asks: for themselves, their child, or somebody else. Lists in `lexicon/whom.yml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from bot.types import ForWhom
from bot.understanding.normalise import normalise

_FILE = Path(__file__).parent / "lexicon" / "whom.yml"


def for_whom(text: str) -> ForWhom:
    """Whom the text asks for; "" where it does not say."""
    normal = normalise(text)
    if _found("other", normal) and not _found("advice", normal):
        return "other"
    if _found("child", normal):
        return "child"
    return "self" if _found("self", normal) else ""


def _found(kind: str, normal: str) -> bool:
    return bool(_patterns()[kind].search(normal))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    lists: dict[str, list[str] | str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    joined = {kind: [found] if isinstance(found, str) else found for kind, found in lists.items()}
    return {kind: re.compile("|".join(f"(?:{part})" for part in parts)) for kind, parts in joined.items()}
