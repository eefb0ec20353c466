"""The life of an inbox entry: read, hand to its conversation, answer, remove.

One `Worker` owns some partitions, each by a lease. Inside a partition the conversations run side
by side and every conversation strictly in order. An entry leaves the inbox only after its replies
are sent; whatever a dead worker held is claimed by the partition's next owner.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from redis.exceptions import RedisError

from bot import keys
from bot.inbox import Entry, Inbox, UnreadableEntry
from bot.lease import Lease
from bot.logs import where
from bot.tasks import end

log = structlog.get_logger(__name__)

Handler = Callable[[Entry], Awaitable[None]]

_IN_FLIGHT = 128
"""Entries one partition has in hand at most; the rest wait in Redis, where they are safe."""
_BLOCK_MS = 500
_FINISH_S = 4
"""How long what is in hand may take after the word to stop; the rest stays in the inbox."""
_RETRY_S = (0.5, 1, 2, 5, 10)


class TryAgain(Exception):
    """The entry could not be answered now (a service is away); it keeps its turn and is tried again."""


class NotHere(Exception):
    """This process cannot answer the entry at all (its channel is not served); it stays for one that can."""


class Worker:
    """Answers what waits in the inbox until told to stop."""

    def __init__(
        self, inbox: Inbox, lease: Callable[[int, str], Lease], handler: Handler, name: str | None = None
    ) -> None:
        name = name or secrets.token_hex(8)
        self._stopping = asyncio.Event()
        self._partitions = [
            _Partition(number, lease(number, name), inbox, handler, name, self._stopping)
            for number in range(keys.INBOX_PARTITIONS)
        ]

    async def run(self) -> None:
        """Work until `stop`; then finish what is in hand and give the leases back."""
        await asyncio.gather(*(partition.run() for partition in self._partitions))

    def stop(self) -> None:
        self._stopping.set()


class _Partition:
    def __init__(
        self,
        number: int,
        lease: Lease,
        inbox: Inbox,
        handler: Handler,
        consumer: str,
        stopping: asyncio.Event,
    ) -> None:
        self._number = number
        self._lease = lease
        self._inbox = inbox
        self._handler = handler
        self._consumer = consumer
        self._stopping = stopping
        self._waiting: dict[str, deque[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand = 0
        self._room = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                if await self._lease.acquire():
                    await self._own()
                else:
                    await self._pause(keys.LEASE_RENEW_MS / 1000)
            except RedisError as error:
                log.warning("inbox_unreachable", partition=self._number, error=type(error).__name__)
                await self._pause(1)

    async def _own(self) -> None:
        log.info("partition_taken", partition=self._number)
        renewing = asyncio.create_task(self._keep_lease())
        try:
            await self._inbox.prepare(self._number)
            self._accept(await self._inbox.abandoned(self._number, self._consumer))
            while self._lease.held and not self._stopping.is_set():
                await self._read()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_FINISH_S)
        finally:
            await self._disown(renewing)

    async def _disown(self, renewing: asyncio.Task[None]) -> None:
        await end((renewing, *self._tasks))
        self._waiting.clear()
        self._tasks.clear()
        self._in_hand = 0
        with suppress(RedisError):
            await self._lease.release()

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(keys.LEASE_RENEW_MS / 1000)
            try:
                if not await self._lease.renew():
                    return
            except RedisError as error:
                log.warning("lease_not_renewed", partition=self._number, error=type(error).__name__)

    async def _read(self) -> None:
        room = _IN_FLIGHT - self._in_hand
        if room > 0:
            self._accept(await self._inbox.next(self._number, self._consumer, room, _BLOCK_MS))
            return
        self._room.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._room.wait(), _BLOCK_MS / 1000)

    def _accept(self, entries: list[Entry | UnreadableEntry]) -> None:
        for entry in entries:
            if isinstance(entry, UnreadableEntry):
                # Kept, not dropped: with the right TRANSCRIPT_KEY it can still be answered.
                log.error("entry_unreadable", partition=self._number, entry=entry.id)
                continue
            self._in_hand += 1
            conversation = entry.envelope.turn.conversation
            if conversation in self._waiting:
                self._waiting[conversation].append(entry)
                continue
            self._waiting[conversation] = deque([entry])
            task = asyncio.create_task(self._drain(conversation))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drain(self, conversation: str) -> None:
        queue = self._waiting[conversation]
        while queue and await self._answer(queue[0]):
            queue.popleft()
            self._in_hand -= 1
            self._room.set()
        del self._waiting[conversation]

    async def _answer(self, entry: Entry) -> bool:
        """Answer and remove the entry; False when it stays for the partition's next owner."""
        attempt = 0
        while self._lease.held and not (attempt and self._stopping.is_set()):
            try:
                await self._handle(entry)
                await self._inbox.done(entry.partition, entry.id)
                return True
            except NotHere as reason:
                log.warning("entry_kept", partition=self._number, entry=entry.id, reason=str(reason))
                return True
            except (TryAgain, RedisError) as error:
                delay = _RETRY_S[min(attempt, len(_RETRY_S) - 1)]
                log.warning("entry_waits", partition=self._number, error=type(error).__name__, retry_s=delay)
                attempt += 1
                await self._pause(delay)
        return False

    async def _handle(self, entry: Entry) -> None:
        try:
            await self._handler(entry)
        except (TryAgain, NotHere, RedisError):
            raise
        except Exception as error:
            # A mistake of ours: trying again would fail again and hold up the conversation for ever.
            log.error("entry_failed", entry=entry.id, error=type(error).__name__, where=where(error))

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
