"""What the server knows: chats, the messages in them, and who waits for news."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BOT_ID = 123456
BOT: dict[str, Any] = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Lotse",
    "username": "lotse_test_bot",
}


class Changes:
    """Wakes whoever waits for a condition, each time something happened."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, condition: Callable[[], bool], timeout_s: float) -> None:
        """Return as soon as the condition holds. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                await self._event.wait()


@dataclass(frozen=True)
class File:
    """A file as it arrived with a message."""

    name: str
    media_type: str
    content: bytes


@dataclass
class Sent:
    """A message of the bot as the person sees it."""

    chat_id: int
    message_id: int
    text: str
    """Without markup."""
    html: str = ""
    """As it was sent."""
    markup: dict[str, Any] | None = None
    method: str = "sendMessage"
    file: File | None = None
    at: float = field(default_factory=time.monotonic)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """All buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard") or (self.markup or {}).get("keyboard") or []
        return [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]


@dataclass
class Chat:
    """One chat and what was sent into it, oldest first."""

    json: dict[str, Any]
    messages: list[Sent] = field(default_factory=list)
    edited: list[Sent] = field(default_factory=list)
    """Each edit of a message, in order; a message edited twice is here twice."""
    actions: list[str] = field(default_factory=list)
    blocked: bool = False
    changes: Changes = field(default_factory=Changes)

    @property
    def id(self) -> int:
        return int(self.json["id"])

    def find(self, message_id: int) -> Sent | None:
        return next((message for message in self.messages if message.message_id == message_id), None)
