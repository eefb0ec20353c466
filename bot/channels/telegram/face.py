"""The bot's face in Telegram: the list of commands, in three languages."""

from __future__ import annotations

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.conversation.respond import COMMANDS_SHOWN, DEFAULT_LANGUAGE
from bot.texts import texts
from bot.types import LANGUAGES

log = structlog.get_logger(__name__)


async def show_commands(bot: Bot) -> None:
    """Tell Telegram the commands; a refusal never stops the bot."""
    try:
        for language in LANGUAGES:
            commands = [(command, texts(language).t(label)) for command, label in COMMANDS_SHOWN]
            await bot.set_my_commands(commands, language_code=language)
            if language == DEFAULT_LANGUAGE:
                await bot.set_my_commands(commands)
    except TelegramError as error:
        log.warning("commands_not_shown", error=type(error).__name__)
