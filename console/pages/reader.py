"""The reader of a page: to the bot's words somebody who speaks a language and looks at a place."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from bot.conversation.context import Context
from bot.conversation.deeplink import place_of
from bot.conversation.session import Session
from bot.types import Language, Turn
from services_directory.search import DirectoryIndex


def reader(language: Language, directory: DirectoryIndex, now: datetime, ags: str = "") -> Context:
    """The context the bot's wording is made in, without any conversation."""
    return Context(
        Turn("", "command", now),
        Session(language, place=place_of(ags)),
        None,
        directory,
        settings.OPERATOR_NAME,
        settings.TELEGRAM_BOT_USERNAME,
    )
