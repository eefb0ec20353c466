"""From what a person writes to the district they live in."""

from __future__ import annotations

import unicodedata

from bot.types import PlaceResult
from gazetteer import words
from gazetteer.context import ORIGIN, city_marked, district_marked, weights, workplaces
from gazetteer.decide import Reading, decide
from gazetteer.districts import districts
from gazetteer.index import OUTSIDE, Entry, Index, Name, head
from gazetteer.mentions import Finder, Mention
from gazetteer.postal import PostalCodes, is_code
from gazetteer.tokens import Token, tokenize

MAX_TEXT = 4096
BIG_TOWN = 5000
"""A town of the Land of this size is meant before a namesake outside it."""
QUALIFIER_REACH = 4
CODE_WEIGHT = 2.0
BARE_TOKENS = 2


class Resolver:
    """Finds the place in a text. Immutable once loaded; safe to share."""

    def __init__(self, index: Index, codes: PostalCodes, rules: dict[str, str]) -> None:
        self._index = index
        self._codes = codes
        self._finder = Finder(index, rules)
        landkreise = [district for district in districts().values() if district.type == "Landkreis"]
        self._landkreise = {entry.name_de.removeprefix("Landkreis "): entry.ags for entry in landkreise}
        self._by_seat = {entry.seat: entry.ags for entry in landkreise}

    @classmethod
    def load(cls) -> Resolver:
        """Read the package's data and build the index; takes some tenths of a second."""
        return cls(Index.build(), PostalCodes(), words.not_place_rules())

    def resolve(self, text: str) -> PlaceResult:
        """What the text says about the place where the person is. Never raises; looks at 4,096 characters.

        Spans count in the text as composed by Unicode (NFC), which is what keyboards send.
        """
        tokens = tokenize(unicodedata.normalize("NFC", text[:MAX_TEXT]))
        mentions = self._mentions(tokens)
        if not mentions:
            return PlaceResult("none")
        weighed = zip(mentions, weights(tokens, mentions), workplaces(tokens, mentions), strict=True)
        return decide(
            [
                self._reading(tokens, mention, weight, works)
                for mention, weight, works in weighed
                if _is_place(mention)
            ]
        )

    def _mentions(self, tokens: list[Token]) -> list[Mention]:
        found = self._finder.find(tokens)
        for at, token in enumerate(tokens):
            entries = self._codes.read(tokens, at) if token.text.isdigit() else []
            if entries:
                found.append(Mention(at, at, tuple(Name(entry, entry.name) for entry in entries), 1.0))
        return sorted(found, key=lambda mention: mention.first)

    def _reading(self, tokens: list[Token], mention: Mention, weight: float, works: bool) -> Reading:
        entries = _preferred(self._meant(tokens, mention))
        if entries[0].kind == "origin":
            weight += ORIGIN
        if is_code(mention, tokens):
            weight += CODE_WEIGHT
        span = (tokens[mention.first].start, tokens[mention.last].end)
        return Reading(entries, weight, mention.fit, span, bare=_is_bare(tokens, mention), works=works)

    def _meant(self, tokens: list[Token], mention: Mention) -> tuple[Entry, ...]:
        """The entries that agree with "Landkreis", "Stadt" and what qualifies the name."""
        entries = mention.entries
        cities = tuple(entry for entry in entries if entry.kind != "district")
        if city_marked(tokens, mention):
            return cities or entries
        if district_marked(tokens, mention):
            named = {
                self._landkreise[head(e.name)] for e in entries if e.ags and head(e.name) in self._landkreise
            }
            meant = named or {self._district_of(entry) for entry in entries if entry.ags}
            if meant:
                return tuple(self._index.districts[ags] for ags in sorted(meant))
        return _qualified(tokens, mention) or cities or entries

    def _district_of(self, entry: Entry) -> str:
        """The Landkreis meant by "Kreis X": of a Stadtkreis, the one it is the seat of."""
        known = districts()[entry.ags]
        return entry.ags if known.type == "Landkreis" else self._by_seat.get(known.name_de, entry.ags)


def _is_place(mention: Mention) -> bool:
    return mention.names[0].entry.kind != "region"


def _is_bare(tokens: list[Token], mention: Mention) -> bool:
    return len(tokens) - (mention.last - mention.first + 1) < BARE_TOKENS


def _preferred(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Places of the Land or places outside it, where a name is both."""
    land = tuple(entry for entry in entries if entry.kind not in OUTSIDE)
    outside = tuple(entry for entry in entries if entry.kind in OUTSIDE)
    if land and (not outside or max(entry.population for entry in land) >= BIG_TOWN):
        return land
    return outside or land


def _qualified(tokens: list[Token], mention: Mention) -> tuple[Entry, ...]:
    """Of several namesakes those whose qualifier ("am Neckar", "im Markgräflerland") stands near."""
    if len(mention.names) < 2:
        return ()
    near = tokens[max(0, mention.first - QUALIFIER_REACH) : mention.last + 1 + QUALIFIER_REACH]
    heard = [key for token in near for key in token.keys if len(key) > 2]
    return tuple(entry for entry in mention.entries if any(_heard(word, heard) for word in entry.qualifiers))


def _heard(qualifier: str, heard: list[str]) -> bool:
    """Whether a qualifier is among the keys, declined or not."""
    stem = qualifier[: max(3, len(qualifier) - 2)]
    return any(key.startswith(stem) and len(key) <= len(qualifier) + 2 for key in heard)
