"""Telegram's limits on sending, kept over all workers: 30 messages a second, 1 a second in a chat.

The generic cell rate algorithm on Redis: one number per limit, the time at which the next message
may leave. Source of the limits: Telegram's bot FAQ, "My bot is hitting limits, how do I avoid this?".
"""

from __future__ import annotations

import asyncio
import time

from redis.asyncio import Redis

from bot import keys

OVERALL_INTERVAL_MS = 36
"""27.8 messages a second: what left evenly arrives in bunches, and up to two that come late must still
fit into the thirty of a second."""
CHAT_INTERVAL_MS = 1000

# KEYS: the limit's next free time. ARGV: interval in milliseconds.
# Reserves the next slot and returns how many milliseconds from now it is.
_RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local free = tonumber(redis.call('GET', KEYS[1]) or now)
if free < now then free = now end
local following = free + tonumber(ARGV[1])
redis.call('SET', KEYS[1], following, 'PX', math.ceil(following - now + 1000))
return free - now
"""

# KEYS: as above. ARGV: milliseconds. Moves the next free time behind the pause; pauses that several
# messages meet at once are the same pause and do not add up.
_PAUSE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now + tonumber(ARGV[1]))
redis.call('SET', KEYS[1], free, 'PX', math.ceil(free - now + 1000))
"""


class SendingRate:
    """Waits until a message may be sent."""

    def __init__(self, redis: Redis) -> None:
        self._reserve = redis.register_script(_RESERVE)
        self._pause = redis.register_script(_PAUSE)
        self._refused = ("", 0.0)
        """The conversation Telegram refused last, and until when (monotonic seconds)."""

    async def wait(self, conversation: str) -> None:
        """Return when one message to this conversation is within both limits."""
        await self._wait(keys.chat_rate(conversation), CHAT_INTERVAL_MS)
        await self._wait(keys.TELEGRAM_RATE, OVERALL_INTERVAL_MS)

    async def refused(self, conversation: str, seconds: float) -> None:
        """Telegram asked to wait (retry_after): with this chat, and with all where a second chat is refused.

        A limit of one chat (a busy group) must not silence the answers to everybody else.
        """
        earlier, until = self._refused
        limits = [keys.chat_rate(conversation)]
        if earlier not in ("", conversation) and time.monotonic() < until:
            limits.append(keys.TELEGRAM_RATE)
        self._refused = (conversation, time.monotonic() + seconds)
        for key in limits:
            await self._pause(keys=[key], args=[int(seconds * 1000)])

    async def _wait(self, key: str, interval_ms: int) -> None:
        delay_ms = await self._reserve(keys=[key], args=[interval_ms])
        if delay_ms:
            await asyncio.sleep(int(delay_ms) / 1000)
