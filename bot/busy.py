"""Showing that an answer is on its way, where the person has to wait for it."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from bot.channels.base import Channel
from bot.inbox import Envelope

AFTER_S = 0.7
"""An answer that comes sooner needs no sign."""
_AGAIN_S = 4.5
"""Telegram takes the sign away after five seconds."""
_TIMES = 6
_TIMES_LISTENING = 24
"""A voice message of two minutes may take that long to be written down."""
_UNASKED = ("due", "member")


class BusySign:
    """Beside the answer, never before it. `with BusySign(…) as sign:` around answering one turn."""

    def __init__(self, channel: Channel, envelope: Envelope) -> None:
        self._channel = channel
        self._envelope = envelope
        self._task: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self.restart()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def restart(self) -> None:
        """A message arrived: the person waits anew."""
        self._end()
        if self._envelope.turn.kind not in _UNASKED:
            self._task = asyncio.create_task(self._show())

    def _end(self) -> None:
        if self._task:
            self._task.cancel()

    async def _show(self) -> None:
        await asyncio.sleep(AFTER_S)
        for _ in range(_TIMES_LISTENING if self._envelope.file_id else _TIMES):
            await self._channel.busy(self._envelope)
            await asyncio.sleep(_AGAIN_S)
