"""Finding the names in a text: which words, under which key, how well they fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from gazetteer import words
from gazetteer.evidence import has_evidence, said_to_be_place, shortest_typo, sounds_like_town
from gazetteer.fit import rated
from gazetteer.fold import squeeze
from gazetteer.index import Entry, Index, Name
from gazetteer.spelling import cyrillic_from_latin
from gazetteer.tokens import Token

MAX_WORDS = 5
"""Longest name looked for, in words ("Бад Тайнах Цавельштайн")."""
WELL_KNOWN = 50_000
"""A town of this size is meant by its bare name, however short ("Ulm")."""
FAR_BIGGER = 6
"""A part of a double name counts beside a whole name where its town is this many times as populous."""
CERTAIN = 0.97
"""A fit as of a letter-perfect or a merely declined name."""
GOOD_FIT, FAIR_FIT_LATIN, FAIR_FIT = 0.93, 0.85, 0.7
"""Of names that sound like the word: spelt in a known way; a German with a slip; a Cyrillic one freely."""
SAME_FIT = 0.04
"""Names whose fits differ by no more fit equally well."""
SHORT_KEY, LONG_KEY = 4, 8
"""Short keys are too common to count without a word that says: a place; long joined ones are no accident."""
MIN_TYPO_FIT, MIN_TYPO_FIT_LATIN = 0.76, 0.78
MIN_DOUBLE_KEY = 7
FAMILIAR, FAMILIAR_KEY = 5000, 7
"""A key shorter than this is read as a misspelt name only of a place of some size."""
_ENDINGS = ("ofi", "ogo", "om", "em", "ou", "am", "oi", "iu", "a", "u", "i", "e", "o")
_FIRST_WORDS = frozenset({"bad", "sankt", "šfebiš", "šfabiš", "fYl", "baden", "filingen"})
_SOFTENED = (("rsi", "rg"), ("asi", "ag"), ("isi", "ig"), ("ci", "k"))


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
            if last > first and tokens[last].lower in words.FUNCTION_WORDS:
                continue
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
            return len(key) > SHORT_KEY and (mention.fit > GOOD_FIT or len(key) > LONG_KEY)
        if mention.names[0].entry.kind == "region":
            return True
        rule = self._rule(token)
        if rule not in _NEEDS_CONTEXT and mention.fit > CERTAIN and _well_known(mention):
            return True
        if len(key) <= SHORT_KEY or rule in _NEEDS_CONTEXT:
            return mention.fit > GOOD_FIT and said_to_be_place(tokens, mention.first, is_town=rule == "town")
        if mention.fit > GOOD_FIT:
            return True
        if not token.cyrillic and not token.typed:
            return mention.fit > FAIR_FIT_LATIN
        return mention.fit > FAIR_FIT and (len(key) >= FAMILIAR_KEY or has_evidence(tokens, mention.first))

    def _typo(self, tokens: list[Token], first: int) -> Mention | None:
        token = tokens[first]
        if self._rule(token) or token.lower in words.FUNCTION_WORDS:
            return None
        if len(tokens) == 1:
            tokens = [replace(token, typed=False)]
        lasts = (first + 1, first) if _begins_double_name(tokens, first) else (first,)
        found = (mention for last in lasts for mention in self._near(tokens, first, last))
        return max(found, key=lambda mention: mention.fit, default=None)

    def _near(self, tokens: list[Token], first: int, last: int) -> Iterator[Mention]:
        span = tokens[first : last + 1]
        for key in _joined_keys(span):
            shortest = shortest_typo(tokens, first, key) if last == first else MIN_DOUBLE_KEY
            if not shortest or len(key) < shortest:
                continue
            limit = _typo_limit(len(key), sounds_like_town(key) and has_evidence(tokens, first))
            for stem in dict.fromkeys(_stems(key, span[-1])):
                if len(stem) >= shortest:
                    yield from self._misspelt(span, first, stem, limit)

    def _misspelt(self, span: list[Token], first: int, stem: str, limit: int) -> Iterator[Mention]:
        """Names at most `limit` letters away whose spelling is close too, not only their sound."""
        for match, distance in self._closest(stem, limit):
            mention = _fitting(span, first, first + len(span) - 1, self._index.by_key[match])
            if len(stem) < FAMILIAR_KEY and all(e.population < FAMILIAR for e in mention.entries):
                continue
            if mention.fit >= (MIN_TYPO_FIT if span[-1].cyrillic or span[-1].typed else MIN_TYPO_FIT_LATIN):
                yield replace(mention, fit=mention.fit * (0.95 - 0.05 * distance))

    def _closest(self, stem: str, limit: int) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        for length in range(len(stem) - limit, len(stem) + limit + 1):
            keys = self._index.fuzzy.get((stem[0], length))
            if keys:
                matches = extract(stem, keys, scorer=OSA.distance, score_cutoff=limit, limit=3)
                found += [(match, int(distance)) for match, distance, _ in matches]
        return found


_NEEDS_CONTEXT = ("context", "town")


def _well_known(mention: Mention) -> bool:
    return any(entry.ags and entry.population >= WELL_KNOWN for entry in mention.entries)


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
    if not token.cyrillic and not token.typed and key[-1:] != "s":
        return
    if len(token.text) < 3:
        return
    if key.endswith("s"):
        yield key[:-1]
    for ending, restored in _SOFTENED:
        if key.endswith(ending):
            yield key[: -len(ending)] + restored
    room = len(token.keys[0])
    for ending in _ENDINGS:
        if key.endswith(ending) and len(ending) + 2 <= room:
            yield key[: -len(ending)]


def _fitting(span: list[Token], first: int, last: int, names: list[Name]) -> Mention:
    """The names whose letters fit best."""
    letters = "".join(token.lower for token in span)
    fits = rated(letters, names)
    if span[-1].typed and fits[0][0] < CERTAIN:
        fits = max(fits, rated(cyrillic_from_latin(letters), names), key=lambda ways: ways[0][0])
    best = fits[0][0]
    close = [name for fit, name in fits if fit >= best - SAME_FIT]
    return Mention(first, last, tuple(_strong(close)), best)


def _strong(names: list[Name]) -> list[Name]:
    """Whole names; parts of names only where nothing is called so, or where the part is far bigger."""
    names = list({name.entry: name for name in reversed(names)}.values())[::-1]
    whole = [name for name in names if not name.part]
    if not whole:
        return names
    biggest = max(name.entry.population for name in whole)
    return whole + [name for name in names if name.part and name.entry.population >= FAR_BIGGER * biggest]


def _begins_double_name(tokens: list[Token], first: int) -> bool:
    """ "Bad", "Sankt", "Schwäbisch": the misspelt word comes after it."""
    following = tokens[first + 1] if first + 1 < len(tokens) else None
    return bool(
        following
        and following.keys
        and not following.breaks
        and not _FIRST_WORDS.isdisjoint(tokens[first].keys)
    )


def _typo_limit(length: int, certain: bool) -> int:
    """How many letters may be wrong in a key of this length."""
    if length < 8:
        return 1
    return 2 + (length >= 14) if certain or length >= 12 else 1
