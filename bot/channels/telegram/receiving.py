"""Receiving updates: each is in the inbox before Telegram is told that it arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

import structlog
from redis.exceptions import RedisError
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Updater

from bot.channels.telegram.inline import InlineQueries
from bot.channels.telegram.sending import retry_seconds
from bot.channels.telegram.updates import ALLOWED_UPDATES, NAME, UpdateReader
from bot.inbox import Inbox, InboxFull

log = structlog.get_logger(__name__)

_POLL_S = 25
_BACKOFF_S = (1, 2, 5, 10, 30)


class Receiver:
    """Puts updates into the inbox. Inline queries are no part of a conversation and go another way."""

    def __init__(self, reader: UpdateReader, inbox: Inbox, inline: InlineQueries | None = None) -> None:
        self._reader = reader
        self._inbox = inbox
        self._inline = inline

    async def take(self, update: Any) -> None:
        """Store one update; return only once it is stored or turned out not to need an answer."""
        try:
            if self._inline and (query := update.get("inline_query")):
                return self._inline.take(query)
            envelope = self._reader.read(update)
            update_key = f"{NAME}:{int(update['update_id'])}"
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("update_malformed", error=type(error).__name__)
            return
        if envelope is None:
            return
        attempt = 0
        while True:
            try:
                await self._inbox.put(envelope, update_key)
                return
            except (RedisError, InboxFull) as error:
                log.warning("inbox_refuses", error=type(error).__name__)
                await asyncio.sleep(_delay(attempt))
                attempt += 1


class Polling:
    """Long polling: asks for updates after the last stored one."""

    def __init__(self, bot: Bot, receiver: Receiver) -> None:
        self._bot = bot
        self._receiver = receiver
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled; a Telegram that is away is waited for."""
        attempt = 0
        while True:
            try:
                updates = await self._ask()
                attempt = 0
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning(
                    "polling_failed", error=type(error).__name__, another_bot=isinstance(error, Conflict)
                )
                if isinstance(error, Conflict):
                    await self._end_webhook()
                await asyncio.sleep(_pause(error, attempt))
                attempt += 1
                continue
            before = self._offset
            for update in updates:
                await self._receiver.take(update)
                self._offset = max(self._offset, _update_id(update) + 1)
            if updates and self._offset == before:
                await asyncio.sleep(_delay(0))  # Nothing in the batch had an id: do not ask in a circle.

    async def _end_webhook(self) -> None:
        """A webhook left over from another way of running refuses every poll."""
        with suppress(TelegramError):
            await self._bot.delete_webhook()

    async def _ask(self) -> list[Any]:
        # The plain JSON, not the library's objects: see bot.channels.telegram.updates.
        answer: object = await self._bot.do_api_request(
            "getUpdates",
            api_kwargs={"offset": self._offset, "timeout": _POLL_S, "allowed_updates": ALLOWED_UPDATES},
            read_timeout=_POLL_S + 10,
        )
        return answer if isinstance(answer, list) else []


class _InboxQueue:
    """What the library's webhook server puts updates into: the inbox instead of memory."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def put(self, update: Update) -> None:
        await self._receiver.take(update.to_dict())


class Webhook:
    """A web server for Telegram's calls; the secret token is checked before anything is read."""

    def __init__(self, bot: Bot, receiver: Receiver, url: str, port: int, secret: str) -> None:
        self._updater = Updater(bot, cast("asyncio.Queue[object]", _InboxQueue(receiver)))
        self._url, self._port, self._secret = url, port, secret

    async def run(self) -> None:
        """Serve until cancelled."""
        async with self._updater:
            await self._updater.start_webhook(
                listen="0.0.0.0",  # noqa: S104  a container's or a proxy's side decides who reaches it
                port=self._port,
                url_path="telegram",
                webhook_url=self._url.rstrip("/") + "/telegram",
                secret_token=self._secret,
                allowed_updates=ALLOWED_UPDATES,
            )
            try:
                await asyncio.Event().wait()
            finally:
                await self._updater.stop()


def _update_id(update: object) -> int:
    value = update.get("update_id") if isinstance(update, Mapping) else None
    return value if isinstance(value, int) else -1


def _pause(error: TelegramError, attempt: int) -> float:
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    return _delay(attempt)


def _delay(attempt: int) -> float:
    return _BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)]
