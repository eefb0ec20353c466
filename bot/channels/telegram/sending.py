"""Replies to Telegram: the limits on sending, and what its errors mean for us."""

from __future__ import annotations

import base64
import time
from contextlib import suppress

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import Gone, Undeliverable
from bot.channels.messages import plain_text
from bot.channels.telegram.keyboards import markup
from bot.inbox import Envelope
from bot.rate import SendingRate
from bot.types import Reply
from bot.worker import TryAgain

log = structlog.get_logger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_ACTIONS_APART_S = 0.2
"""At most five times a second, over all chats: to show that we write must never crowd out what we write."""


class TelegramChannel:
    """Sends replies through the Bot API."""

    def __init__(self, bot: Bot, rate: SendingRate) -> None:
        self._bot = bot
        self._rate = rate
        self._next_action = 0.0
        """When the next chat action may leave, in monotonic seconds."""

    async def received(self, envelope: Envelope) -> None:
        """Stop the pressed button's spinner. Too late is no harm: the answer itself follows."""
        if envelope.callback:
            with suppress(TelegramError):
                await self._bot.answer_callback_query(envelope.callback)

    async def busy(self, envelope: Envelope) -> None:
        """Show "typing"; left out where others were shown just now, or Telegram asked to wait."""
        now = time.monotonic()
        if now < self._next_action:
            return
        self._next_action = now + _ACTIONS_APART_S
        try:
            await self._bot.send_chat_action(int(envelope.address), ChatAction.TYPING)
        except RetryAfter as error:
            self._next_action = now + retry_seconds(error)
        except TelegramError as error:
            log.debug("typing_not_shown", error=type(error).__name__)

    async def send(self, envelope: Envelope, reply: Reply) -> None:
        try:
            if not await self._replaced(envelope, reply):
                await self._sent(envelope, reply)
        except RetryAfter as error:
            await self._rate.refused(envelope.turn.conversation, retry_seconds(error))
            raise TryAgain("Telegram asks to wait") from None
        except Forbidden:
            raise Gone("Forbidden") from None
        except ChatMigrated:
            raise Undeliverable("ChatMigrated") from None
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                raise Gone("chat not found") from None
            # A mistake of ours; the reason is Telegram's words, never the person's.
            log.error("reply_refused", reason=error.message[:80])
            raise Undeliverable("refused") from None
        except InvalidToken:
            raise TryAgain("the token is no longer valid") from None
        except TelegramError as error:
            raise TryAgain(type(error).__name__) from None

    async def _replaced(self, envelope: Envelope, reply: Reply) -> bool:
        """Put the reply in the place of the message whose button was pressed; False where that cannot be."""
        keyboard = markup(reply)
        if not (reply.replaces and envelope.message_id) or reply.document:
            return False
        if keyboard is not None and not isinstance(keyboard, InlineKeyboardMarkup):
            return False  # A keyboard under the input field comes with a new message only.
        await self._rate.wait(envelope.turn.conversation)
        try:
            await self._bot.edit_message_text(
                reply.html,
                int(envelope.address),
                envelope.message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard,
            )
        except (BadRequest, InvalidToken) as error:
            # The same step pressed twice, or tried again after a time-out, is done. A server that does not
            # know the call answers as for a wrong token: whether the token is wrong, sending will tell.
            done = "not modified" in error.message.lower()
            if not done:
                log.info("edit_refused", reason=error.message[:80])
            return done
        return True

    async def _sent(self, envelope: Envelope, reply: Reply) -> None:
        try:
            await self._post(envelope, reply, reply.html, ParseMode.HTML)
        except BadRequest as error:
            if "parse entities" not in error.message.lower():
                raise
            log.error("markup_refused", reason=error.message[:80])
            await self._post(envelope, reply, plain_text(reply.html), None)

    async def _post(self, envelope: Envelope, reply: Reply, text: str, mode: ParseMode | None) -> None:
        await self._rate.wait(envelope.turn.conversation)
        address, keyboard = int(envelope.address), markup(reply)
        if reply.document:
            await self._bot.send_document(
                address,
                base64.b64decode(reply.document.content),
                filename=reply.document.name,
                caption=text or None,
                parse_mode=mode,
                reply_markup=keyboard,
            )
            return
        await self._bot.send_message(
            address, text, parse_mode=mode, link_preview_options=_NO_PREVIEW, reply_markup=keyboard
        )


def retry_seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait, in seconds."""
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()
