"""From an inbox entry to sent replies: understand, respond, store, send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog
from redis.exceptions import RedisError

from bot.channels.base import Channel, Undeliverable
from bot.conversation.outcome import Outcome
from bot.conversation.respond import client_language
from bot.conversation.session import Session
from bot.inbox import Entry, Envelope
from bot.logs import where
from bot.sessions import Outbox, SessionStore
from bot.types import Turn, Understanding
from bot.understanding.understand import Understander
from bot.worker import NotHere

log = structlog.get_logger(__name__)

_NOTE_ATTEMPTS = 20

Respond = Callable[[Turn, Session | None, Understanding | None], Outcome]
"""The conversation core; `Understanding` is there for texts only."""


class TurnHandler:
    """Answers one entry at a time for a worker."""

    def __init__(
        self,
        store: SessionStore,
        understander: Understander,
        respond: Respond,
        apologise: Respond,
        channels: Mapping[str, Channel],
    ) -> None:
        self._store = store
        self._understander = understander
        self._respond = respond
        self._apologise = apologise
        self._channels = channels
        self._beside: set[asyncio.Task[None]] = set()

    async def __call__(self, entry: Entry) -> None:
        """Answer the entry, or go on with an answer that a dead worker left half sent."""
        envelope, conversation = entry.envelope, entry.envelope.turn.conversation
        if envelope.channel not in self._channels:
            raise NotHere(f"the channel {envelope.channel} is not served")
        memory = await self._store.load(conversation)
        if memory.outbox and memory.outbox.entry_id == entry.id:
            return await self._send(envelope, memory.outbox)
        if memory.answered(entry.id):
            return
        self._show_received(envelope)
        outcome = await self._outcome(envelope.turn, memory.session)
        await self._send(envelope, await self._store.save(envelope, entry.id, memory.session, outcome))

    async def _outcome(self, turn: Turn, session: Session | None) -> Outcome:
        understanding = None
        try:
            if turn.text:
                language = session.language if session else client_language(turn)
                understanding = await self._understander.understand(turn.text, language)
            return self._respond(turn, session, understanding)
        except Exception as error:
            # A mistake of ours must not leave the person without a word, least of all in danger.
            log.error("turn_failed", kind=turn.kind, error=type(error).__name__, where=where(error))
            return self._apologise(turn, session, understanding)

    async def _send(self, envelope: Envelope, outbox: Outbox) -> None:
        channel, conversation = self._channels[envelope.channel], envelope.turn.conversation
        while outbox.sent < len(outbox.replies):
            try:
                await channel.send(envelope, outbox.replies[outbox.sent])
            except Undeliverable as error:
                # The next reply may still arrive: one that Telegram refuses must not take the answer with it.
                log.info("undeliverable", channel=envelope.channel, reason=str(error))
            outbox = replace(outbox, sent=outbox.sent + 1)
            await self._note_sent(conversation, outbox)
        if outbox.forget:
            await self._store.forget(conversation)
        else:
            await self._store.close_outbox(conversation)

    async def _note_sent(self, conversation: str, outbox: Outbox) -> None:
        """Note what was sent, with patience: a failure here would send the same reply again."""
        for attempt in range(_NOTE_ATTEMPTS):
            try:
                return await self._store.mark_sent(conversation, outbox)
            except RedisError:
                if attempt == _NOTE_ATTEMPTS - 1:
                    raise
                await asyncio.sleep(0.5)

    def _show_received(self, envelope: Envelope) -> None:
        """Beside the answer, never before it: a hanging button must not hold the answer up."""
        task = asyncio.create_task(self._channels[envelope.channel].received(envelope))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
