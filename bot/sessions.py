"""Sessions and unsent replies in Redis, sealed.

A turn's new session and its replies are stored in one transaction. If the worker dies while
sending, its successor finds the replies and goes on where sending stopped, instead of answering
the turn a second time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import structlog
from redis.asyncio import Redis

from bot import keys
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.inbox import Envelope, entry_order
from bot.types import Button, Document, Reply
from bot.vault import Vault, VaultError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The replies to one inbox entry, and how many of them are sent."""

    entry_id: str
    replies: tuple[Reply, ...]
    sent: int = 0
    forget: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person who asked to be written to later can be reached."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Memory:
    """All that is stored of a conversation for answering its next turn."""

    session: Session | None = None
    last_entry: str = ""
    outbox: Outbox | None = None
    reach: Reach | None = None

    def answered(self, entry_id: str) -> bool:
        """Whether this entry was answered before (its acknowledgement got lost)."""
        return bool(self.last_entry) and entry_order(entry_id) <= entry_order(self.last_entry)


class Follower(Protocol):
    """Something outside the conversation's own keys that follows from what a turn led to."""

    async def follow(self, conversation: str, entry_id: str, before: Session, outcome: Outcome) -> None:
        """Called before the outcome is stored, and again for the same entry where that failed.

        `before` is the session the turn began with. An outcome that forgets comes with an empty session.
        """


class SessionStore:
    """Loads and stores the memory of conversations."""

    def __init__(self, redis: Redis, vault: Vault, followers: Sequence[Follower] = ()) -> None:
        self._redis = redis
        self._vault = vault
        self._followers = followers

    async def load(self, conversation: str) -> Memory:
        """The conversation's memory; an empty one where there is none or it cannot be opened."""
        session_key, outbox_key = keys.session(conversation), keys.outbox(conversation)
        raw: list[Any] = await self._redis.mget(session_key, outbox_key)
        raw_session, raw_outbox = raw
        memory = Memory()
        try:
            if raw_session:
                data = json.loads(self._vault.open(raw_session, session_key))
                reach = Reach(**data["reach"]) if data.get("reach") else None
                memory = Memory(Session.from_dict(data["session"]), data["last_entry"], reach=reach)
            if raw_outbox:
                memory = replace(memory, outbox=_outbox(json.loads(self._vault.open(raw_outbox, outbox_key))))
        except (VaultError, ValueError, TypeError, KeyError) as error:
            log.warning("memory_unreadable", error=type(error).__name__)
        return memory

    async def save(
        self, envelope: Envelope, entry_id: str, before: Session | None, outcome: Outcome
    ) -> Outbox:
        """Store what the turn led to, before anything is sent."""
        conversation = envelope.turn.conversation
        for follower in self._followers:
            await follower.follow(conversation, entry_id, before or Session(), outcome)
        outbox = Outbox(entry_id, outcome.replies, forget=outcome.forget)
        session: dict[str, Any] = {"session": outcome.session.to_dict(), "last_entry": entry_id}
        if outcome.session.may_be_written_to:
            session["reach"] = asdict(Reach(envelope.channel, envelope.address))
        events_key = keys.events(conversation)
        async with self._redis.pipeline(transaction=True) as pipe:
            self._set(
                pipe, keys.session(conversation), session, keys.SESSION_IDLE_S, renew=_is_theirs(envelope)
            )
            self._set(pipe, keys.outbox(conversation), asdict(outbox), keys.OUTBOX_S)
            for event in outcome.events:
                sealed = self._vault.seal(json.dumps(asdict(event)).encode(), events_key)
                pipe.xadd(events_key, {"sealed": sealed}, maxlen=keys.EVENTS_MAX)
                pipe.expire(events_key, keys.EVENTS_S)
            await pipe.execute()
        return outbox

    async def mark_sent(self, conversation: str, outbox: Outbox) -> None:
        """Note how many replies are sent, so that none is repeated after a crash."""
        async with self._redis.pipeline(transaction=True) as pipe:
            self._set(pipe, keys.outbox(conversation), asdict(outbox), keys.OUTBOX_S)
            await pipe.execute()

    async def close_outbox(self, conversation: str) -> None:
        await self._redis.delete(keys.outbox(conversation))

    async def forget(self, conversation: str) -> None:
        """Delete everything stored under the conversation's name."""
        await self._redis.delete(
            keys.session(conversation),
            keys.outbox(conversation),
            keys.events(conversation),
            keys.chat_rate(conversation),
        )
        # The preview's page still has to read the receipt, which says nothing about the person.
        await self._redis.xtrim(keys.preview_replies(conversation), maxlen=1, approximate=False)

    def _set(self, pipe: Any, key: str, value: dict[str, Any], expires_s: int, *, renew: bool = True) -> None:
        pipe.set(
            key, self._vault.seal(json.dumps(value, ensure_ascii=False).encode(), key), keepttl=not renew
        )
        pipe.expire(key, expires_s, nx=not renew)


def _is_theirs(envelope: Envelope) -> bool:
    """Whether the person did something: what the bot says unasked does not prolong what is kept of them."""
    return envelope.turn.kind not in ("due", "member")


def _outbox(data: dict[str, Any]) -> Outbox:
    replies = tuple(reply_from_dict(reply) for reply in data["replies"])
    return Outbox(data["entry_id"], replies, data["sent"], data["forget"])


def reply_from_dict(data: dict[str, Any]) -> Reply:
    """Read what `asdict(reply)` wrote."""
    rows = tuple(tuple(Button(**button) for button in row) for row in data["buttons"])
    document = Document(**data["document"]) if data.get("document") else None
    return Reply(data["html"], rows, data["closes_keyboard"], document, data.get("replaces", False))
