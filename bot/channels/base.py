"""What a channel does for the rest of the bot: bring replies to a person."""

from __future__ import annotations

from typing import Protocol

from bot.inbox import Envelope
from bot.types import Reply

MAX_TEXT = 4096
"""Characters of one message: Telegram's limit, and the preview's, so that both behave alike."""
MAX_CAPTION = 1024
"""Characters under a file."""


class Undeliverable(Exception):
    """This reply will never arrive: the channel refuses it, or the chat is gone."""


class Gone(Undeliverable):
    """Nothing will arrive any more: the person blocked the bot, or the account is deleted."""


class Channel(Protocol):
    """A way replies reach people."""

    async def received(self, envelope: Envelope) -> None:
        """Show that the turn arrived (stop a button's spinner); failures do not matter."""

    async def busy(self, envelope: Envelope) -> None:
        """Show for some seconds that an answer is on its way; never raises, never waits."""

    async def send(self, envelope: Envelope, reply: Reply) -> None:
        """Send one reply of `bot.channels.messages.fitted`.

        Raises Undeliverable, and `bot.worker.TryAgain` where the way is blocked now.
        """
