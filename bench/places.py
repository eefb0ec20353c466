"""How often the right district is found: `python -m bench.places CASES.csv [--peer]`.

The cases are a CSV with the columns text, lang, ags (further ones are ignored). `ags` is the district
the text means; empty where no place of the Land is named; several, joined by semicolons, where the bot
must ask which. The last line of output is one JSON object. The peer is the best single match of the
whole text among the same names by rapidfuzz.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from gazetteer.files import many, rows
from gazetteer.resolver import Resolver

LANGUAGES = ("uk", "ru", "de")
COLUMNS = ("text", "lang", "ags")
PEER_CUTOFF = 80

Answer = Callable[[str], frozenset[str]]


class MalformedCases(Exception):
    """The file of cases cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One text and the districts it means: none, one, or those to ask about."""

    text: str
    lang: str
    districts: frozenset[str]


def read_cases(path: Path) -> list[Case]:
    """All cases of the file. Raises MalformedCases with the line number."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cases = list(_cases(csv.reader(file, strict=True)))
    except OSError as error:
        raise MalformedCases(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise MalformedCases(f"{path}: not UTF-8 text (byte {error.start})") from error
    if not cases:
        raise MalformedCases(f"{path}: line 2: no cases")
    return cases


def _cases(reader: Iterator[list[str]]) -> Iterator[Case]:
    lines = _numbered(reader)
    _, header = next(lines, (1, []))
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise MalformedCases(f"line 1: no column {', '.join(missing)}")
    for number, cells in lines:
        if len(cells) != len(header):
            raise MalformedCases(f"line {number}: {len(cells)} fields, the header has {len(header)}")
        yield _case(number, dict(zip(header, cells, strict=True)))


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line they end on; a broken quote is reported with that number."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise MalformedCases(f"line {_line(reader)}: {error}") from error
        if cells:
            yield _line(reader), cells


def _line(reader: Iterator[list[str]]) -> int:
    return int(getattr(reader, "line_num", 0))


def _case(number: int, row: dict[str, str]) -> Case:
    if row["lang"] not in LANGUAGES:
        raise MalformedCases(f"line {number}: language {row['lang']!r} is none of {', '.join(LANGUAGES)}")
    districts = frozenset(many(row["ags"]))
    wrong = [ags for ags in districts if not (len(ags) == 5 and ags.isdigit() and ags.startswith("08"))]
    if wrong:
        raise MalformedCases(f"line {number}: {wrong[0]!r} is not the AGS of a district (08xxx)")
    return Case(row["text"], row["lang"], districts)


def lotse() -> Answer:
    """The resolver as the bot uses it."""
    resolver = Resolver.load()
    return lambda text: frozenset(match.place.ags for match in resolver.resolve(text).matches)


def best_rapidfuzz_match() -> Answer:
    """The peer: the one name most like the text, in German or Cyrillic, if it is like enough."""
    names: dict[str, str] = {}
    for row in rows("districts"):
        names |= dict.fromkeys((row["name_de"], row["name_uk"], row["name_ru"]), row["ags"])
    for row in rows("places"):
        names |= dict.fromkeys((row["name_de"], *many(row["names_cyrillic"])), row["ags"])
    for row in rows("postal_codes"):
        names |= dict.fromkeys((row["postal_code"], row["place"]), row["ags"])
    choices = list(names)

    def answer(text: str) -> frozenset[str]:
        match = process.extractOne(text, choices, scorer=fuzz.WRatio, score_cutoff=PEER_CUTOFF)
        return frozenset({names[match[0]]} if match else ())

    return answer


def right(case: Case, answer: frozenset[str]) -> bool:
    """One district must be answered alone; several must at least all be offered."""
    if len(case.districts) > 1:
        return case.districts <= answer
    return case.districts == answer


def measure(cases: list[Case], answer: Answer, *, show_wrong: bool = False) -> dict[str, object]:
    """The figures over all cases; times are of single calls, in microseconds."""
    results: list[tuple[Case, bool, bool]] = []
    times: list[float] = []
    for case in cases:
        began = time.perf_counter()
        districts = answer(case.text)
        times.append((time.perf_counter() - began) * 1e6)
        results.append((case, right(case, districts), bool(districts)))
        if show_wrong and not results[-1][1]:
            print(f"wrong: {case.text!r} is {sorted(case.districts)}, answered {sorted(districts)}")
    invented = [placed for case, _, placed in results if not case.districts]
    return {
        "n": len(results),
        "accuracy": _share([correct for _, correct, _ in results]),
        "by_lang": {
            language: _share([correct for case, correct, _ in results if case.lang == language])
            for language in LANGUAGES
        },
        "false_positive_rate": _share(invented),
        "p50_us": _quantile(times, 0.5),
        "p99_us": _quantile(times, 0.99),
    }


def _share(values: list[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


def main(arguments: list[str]) -> int:
    """Run the benchmark; 2 where the cases cannot be used."""
    parser = argparse.ArgumentParser(prog="bench.places", description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--peer", action="store_true", help="measure the best rapidfuzz match as well")
    options = parser.parse_args(arguments)
    try:
        cases = read_cases(options.cases)
    except MalformedCases as error:
        print(f"bench-places: {error}", file=sys.stderr)
        return 2
    figures = measure(cases, lotse(), show_wrong=True)
    if options.peer:
        figures["peer"] = measure(cases, best_rapidfuzz_match())
    print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
