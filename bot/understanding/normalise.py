"""One spelling for what looks the same on a phone's screen.

The NLU has the same function in `nlu/components/text.py` (its environment shares no package with the
bot's); a test holds the two together.
"""

from __future__ import annotations

import unicodedata

MAX_CHARS = 4096
"""Telegram's longest message. What lies beyond is not read."""

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʹ`´′‛ʻˈ＇"), "'")
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")


def normalise(text: str) -> str:
    """Returns NFKC, lower case, ё as е, one apostrophe, nothing invisible, single spaces.

    Any string is fine, lone surrogates included; at most 4,096 characters come back.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_CHARS]).lower()
    text = text.translate(_APOSTROPHES).replace("ё", "е")
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _DROPPED)
    return " ".join("".join(kept).split())[:MAX_CHARS]


def printable(text: str) -> str:
    """The text as typed, without what cannot be sent as UTF-8 or seen, at most 4,096 characters."""
    visible = (
        c for c in text[:MAX_CHARS] if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs", "Cn")
    )
    return "".join(visible)
