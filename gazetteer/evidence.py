"""Whether the words around make it likely that a word names a place.

Half of the towns' names are ordinary words or close to one ("Wald", "Singen", "Rot", "Кель"): letters
alone must not decide.
"""

from __future__ import annotations

import re

from gazetteer import words
from gazetteer.tokens import Token

_WITH_ARTICLE = frozenset({"im", "vom", "zum", "zur", "zu", "beim", "на"})
"""Prepositions that ordinary nouns follow and names of towns do not."""
_BEFORE_TOWNS = words.PREPOSITIONS - _WITH_ARTICLE
_BEFORE_QUALIFIERS = frozenset({"bei", "am", "ob", "an", "на", "ам", "біля", "под", "возле"})
_TOWN = re.compile(
    r"(?:ingen|ngen|burg|berg|gYm|stat|dorf|bag|gafsen|fYler|felt|feld|kirg|falt|fald|furt|gofen|fangen|stYn|stet|steten"
    r"|tal|bron|brun|kirgen|lingen|mund|selingen)(?:ofi|om|em|[auieos])?$"
)


def sounds_like_town(key: str) -> bool:
    """Whether a phonetic key ends as German names of towns do, declined or not."""
    return bool(_TOWN.search(key))


def shortest_typo(tokens: list[Token], at: int, key: str) -> int:
    """How long a key must be for its word, unknown so far, to be compared with names; 0: not at all.

    Ordinary words must not become towns, so the less the text speaks of a place, the longer the key.
    """
    token = tokens[at]
    like_town, evidence = sounds_like_town(key), has_evidence(tokens, at)
    if said_to_live(tokens, at):
        return 5
    if len(tokens) == 1:
        return 6
    if token.cyrillic:
        return 6 if like_town or (evidence and token.capital) else 7 if evidence else 0
    return 6 if evidence and len(tokens) > 2 and (token.capital or like_town) else 0


def said_to_live(tokens: list[Token], at: int) -> bool:
    """ "живу в X", "мы из X", "wohne in X": the plainest way to name one's town."""
    before = _before(tokens, at)
    earlier = tokens[at - 2] if at > 1 else None
    if not before or not earlier or before.lower not in _BEFORE_TOWNS:
        return False
    return earlier.lower in words.SELF or earlier.lower.startswith(words.LIVE)


def said_to_be_place(tokens: list[Token], at: int, *, is_town: bool = False) -> bool:
    """Whether the words around say plainly that this word is a place: for names that are also words.

    `is_town`: the word is rare enough that an office beside it is sign enough, also in lower case.
    """
    token = tokens[at]
    before = _before(tokens, at)
    if len(tokens) == 1 or (len(tokens) == 2 and at == 1 and before and before.lower in words.PREPOSITIONS):
        return True
    if before and (before.lower.startswith(words.CITY_MARKS + words.DISTRICT_MARKS) or _is_postal(before)):
        return True
    preposition = bool(before and before.lower in words.PREPOSITIONS)
    if is_town and preposition:
        return True
    if _beside_an_office(tokens, at) and (token.capital or is_town or preposition):
        return True
    if _followed_by_qualifier(tokens, at):
        return token.capital
    if before and before.lower in _BEFORE_TOWNS:
        return token.capital or _cue_before(tokens, at)
    return False


def has_evidence(tokens: list[Token], at: int) -> bool:
    """Whether the word stands where a place would: after a preposition, capitalised, or nearly alone."""
    token = tokens[at]
    if len(tokens) <= 2 or (token.capital and not token.breaks and token.cyrillic):
        return True
    before = _before(tokens, at)
    return bool(before and before.lower in _BEFORE_TOWNS | words.TOWN_WORDS)


def _before(tokens: list[Token], at: int) -> Token | None:
    return tokens[at - 1] if at and not tokens[at].breaks else None


def _beside_an_office(tokens: list[Token], at: int) -> bool:
    """Whether an office stands right before (a preposition may come between) or right after."""
    before = _before(tokens, at)
    if before and before.lower in words.PREPOSITIONS:
        before = _before(tokens, at - 1)
    after = tokens[at + 1] if at + 1 < len(tokens) and not tokens[at + 1].breaks else None
    return any(token and token.lower.startswith(words.OFFICE) for token in (before, after))


def _is_postal(token: Token) -> bool:
    return len(token.text) == 5 and token.text.isdigit()


def _followed_by_qualifier(tokens: list[Token], at: int) -> bool:
    after = tokens[at + 1] if at + 2 < len(tokens) else None
    return bool(after and not after.breaks and after.lower in _BEFORE_QUALIFIERS)


def _cue_before(tokens: list[Token], at: int) -> bool:
    return any(token.lower.startswith(words.LIVE) for token in tokens[max(0, at - 4) : at])
