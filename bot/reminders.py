"""Promised reminders: an index of when each is due, and the two loops that bring them back as turns.

What was promised is in the conversation's session, sealed. The index holds only pseudonyms and times,
and repeating any step is harmless: a turn that is put twice is stored once, and a reminder that was
said is no longer in the session.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import keys
from bot.conversation.outcome import Outcome
from bot.conversation.reminding import broken
from bot.conversation.session import Reminder, Session
from bot.directory import Directory
from bot.inbox import Envelope, Inbox, InboxFull
from bot.sessions import Reach, SessionStore
from bot.types import Turn
from services_directory.hours import HoursError

log = structlog.get_logger(__name__)

_STEP_S = 1.0
_A_STEP = 4
"""Reminders of one partition handed over in a step: many that are due at six in the evening must not
stand before those who are writing now."""
_STORING_S = 60
"""No reminder is due earlier than this after its promise: the session must be stored by then."""
_CHECKS_A_PAUSE = 50
"""Conversations looked through after a change of the directory between two pauses of `_STEP_S`."""


class ReminderIndex:
    """When each reminder is due; follows what turns lead to (`bot.sessions.Follower`)."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def follow(self, conversation: str, entry_id: str, before: Session, outcome: Outcome) -> None:
        """Take in what was promised and out what was cancelled, said or forgotten.

        All that is promised is written at every turn, so that a lost entry comes back.
        """
        key = keys.reminders_due(keys.partition_of(conversation))
        had, has = set(before.reminders), set(outcome.session.reminders)
        earliest = time.time() + _STORING_S
        promised = {_member(conversation, one.id): max(_due(one), earliest) for one in has}
        if gone := [_member(conversation, one.id) for one in had - has]:
            await self._redis.zrem(key, *gone)
        if promised:
            await self._redis.zadd(key, promised, nx=True)

    async def due(self, partition: int) -> list[str]:
        """Members that are due, the longest waiting first."""
        key = keys.reminders_due(partition)
        found: Any = await self._redis.zrangebyscore(key, "-inf", time.time(), start=0, num=_A_STEP)
        return [member.decode() for member in found]

    async def remove(self, partition: int, member: str) -> None:
        """Take out a member that was handed over, or that belongs to nothing any more."""
        await self._redis.zrem(keys.reminders_due(partition), member)

    async def conversations(self) -> AsyncIterator[str]:
        """All conversations with reminders, each once."""
        seen: set[str] = set()
        for partition in range(keys.INBOX_PARTITIONS):
            async for member, _ in self._redis.zscan_iter(keys.reminders_due(partition)):
                conversation = member.decode().partition(":")[0]
                if conversation not in seen:
                    seen.add(conversation)
                    yield conversation


class Reminders:
    """Brings reminders back as turns: at their time, and when the directory says otherwise.

    Several bots may do so at once.
    """

    def __init__(self, index: ReminderIndex, store: SessionStore, inbox: Inbox, directory: Directory) -> None:
        self._index = index
        self._store = store
        self._inbox = inbox
        self._directory = directory
        self._checked = 0
        """Version of the directory that all reminders were last compared with."""

    async def keep_time(self) -> None:
        """Hand over what is due, until cancelled."""
        while True:
            try:
                await self.hand_over()
            except (RedisError, InboxFull) as error:
                log.warning("reminders_wait", error=type(error).__name__)
            await asyncio.sleep(_STEP_S)

    async def keep_true(self) -> None:
        """Compare the reminders with each new state of the directory, until cancelled."""
        while True:
            try:
                await self.compare()
            except (RedisError, InboxFull) as error:
                log.warning("reminders_not_compared", error=type(error).__name__)
            await asyncio.sleep(_STEP_S)

    async def hand_over(self) -> None:
        """Put what is due into the inbox; only then it leaves the index. Raises RedisError, InboxFull."""
        for partition in range(keys.INBOX_PARTITIONS):
            for member in await self._index.due(partition):
                conversation, _, reminder_id = member.partition(":")
                memory = await self._store.load(conversation)
                promised = memory.session.reminders if memory.session else ()
                if memory.reach and reminder_id in {one.id for one in promised}:
                    turn = _turn(conversation, f"reminder:{reminder_id}")
                    await self._put(memory.reach, turn, f"due:{conversation}:{reminder_id}")
                await self._index.remove(partition, member)

    async def compare(self) -> None:
        """Ask conversations to look again whose reminders no longer hold. Raises RedisError, InboxFull.

        Every bot does so with its own copy of the directory, also at its start, so that none has to
        know what the others saw.
        """
        version = self._directory.version
        if version == self._checked:
            return
        looked_through = 0
        async for conversation in self._index.conversations():
            await self._compare_one(conversation, version)
            looked_through += 1
            if looked_through % _CHECKS_A_PAUSE == 0:
                await asyncio.sleep(_STEP_S)
        self._checked = version

    async def _compare_one(self, conversation: str, version: int) -> None:
        memory = await self._store.load(conversation)
        turn = _turn(conversation, "recheck")
        if memory.session is None or memory.reach is None:
            return
        try:
            if not broken(self._directory.index, memory.session.reminders, turn.at):
                return
        except HoursError:
            # One office whose hours nobody can read must not end the bot, again at every start.
            log.error("reminder_not_compared")
            return
        # The time makes the key another one for each bot: the one that answers may have an older copy
        # of the directory than this one, and is asked again when it has the newer.
        await self._put(memory.reach, turn, f"recheck:{conversation}:{version}:{turn.at.isoformat()}")

    async def _put(self, reach: Reach, turn: Turn, update_key: str) -> None:
        await self._inbox.put(Envelope(reach.channel, reach.address, turn), update_key)


def _turn(conversation: str, payload: str) -> Turn:
    return Turn(conversation, "due", datetime.now(UTC), payload=payload)


def _member(conversation: str, reminder_id: str) -> str:
    return f"{conversation}:{reminder_id}"


def _due(reminder: Reminder) -> float:
    return datetime.fromisoformat(reminder.due).timestamp()
