"""The columns of the overview's table, and its order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console.overview.coverage import Cell
from console.overview.tables import Table, Value


@dataclass(frozen=True, slots=True)
class Column:
    """`name` stands in addresses, `order` says what a column is sorted by."""

    name: str
    title: str
    value: Callable[[Cell], Value]
    order: Callable[[Cell], Any]
    is_number: bool = False


def _count(name: str, title: str) -> Column:
    def value(cell: Cell) -> int:
        return int(getattr(cell, name))

    return Column(name, title, value, value, is_number=True)


COLUMNS = (
    Column("district", "Kreis", lambda cell: cell.name, lambda cell: (not cell.ags, cell.name)),
    Column(
        "category", "Angebot", lambda cell: str(cell.category.label), lambda cell: str(cell.category.label)
    ),
    Column("level", "Stand", lambda cell: cell.level.word, lambda cell: cell.level.rank),
    _count("shown", "gezeigt"),
    _count("confirmed", "bestätigt"),
    _count("due", "fällig"),
    _count("drafts", "nicht gezeigt"),
    _count("elsewhere", "aus anderen Kreisen"),
    Column("touched", "zuletzt geändert", lambda cell: cell.touched, lambda cell: str(cell.touched or "")),
)
_BY_NAME = {column.name: column for column in COLUMNS}


def ordered(cells: list[Cell], by: str) -> list[Cell]:
    """The cells by a column; a minus before its name turns the order round. Other words change nothing."""
    column = _BY_NAME.get(by.removeprefix("-"))
    return sorted(cells, key=column.order, reverse=by.startswith("-")) if column else cells


def as_table(cells: list[Cell]) -> Table:
    """The cells as a file has them: with the AGS before the rest."""
    header = ["AGS", *(column.title for column in COLUMNS)]
    return [header, *([cell.ags, *(column.value(cell) for column in COLUMNS)] for cell in cells)]
