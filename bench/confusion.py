"""A report of a measurement of understanding: figures, a table by intent, and a picture of confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bench import machine

_CELL = 14
_MARGIN = 190
_FIGURES = (
    ("accuracy", "right answers"),
    ("top3_accuracy", "right among three guesses"),
    ("macro_f1", "macro-F1"),
    ("language_accuracy", "language found"),
    ("crisis_recall", "crisis found"),
    ("crisis_false_alarm", "false alarms"),
    ("out_of_scope_recall", "out of scope left unanswered"),
    ("in_scope_rejected", "others wrongly left unanswered"),
    ("p50_ms", "milliseconds, median"),
    ("p95_ms", "milliseconds, 95th percentile"),
)


class Judged(Protocol):
    """One message with what it meant and what it was taken for."""

    @property
    def wanted(self) -> str: ...
    @property
    def prediction(self) -> str: ...


def write_report(
    folder: Path, source: str, answers: Sequence[Judged], figures: dict[str, Any], peer: dict[str, Any] | None
) -> None:
    """Write understanding.md and understanding.svg into the folder."""
    pairs = Counter((answer.wanted, answer.prediction) for answer in answers)
    (folder / "understanding.svg").write_text(picture(pairs), encoding="utf-8")
    blocks = [
        "# How well messages are understood",
        f"Measured on {source} ({len(answers)} messages): {machine.description()}. "
        f"Made by `make bench-understanding`; what each figure means stands in `bench/understanding.py`.",
        figures_table(figures, peer),
        "macro-F1 by language: " + ", ".join(f"{lang} {value}" for lang, value in figures["by_lang"].items()),
        "![What was meant (rows) and what it was taken for (columns)](understanding.svg)",
        intents_table(pairs),
    ]
    (folder / "understanding.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def figures_table(figures: dict[str, Any], peer: dict[str, Any] | None) -> str:
    """The figures side by side with those of the stock pipeline, where it was measured."""
    lines = [
        "| figure | Lotse |" + (" stock Rasa |" if peer else ""),
        "| --- | --- |" + (" --- |" if peer else ""),
    ]
    for key, label in _FIGURES:
        other = f" {_shown(peer.get(key))} |" if peer else ""
        lines.append(f"| {label} | {_shown(figures.get(key))} |{other}")
    if peer and peer.get("accuracy") is not None and figures.get("accuracy") is not None:
        ratio = (1 - figures["accuracy"]) / max(1 - peer["accuracy"], 1e-9)
        lines.append(f"| errors relative to stock Rasa | {ratio:.2f} | 1 |")
    return "\n".join(lines)


def intents_table(pairs: Counter[tuple[str, str]]) -> str:
    """Recall, precision and the commonest confusion of every intent."""
    lines = [
        "| intent | messages | found | of those so called, right | most often taken for |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in sorted({wanted for wanted, _ in pairs}):
        asked = sum(count for (wanted, _), count in pairs.items() if wanted == name)
        called = sum(count for (_, got), count in pairs.items() if got == name)
        right = pairs[name, name]
        wrong = Counter(
            {got: count for (wanted, got), count in pairs.items() if wanted == name and got != name}
        )
        most = ", ".join(f"{got} ({count})" for got, count in wrong.most_common(2))
        precision = f"{right / called:.2f}" if called else "–"
        lines.append(f"| {name} | {asked} | {right / asked:.2f} | {precision} | {most} |")
    return "\n".join(lines)


def picture(pairs: Counter[tuple[str, str]]) -> str:
    """The confusion matrix as SVG: one square a pair, the darker the larger the share of its row."""
    names = sorted({name for pair in pairs for name in pair})
    place = {name: number for number, name in enumerate(names)}
    totals = Counter[str]()
    for (wanted, _), count in pairs.items():
        totals[wanted] += count
    size = _MARGIN + _CELL * len(names) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'font-family="sans-serif" font-size="9">'
    ]
    parts.append(f'<rect width="{size}" height="{size}" fill="white"/>')
    for name, number in place.items():
        middle = _MARGIN + number * _CELL + _CELL * 0.7
        parts.append(f'<text x="{_MARGIN - 5}" y="{middle:.0f}" text-anchor="end">{name}</text>')
        parts.append(f'<text transform="translate({middle:.0f} {_MARGIN - 5}) rotate(-90)">{name}</text>')
    for (wanted, got), count in sorted(pairs.items()):
        x, y = _MARGIN + place[got] * _CELL, _MARGIN + place[wanted] * _CELL
        share = count / totals[wanted]
        colour = "#1f5f8b" if wanted == got else "#c0392b"
        parts.append(
            f'<rect x="{x}" y="{y}" width="{_CELL - 1}" height="{_CELL - 1}" fill="{colour}" '
            f'fill-opacity="{0.15 + 0.85 * share:.2f}"><title>{wanted} → {got}: {count}</title></rect>'
        )
    return "\n".join((*parts, "</svg>")) + "\n"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
