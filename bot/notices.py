"""Notices of the staff to those who asked for news: who they are, and the walk from one to the next.

Who gets a notice gets it through the inbox, like an answer. Its update key names notice and conversation,
so that nobody gets it twice; a cursor in Redis tells how far the walk came, so that a bot that dies is
followed by one that goes on. Two bots walking at once do no harm: they put and count the same things.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import keys
from bot.bulletin import Bulletin
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.inbox import Envelope, Inbox, InboxFull
from bot.sessions import Memory, SessionStore
from bot.types import Turn

log = structlog.get_logger(__name__)

PAUSE_S = 0.1
"""Ten notices a second leave two thirds of what Telegram allows to those who write now."""
_ROOM = 20
"""While as many entries as this wait in the inbox, notices wait too."""
_SLICE = 100
"""After as many people the next notice has its turn: "closed today" must not wait for the whole Land."""
_LOOK_S = 2
_TIDY_S = 24 * 3600

# KEYS: the notice's progress. ARGV: conversation, field to count in. Moves the cursor and counts, once for
# each conversation, however many bots come by.
_ADVANCE = """
if redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return 0 end
if (redis.call('HGET', KEYS[1], 'cursor') or '') >= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'cursor', ARGV[1])
return redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
"""


class Subscribers:
    """Who asked for the news of which district: one hash, from pseudonym to "AGS:language"."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # The types of its hash commands leave open whether they are awaited.

    async def follow(self, conversation: str, entry_id: str, before: Session, outcome: Outcome) -> None:
        """Keep the hash as the session says.

        Written at every turn, so that a lost entry comes back, and one goes whose session was lost.
        """
        after = outcome.session
        if after.notices:
            subscription = f"{after.notices}:{after.language}"
            await self._redis.hset(keys.NOTICE_SUBSCRIBERS, conversation, subscription)
        else:
            await self.remove(conversation)

    async def after(self, cursor: str, bulletin: Bulletin) -> list[str]:
        """Whom the bulletin concerns, in a fixed order, beginning behind the cursor."""
        found = await self._redis.hgetall(keys.NOTICE_SUBSCRIBERS)
        concerned = (name.decode() for name, value in found.items() if bulletin.concerns(_district(value)))
        return sorted(conversation for conversation in concerned if conversation > cursor)

    async def remove(self, conversation: str) -> None:
        await self._redis.hdel(keys.NOTICE_SUBSCRIBERS, conversation)

    async def remove_expired(self, conversation: str) -> None:
        """Remove somebody whose session ran out; not one whose session this bot's key does not open."""
        if not await self._redis.exists(keys.session(conversation)):
            await self.remove(conversation)

    async def tidy(self) -> None:
        """Remove all whose session ran out."""
        for name in await self._redis.hkeys(keys.NOTICE_SUBSCRIBERS):
            await self.remove_expired(name.decode())


class NoticeRounds:
    """Takes notices that are due and walks from subscriber to subscriber."""

    def __init__(
        self,
        redis: Redis,
        store: SessionStore,
        inbox: Inbox,
        subscribers: Subscribers,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._redis: Any = redis
        self._store = store
        self._inbox = inbox
        self._subscribers = subscribers
        self._pause_s = pause_s
        self._advance = redis.register_script(_ADVANCE)

    async def run(self) -> None:
        """Deliver what is due until cancelled; whatever fails is tried again."""
        tidied = 0.0
        while True:
            try:
                if time.time() - tidied > _TIDY_S:
                    await self._subscribers.tidy()
                    tidied = time.time()
                while await self.deliver_due():
                    pass
            except (RedisError, InboxFull) as error:
                log.warning("notices_wait", error=type(error).__name__)
            await asyncio.sleep(_LOOK_S)

    async def deliver_due(self) -> bool:
        """Go some way with every notice whose time has come; False where none is left."""
        due = await self._redis.zrangebyscore(keys.NOTICES_DUE, "-inf", time.time())
        for notice in due:
            await self._go_on(notice.decode())
        return bool(due)

    async def _go_on(self, notice: str) -> None:
        progress = await self._progress(notice)
        if "ended" in progress:
            return await self._end(notice, progress["ended"])
        try:
            bulletin = Bulletin.from_json(await self._redis.get(keys.notice(notice)) or b"")
        except ValueError:
            log.error("notice_unreadable", notice=notice)
            return await self._end(notice, "unreadable")
        ahead = await self._subscribers.after(progress.get("cursor", ""), bulletin)
        for conversation in ahead[:_SLICE]:
            await self._room(bulletin.until)
            if datetime.now(UTC) >= bulletin.until:
                return await self._end(notice, "expired")
            if await self._redis.zscore(keys.NOTICES_DUE, notice) is None:
                return  # Taken back by staff.
            await self._pass_on(bulletin, conversation)
            await asyncio.sleep(self._pause_s)
        if len(ahead) <= _SLICE:
            await self._end(notice, "finished")

    async def _pass_on(self, bulletin: Bulletin, conversation: str) -> None:
        memory = await self._store.load(conversation)
        envelope = _envelope(bulletin, conversation, memory)
        if envelope:
            await self._inbox.put(envelope, f"notice:{bulletin.id}:{conversation}")
        elif memory.session is None:
            await self._subscribers.remove_expired(conversation)
        counted = "sent" if envelope else "skipped"
        await self._advance(keys=[keys.notice_progress(bulletin.id)], args=[conversation, counted])

    async def _room(self, until: datetime) -> None:
        """Wait until few others wait for an answer."""
        while await self._inbox.waiting() >= _ROOM and datetime.now(UTC) < until:  # noqa: ASYNC110
            await asyncio.sleep(self._pause_s)

    async def _progress(self, notice: str) -> dict[str, str]:
        found = await self._redis.hgetall(keys.notice_progress(notice))
        return {name.decode(): value.decode() for name, value in found.items()}

    async def _end(self, notice: str, how: str) -> None:
        """Note how it ended; the cursor is a pseudonym and goes."""
        progress = keys.notice_progress(notice)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.zrem(keys.NOTICES_DUE, notice)
            pipe.hdel(progress, "cursor")
            pipe.hset(progress, "ended", how)
            pipe.expire(progress, keys.NOTICE_RESULT_S)
            pipe.delete(keys.notice(notice))
            await pipe.execute()
        log.info("notice_ends", notice=notice, how=how)


def _envelope(bulletin: Bulletin, conversation: str, memory: Memory) -> Envelope | None:
    """The notice as a turn of its own; None for somebody who no longer wants it or cannot be reached."""
    if memory.session is None or memory.reach is None or not bulletin.concerns(memory.session.notices):
        return None
    # The whole text goes along: the bot that answers the turn may not be the one that walks.
    turn = Turn(conversation, "due", datetime.now(UTC), payload=f"notice:{bulletin.to_json()}")
    return Envelope(memory.reach.channel, memory.reach.address, turn)


def _district(subscription: bytes) -> str:
    return subscription.decode().partition(":")[0]
