"""The directory in the bot's memory: the last published snapshot, swapped when a newer one is announced."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import keys
from gazetteer.districts import districts
from services_directory.search import DirectoryIndex
from services_directory.snapshot import Snapshot, SnapshotError

log = structlog.get_logger(__name__)

_CHECK_S = 15
"""A notification can be missed while the connection is away; the version is looked at this often too."""


class Directory:
    """Holds the index; `index` is always there, at first an empty one."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._positions = {ags: (d.latitude, d.longitude) for ags, d in districts().items()}
        self.index = DirectoryIndex(Snapshot(0, datetime.now(UTC).isoformat()), self._positions)
        self.version = 0

    async def run(self) -> None:
        """Follow the directory until cancelled; whatever fails, the last good snapshot stays."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(keys.DIRECTORY_CHANNEL)
                    while True:
                        await self.refresh()
                        await channel.get_message(ignore_subscribe_messages=True, timeout=_CHECK_S)
            except RedisError as error:
                log.warning("directory_unreachable", error=type(error).__name__)
                await asyncio.sleep(1)

    async def refresh(self) -> None:
        """Load the snapshot if it is another than the one in memory."""
        version = int(await self._redis.get(keys.DIRECTORY_VERSION) or 0)
        if version == self.version:
            return
        raw = await self._redis.get(keys.DIRECTORY_SNAPSHOT)
        if raw is None:
            return
        try:
            snapshot = Snapshot.from_json(raw)
        except SnapshotError as error:
            log.error("snapshot_unreadable", reason=str(error))
            return
        self.index = await asyncio.to_thread(DirectoryIndex, snapshot, self._positions)
        self.version = version
        log.info("directory_loaded", version=snapshot.version, listings=len(snapshot.listings))
