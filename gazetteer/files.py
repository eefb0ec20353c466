"""Reading the package's own CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """All rows of `data/<name>.csv`, keyed by the header line."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def many(cell: str) -> list[str]:
    """The values of a cell that holds several, joined by semicolons."""
    return [value.strip() for value in cell.split(";") if value.strip()]
