"""Postal codes in a text."""

from __future__ import annotations

from collections import defaultdict

from gazetteer import words
from gazetteer.files import rows
from gazetteer.index import Entry
from gazetteer.mentions import Mention
from gazetteer.tokens import Token

LENGTH = 5


class PostalCodes:
    """The postal codes of the Land with the districts they lie in."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self._prefixes: dict[str, set[str]] = defaultdict(set)
        for row in rows("postal_codes"):
            self._add(row)

    def _add(self, row: dict[str, str]) -> None:
        code, ags = row["postal_code"], row["ags"]
        for length in (2, 3, 4):
            self._prefixes[code[:length]].add(ags)
        if all(known.ags != ags for known in self._entries[code]):
            name = f"{code} {row['place']}"
            place = Entry(name, "municipality", ags, 0, float(row["latitude"]), float(row["longitude"]))
            self._entries[code].append(place)

    def read(self, tokens: list[Token], at: int) -> list[Entry]:
        """What the number at `at` names: entries of the Land, one outside it, or nothing."""
        code = tokens[at].text
        if len(code) != LENGTH or not code.isascii() or not code.isdigit() or _is_other_number(tokens, at):
            return []
        if code in self._entries:
            return self._entries[code]
        return self._unlisted(code, tokens, at)

    def _unlisted(self, code: str, tokens: list[Token], at: int) -> list[Entry]:
        """Codes of post-office boxes and big receivers share their first digits with their town."""
        if not _said_to_be_code(tokens, at):
            return []
        for length in (4, 3):
            districts = self._prefixes.get(code[:length], set())
            if len(districts) == 1:
                return [Entry(code, "municipality", next(iter(districts)), 0)]
        return [] if code[:2] in self._prefixes else [Entry(code, "city")]


def is_code(mention: Mention, tokens: list[Token]) -> bool:
    """Whether this mention is a number."""
    return tokens[mention.first].text.isdigit()


def _is_other_number(tokens: list[Token], at: int) -> bool:
    """A part of a telephone number, or an amount of money."""
    around = [tokens[near] for near in (at - 1, at + 1) if 0 <= near < len(tokens)]
    if any(token.text.isdigit() and not _apart(tokens[at], token) for token in around):
        return True
    return any(token.lower.startswith(words.MONEY) for token in around)


def _apart(one: Token, other: Token) -> bool:
    first, second = sorted((one, other), key=lambda token: token.start)
    return second.breaks or second.start - first.end > 1


def _said_to_be_code(tokens: list[Token], at: int) -> bool:
    """An unknown number counts as a code only alone, after the word for it, or before a town's name."""
    if len(tokens) == 1:
        return True
    before = tokens[at - 1].lower if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    marked = before == "d" or before.startswith(words.POSTAL_MARKS)
    return marked or bool(after and not after.breaks and after.capital and len(tokens) <= 4)
