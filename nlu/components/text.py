"""Text as the pipeline sees it: normalised, and folded to a key that is the same in both alphabets.

`normalise` does what `bot/understanding/normalise.py` does (a test holds the two together): the two
programs live in different Python environments and share no package.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 4096
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʹ`´′‛ʻˈ＇"), "'")
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")

_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ё": "e", "э": "e",
        "ж": "z", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ы": "i", "к": "k", "л": "l", "м": "m",
        "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "v", "х": "g", "ц": "z",
        "ч": "g", "ш": "s", "щ": "s", "ь": "", "ъ": "", "ю": "iu", "я": "ia", "'": "",
    }
)  # fmt: skip
_LATIN_GROUPS = [
    ("shch", "s"), ("schtsch", "s"), ("tsch", "g"), ("sch", "s"), ("sh", "s"), ("zh", "z"), ("kh", "g"),
    ("ch", "g"), ("ph", "v"), ("th", "t"), ("ck", "k"), ("ts", "z"), ("tz", "z"), ("ae", "e"), ("oe", "o"),
    ("ue", "u"),
]  # fmt: skip
_LATIN = str.maketrans(
    {
        "y": "i", "j": "i", "h": "g", "w": "v", "f": "v", "q": "k", "c": "k", "x": "ks",
        "ä": "e", "ö": "o", "ü": "u", "ß": "s",
    }
)  # fmt: skip
_SAME_LETTER = re.compile(r"([a-z])\1+")
_LATIN_GROUP = re.compile("|".join(group for group, _ in _LATIN_GROUPS))
_GROUP_KEY = dict(_LATIN_GROUPS)
_LONG_RUN = re.compile(r"(.)\1{3,}")


def normalise(text: str) -> str:
    """One spelling for what looks the same: NFKC, lower case, one apostrophe, ё as е, single spaces."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARS]).lower()
    text = text.translate(_APOSTROPHES).replace("ё", "е")
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _DROPPED)
    return " ".join("".join(kept).split())[:MAX_CHARS]


def phonetic_key(text: str) -> str:
    """A rough sound of normalised text in a-z: "психолог", "psykholog" and "Psychologe" nearly agree.

    It lets what was learnt from Cyrillic help with Latin-typed Ukrainian and Russian, and what was learnt
    from German help with German office words typed in Cyrillic ("анмельдунг", "шпракурс").
    """
    text = _LATIN_GROUP.sub(lambda group: _GROUP_KEY[group.group()], text)
    text = text.translate(_LATIN).translate(_CYRILLIC).replace("ie", "e")
    return _SAME_LETTER.sub(r"\1", text)


def shorten(text: str, limit: int) -> str:
    """At most about `limit` characters: the beginning and the end, where people say what they want.

    Runs of one sign are cut to three first, so that a held-down key does not push the words out.
    """
    text = _LONG_RUN.sub(r"\1\1\1", text)
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} {text[-half:]}"
