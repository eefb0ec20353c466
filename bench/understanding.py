"""How well, and how fast, messages are understood: as the bot does it, and as the stock Rasa pipeline does.

    python -m bench.understanding MESSAGES.csv [--peer] [--report FOLDER]

`MESSAGES.csv` has the columns text, lang (uk, ru, de) and intent (`a|b`: either is right); further columns
are ignored. Every message goes through `bot.understanding.Understander` in a conversation that has no
language yet, to a Rasa server started here (or the one at NLU_URL). Tables go to standard output; its last
line is one JSON object:

n                     messages
accuracy              share whose prediction is right. The prediction is what the bot acts on: the danger
                      where the flag is set, `out_of_scope` where it says it did not understand, else the
                      best guess
top3_accuracy         share with the prediction or one of the three best guesses right
macro_f1              mean F1 over all intents that are right or predicted somewhere
by_lang               macro_f1 within each language
language_accuracy     share whose language was found. A text that is in no language (a town in Latin letters,
                      a number, emoji) is left open and counts as right, because the bot goes on in the
                      language it speaks; the table shows their share. A text taken for a foreign language is
                      wrong
crisis_recall         of the messages of intent crisis, the share with the danger flag set (either kind)
crisis_false_alarm    of the messages that are neither crisis nor report_violence, the share with the flag set
out_of_scope_recall   of the out_of_scope messages, the share that is not answered: not understood, or
                      out_of_scope the best guess, and no danger flag
in_scope_rejected     of all other messages, the share that is said to be not understood
p50_ms, p95_ms        time for one message, one after the other, HTTP included

With --peer the stock pipeline of `rasa init` is trained on the same data (its hundred epochs take more than
an hour on two cores; the model is kept until the data change), asked the same messages and reported under
`peer`; `nlu_fallback` counts as not understood, and what cannot be said of it is null. A share over no
messages is null too.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.confusion import write_report
from bench.rasa_server import ROOT, ensure_model, rasa_server, resident_mb
from bot.types import LANGUAGES, Guess, Understanding
from bot.understanding.danger import DangerLexicon
from bot.understanding.language import LanguageDetector
from bot.understanding.nlu import Nlu
from bot.understanding.understand import Understander
from gazetteer.resolver import Resolver

DANGER = {"crisis", "report_violence"}
TIMEOUT_S = 30.0
"""Generous: a measurement wants the answer of a busy machine, not a fallback."""
STOCK_CONFIG = ROOT / "bench" / "stock_rasa.yml"
STOCK_MODEL = ROOT / "nlu" / "models" / "stock.tar.gz"


class BadMessages(ValueError):
    """A messages file that cannot be used; names the line."""


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    lang: str
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood of one row, and how long it took."""

    row: Row
    understanding: Understanding
    ms: float

    @property
    def prediction(self) -> str:
        if self.understanding.danger:
            return self.understanding.danger
        if self.understanding.certainty in ("not_understood", "unavailable"):
            return "out_of_scope"
        return self.understanding.intent

    @property
    def right(self) -> bool:
        return self.prediction in self.row.intents

    @property
    def wanted(self) -> str:
        """The intent it counts for: the one predicted where that is right, else the first named."""
        return self.prediction if self.right else self.row.intents[0]


def read_messages(path: Path) -> list[Row]:
    """The rows of a CSV file. Raises BadMessages naming the line of the first unusable row."""
    reader = csv.DictReader(_lines(path), strict=True)
    try:
        if not {"text", "lang", "intent"} <= set(reader.fieldnames or ()):
            raise BadMessages("line 1: the columns text, lang and intent are needed")
        rows = [_row(record, reader.line_num) for record in reader]
    except csv.Error as error:
        raise BadMessages(f"line {reader.line_num + 1}: {error}") from error
    if not rows:
        raise BadMessages("line 2: there is no message")
    return rows


def _lines(path: Path) -> Iterable[str]:
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadMessages(f"line {number}: not UTF-8") from error


def _row(record: dict[str | None, Any], line: int) -> Row:
    if None in record or None in record.values():
        raise BadMessages(f"line {line}: the number of fields differs from the first line")
    intents = tuple(name.strip() for name in record["intent"].split("|"))
    if not all(intents):
        raise BadMessages(f"line {line}: an intent is missing")
    if record["lang"] not in LANGUAGES:
        raise BadMessages(
            f"line {line}: the language is {record['lang']!r}, not one of {', '.join(LANGUAGES)}"
        )
    return Row(record["text"], record["lang"], intents)


def measures(answers: Sequence[Answer], with_language: bool = True) -> dict[str, Any]:
    """The figures of the last line, in its order."""
    crisis = [a for a in answers if "crisis" in a.row.intents]
    harmless = [a for a in answers if not DANGER & set(a.row.intents)]
    foreign = [a for a in answers if "out_of_scope" in a.row.intents]
    own = [a for a in answers if "out_of_scope" not in a.row.intents]
    times = [a.ms for a in answers]
    by_lang = {lang: [a for a in answers if a.row.lang == lang] for lang in LANGUAGES}
    return {
        "n": len(answers),
        "accuracy": _share(answers, lambda a: a.right),
        "top3_accuracy": _share(answers, _right_among_three),
        "macro_f1": _macro_f1(answers),
        "by_lang": {lang: _macro_f1(some) for lang, some in by_lang.items()},
        "language_accuracy": _share(answers, _language_right) if with_language else None,
        "crisis_recall": _share(crisis, lambda a: a.understanding.danger is not None),
        "crisis_false_alarm": _share(harmless, lambda a: a.understanding.danger is not None),
        "out_of_scope_recall": _share(foreign, _left_unanswered),
        "in_scope_rejected": _share(own, lambda a: _rejected(a.understanding)),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(sorted(times)[min(len(times) - 1, int(0.95 * len(times)))], 1),
    }


def _share(answers: Sequence[Answer], holds: Callable[[Answer], bool]) -> float | None:
    return round(sum(map(holds, answers)) / len(answers), 4) if answers else None


def _right_among_three(answer: Answer) -> bool:
    offered = {guess.intent for guess in answer.understanding.guesses[:3]}
    return answer.right or bool(offered & set(answer.row.intents))


def _language_right(answer: Answer) -> bool:
    understood = answer.understanding
    return understood.language == answer.row.lang or (
        understood.language is None and not understood.other_language
    )


def _rejected(understood: Understanding) -> bool:
    return understood.certainty == "not_understood" and understood.danger is None


def _left_unanswered(answer: Answer) -> bool:
    understood = answer.understanding
    return understood.danger is None and (_rejected(understood) or understood.intent == "out_of_scope")


def _macro_f1(answers: Sequence[Answer]) -> float | None:
    pairs = [(a.wanted, a.prediction) for a in answers]
    if not pairs:
        return None
    right = Counter(wanted for wanted, got in pairs if wanted == got)
    wanted_count, got_count = Counter(w for w, _ in pairs), Counter(g for _, g in pairs)
    names = wanted_count.keys() | got_count.keys()
    return round(sum(2 * right[n] / (wanted_count[n] + got_count[n]) for n in names) / len(names), 4)


async def ask_lotse(rows: Iterable[Row], url: str) -> list[Answer]:
    """Every row through the bot's own understanding, one after the other."""
    language = LanguageDetector()
    language.warm_up()
    async with Nlu(url, timeout_s=TIMEOUT_S) as nlu:
        understander = Understander(language, DangerLexicon.load(), nlu, Resolver.load())
        await understander.understand("Добрий день", None)
        answers = []
        for row in rows:
            started = time.perf_counter()
            understood = await understander.understand(row.text, None)
            answers.append(Answer(row, understood, (time.perf_counter() - started) * 1e3))
    if all(answer.understanding.certainty == "unavailable" for answer in answers):
        sys.exit(f"No NLU server answers at {url}.")
    return answers


async def ask_stock(rows: Iterable[Row], url: str) -> list[Answer]:
    """Every row to a plain Rasa assistant."""
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False) as client:
        await client.post("/model/parse", json={"text": "Добрий день"})
        answers = []
        for row in rows:
            started = time.perf_counter()
            said = (await client.post("/model/parse", json={"text": row.text})).json()
            answers.append(Answer(row, _as_understanding(said), (time.perf_counter() - started) * 1e3))
    return answers


def _as_understanding(said: dict[str, Any]) -> Understanding:
    ranking = [
        Guess(g["name"], g["confidence"]) for g in said["intent_ranking"] if g["name"] != "nlu_fallback"
    ]
    chosen = said["intent"]["name"]
    return Understanding(
        language=None,
        certainty="not_understood" if chosen in ("nlu_fallback", None) else "sure",
        guesses=tuple(ranking),
        danger=chosen if chosen in DANGER else None,
    )


def print_tables(title: str, answers: Sequence[Answer]) -> None:
    """Per language, and the commonest confusions; no message text."""
    print(f"\n{title}")
    for lang in LANGUAGES:
        some = [a for a in answers if a.row.lang == lang]
        print(
            f"  {lang}: {len(some)} messages, right {_share(some, lambda a: a.right)}, "
            f"sure {_share(some, lambda a: a.understanding.certainty == 'sure')}, "
            f"language left open {_share(some, lambda a: a.understanding.language is None)}"
        )
    confusions = Counter(("|".join(a.row.intents), a.prediction) for a in answers if not a.right)
    for (wanted, got), times in confusions.most_common(25):
        print(f"  {times:4}  {wanted} taken for {got}")


def measure_lotse(rows: list[Row]) -> list[Answer]:
    """The answers of the bot's own understanding, with tables on standard output."""
    url = os.environ.get("NLU_URL")
    if not url:
        ensure_model()
    with (
        nullcontext((url, 0)) if url else rasa_server(ROOT / "nlu" / "models" / "lotse.tar.gz") as (
            address,
            process,
        )
    ):
        answers = asyncio.run(ask_lotse(rows, address))
        memory = f", {resident_mb(process):.0f} MB resident" if process else ""
    print_tables(f"Lotse{memory}", answers)
    return answers


def measure_stock(rows: list[Row]) -> dict[str, Any]:
    ensure_model("--config", str(STOCK_CONFIG), "--model", str(STOCK_MODEL))
    with rasa_server(STOCK_MODEL) as (address, process):
        answers = asyncio.run(ask_stock(rows, address))
        memory = f", {resident_mb(process):.0f} MB resident"
    print_tables(f"Stock Rasa pipeline{memory}", answers)
    return measures(answers, with_language=False)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well messages are understood.")
    parser.add_argument("messages", type=Path)
    parser.add_argument("--peer", action="store_true", help="measure the stock Rasa pipeline too")
    parser.add_argument("--report", type=Path, help="write understanding.md and .svg into this folder")
    options = parser.parse_args()
    try:
        rows = read_messages(options.messages)
    except (BadMessages, OSError) as error:
        sys.exit(f"{options.messages}: {error}")
    answers = measure_lotse(rows)
    result = measures(answers)
    if options.peer:
        result["peer"] = measure_stock(rows)
    if options.report:
        source = f"`{options.messages.name}`"
        write_report(options.report, source, answers, result, result.get("peer"))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
