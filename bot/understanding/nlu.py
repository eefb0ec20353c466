"""Asks the Rasa server what a text means; gives up early and quietly when it does not answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx
import structlog

from bot.types import Guess

TIMEOUT_S = 2.0
WARM_UP_S = 60.0
"""The first message after a start takes seconds; nobody waits for this answer."""
FAILURES_TO_OPEN = 3
OPEN_S = 5.0

log = structlog.get_logger()


class Breaker:
    """Stops asking a server that fails: after three failures in a row nobody is asked for five seconds,
    then one request may try. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_again_at = 0.0

    def allows(self) -> bool:
        """Whether a request may go out now. Saying yes while open lets exactly this one through."""
        if self._failures < FAILURES_TO_OPEN:
            return True
        if self._clock() < self._closed_again_at:
            return False
        self._closed_again_at = self._clock() + OPEN_S
        return True

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._closed_again_at = self._clock() + OPEN_S


class Nlu:
    """A client of `rasa run --enable-api`. Use as an async context manager, or call `close`."""

    def __init__(
        self,
        url: str,
        timeout_s: float = TIMEOUT_S,
        breaker: Breaker | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.timeout_s = timeout_s
        self._breaker = breaker or Breaker()
        self._client = httpx.AsyncClient(
            base_url=url, timeout=timeout_s, transport=transport, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    async def guesses(self, text: str) -> tuple[Guess, ...] | None:
        """The likely intents, best first; None when the server does not answer, is broken or resting.

        The text is neither logged nor part of any exception.
        """
        if not self._breaker.allows():
            return None
        try:
            async with asyncio.timeout(self.timeout_s):
                response = await self._client.post("/model/parse", json={"text": text})
            response.raise_for_status()
            found = _read(response.json())
        except (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as error:
            self._breaker.failed()
            log.warning("nlu_unavailable", reason=type(error).__name__)
            return None
        self._breaker.succeeded()
        return found

    async def warm_up(self) -> None:
        """Ask once with patience, until a server that is starting has answered its slow first message."""
        while True:
            try:
                await self._client.post("/model/parse", json={"text": "hallo"}, timeout=WARM_UP_S)
                return
            except httpx.HTTPError:
                await asyncio.sleep(1)


def _read(answer: dict[str, Any]) -> tuple[Guess, ...]:
    ranking = [Guess(str(g["name"]), float(g["confidence"])) for g in answer["intent_ranking"]]
    return tuple(sorted(ranking, key=lambda guess: -guess.confidence))
