"""The one place where the bot is put together from its parts. Nothing connects before `run`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from telegram import Bot
from telegram.request import HTTPXRequest

from bot import hotlines, texts
from bot.answers import answers
from bot.channels.base import Channel
from bot.channels.preview import NAME as PREVIEW
from bot.channels.preview import PreviewChannel
from bot.channels.telegram.face import show_face
from bot.channels.telegram.inline import InlineQueries
from bot.channels.telegram.receiving import Polling, Receiver, Webhook
from bot.channels.telegram.sending import TelegramChannel
from bot.channels.telegram.updates import NAME as TELEGRAM
from bot.channels.telegram.updates import UpdateReader
from bot.channels.telegram.voice import VoiceMessages
from bot.connection import redis_client
from bot.conversation.respond import Core
from bot.directory import Directory
from bot.documents import pdf
from bot.handling import TurnHandler
from bot.inbox import Inbox
from bot.lease import Lease
from bot.notices import NoticeRounds, Subscribers
from bot.rate import SendingRate
from bot.reminders import ReminderIndex, Reminders
from bot.reports import Reports
from bot.sessions import SessionStore
from bot.settings import Settings
from bot.tasks import end
from bot.understanding.danger import DangerLexicon
from bot.understanding.language import LanguageDetector
from bot.understanding.nlu import Nlu
from bot.understanding.understand import Understander
from bot.vault import Vault
from bot.voice import Transcriber, VoiceUnavailable, recogniser
from bot.worker import Worker
from gazetteer.resolver import Resolver
from services_directory.hours import is_public_holiday

log = structlog.get_logger(__name__)

_SEND_CONNECTIONS = 32
_REDIS_WAIT_S = 30


@dataclass(frozen=True, slots=True)
class Parts:
    """The running bot's parts that others look at."""

    worker: Worker
    loops: tuple[Coroutine[Any, Any, None], ...]
    """What must run beside the worker for as long as it does."""


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Parts]:
    """Build everything, warm it up, and close it in the reverse order.

    Raises telegram.error.InvalidToken for a wrong token, telegram.error.NetworkError when the Bot API
    cannot be reached, and redis errors when Redis cannot.
    """
    async with AsyncExitStack() as stack:
        vault = Vault(settings.secret_key.get_secret_value(), settings.transcript_key.get_secret_value())
        redis = await stack.enter_async_context(redis_client(settings.redis_url))
        await _answering(redis)
        nlu = await stack.enter_async_context(Nlu(settings.nlu_url, settings.nlu_timeout_s))
        understander = await asyncio.to_thread(_understander, nlu)
        directory = Directory(redis)
        await directory.refresh()
        inbox = Inbox(redis, vault)
        channels: dict[str, Channel] = {PREVIEW: PreviewChannel(redis, vault)}
        warming = asyncio.create_task(nlu.warm_up())
        stack.push_async_callback(end, [warming])
        loops: list[Coroutine[Any, Any, None]] = [directory.run()]
        bot = None
        if settings.telegram_bot_token.get_secret_value():
            bot = await stack.enter_async_context(_telegram_bot(settings))
        ears = await _ears(settings, bot, stack) if bot else None
        core = Core(lambda: directory.index, settings.operator_name, bot.username if bot else "", bool(ears))
        if bot:
            inline = await stack.enter_async_context(InlineQueries(bot, understander, core))
            # Beside everything else: the face can wait, the first message cannot.
            facing = asyncio.create_task(show_face(bot, settings.operator_name))
            stack.push_async_callback(end, [facing])
            channels[TELEGRAM] = TelegramChannel(bot, SendingRate(redis))
            reader = UpdateReader(vault, bot.username, hears=bool(ears))
            loops.append(_receiving(settings, bot, vault, Receiver(reader, inbox, inline)).run())
            log.info("telegram", username=bot.username, way="webhook" if settings.webhook_url else "polling")
        subscribers = Subscribers(redis)
        due = ReminderIndex(redis)
        store = SessionStore(redis, vault, (subscribers, Reports(redis), due))
        reminders = Reminders(due, store, inbox, directory)
        loops += [reminders.keep_time(), reminders.keep_true()]
        loops.append(NoticeRounds(redis, store, inbox, subscribers).run())
        handler = TurnHandler(store, understander, core.respond, core.apologise, channels, ears)
        worker = Worker(inbox, lambda partition, owner: Lease(redis, partition, owner), handler)
        yield Parts(worker, tuple(loops))


async def run(settings: Settings, stopping: asyncio.Event) -> None:
    """Serve until `stopping` is set; then finish what is in hand."""
    async with assembled(settings) as parts:
        background = [asyncio.create_task(loop) for loop in parts.loops]
        working = asyncio.create_task(parts.worker.run())
        asked_to_stop = asyncio.create_task(stopping.wait())
        try:
            # Any loop that ends by itself ends the bot: half a bot is worse than a restarted one.
            done, _ = await asyncio.wait(
                {*background, working, asked_to_stop}, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done - {asked_to_stop}:
                task.result()
        finally:
            parts.worker.stop()
            await end((*background, asked_to_stop))
            await asyncio.gather(working, return_exceptions=True)


async def _answering(redis: Redis) -> None:
    """Wait for a Redis that starts at the same time; give up after `_REDIS_WAIT_S`."""
    for attempt in range(_REDIS_WAIT_S):
        try:
            await redis.ping()
            return
        except RedisError as error:
            if attempt == _REDIS_WAIT_S - 1:
                raise
            log.info("waiting_for_redis", error=type(error).__name__)
            await asyncio.sleep(1)


def _understander(nlu: Nlu) -> Understander:
    """Load everything that takes time to load, once, before the first message."""
    texts.warm_up()
    answers()
    hotlines.hotlines()
    pdf.warm_up()
    is_public_holiday(datetime.now(UTC).date())
    language = LanguageDetector()
    language.warm_up()
    return Understander(language, DangerLexicon.load(), nlu, Resolver.load(), within_s=nlu.timeout_s)


def _telegram_bot(settings: Settings) -> Bot:
    base = settings.telegram_api_url.rstrip("/")
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connection_pool_size=_SEND_CONNECTIONS, read_timeout=15),
    )


async def _ears(settings: Settings, bot: Bot, stack: AsyncExitStack) -> VoiceMessages | None:
    """What listens to voice messages, where it is switched on and can be; without it the bot goes on."""
    if not settings.voice_model:
        return None
    try:
        listen = await asyncio.to_thread(recogniser, Path(settings.voice_model))
    except VoiceUnavailable as reason:
        log.warning("voice_off", reason=str(reason))
        return None
    log.info("voice_on", model=settings.voice_model)
    return VoiceMessages(bot, stack.enter_context(Transcriber(listen)))


def _receiving(settings: Settings, bot: Bot, vault: Vault, receiver: Receiver) -> Polling | Webhook:
    if not settings.webhook_url:
        return Polling(bot, receiver)
    secret = settings.webhook_secret.get_secret_value() or vault.webhook_secret()
    return Webhook(bot, receiver, settings.webhook_url, settings.webhook_port, secret)
