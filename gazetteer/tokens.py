"""Splitting a text into words with their places, their script and their phonetic keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gazetteer import words
from gazetteer.fold import cyrillic_key, german_key, typed_latin_key

STRESS = "\u0301"
"""The stress mark of dictionaries: "Лео́нберг"."""
MAX_TOKENS = 400
"""A message of 4,096 characters has some 700 words; a place named after the 400th is not looked for."""
MAX_WORD = 40
MIN_TYPED_ALONE = 7
MAX_ABBREVIATION = 3
"""A full stop after a longer word ends a sentence; after a shorter one it may be "St. Blasien"."""
_TOKEN = re.compile(r"(?:[^\W\d_]\u0301?)+(?:['’ʼ`][^\W\d_]+)*|\d+")
_CYRILLIC = re.compile(r"[а-яёєіїґ]")
_LATIN = re.compile(r"[a-zäöüß]")
_DECLINED_LATIN = re.compile(r"([a-zäöüß]{4,})['’]?[а-яіїєґ]{1,3}")
"""A German name with a Ukrainian or Russian ending: "Reutlingen'е", "Heidelbergу"."""
_LOOKALIKES = str.maketrans("aceiopxyk", "асеіорхук")
_BREAK = re.compile(r"[^\s\-–—./()'’]|\n|\s[-–—]\s")


_ADJECTIVE = re.compile(r"(.{4,}?)(з?сь?к|зьк|цьк)(?:ий|ого|ому|ім|ом|им|ая|ой|а|ої|ій|у|ую|ое|е|ие|их)$")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number. `breaks` says that a comma, full stop or the like stands before it."""

    text: str
    lower: str
    start: int
    end: int
    keys: tuple[str, ...]
    """The ways it can be heard; empty for numbers and for words too long to be a name."""
    cyrillic: bool
    capital: bool
    breaks: bool
    typed: bool = False
    """Ukrainian or Russian typed in Latin letters, as the words around show."""


def tokenize(text: str) -> list[Token]:
    """Words and numbers of the text in order, at most `MAX_TOKENS`."""
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        ends = gap.startswith(". ") and len(tokens[-1].text) > MAX_ABBREVIATION if tokens else True
        tokens.append(_token(match, breaks=ends or bool(_BREAK.search(gap))))
        end = match.end()
        if len(tokens) == MAX_TOKENS:
            break
    return _marked(tokens)


def _marked(tokens: list[Token]) -> list[Token]:
    """Latin words of a message that is Ukrainian or Russian in Latin letters know that they are."""
    alone = len(tokens) == 1 and len(tokens[0].text) >= MIN_TYPED_ALONE
    if not alone and not any(token.lower in words.LATIN_TYPED_HINTS for token in tokens):
        return tokens
    return [token if token.cyrillic else replace(token, typed=True) for token in tokens]


def _token(match: re.Match[str], *, breaks: bool) -> Token:
    text = match.group()
    lower = text.lower().replace(STRESS, "")
    declined = _DECLINED_LATIN.fullmatch(lower)
    lower = declined[1] if declined else lower
    cyrillic = bool(_CYRILLIC.search(lower))
    if cyrillic and _LATIN.search(lower):
        lower = lower.translate(_LOOKALIKES)
    return Token(
        text, lower, match.start(), match.end(), _keys(lower, cyrillic), cyrillic, text[0].isupper(), breaks
    )


def _keys(lower: str, cyrillic: bool) -> tuple[str, ...]:
    if lower[0].isdigit() or len(lower) > MAX_WORD:
        return ()
    if cyrillic:
        adjective = _ADJECTIVE.match(lower)
        return (cyrillic_key(lower), *(_adjective_keys(adjective) if adjective else ()))
    if lower == "st":
        return ("sankt",)
    german, typed = german_key(lower), typed_latin_key(lower)
    return (german,) if german == typed else (german, typed)


def _adjective_keys(match: re.Match[str]) -> tuple[str, ...]:
    """ "Геппінгенський" speaks of Геппінген, "гейдельберзький" of Гейдельберг."""
    stem = cyrillic_key(match[1])
    return (stem + "g",) if match[2] == "зьк" else (stem,)
