"""Small pieces of updates as Telegram builds them."""

from __future__ import annotations

import re
from typing import Any

from tests.botapi.html import utf16_length

_ENTITIES = {"bot_command": re.compile(r"(?<!\S)/\w+(?:@\w+)?"), "mention": re.compile(r"(?<!\S)@\w+")}


def entities(text: str) -> dict[str, Any]:
    """The `entities` of a text where it has some; offsets in UTF-16 code units."""
    found = [
        {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(match.group())}
        for kind, pattern in _ENTITIES.items()
        for match in pattern.finditer(text)
    ]
    return {"entities": sorted(found, key=lambda entity: entity["offset"])} if found else {}
