"""In which districts a postal code of the Land lies."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from gazetteer.files import rows


def districts_of(postal_code: str) -> frozenset[str]:
    """AGS of the districts; empty for a code that is not one of the Land."""
    return frozenset(_by_code().get(postal_code, ()))


@cache
def _by_code() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows("postal_codes"):
        found[row["postal_code"]].add(row["ags"])
    return dict(found)
