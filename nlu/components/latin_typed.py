"""Turns Latin-typed Ukrainian and Russian back into Cyrillic, by the words of the training data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from components.text import phonetic_key

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
MIN_KNOWN_SHARE = 0.6
"""Of a Latin text's words, this share must sound like known Cyrillic words that German does not have."""


class LatinTyped:
    """`words` maps the sound of a word to its commonest Cyrillic spelling; what sounds like a German
    word of the training data is left out, so German text is never touched."""

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words

    @classmethod
    def fit(cls, texts: Iterable[str]) -> LatinTyped:
        """Learns from normalised texts of all languages."""
        cyrillic: dict[str, Counter[str]] = {}
        western: set[str] = set()
        for word in (word for text in texts for word in _WORD.findall(text)):
            if _CYRILLIC.search(word):
                cyrillic.setdefault(phonetic_key(word), Counter())[word] += 1
            else:
                western.add(phonetic_key(word))
        return cls(
            {key: seen.most_common(1)[0][0] for key, seen in cyrillic.items() if key and key not in western}
        )

    def restore(self, text: str) -> str:
        """The text in Cyrillic where it is Latin-typed Ukrainian or Russian, else unchanged."""
        found = _WORD.findall(text)
        if not found or _CYRILLIC.search(text):
            return text
        known = sum(phonetic_key(word) in self.words for word in found)
        if known < MIN_KNOWN_SHARE * len(found):
            return text
        return _WORD.sub(lambda word: self.words.get(phonetic_key(word.group()), word.group()), text)
