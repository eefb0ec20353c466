"""From a reply's buttons to Telegram's keyboards."""

from __future__ import annotations

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.types import Button, Reply

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None


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
