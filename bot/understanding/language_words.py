"""Small words that tell a language, and German words that do not because everybody here uses them.

The lists are in `language_words.yml`.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

_LISTS = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


UKRAINIAN = _words("ukrainian")
RUSSIAN = _words("russian")
GERMAN = _words("german")
GERMAN_COURTESY = _words("german_courtesy")
LATIN_UKRAINIAN = _words("latin_ukrainian")
LATIN_RUSSIAN = _words("latin_russian")
LATIN_BOTH = _words("latin_both")
FOREIGN: dict[str, frozenset[str]] = {
    code: frozenset(words.split()) for code, words in _LISTS["foreign"].items()
}
"""By ISO code: languages the bot does not speak."""

_NEUTRAL = _words("neutral")
_PLACE_ENDING = re.compile(
    r".{2,}(?:ingen|heim|hausen|hofen|stetten|weiler|bronn|burg|berg|dorf|feld|stadt|bach|kirch|furt|"
    r"haven|münster|muenster|kreis|amt|behörde|behoerde|stelle|kasse|straße|strasse|platz)$"
)


def is_neutral(word: str) -> bool:
    """Whether a Latin word (lower case) says nothing about the language of the person who typed it."""
    return len(word) < 2 or word in _NEUTRAL or bool(_PLACE_ENDING.match(word))
