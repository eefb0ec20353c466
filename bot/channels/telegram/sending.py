"""Replies to Telegram: keyboards, the limits on sending, and what its errors mean for us."""

from __future__ import annotations

from contextlib import suppress

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import Undeliverable
from bot.inbox import Envelope
from bot.rate import SendingRate
from bot.types import Button, Reply
from bot.worker import TryAgain

log = structlog.get_logger(__name__)

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """Sends replies through the Bot API."""

    def __init__(self, bot: Bot, rate: SendingRate) -> None:
        self._bot = bot
        self._rate = rate

    async def received(self, envelope: Envelope) -> None:
        """Stop the pressed button's spinner. Too late is no harm: the answer itself follows."""
        if envelope.callback:
            with suppress(TelegramError):
                await self._bot.answer_callback_query(envelope.callback)

    async def send(self, envelope: Envelope, reply: Reply) -> None:
        await self._rate.wait(envelope.turn.conversation)
        try:
            await self._bot.send_message(
                int(envelope.address),
                reply.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=markup(reply),
            )
        except RetryAfter as error:
            await self._rate.refused(envelope.turn.conversation, retry_seconds(error))
            raise TryAgain("Telegram asks to wait") from None
        except (Forbidden, ChatMigrated) as error:
            raise Undeliverable(type(error).__name__) from None
        except BadRequest as error:
            # Our mistake or a chat that is gone; the reason is Telegram's words, never the person's.
            log.error("reply_refused", reason=error.message[:80])
            raise Undeliverable("refused") from None
        except InvalidToken:
            raise TryAgain("the token is no longer valid") from None
        except TelegramError as error:
            raise TryAgain(type(error).__name__) from None


def markup(reply: Reply) -> Markup:
    """The keyboard of a reply: under the message, or under the input field where it asks for the location."""
    if reply.closes_keyboard:
        return ReplyKeyboardRemove()
    if not reply.buttons:
        return None
    if any(button.asks_location for row in reply.buttons for button in row):
        keys = [
            [KeyboardButton(b.label, request_location=b.asks_location) for b in row] for row in reply.buttons
        ]
        return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True)
    return InlineKeyboardMarkup([[_inline(button) for button in row] for row in reply.buttons])


def _inline(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.payload)


def retry_seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait, in seconds."""
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()
