"""Finding the names in a text: which words, under which key, how well they fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from gazetteer import words
from gazetteer.fold import squeeze
from gazetteer.index import MIN_FUZZY_KEY, Entry, Index, Name
from gazetteer.spelling import cyrillic_spellings, latin_spellings
from gazetteer.tokens import Token

MAX_WORDS = 5
"""Longest name looked for, in words ("Бад Тайнах Цавельштайн")."""
SHORT_KEY = 4
"""Keys of this length or less are too common to count without a word that says: a place."""
_ENDINGS = ("ofi", "ogo", "om", "em", "ou", "am", "oi", "iu", "a", "u", "i", "e", "o")
_SOFTENED = (("rsi", "rg"), ("asi", "ag"), ("isi", "ig"), ("ci", "k"))
_TOWN = re.compile(
    r"(?:ingen|ngen|burg|berg|gYm|stat|dorf|bag|gafsen|fYler|felt|feld|kirg|falt|fald|furt|gofen|fangen|stYn|stet|steten"
    r"|tal|bron|brun|kirgen|lingen|mund|selingen)(?:ofi|om|em|[auieos])?$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last` (inclusive) of the text, and what they may name, best first."""

    first: int
    last: int
    names: tuple[Name, ...]
    fit: float
    """0 to 1; 1 is a letter-perfect name."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(name.entry for name in self.names)


class Finder:
    """Finds mentions in tokens. Holds the index and the rules about words that only look like places."""

    def __init__(self, index: Index, rules: dict[str, str]) -> None:
        self._index = index
        self._rules = rules

    def find(self, tokens: list[Token]) -> list[Mention]:
        """All mentions, from left to right, longest first, never overlapping."""
        mentions: list[Mention] = []
        at = 0
        while at < len(tokens):
            mention = self._at(tokens, at) if tokens[at].keys else None
            if mention:
                mentions.append(mention)
            at = mention.last + 1 if mention else at + 1
        return mentions

    def _at(self, tokens: list[Token], first: int) -> Mention | None:
        for last in range(_reach(tokens, first), first - 1, -1):
            mention = self._exact(tokens, first, last)
            if mention:
                return mention
        return self._typo(tokens, first)

    def _exact(self, tokens: list[Token], first: int, last: int) -> Mention | None:
        span = tokens[first : last + 1]
        if len(span) == 1 and self._rule(span[0]) == "never":
            return None
        for key in _joined_keys(span):
            for stem in _stems(key, span[-1]):
                names = self._index.by_key.get(stem)
                if names:
                    mention = _fitting(span, first, last, names)
                    if self._believable(mention, stem, tokens):
                        return mention
        return None

    def _rule(self, token: Token) -> str:
        return self._rules.get(token.lower, "")

    def _believable(self, mention: Mention, key: str, tokens: list[Token]) -> bool:
        """Whether these words really name a place here, and do not only sound like one."""
        token = tokens[mention.first]
        if mention.last > mention.first:
            return len(key) > SHORT_KEY and (mention.fit > 0.9 or len(key) > 8)
        if mention.names[0].entry.kind == "region":
            return True
        if len(key) <= SHORT_KEY or self._rule(token) == "context":
            return mention.fit > 0.93 and said_to_be_place(tokens, mention.first)
        if len(key) >= 7 or mention.fit > 0.93:
            return True
        return has_evidence(tokens, mention.first) and mention.fit > 0.75

    def _typo(self, tokens: list[Token], first: int) -> Mention | None:
        token = tokens[first]
        if self._rule(token) or token.lower in words.FUNCTION_WORDS:
            return None
        evidence = has_evidence(tokens, first)
        return max(self._near(token, first, evidence), key=lambda mention: mention.fit, default=None)

    def _near(self, token: Token, first: int, evidence: bool) -> Iterator[Mention]:
        for key in token.keys:
            looks_like_town = bool(_TOWN.search(key))
            if len(key) < MIN_FUZZY_KEY or not (evidence or looks_like_town):
                continue
            limit = _typo_limit(len(key), evidence and looks_like_town)
            for stem in dict.fromkeys((key, *_stems(key, token))):
                for match, distance in self._closest(stem, limit):
                    fit = 0.9 - 0.06 * distance - 0.01 * (len(key) - len(stem))
                    yield Mention(first, first, tuple(_strong(self._index.by_key[match])), fit)

    def _closest(self, stem: str, limit: int) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        if len(stem) < MIN_FUZZY_KEY:
            return found
        for length in range(len(stem) - limit, len(stem) + limit + 1):
            keys = self._index.fuzzy.get((stem[0], length))
            if keys:
                matches = extract(stem, keys, scorer=OSA.distance, score_cutoff=limit, limit=3)
                found += [(match, int(distance)) for match, distance, _ in matches]
        return found


def said_to_be_place(tokens: list[Token], at: int) -> bool:
    """Whether the words around say plainly that this word is a place: for names that are also words."""
    token = tokens[at]
    before = _before(tokens, at)
    if len(tokens) == 1 or (len(tokens) == 2 and at == 1 and before and before.lower in words.PREPOSITIONS):
        return True
    if before and (before.lower.startswith(words.CITY_MARKS + words.DISTRICT_MARKS) or _is_postal(before)):
        return True
    if _followed_by_qualifier(tokens, at):
        return token.capital
    if before and before.lower in words.PREPOSITIONS - frozenset({"im", "vom", "zum", "zu", "beim", "на"}):
        return token.capital or _cue_before(tokens, at)
    return False


def has_evidence(tokens: list[Token], at: int) -> bool:
    """Whether the word stands where a place would: after a preposition, capitalised, or nearly alone."""
    token = tokens[at]
    if len(tokens) <= 2 or (token.capital and not token.breaks and token.cyrillic):
        return True
    before = _before(tokens, at)
    if before and before.lower in words.BRIDGES and not token.breaks:
        return True
    return bool(before and before.lower in words.PREPOSITIONS)


def _before(tokens: list[Token], at: int) -> Token | None:
    return tokens[at - 1] if at and not tokens[at].breaks else None


def _is_postal(token: Token) -> bool:
    return len(token.text) == 5 and token.text.isdigit()


def _followed_by_qualifier(tokens: list[Token], at: int) -> bool:
    after = tokens[at + 1] if at + 2 < len(tokens) else None
    return bool(after and not after.breaks and after.lower in {"bei", "am", "ob", "an", "біля", "под", "возле"})


def _cue_before(tokens: list[Token], at: int) -> bool:
    return any(token.lower.startswith(words.LIVE) for token in tokens[max(0, at - 4) : at])


def _reach(tokens: list[Token], first: int) -> int:
    """The last word that may belong to a name beginning at `first`."""
    if tokens[first].lower in words.FUNCTION_WORDS:
        return first
    last = first
    while last + 1 < len(tokens) and last - first + 1 < MAX_WORDS:
        following = tokens[last + 1]
        if following.breaks or not following.keys:
            break
        last += 1
    return last


def _joined_keys(span: list[Token]) -> tuple[str, ...]:
    if len(span) == 1:
        return span[0].keys
    first = squeeze("".join(token.keys[0] for token in span))
    other = squeeze("".join(token.keys[-1] for token in span))
    return (first,) if first == other else (first, other)


def _stems(key: str, token: Token) -> Iterator[str]:
    """The key itself and what may be left of it when a case ending is taken away."""
    yield key
    if not token.cyrillic and len(token.keys) == 1 and key[-1:] != "s" and key[-1:] not in "aeiou":
        return
    if key.endswith("s"):
        yield key[:-1]
    for ending, restored in _SOFTENED:
        if key.endswith(ending):
            yield key[: -len(ending)] + restored
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= 3:
            yield key[: -len(ending)]


def _fitting(span: list[Token], first: int, last: int, names: list[Name]) -> Mention:
    """The names whose letters fit best."""
    letters = "".join(token.lower for token in span)
    cyrillic = span[-1].cyrillic
    rated = sorted(((_letter_fit(letters, name, cyrillic), name) for name in names), key=lambda pair: -pair[0])
    best = rated[0][0]
    close = [name for fit, name in rated if fit >= best - 0.04]
    return Mention(first, last, tuple(_strong(close)), best)


def _letter_fit(letters: str, name: Name, cyrillic: bool) -> float:
    """How well the letters fit the name, 0 to 1, not counting a case ending."""
    text = name.text.lower()
    if cyrillic:
        spelt = {"".join(filter(str.isalpha, text))} if "а" <= text[0] <= "ґ" else cyrillic_spellings(name.text)
        return max(_prefix_fit(letters, spelling) for spelling in spelt)
    return max(_prefix_fit(letters, spelling) for spelling in latin_spellings(name.text))


def _prefix_fit(letters: str, spelling: str) -> float:
    if letters == spelling:
        return 1.0
    if letters.startswith(spelling) and len(letters) - len(spelling) <= 3:
        return 0.99
    if letters[:-1] == spelling[:-1]:
        return 0.98
    return fuzz.ratio(letters[: len(spelling)], spelling) / 100 * 0.97


def _strong(names: list[Name]) -> list[Name]:
    """Whole names; parts of names only where nothing is called so, or where the part is far bigger."""
    whole = [name for name in names if not name.part]
    if not whole:
        return names
    biggest = max(name.entry.population for name in whole)
    return whole + [name for name in names if name.part and name.entry.population >= 4 * biggest]


def _typo_limit(length: int, certain: bool) -> int:
    """How many letters may be wrong in a key of this length."""
    if length < 9:
        return 1
    return 2 + (length >= 14) if certain or length >= 12 else 1
