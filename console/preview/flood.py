"""No visitor may fill the inbox for everybody else."""

from __future__ import annotations

from redis.asyncio import Redis

from bot import keys
from console.preview.refusal import Refused

WINDOW_S = 10
TURNS_PER_WINDOW = 100
"""Far more than a person can press, far less than a loop can send."""


async def count_turn(redis: Redis, conversation: str) -> None:
    """Count a turn of the conversation. Raises Refused when there were too many within the window."""
    key = keys.preview_turns(conversation)
    async with redis.pipeline(transaction=True) as pipe:
        pipe.incr(key)
        pipe.expire(key, WINDOW_S, nx=True)
        count, _ = await pipe.execute()
    if count > TURNS_PER_WINDOW:
        raise Refused(429, "too_many", WINDOW_S)
