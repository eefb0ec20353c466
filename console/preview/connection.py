"""What the preview shares with the bot: the connection to Redis, and the keys."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from functools import cache
from weakref import WeakKeyDictionary

from django.conf import settings
from redis.asyncio import Redis

from bot.connection import redis_client
from bot.vault import Vault
from console.preview.refusal import Refused

log = logging.getLogger(__name__)

_Open = AsyncGenerator[None, None]
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[_Open, Redis]] = WeakKeyDictionary()


async def shared_redis() -> Redis:
    """The one client of this process (strictly: of its event loop), opened at the first call.

    It is held by an asynchronous generator: an event loop closes those when it ends, and so the
    connections end with the server, without a hook of their own.
    """
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        client = redis_client(settings.REDIS_URL)
        _clients[loop] = (_held_open(client), client)
        await anext(_clients[loop][0])
    return _clients[loop][1]


async def _held_open(client: Redis) -> _Open:
    async with client:
        yield


def shared_vault() -> Vault:
    """The bot's own keys. Raises Refused where TRANSCRIPT_KEY is missing."""
    transcript_key = os.environ.get("TRANSCRIPT_KEY", "")
    if not transcript_key.strip(" ,"):
        log.error("preview: TRANSCRIPT_KEY is not set; give the console the same one as the bot")
        raise Refused(503, "not_configured")
    return _vault(settings.SECRET_KEY, transcript_key)


@cache
def _vault(secret_key: str, transcript_key: str) -> Vault:
    return Vault(secret_key, transcript_key)
