"""Faults to order: what the next calls of a method meet instead of, or before, a proper answer."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.botapi.errors import ApiError


class Dropped(Exception):
    """The connection is cut without an answer."""


@dataclass
class Hold:
    """Keeps a call waiting: `reached` is set when it came in, `release` lets it go on.

    `abandoned` is set when the caller left without waiting for the answer; the call then has no effect.
    """

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    abandoned: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        self.released.set()

    async def keep(self) -> None:
        """Wait for the release; cancelled when the caller leaves."""
        self.reached.set()
        try:
            await self.released.wait()
        except asyncio.CancelledError:
            self.abandoned.set()
            raise


@dataclass
class Fault:
    """One thing that happens to one call."""

    status: int = 0
    description: str = ""
    retry_after: int | None = None
    drop: bool = False
    delay_s: float = 0.0
    hold: Hold | None = None
    after: bool = False
    """After the call took effect: the answer gets lost, not the request."""

    async def happen(self) -> None:
        """Raises ApiError or Dropped, or returns later."""
        if self.hold:
            await self.hold.keep()
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if self.drop:
            raise Dropped
        if self.status:
            raise ApiError(self.status, self.description or f"status {self.status}", self.retry_after)


class Faults:
    """What is ordered, by method, in order."""

    def __init__(self) -> None:
        self._ordered: dict[str, deque[Fault]] = defaultdict(deque)

    def order(self, method: str, fault: Fault, times: int = 1) -> None:
        self._ordered[method.lower()].extend([fault] * times)

    def next(self, method: str) -> Fault | None:
        waiting = self._ordered.get(method)
        return waiting.popleft() if waiting else None

    def clear(self) -> None:
        self._ordered.clear()
