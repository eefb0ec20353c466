"""Turns Latin-typed Ukrainian and Russian back into Cyrillic, by the words of the training data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from components.text import phonetic_key

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
MIN_LETTERS = 5
"""Shorter texts are left alone: "ja" is German."""
MIN_KNOWN_SHARE = 0.6
"""Of a Latin text's words, this share must sound like known Cyrillic words that are not German ones."""


class LatinTyped:
    """`words` maps the sound of a word to its commonest Cyrillic spelling. Sounds that the training data
    has more often in Latin letters are German and left out, so that German text is not touched."""

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words

    @classmethod
    def fit(cls, texts: Iterable[str]) -> LatinTyped:
        """Learns from normalised texts of all languages."""
        cyrillic: dict[str, Counter[str]] = {}
        latin: Counter[str] = Counter()
        for word in (word for text in texts for word in _WORD.findall(text)):
            if _CYRILLIC.search(word):
                cyrillic.setdefault(phonetic_key(word), Counter())[word] += 1
            else:
                latin[phonetic_key(word)] += 1
        known = {key: seen for key, seen in cyrillic.items() if key and sum(seen.values()) > latin[key]}
        return cls({key: seen.most_common(1)[0][0] for key, seen in known.items()})

    def restore(self, text: str) -> str:
        """The text in Cyrillic where it is Latin-typed Ukrainian or Russian, else unchanged."""
        found = _WORD.findall(text)
        if sum(map(len, found)) < MIN_LETTERS or _CYRILLIC.search(text):
            return text
        known = sum(phonetic_key(word) in self.words for word in found)
        if known < MIN_KNOWN_SHARE * len(found):
            return text
        return _WORD.sub(lambda word: self.words.get(phonetic_key(word.group()), word.group()), text)
