"""Counts in German, for staff."""

from __future__ import annotations

from collections.abc import Mapping

_LANGUAGES = {"uk": "ukrainisch", "ru": "russisch", "de": "deutsch"}
_ENDINGS = {
    "": "unterwegs",
    "finished": "fertig",
    "expired": "abgelaufen, bevor alle sie hatten",
    "recalled": "zurückgezogen",
    "unreadable": "vom Bot nicht gelesen",
}


def counted(counts: Mapping[str, int]) -> str:
    """Recipients as a sentence: "3 Personen (ukrainisch: 2, deutsch: 1)"."""
    total = sum(counts.values())
    people = "1 Person" if total == 1 else f"{total} Personen"
    parts = [f"{name}: {counts[code]}" for code, name in _LANGUAGES.items() if counts.get(code)]
    return f"{people} ({', '.join(parts)})" if parts else people


def ended(ending: str) -> str:
    """What became of a notice that was sent."""
    return _ENDINGS.get(ending, ending)
