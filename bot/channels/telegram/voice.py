"""Voice messages of Telegram: fetched into memory, listened to, and forgotten."""

from __future__ import annotations

import structlog
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.types import Language
from bot.voice import MAX_BYTES, NothingHeard, Transcriber, Transcript

log = structlog.get_logger(__name__)

_ATTEMPTS = 2


class VoiceMessages:
    """Fetches voice messages through the Bot API and has them written down."""

    def __init__(self, bot: Bot, transcriber: Transcriber) -> None:
        self._bot = bot
        self._transcriber = transcriber

    async def hear(self, file_id: str, current: Language | None) -> Transcript:
        """What is said in the message; `current` is the language spoken so far. Raises NothingHeard."""
        return await self._transcriber.transcribe(await self._fetched(file_id), current)

    async def _fetched(self, file_id: str) -> bytes:
        for _ in range(_ATTEMPTS):
            try:
                file = await self._bot.get_file(file_id)
                if (file.file_size or 0) > MAX_BYTES:
                    raise NothingHeard("too_long")
                return bytes(await file.download_as_bytearray())
            except TelegramError as error:
                # The address in the error's message holds the bot's token.
                log.warning("voice_not_fetched", error=type(error).__name__)
                if isinstance(error, BadRequest):
                    break
        raise NothingHeard("failed")
