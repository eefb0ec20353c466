"""One phonetic key for every way a German name is written.

German spelling, Ukrainian and Russian transliteration (of every tradition) and Latin-typed Cyrillic
are folded onto the same rough Latin skeleton, so that "Heidelberg", "Гейдельберг", "Хайдельберг" and
"Gaydelberg" meet at `gYdelberg`. What the traditions disagree about is merged: h, g, ch -> `g`; v, w,
f -> `f`; s, z of Cyrillic, ß -> `s`; every ei, ai, eu, äu -> `Y`; double letters are single. Where no
merging is possible (ö is both "e" and "o", an h between vowels is written or not) a German name has
several keys; a typed word has one.
"""

from __future__ import annotations

import re
from itertools import islice, product

MAX_KEYS = 48
_VOWELS = frozenset("aeiouyäöü")
_DOUBLE = re.compile(r"(.)\1+")
_GRAPHEME = re.compile(r"tsch|sch|chs|äu|eu|ei|ai|ey|ay|oi|oy|ie|au|tz|ph|ck|ch|qu|th|dt|ae|oe|ue|.", re.S)
_UMLAUT = {
    "ae": ("e", "a"),
    "oe": ("e", "o"),
    "ue": ("u", "i"),
    "ä": ("e", "a"),
    "ö": ("e", "o"),
    "ü": ("u", "i"),
}
_GERMAN: dict[str, tuple[str, ...]] = {
    "tsch": ("č",),
    "sch": ("š",),
    "chs": ("ks", "gs"),
    "ai": ("Y",),
    "ay": ("Y",),
    "äu": ("Y", "af"),
    "ei": ("Y",),
    "ey": ("Y",),
    "oi": ("Y",),
    "oy": ("Y",),
    "ie": ("i", "ie"),
    "au": ("af",),
    "tz": ("c",),
    "ph": ("f",),
    "ck": ("k",),
    "ch": ("g",),
    "qu": ("kf",),
    "th": ("t", "tg"),
    "dt": ("t",),
    "x": ("ks",),
    "z": ("c",),
    "v": ("f",),
    "w": ("f",),
    "y": ("i",),
    "ß": ("s",),
}
_CYRILLIC_PAIRS = (
    ("ьйо", "e"),
    ("ьо", "e"),
    ("ау", "af"),
    ("аў", "af"),
    ("ае", "e"),
    ("тц", "c"),
    ("дт", "t"),
)
_DIPHTHONG = re.compile(r"[аеэєоя][йј]|[еэє][иіы]|[ао][иії]|[еэ]у(?!е)")
_TYPED_UE = re.compile(r"уе(?=[бвгдзклмнпрстфхцш])")
_GLIDE = re.compile(r"[йј](?=[аеиоуыэюяєіїё])")
_CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгґдеєёэжзиіїыйклмнопрстуфхцчшщюя",
            "abfggdeeeešsiiiiiklmnoprstufgcčššua",
            strict=True,
        )
    )
    | dict.fromkeys("ьъ'’ʼ`")
)
_LATIN_TYPED = (
    ("shch", "š"),
    ("sch", "š"),
    ("sh", "š"),
    ("zh", "š"),
    ("kh", "g"),
    ("ch", "g"),
    ("tz", "c"),
    ("ts", "c"),
    ("dt", "t"),
    ("au", "af"),
    ("yu", "u"),
    ("ju", "u"),
    ("iu", "u"),
    ("ya", "a"),
    ("ja", "a"),
    ("yo", "e"),
    ("jo", "e"),
    ("ye", "e"),
    ("je", "e"),
)
_LATIN_DIPHTHONG = re.compile(r"[aeo][yij]")
_LATIN = str.maketrans("vwzyjäöüßhcx", "ffsiieeusgkk")


def squeeze(key: str) -> str:
    """Single letters for double ones, also where two keys were joined; "Yi" is heard as "Y"."""
    return _DOUBLE.sub(r"\1", key).replace("Yi", "Y").replace("št", "st").replace("šp", "sp")


def cyrillic_key(word: str) -> str:
    """The key of one Ukrainian or Russian word (lower case)."""
    for letters, folded in _CYRILLIC_PAIRS:
        if letters in word:
            word = word.replace(letters, folded)
    word = _GLIDE.sub("", _DIPHTHONG.sub("Y", _TYPED_UE.sub("ю", word)))
    return squeeze(word.translate(_CYRILLIC))


def german_keys(word: str) -> tuple[str, ...]:
    """All keys of one German word (lower case), the usual one first; at most `MAX_KEYS`."""
    options = [_options(word, match) for match in _GRAPHEME.finditer(_plain_rh(word))]
    keys = ("".join(parts) for parts in islice(product(*options), MAX_KEYS))
    return tuple(dict.fromkeys(_joined_vowels(squeeze(key)) for key in keys))


def german_key(word: str) -> str:
    """The usual key of one German word as somebody types it, with or without umlauts (lower case)."""
    word = _plain_rh(word)
    return _joined_vowels(squeeze("".join(_options(word, match)[0] for match in _GRAPHEME.finditer(word))))


def typed_latin_key(word: str) -> str:
    """The key of one Ukrainian or Russian word typed in Latin letters (lower case)."""
    for letters, folded in _LATIN_TYPED:
        if letters in word:
            word = word.replace(letters, folded)
    return squeeze(_LATIN_DIPHTHONG.sub("Y", word).translate(_LATIN))


def _joined_vowels(key: str) -> str:
    """Where a silent h stood between vowels ("Ehingen") they sound as one in Cyrillic ("Эинген")."""
    return key.replace("ei", "Y").replace("ai", "Y").replace("oi", "Y")


def _plain_rh(word: str) -> str:
    """ "Rhein" is heard as "Rein"; inside a word ("Oberhausen") the h counts."""
    return "r" + word[2:] if word.startswith("rh") else word


def _options(word: str, match: re.Match[str]) -> tuple[str, ...]:
    """How one German grapheme can sound in the other alphabets, the usual way first."""
    grapheme, start, end = match.group(), match.start(), match.end()
    before, after = word[start - 1 : start], word[end : end + 1]
    if grapheme in _UMLAUT:
        return _umlaut(grapheme, before)
    if grapheme == "h":
        return _aspirate(before, after)
    if grapheme == "eu":
        return ("Y", "o") if after == "e" else ("Y",)
    if grapheme == "j":
        return ("",) if after in _VOWELS and after else ("i",)
    if grapheme == "c":
        return ("c",) if after and after in "eiy" else ("k",)
    if grapheme == "p" and not before and after == "f":
        return ("p", "")
    return _GERMAN.get(grapheme, (grapheme,))


def _umlaut(grapheme: str, before: str) -> tuple[str, ...]:
    """ "oe" is a typed ö, except after a vowel ("Neuenburg" has no ü)."""
    if len(grapheme) == 2 and before and before in _VOWELS:
        return (grapheme,)
    return _UMLAUT[grapheme]


def _aspirate(before: str, after: str) -> tuple[str, ...]:
    if not before or before not in _VOWELS:
        return ("g",)
    return ("", "g") if after and after in _VOWELS else ("",)
