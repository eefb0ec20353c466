"""The names the resolver knows, each under all its phonetic keys."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from gazetteer.files import many, rows
from gazetteer.fold import cyrillic_key, german_keys, squeeze
from gazetteer.spelling import is_cyrillic

Kind = Literal["municipality", "district", "city", "state", "country", "origin", "region"]
OUTSIDE: frozenset[Kind] = frozenset({"city", "state", "country", "origin"})

UNKNOWN_POPULATION = 1500
QUARTER_POPULATION = 8000
OUTSIDE_POPULATION = 100_000
"""What is listed outside the Land is well known, whatever its size."""
MIN_FUZZY_KEY = 5
"""Shorter keys are within one letter of too many ordinary words."""
_WORD = re.compile(r"[^\W\d_]+")
_QUALIFIED = re.compile(
    r"^(?P<head>.+?)(?:\s+(?:am|an|im|in|ob|auf|bei|unter|der|vor)\s+(?P<rest>.+)|\s*[(/](?P<extra>.+))$"
)
_ARTICLES = frozenset({"der", "den", "dem", "am", "an", "im", "in", "ob", "auf", "bei", "unter"})
_CYRILLIC_ARTICLES = frozenset({"на", "ам", "ан", "им", "ім", "в", "дер", "об", "бай", "ін", "ин"})
# Heads that alone name another, better known place or none at all.
_HEADS_NOT_ALONE = frozenset(
    {"Neustadt", "Brandenburg", "Landau", "Homburg", "Bernau", "Dillingen", "Wörth", "Vöhringen", "Bergheim"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A place, district, region or place outside the Land. `ags` is empty outside the Land."""

    name: str
    kind: Kind
    ags: str = ""
    population: int = UNKNOWN_POPULATION
    latitude: float | None = None
    longitude: float | None = None
    qualifiers: frozenset[str] = frozenset()
    """Keys of what follows the head of the name: "neckar" of "Esslingen am Neckar"."""
    municipality_ags: str = ""
    """Eight digits; empty for a district, a quarter and where two municipalities share the name."""


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """One way to call an entry. `part` marks half a double name or a quarter: weaker than a whole one."""

    entry: Entry
    text: str
    part: bool = False


@dataclass(slots=True)
class Index:
    """All names by key, and the longer keys once more by first letter and length for the search of typos."""

    by_key: dict[str, list[Name]] = field(default_factory=dict)
    fuzzy: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    districts: dict[str, Entry] = field(default_factory=dict)

    @classmethod
    def build(cls) -> Index:
        """Read the package's data; takes some tenths of a second."""
        index = cls()
        index._add_districts()
        index._add_places()
        index._add_outside()
        for row in rows("not_places"):
            if row["rule"] == "region":
                index._add(Name(Entry(row["word"], "region"), row["word"]))
        index._prepare_fuzzy()
        return index

    def _add(self, name: Name) -> None:
        for key in name_keys(name.text):
            names = self.by_key.setdefault(key, [])
            if all(other.entry is not name.entry or other.text != name.text for other in names):
                names.append(name)

    def _add_districts(self) -> None:
        aliases = {row["ags"]: many(row["names"]) for row in rows("district_aliases")}
        for row in rows("districts"):
            entry = Entry(
                row["name_de"],
                "district",
                row["ags"],
                int(row["population"]),
                float(row["latitude"]),
                float(row["longitude"]),
            )
            self.districts[entry.ags] = entry
            if row["type"] == "Landkreis":
                for text in dict.fromkeys((*_district_names(row), *aliases.get(entry.ags, []))):
                    self._add(Name(entry, text))

    def _add_places(self) -> None:
        for name in _place_names():
            self._add(name)
            for part in _parts(name.text):
                self._add(Name(name.entry, part, part=True))
        for row in rows("aliases"):
            entry = self._entry_of(row["name_de"], row["ags"])
            if row["alias"] != row["name_de"]:
                entry = replace(entry, population=min(entry.population, QUARTER_POPULATION))
            for text in (row["alias"], *many(row["names_cyrillic"])):
                self._add(Name(entry, text))

    def _entry_of(self, name: str, ags: str) -> Entry:
        found = (known.entry for key in name_keys(name) for known in self.by_key.get(key, ()))
        return next((entry for entry in found if entry.ags == ags), Entry(name, "municipality", ags))

    def _add_outside(self) -> None:
        for row in rows("outside"):
            kind: Kind = row["kind"]  # type: ignore[assignment]
            entry = Entry(
                row["name_de"], kind, "", OUTSIDE_POPULATION, qualifiers=qualifier_keys(row["name_de"])
            )
            texts = {row["name_de"], *many(row["names"])}
            if head(row["name_de"]) not in _HEADS_NOT_ALONE:
                texts.add(head(row["name_de"]))
            for text in texts:
                self._add(Name(entry, text))
                if text[-1] in "аяеоиыії":
                    self._add_stem(Name(entry, text))

    def _add_stem(self, name: Name) -> None:
        """ "Одеса" is declined by changing its last letter: the stem is what all cases share."""
        key = name_keys(name.text)[0][:-1]
        if len(key) >= 4:
            self.by_key.setdefault(key, []).append(name)

    def _prepare_fuzzy(self) -> None:
        fuzzy: dict[tuple[str, int], list[str]] = defaultdict(list)
        for key in self.by_key:
            if len(key) >= MIN_FUZZY_KEY:
                fuzzy[key[0], len(key)].append(key)
        self.fuzzy = dict(fuzzy)


def head(name: str) -> str:
    """ "Esslingen" of "Esslingen am Neckar"; the name itself where nothing qualifies it."""
    match = _QUALIFIED.match(name)
    return match["head"] if match else name


def qualifier_keys(name: str) -> frozenset[str]:
    """Keys of the words that tell this place from others of its name."""
    match = _QUALIFIED.match(name)
    if not match:
        return frozenset()
    words = _WORD.findall((match["rest"] or match["extra"]).lower())
    return frozenset(key for word in words if word not in _ARTICLES for key in german_keys(word))


def name_keys(text: str) -> tuple[str, ...]:
    """Every key of a whole name in either alphabet, words joined."""
    words = _WORD.findall(text.lower().replace("st. ", "sankt "))
    keys = [""]
    for word in words:
        folded = (cyrillic_key(word),) if is_cyrillic(word) else german_keys(word)
        keys = [key + more for key in keys for more in folded][:64]
    return tuple(dict.fromkeys(squeeze(key) for key in keys if key))


def _district_names(row: dict[str, str]) -> Iterator[str]:
    for column in ("name_de", "name_uk", "name_ru"):
        yield row[column]
    bare = row["name_de"].removeprefix("Landkreis ")
    if bare == row["name_de"]:
        yield bare.removesuffix("kreis").removesuffix("-Kreis").rstrip("-")


def _place_names() -> Iterator[Name]:
    """Names of both files, one entry per head and district unless their qualifiers differ."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in (*rows("places"), *_postal_places()):
        groups[head(row["name_de"]), row["ags"]].append(row)
    for (name, _), group in groups.items():
        yield from _group_names(name, group)


def _group_names(name: str, group: list[dict[str, str]]) -> Iterator[Name]:
    qualified = {row["name_de"] for row in group if row["name_de"] != name} or {name}
    for full in sorted(qualified):
        same = [row for row in group if row["name_de"] in (full, name)]
        entry = _entry(full, same)
        texts = {full, name} | {text for row in same for text in many(row["names_cyrillic"])}
        for text in sorted(texts):
            yield Name(entry, text)


def _entry(full: str, same: list[dict[str, str]]) -> Entry:
    """The entry of all rows of one name; it lies where the municipality does, not a hamlet called alike."""
    population = max(int(row["population"] or 0) for row in same) or UNKNOWN_POPULATION
    codes = {row["municipality_ags"] for row in same} - {""}
    place = next((row for row in same if row["municipality_ags"]), same[0])
    return Entry(
        full,
        "municipality",
        place["ags"],
        population,
        float(place["latitude"]),
        float(place["longitude"]),
        qualifier_keys(full),
        codes.pop() if len(codes) == 1 else "",
    )


def _postal_places() -> Iterator[dict[str, str]]:
    """Names of the postal-code file; a quarter ("Stuttgart Vaihingen") counts as a part of its town."""
    known = {row["name_de"] for row in rows("places")}
    for row in rows("postal_codes"):
        town, _, quarter = row["place"].partition(" ")
        place = {**row, "municipality_ags": "", "population": "", "names_cyrillic": ""}
        is_quarter = bool(quarter) and town in known and quarter[0].isupper()
        name = f"{town}-{quarter.removeprefix(town + '-')}" if is_quarter else row["place"]
        yield {**place, "name_de": name}


def _parts(name: str) -> Iterator[str]:
    """Names people use for a part of a double name, at least six letters long."""
    words = re.split(r"-|(?<=Bad)\s|(?<=Бад)[\s-]", head(name))
    halves = [name.partition("-")[0], name.rpartition("-")[2], *words[1:]]
    if len(words) > 1 and _CYRILLIC_ARTICLES.isdisjoint(word.lower() for word in words):
        yield from {half for half in halves if len(half) >= 6 and half != name}
