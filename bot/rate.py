"""Telegram's limits on sending, kept over all workers: 30 messages a second, 1 a second in a chat.

The generic cell rate algorithm on Redis: one number per limit, the time at which the next message
may leave. Source of the limits: Telegram's bot FAQ, "My bot is hitting limits, how do I avoid this?".
"""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from bot import keys

OVERALL_INTERVAL_MS = 36
"""27.8 messages a second: what left evenly arrives in bunches, and up to two that come late must still
fit into the thirty of a second."""
CHAT_INTERVAL_MS = 1000
CHAT_BURST = 3
"""Telegram allows short bursts in a chat; an answer of several messages is not torn apart."""

# KEYS: the limit's next free time. ARGV: interval and tolerated burst, in milliseconds.
# Reserves the next slot and returns how many milliseconds from now it is.
_RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local free = tonumber(redis.call('GET', KEYS[1]) or now)
if free < now then free = now end
redis.call('SET', KEYS[1], free + interval, 'PX', math.ceil(free + interval - now + 1000))
return math.max(0, free - now - burst)
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

    async def wait(self, conversation: str) -> None:
        """Return when one message to this conversation is within both limits."""
        await self._wait(keys.chat_rate(conversation), CHAT_INTERVAL_MS, (CHAT_BURST - 1) * CHAT_INTERVAL_MS)
        await self._wait(keys.TELEGRAM_RATE, OVERALL_INTERVAL_MS, 0)

    async def pause(self, seconds: float) -> None:
        """Let no worker send anything for this long: Telegram asked for it (retry_after)."""
        await self._pause(keys=[keys.TELEGRAM_RATE], args=[int(seconds * 1000)])

    async def _wait(self, key: str, interval_ms: int, burst_ms: int) -> None:
        delay_ms = await self._reserve(keys=[key], args=[interval_ms, burst_ms])
        if delay_ms:
            await asyncio.sleep(int(delay_ms) / 1000)
