"""A local HTTP server that speaks the Telegram Bot API, and people who write to the bot over it."""

from tests.botapi.errors import ApiError
from tests.botapi.person import Answer, Person
from tests.botapi.server import BotApiServer

__all__ = ["Answer", "ApiError", "BotApiServer", "Person"]
