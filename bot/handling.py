"""From an inbox entry to sent replies: understand, respond, store, send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import structlog
from redis.exceptions import RedisError

from bot.busy import BusySign
from bot.channels.base import Channel, Gone, Undeliverable
from bot.channels.messages import fitted
from bot.conversation import deeplink, sharing
from bot.conversation.outcome import Outcome
from bot.conversation.respond import client_language
from bot.conversation.session import Session
from bot.inbox import Entry, Envelope
from bot.logs import where
from bot.sessions import Outbox, SessionStore
from bot.types import Language, Turn, Understanding
from bot.understanding.understand import Understander
from bot.voice import NothingHeard, Transcript
from bot.worker import NotHere

log = structlog.get_logger(__name__)

_NOTE_ATTEMPTS = 20

Respond = Callable[[Turn, Session | None, Understanding | None], Outcome]
"""The conversation core; `Understanding` is there for texts only."""


class Ears(Protocol):
    """Listens to voice messages."""

    async def hear(self, file_id: str, current: Language | None) -> Transcript:
        """What was said in a voice message; `current` is the language spoken so far. Raises NothingHeard."""


class TurnHandler:
    """Answers one entry at a time for a worker."""

    def __init__(
        self,
        store: SessionStore,
        understander: Understander,
        respond: Respond,
        apologise: Respond,
        channels: Mapping[str, Channel],
        ears: Ears | None = None,
    ) -> None:
        self._store = store
        self._understander = understander
        self._respond = respond
        self._apologise = apologise
        self._channels = channels
        self._ears = ears
        self._beside: set[asyncio.Task[None]] = set()

    async def __call__(self, entry: Entry) -> None:
        """Answer the entry, or go on with an answer that a dead worker left half sent."""
        envelope, conversation = entry.envelope, entry.envelope.turn.conversation
        if envelope.channel not in self._channels:
            raise NotHere(f"the channel {envelope.channel} is not served")
        with BusySign(self._channels[envelope.channel], envelope) as sign:
            memory = await self._store.load(conversation)
            if memory.outbox and memory.outbox.entry_id == entry.id:
                return await self._send(envelope, memory.outbox, sign)
            if memory.answered(entry.id):
                return
            self._show_received(envelope)
            outcome = await self._outcome(envelope, memory.session)
            outbox = await self._store.save(envelope, entry.id, memory.session, outcome)
            await self._send(envelope, outbox, sign)

    async def _outcome(self, envelope: Envelope, session: Session | None) -> Outcome:
        turn, understanding = envelope.turn, None
        if turn.kind == "due":
            # It may have waited long, and what is said has to hold now.
            turn = replace(turn, at=datetime.now(UTC))
        language = session.language if session else client_language(turn)
        try:
            if self._ears and envelope.file_id:
                turn, language = await _listened(self._ears, envelope, language)
            if turn.text and not deeplink.opens(turn):
                understanding = await self._understander.understand(turn.text, language)
            if sharing.draws(turn):
                # Drawing takes long enough for other conversations to feel it.
                return _fitted(await asyncio.to_thread(self._respond, turn, session, understanding))
            return _fitted(self._respond(turn, session, understanding))
        except Exception as error:
            # A mistake of ours must not leave the person without a word, least of all in danger.
            log.error("turn_failed", kind=turn.kind, error=type(error).__name__, where=where(error))
            return self._apologise(turn, session, understanding)

    async def _send(self, envelope: Envelope, outbox: Outbox, sign: BusySign) -> None:
        channel, conversation = self._channels[envelope.channel], envelope.turn.conversation
        while outbox.sent < len(outbox.replies):
            reply = outbox.replies[outbox.sent]
            try:
                # Only the first can take the place of what was pressed; the others come below it.
                await channel.send(envelope, replace(reply, replaces=reply.replaces and not outbox.sent))
            except Gone as error:
                log.info("person_gone", channel=envelope.channel, reason=str(error))
                return await self._part(envelope, outbox)
            except Undeliverable as error:
                # The next reply may still arrive: one that Telegram refuses must not take the answer with it.
                log.info("undeliverable", channel=envelope.channel, reason=str(error))
            sign.restart()
            outbox = replace(outbox, sent=outbox.sent + 1)
            await self._note_sent(conversation, outbox)
        await self._end(conversation, outbox)

    async def _part(self, envelope: Envelope, outbox: Outbox) -> None:
        """Nothing reaches the person any more: drop what is unsent, and what was promised for later."""
        conversation = envelope.turn.conversation
        if outbox.forget:
            return await self._store.forget(conversation)
        session = (await self._store.load(conversation)).session
        blocked = replace(envelope.turn, kind="member", payload="blocked", text="", group=False)
        outcome = self._respond(blocked, session, None)
        await self._end(conversation, await self._store.save(envelope, outbox.entry_id, session, outcome))

    async def _end(self, conversation: str, outbox: Outbox) -> None:
        """Nothing is left to send."""
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


async def _listened(
    ears: Ears, envelope: Envelope, language: Language | None
) -> tuple[Turn, Language | None]:
    """The turn with what was said in it, and the language it was said in."""
    try:
        heard = await ears.hear(envelope.file_id, language)
    except NothingHeard as error:
        log.info("nothing_heard", reason=error.reason)
        return replace(envelope.turn, spoken=error.reason), language
    return replace(envelope.turn, spoken="heard", text=heard.text), heard.language


def _fitted(outcome: Outcome) -> Outcome:
    """Before it is stored, so that a text in two parts is counted part by part."""
    return replace(outcome, replies=fitted(outcome.replies))
