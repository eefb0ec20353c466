"""Who owns a partition of the inbox: one worker at a time, replaced when it dies."""

from __future__ import annotations

import time

from redis.asyncio import Redis

from bot import keys

_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Lease:
    """The right to work on one partition, for `keys.LEASE_MS` at a time."""

    def __init__(self, redis: Redis, partition: int, owner: str) -> None:
        self._redis = redis
        self._key = keys.inbox_lease(partition)
        self._owner = owner
        self._valid_until = 0.0

    @property
    def held(self) -> bool:
        """Whether the lease is still ours by our own clock; without asking Redis."""
        return time.monotonic() < self._valid_until

    async def acquire(self) -> bool:
        """Take the lease if nobody has it."""
        asked = time.monotonic()
        if not await self._redis.set(self._key, self._owner, nx=True, px=keys.LEASE_MS):
            return False
        self._valid_until = asked + keys.LEASE_MS / 1000
        return True

    async def renew(self) -> bool:
        """Prolong the lease if it is still ours."""
        asked = time.monotonic()
        if not await self._redis.eval(_RENEW, 1, self._key, self._owner, keys.LEASE_MS):
            self._valid_until = 0.0
            return False
        self._valid_until = asked + keys.LEASE_MS / 1000
        return True

    async def release(self) -> None:
        """Give the lease back, so that another worker need not wait for it to run out."""
        self._valid_until = 0.0
        await self._redis.eval(_RELEASE, 1, self._key, self._owner)
