"""The QR code that opens the bot with the district set."""

from __future__ import annotations

import segno

from bot.conversation.deeplink import DeepLink
from bot.types import Language


def bot_link(username: str, ags: str, language: Language) -> str:
    """The address that opens the bot with place and language; empty where the bot's name is not known."""
    return DeepLink(ags, language=language).url(username) if username else ""


def as_image(url: str) -> str:
    """The code as the address of an image (`data:`), black on white so that every phone can read it."""
    return str(segno.make_qr(url, error="m").svg_data_uri(scale=5, light="#fff"))
