"""How often a bot may send: over all chats, and in one chat."""

from __future__ import annotations

import math
import time
from collections import deque

from tests.botapi.errors import too_many_requests

OVERALL_PER_SECOND = 30


class SendingLimits:
    """Counts the last second. What is refused is not counted."""

    def __init__(self, per_second: int | None, chat_burst: int | None) -> None:
        """`chat_burst`: messages one chat may get within `chat_burst` seconds; None: no limit."""
        self.per_second = per_second
        self.chat_burst = chat_burst
        self.refused = 0
        self._overall: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}

    def count(self, chat_id: int) -> None:
        """Count one message. Raises ApiError 429 where it is one too many."""
        now = time.monotonic()
        if self.per_second:
            self._check(self._overall, now, self.per_second, 1.0)
        if self.chat_burst:
            times = self._chats.setdefault(chat_id, deque())
            self._check(times, now, self.chat_burst, float(self.chat_burst))
            times.append(now)
        self._overall.append(now)

    def _check(self, times: deque[float], now: float, limit: int, window_s: float) -> None:
        while times and times[0] <= now - window_s:
            times.popleft()
        if len(times) >= limit:
            self.refused += 1
            raise too_many_requests(max(1, math.ceil(times[0] + window_s - now)))
