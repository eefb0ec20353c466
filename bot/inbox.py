"""The inbox: every update waits here, sealed, from its receipt until its replies are sent.

A conversation's turns always go to the same partition (a Redis stream), in order. What waits is
minimised (a `Turn` has no names or handles) and sealed; the chat's address is inside the seal.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot import keys
from bot.streams import rows_of
from bot.types import Turn
from bot.vault import Vault, VaultError

_FIELD = b"sealed"

# Marks the update as seen and appends it in one step, so that an update delivered twice
# (a crash between storing and acknowledging, or a webhook retry) is answered once.
_PUT = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[3]) then return -1 end
redis.call('XADD', KEYS[1], '*', 'sealed', ARGV[1])
redis.call('SET', KEYS[2], 1, 'EX', ARGV[2])
return 1
"""


class InboxFull(Exception):
    """So many entries wait that taking more would endanger Redis."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A turn with what is needed to answer it."""

    channel: str
    """"telegram" or "preview"."""
    address: str
    """Where replies go: the chat id, or the preview's conversation."""
    turn: Turn
    callback: str = ""
    """Telegram's id of a button press, to stop the button's spinner."""
    message_id: int = 0
    """The message whose button was pressed; 0 where there is none."""
    file_id: str = ""
    """Telegram's id of a voice message that is to be listened to; empty where that is not switched on."""

    def to_bytes(self) -> bytes:
        data = asdict(self)
        data["turn"]["at"] = self.turn.at.isoformat()
        return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Envelope:
        data = json.loads(raw.decode("utf-8", "surrogatepass"))
        turn = data["turn"]
        turn["at"] = datetime.fromisoformat(turn["at"])
        return cls(**{**data, "turn": Turn(**turn)})


@dataclass(frozen=True, slots=True)
class Entry:
    """An envelope with its place in the inbox."""

    partition: int
    id: str
    """The stream's id, "milliseconds-sequence"."""
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """An entry that cannot be opened: sealed with a key that is missing here, or damaged."""

    id: str


class Inbox:
    """Puts envelopes in, reads them for the partition's owner, removes them once answered."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault
        self._put = redis.register_script(_PUT)

    async def put(self, envelope: Envelope, update_key: str) -> bool:
        """Store an envelope; False when `update_key` was stored before. Raises InboxFull."""
        partition = keys.partition_of(envelope.turn.conversation)
        stream = keys.inbox_stream(partition)
        sealed = self._vault.seal(envelope.to_bytes(), stream)
        result = await self._put(
            keys=[stream, keys.inbox_seen(partition, update_key)],
            args=[sealed, keys.UPDATE_SEEN_S, keys.INBOX_MAX_ENTRIES],
        )
        if result == -1:
            raise InboxFull(f"partition {partition} holds {keys.INBOX_MAX_ENTRIES} entries")
        return bool(result)

    async def prepare(self, partition: int) -> None:
        """Make the partition's stream and its consumer group where they are missing."""
        try:
            await self._redis.xgroup_create(
                keys.inbox_stream(partition), keys.INBOX_GROUP, "0", mkstream=True
            )
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def abandoned(self, partition: int, consumer: str) -> list[Entry | UnreadableEntry]:
        """Claim all entries that were handed to an earlier owner of the partition and never answered."""
        stream, cursor, rows = keys.inbox_stream(partition), "0-0", []
        while True:
            cursor, page, *_ = await self._redis.xautoclaim(
                stream, keys.INBOX_GROUP, consumer, min_idle_time=0, start_id=cursor, count=100
            )
            rows += page
            if cursor in (b"0-0", "0-0"):
                return [self._entry(partition, entry_id, values) for entry_id, values in rows if values]

    async def next(
        self, partition: int, consumer: str, count: int, block_ms: int
    ) -> list[Entry | UnreadableEntry]:
        """Entries nobody has read yet, oldest first; an empty list after `block_ms` without any."""
        answer: Any = await self._redis.xreadgroup(
            keys.INBOX_GROUP,
            consumer,
            {keys.inbox_stream(partition): ">"},
            count=count,
            block=block_ms or None,
        )
        return [self._entry(partition, entry_id, values) for entry_id, values in rows_of(answer)]

    async def done(self, partition: int, entry_id: str) -> None:
        """The entry is answered: acknowledge and delete it."""
        stream = keys.inbox_stream(partition)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xack(stream, keys.INBOX_GROUP, entry_id)
            pipe.xdel(stream, entry_id)
            await pipe.execute()

    async def waiting(self) -> int:
        """How many entries are not yet answered, over all partitions."""
        lengths = [await self._redis.xlen(keys.inbox_stream(p)) for p in range(keys.INBOX_PARTITIONS)]
        return sum(lengths)

    def _entry(self, partition: int, raw_id: bytes, values: dict[bytes, bytes]) -> Entry | UnreadableEntry:
        entry_id = raw_id.decode()
        try:
            plain = self._vault.open(values[_FIELD], keys.inbox_stream(partition))
            return Entry(partition, entry_id, Envelope.from_bytes(plain))
        except (VaultError, KeyError, ValueError, TypeError):
            return UnreadableEntry(entry_id)


def entry_order(entry_id: str) -> tuple[int, int]:
    """Stream ids as numbers, so that they compare in the order of arrival."""
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds or 0), int(sequence or 0)
