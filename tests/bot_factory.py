"""Turns, envelopes and keys for tests of the bot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.inbox import Envelope
from bot.types import Turn
from bot.vault import Vault

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""10:00 in Stuttgart on an ordinary working day."""


def a_vault() -> Vault:
    return Vault("a secret key for tests", "a transcript key for tests, long enough")


def a_turn(text: str = "", *, conversation: str = "c0ffee", **fields: Any) -> Turn:
    kind = fields.pop("kind", "text")
    return Turn(conversation, kind, fields.pop("at", MONDAY_MORNING), text=text, **fields)


def an_envelope(text: str = "", *, conversation: str = "c0ffee", **fields: Any) -> Envelope:
    return Envelope("telegram", "4711", a_turn(text, conversation=conversation, **fields))
