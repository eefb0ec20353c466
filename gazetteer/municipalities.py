"""Municipalities by their official key."""

from __future__ import annotations

from functools import cache

from bot.types import Place
from gazetteer.files import rows


def municipality(ags: str) -> Place | None:
    """The municipality with this AGS (eight digits); None for an unknown one."""
    return _municipalities().get(ags)


@cache
def _municipalities() -> dict[str, Place]:
    """By AGS. Where several places carry the key, the biggest gave the municipality its name."""
    known = [row for row in rows("places") if row["municipality_ags"]]
    known.sort(key=lambda row: int(row["population"] or 0))
    return {row["municipality_ags"]: _place(row) for row in known}


def _place(row: dict[str, str]) -> Place:
    position = float(row["latitude"]), float(row["longitude"])
    return Place(row["name_de"], row["ags"], "municipality", row["municipality_ags"], *position)
