"""What a channel does for the rest of the bot: bring replies to a person."""

from __future__ import annotations

from typing import Protocol

from bot.inbox import Envelope
from bot.types import Reply

MAX_TEXT = 4096
"""Characters of one message: Telegram's limit, and the preview's, so that both behave alike."""


class Undeliverable(Exception):
    """This reply will never arrive: the person blocked the bot, or the chat is gone."""


class Channel(Protocol):
    """A way replies reach people. Both raise `bot.worker.TryAgain` where the way is blocked now."""

    async def received(self, envelope: Envelope) -> None:
        """Show that the turn arrived (stop a button's spinner); failures do not matter."""

    async def send(self, envelope: Envelope, reply: Reply) -> None:
        """Send one reply. Raises Undeliverable."""
