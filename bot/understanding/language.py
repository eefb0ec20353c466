"""Which of the bot's languages a text is written in.

Letters and small words decide where they can; `lingua` weighs the rest; the language spoken so far wins
when neither is sure. Names of towns, offices and papers never decide: everybody writes those in German.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from lingua import Language as LinguaLanguage
from lingua import LanguageDetector as LinguaDetector
from lingua import LanguageDetectorBuilder

from bot.types import Language
from bot.understanding import language_words as words_of
from bot.understanding.normalise import MAX_CHARS

SURE_CYRILLIC = 1.0
"""Evidence (natural log-odds, roughly) below which Cyrillic text does not tell Ukrainian from Russian."""
SESSION_BONUS = 1.2
"""How much the language spoken so far weighs in that balance."""
LETTER_WEIGHT = 3.0
WORD_WEIGHT = 2.0
ENDING_WEIGHT = 1.2
LINGUA_LIMIT = 3.5
SURE_ENGLISH = 0.8
_CHECKED_CHARS = 600

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_UK_LETTERS = re.compile(r"[іїєґ]|[бпвмфрк]'[яюєї]")
_RU_LETTERS = re.compile(r"[ыэъё]")
_UK_ENDINGS = re.compile(r"(?:[аиуя]ти|тися|тись|ння|ття|ський|ського|цький|ають|ого дня|йом|ьо\w*)\b")
_RU_ENDINGS = re.compile(r"(?:[аеи]ться|[ае]ть|ая|ое|ие|ия|ии|ой|ешь|ский|ского|ском|[вдклмнртш]ов)\b")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[a-zà-ɏ]")
_LATIN_UK_ENDING = re.compile(r"(?:nn?ya|nn?ia|ttya|yty|uty|[iu]vaty|tysya|yy|skoyi|oyi|oho|iv|yi)$")
_LATIN_RU_ENDING = re.compile(r"(?:iye|niya|nija|[aiy]tsa|[aiy]t'|skij|skiy|ogo|uyu|uju|aya|aja|oye)$")
_SLAVIC_SOUND = re.compile(
    r"zh|shch|kh|[bcdfghklmnprstvz]y[aue]|[aeiou]ye|yi|[bdglmnprtvz][iy]t[iy]?\b|[oe][gh]o\b"
)
_SCRIPTS = {
    "ARABIC": "ar", "HEBREW": "he", "GEORGIAN": "ka", "ARMENIAN": "hy", "GREEK": "el", "CJK": "zh",
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "DEVANAGARI": "hi", "ETHIOPIC": "am", "THAI": "th",
    "BENGALI": "bn", "TAMIL": "ta",
}  # fmt: skip


_ALSO_ENGLISH = frozenset({"in"})
"""Says nothing against English: people name a town in both languages so."""


class LanguageDetector:
    """`warm_up` loads lingua's models (about half a second, 100 MB); else the first doubtful text does."""

    def warm_up(self) -> None:
        self.detect("де знайти житло", None)

    def detect(self, text: str, current: Language | None) -> tuple[Language | None, str]:
        """The language of a text, and the ISO code of a foreign language when it is clearly that.

        `current` is the language spoken so far. It comes back whenever the text does not tell (a town,
        a number, one word that both languages have, a foreign language). Without it the likelier language
        comes back, and None only for a text that is in no language (a town in Latin letters, a number).
        """
        text = unicodedata.normalize("NFKC", text[:MAX_CHARS]).lower().replace("’", "'").replace("ʼ", "'")
        text = text[:_CHECKED_CHARS]
        other = _foreign_script(text)
        if other:
            return current, other
        words = _WORD.findall(text)
        cyrillic = [word for word in words if _CYRILLIC.search(word)]
        latin = [word for word in words if _LATIN.match(word)]
        if cyrillic and not _german_carries(latin, cyrillic):
            return self._cyrillic(" ".join(cyrillic), cyrillic, current), ""
        return self._latin(latin, current)

    @cached_property
    def _lingua(self) -> LinguaDetector:
        known = LanguageDetectorBuilder.from_languages(
            LinguaLanguage.UKRAINIAN, LinguaLanguage.RUSSIAN, LinguaLanguage.GERMAN, LinguaLanguage.ENGLISH
        )
        return known.with_preloaded_language_models().build()

    def _cyrillic(self, text: str, words: list[str], current: Language | None) -> Language | None:
        evidence = LETTER_WEIGHT * (_count(_UK_LETTERS, text) - _count(_RU_LETTERS, text))
        evidence += WORD_WEIGHT * (_hits(words, words_of.UKRAINIAN) - _hits(words, words_of.RUSSIAN))
        evidence += ENDING_WEIGHT * (_count(_UK_ENDINGS, text) - _count(_RU_ENDINGS, text))
        evidence += self._odds(text, LinguaLanguage.UKRAINIAN, LinguaLanguage.RUSSIAN)
        evidence += {"uk": SESSION_BONUS, "ru": -SESSION_BONUS}.get(current or "", 0.0)
        if current and abs(evidence) < SURE_CYRILLIC:
            return current
        return "uk" if evidence > 0 else "ru"

    def _latin(self, words: list[str], current: Language | None) -> tuple[Language | None, str]:
        polite = words_of.GERMAN_COURTESY if current in ("uk", "ru") else frozenset()
        telling = [word for word in words if word not in polite and not words_of.is_neutral(word)]
        if not telling:
            return current, ""
        slavic = _slavic_typed_in_latin(telling, current)
        if slavic:
            return slavic, ""
        other = self._foreign_latin(telling)
        if other:
            return current, other
        return ("de" if self._is_german(telling, current) else current), ""

    def _foreign_latin(self, words: list[str]) -> str:
        german = _hits(words, words_of.GERMAN - _ALSO_ENGLISH)
        counts = Counter({code: _hits(set(words), known) for code, known in words_of.FOREIGN.items()})
        code, hits = counts.most_common(1)[0]
        if hits >= 2 and hits > german:
            return code
        english = hits and code == "en" and len(words) > 1 and not german
        return "en" if english and self._english_share(words) >= SURE_ENGLISH else ""

    def _english_share(self, words: list[str]) -> float:
        return float(self._lingua.compute_language_confidence(" ".join(words), LinguaLanguage.ENGLISH))

    def _is_german(self, words: list[str], current: Language | None) -> bool:
        if current == "de" or _hits(words, words_of.GERMAN):
            return True
        odds = self._odds(" ".join(words), LinguaLanguage.GERMAN, LinguaLanguage.ENGLISH)
        doubt = LINGUA_LIMIT - 0.5 if current else 0.5
        return odds >= doubt and (current is None or len(words) > 1)

    def _odds(self, text: str, one: LinguaLanguage, other: LinguaLanguage) -> float:
        shares = {c.language: c.value for c in self._lingua.compute_language_confidence_values(text)}
        odds = math.log((shares[one] + 1e-3) / (shares[other] + 1e-3))
        return max(-LINGUA_LIMIT, min(LINGUA_LIMIT, odds))


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))


def _hits(words: Iterable[str], known: frozenset[str]) -> int:
    return sum(word in known for word in words)


def _german_carries(latin: list[str], cyrillic: list[str]) -> bool:
    """Whether a mixed text is a German sentence with a Cyrillic word in it, not the other way round."""
    return len(latin) > len(cyrillic) and _hits(latin, words_of.GERMAN) >= 2


def _foreign_script(text: str) -> str:
    """The language of a script the bot's languages are not written in, where most letters are of it."""
    letters = [c for c in text if c.isalpha()]
    foreign = Counter(_script(c) for c in letters if c > "ԯ" or "Ͱ" <= c <= "Ͽ")
    if not foreign or 2 * foreign.total() <= len(letters):
        return ""
    script = foreign.most_common(1)[0][0]
    persian = script == "ar" and any(c in "پچژگ" for c in letters)
    return "fa" if persian else script


def _script(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], "")


def _slavic_typed_in_latin(words: list[str], current: Language | None) -> Language | None:
    """Ukrainian or Russian typed on a Latin keyboard ("gde najti vracha"), else None."""
    uk = _hits(words, words_of.LATIN_UKRAINIAN) + sum(bool(_LATIN_UK_ENDING.search(word)) for word in words)
    ru = _hits(words, words_of.LATIN_RUSSIAN) + sum(bool(_LATIN_RU_ENDING.search(word)) for word in words)
    shared = _hits(words, words_of.LATIN_BOTH) + sum(bool(_SLAVIC_SOUND.search(word)) for word in words)
    western = _hits(words, words_of.GERMAN) + _hits(words, words_of.FOREIGN["en"])
    if western >= uk + ru + shared or (not uk + ru and shared < 2):
        return None
    if uk == ru:
        return current if current in ("uk", "ru") else None
    return "uk" if uk > ru else "ru"
