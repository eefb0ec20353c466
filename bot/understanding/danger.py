"""The danger lexicon: words that are answered with help before anything else.

It runs on every text, before the NLU and without it. The patterns live in `lexicon/{uk,ru,de}.yml`,
each a list of regular expressions under `crisis`, `report_violence` and `harmless`. All three languages
are searched in every text: people in fear mix them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.types import LANGUAGES, DangerKind
from bot.understanding.normalise import normalise

LEXICON = Path(__file__).parent / "lexicon"
KINDS: tuple[DangerKind, ...] = ("crisis", "report_violence")
"""In this order: a life at risk goes before everything."""

_BLANK = "\n"
"""Stands where a harmless phrase was; `.` in a pattern does not reach across it."""


class LexiconError(ValueError):
    """A lexicon file that cannot be used; names the file and the pattern."""


@dataclass(frozen=True, slots=True)
class DangerLexicon:
    """Compiled patterns. `check` never raises."""

    patterns: dict[DangerKind, tuple[re.Pattern[str], ...]]
    harmless: tuple[re.Pattern[str], ...]

    @classmethod
    def load(cls, directory: Path = LEXICON) -> DangerLexicon:
        """Reads the three files. Raises LexiconError when one is missing or has a broken pattern."""
        files = [(path, _read(path)) for path in (directory / f"{lang}.yml" for lang in LANGUAGES)]
        found = {key: tuple(_compile(files, key)) for key in (*KINDS, "harmless")}
        return cls({kind: found[kind] for kind in KINDS}, found["harmless"])

    def check(self, text: str) -> DangerKind | None:
        """The danger a text speaks of, or None. Reads the first 4,096 characters."""
        rest = self._without_harmless(normalise(text))
        return next((kind for kind in KINDS if any(p.search(rest) for p in self.patterns[kind])), None)

    def _without_harmless(self, text: str) -> str:
        for pattern in self.harmless:
            text = pattern.sub(_BLANK, text)
        return text


def _read(path: Path) -> dict[str, list[str]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise LexiconError(f"{path.name}: {error}") from error
    if not isinstance(content, dict) or not all(content.get(kind) for kind in KINDS):
        raise LexiconError(f"{path.name}: needs the keys crisis and report_violence, each with patterns")
    return content


def _compile(files: Iterable[tuple[Path, dict[str, list[str]]]], key: str) -> Iterable[re.Pattern[str]]:
    for path, content in files:
        for pattern in content.get(key) or []:
            try:
                yield re.compile(pattern)
            except (re.error, TypeError) as error:
                raise LexiconError(f"{path.name}, {key}: {pattern!r}: {error}") from error
