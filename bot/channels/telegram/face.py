"""The bot's face in Telegram: commands, descriptions and menu button, in three languages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import structlog
from telegram import Bot, BotCommand, MenuButtonCommands
from telegram.error import RetryAfter, TelegramError

from bot.conversation.respond import COMMANDS_SHOWN, DEFAULT_LANGUAGE
from bot.texts import N_, Texts, texts
from bot.types import LANGUAGES

log = structlog.get_logger(__name__)

DESCRIPTION = N_(
    "I show people from Ukraine who helps in Baden-Württemberg: papers, offices, housing, work, school. "
    "And psychologists, when things are hard. In Ukrainian, Russian and German.\n\n"
    "I am a program, not a person. Run by: {operator}\n"
    "In danger: call 112."
)
"""Shown in an empty chat, before the person presses Start: at most 512 characters."""
SHORT_DESCRIPTION = N_("Shows people from Ukraine who helps in Baden-Württemberg. Day and night.")
"""Shown on the bot's page and where somebody shares it: at most 120 characters."""


@dataclass(frozen=True, slots=True)
class _Feature:
    """One part of the face: how Telegram has it now, how it should be, and the call that changes it."""

    name: str
    wanted: object
    shown: Callable[[], Awaitable[object]]
    change: Callable[[], Awaitable[Any]]


async def show_face(bot: Bot, operator: str) -> None:
    """Tell Telegram what is not as it should be. A refusal stops neither the bot nor the rest of its face."""
    for feature in _features(bot, operator):
        try:
            if not await _is_shown(feature):
                await feature.change()
        except RetryAfter:
            log.warning("face_not_shown", part=feature.name, error="RetryAfter")
            return  # Asking on would only prolong it; the next start goes on.
        except TelegramError as error:
            log.warning("face_not_shown", part=feature.name, error=type(error).__name__)


async def _is_shown(feature: _Feature) -> bool:
    """Whether Telegram has it as it should be; where it does not say, it is told again."""
    try:
        return await feature.shown() == feature.wanted
    except RetryAfter:
        raise
    except TelegramError:
        return False


def _features(bot: Bot, operator: str) -> list[_Feature]:
    languages = [(DEFAULT_LANGUAGE, None), *((language, language) for language in LANGUAGES)]
    found = [_menu_button(bot)]
    for language, code in languages:
        said = texts(language)
        found += [
            _commands(bot, said, code),
            # No HTML here: what is filled in is shown as it is.
            _description(bot, unescape(said.t(DESCRIPTION, operator=operator)), code),
            _short_description(bot, said.t(SHORT_DESCRIPTION), code),
        ]
    return found


def _menu_button(bot: Bot) -> _Feature:
    button = MenuButtonCommands()
    return _Feature(
        "menu_button", button, bot.get_chat_menu_button, lambda: bot.set_chat_menu_button(menu_button=button)
    )


def _commands(bot: Bot, said: Texts, code: str | None) -> _Feature:
    commands = tuple(BotCommand(command, said.t(label)) for command, label in COMMANDS_SHOWN)
    return _Feature(
        "commands",
        commands,
        lambda: bot.get_my_commands(language_code=code),
        lambda: bot.set_my_commands(commands, language_code=code),
    )


def _description(bot: Bot, text: str, code: str | None) -> _Feature:
    async def shown() -> str:
        return (await bot.get_my_description(code)).description

    return _Feature("description", text, shown, lambda: bot.set_my_description(text, code))


def _short_description(bot: Bot, text: str, code: str | None) -> _Feature:
    async def shown() -> str:
        return (await bot.get_my_short_description(code)).short_description

    return _Feature("short_description", text, shown, lambda: bot.set_my_short_description(text, code))
