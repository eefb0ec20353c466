"""A turn as the page sends it: JSON, checked field by field before anything else sees it.

{"key": "8 to 64 letters, digits, - or _, another one for each turn",
 "kind": "text", "text": "…"}
 "kind": "button", "payload": "…"      at most 64 bytes
 "kind": "command", "payload": "start"  a command's name without its slash
 "kind": "location", "lat": 48.5, "lon": 9.2
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.base import MAX_TEXT
from bot.types import TurnKind
from console.preview.refusal import Refused

MAX_BODY_BYTES = 64 * 1024
"""4,096 characters take at most 48 KiB, each written as two JSON escapes."""
MAX_PAYLOAD_BYTES = 64

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_COMMAND = re.compile(r"[a-z_]{1,32}")
_TYPED_COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageTurn:
    """A checked turn; which fields are set follows from `kind`, as in `bot.types.Turn`."""

    key: str
    kind: TurnKind
    text: str = ""
    payload: str = ""
    latitude: float | None = None
    longitude: float | None = None


def read_turn(body: bytes) -> PageTurn:
    """Read and check a request's body. Raises Refused with 413 for too much, 400 for anything else."""
    if len(body) > MAX_BODY_BYTES:
        raise Refused(413, "too_long")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(data, dict):
        raise Refused(400, "malformed")
    key, read = data.get("key"), _READERS.get(str(data.get("kind")))
    if not isinstance(key, str) or not _KEY.fullmatch(key) or read is None:
        raise Refused(400, "malformed")
    return read(key, data)


def _text(key: str, data: dict[str, Any]) -> PageTurn:
    text = _string(data, "text").strip()
    if not text:
        raise Refused(400, "empty")
    if len(text) > MAX_TEXT:
        raise Refused(413, "too_long")
    if command := _TYPED_COMMAND.fullmatch(text):
        return PageTurn(key, "command", (command[2] or "").strip(), command[1].lower())
    return PageTurn(key, "text", text)


def _button(key: str, data: dict[str, Any]) -> PageTurn:
    payload = _string(data, "payload")
    if not 0 < len(payload.encode()) <= MAX_PAYLOAD_BYTES:
        raise Refused(400, "malformed")
    return PageTurn(key, "button", payload=payload)


def _command(key: str, data: dict[str, Any]) -> PageTurn:
    payload = _string(data, "payload")
    if not _COMMAND.fullmatch(payload):
        raise Refused(400, "malformed")
    return PageTurn(key, "command", payload=payload)


def _location(key: str, data: dict[str, Any]) -> PageTurn:
    latitude, longitude = _degrees(data.get("lat"), 90), _degrees(data.get("lon"), 180)
    return PageTurn(key, "location", latitude=latitude, longitude=longitude)


_READERS: dict[str, Callable[[str, dict[str, Any]], PageTurn]] = {
    "text": _text,
    "button": _button,
    "command": _command,
    "location": _location,
}


def _string(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise Refused(400, "malformed")
    # Half an emoji, cut off by some keyboard, is no valid text: it becomes a replacement character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _degrees(value: object, limit: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(400, "malformed")
    if not math.isfinite(value) or abs(value) > limit:
        raise Refused(400, "malformed")
    return float(value)
