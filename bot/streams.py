"""One shape for what Redis answers to a read of a single stream."""

from __future__ import annotations

from typing import Any

Rows = list[tuple[bytes, dict[bytes, bytes]]]


def rows_of(answer: Any) -> Rows:
    """The (id, fields) pairs of an XREAD or XREADGROUP answer, in either protocol's shape."""
    if not answer:
        return []
    if isinstance(answer, dict):
        (pages,) = answer.values()
        return [row for page in pages for row in page]
    return list(answer[0][1])
