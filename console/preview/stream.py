"""The bot's replies as server-sent events.

Each reply is an event whose id is its place in the conversation's stream: a browser that comes
back names the last id it saw and gets everything after it, once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import asdict

from redis.exceptions import RedisError

from bot.channels.preview import PreviewVisitor
from bot.types import Reply
from bot.vault import VaultError
from console.preview.refusal import Refused
from console.preview.shutdown import stopping

log = logging.getLogger(__name__)

READ_MS = 1_000
"""One reading waits this long for a reply: a stream notices within it that the server stops."""
KEEP_ALIVE_S = 15
"""A comment this often keeps proxies from closing a quiet connection."""
STREAM_S = 240
"""Then the stream ends and the browser comes back: who was signed out meanwhile is refused."""
_RETRY_MS = 1000
_ID = re.compile(r"\d{1,19}-\d{1,19}")

Found = list[tuple[str, Reply]]


def checked_id(value: str) -> str:
    """A stream id as the browser names it; the beginning where it names none. Raises Refused."""
    if not value:
        return "0-0"
    if not _ID.fullmatch(value):
        raise Refused(400, "malformed")
    return value


async def events(visitor: PreviewVisitor, after: str, backlog: Found) -> AsyncIterator[str]:
    """What is there already, the event `ready`, and then each reply as it comes, for STREAM_S seconds."""
    yield f"retry: {_RETRY_MS}\n\n"
    for event in _written(backlog):
        yield event
    yield "event: ready\ndata: {}\n\n"
    try:
        async for text in _as_they_come(visitor, _last(backlog, after)):
            yield text
    except (RedisError, VaultError) as error:
        # The headers are sent: ending is all that is left. The next request is told the reason.
        log.warning("preview: a stream of replies broke off (%s)", type(error).__name__)


async def _as_they_come(visitor: PreviewVisitor, after: str) -> AsyncIterator[str]:
    clock = asyncio.get_running_loop().time
    end, quiet_since = clock() + STREAM_S, clock()
    while clock() < end and not stopping():
        found = await visitor.replies(after, READ_MS)
        after = _last(found, after)
        if found or clock() - quiet_since >= KEEP_ALIVE_S:
            yield "".join(_written(found)) or ": still here\n\n"
            quiet_since = clock()


def _last(found: Found, before: str) -> str:
    return found[-1][0] if found else before


def _written(found: Found) -> list[str]:
    return [
        f"id: {entry_id}\nevent: reply\ndata: {json.dumps(asdict(reply), ensure_ascii=False)}\n\n"
        for entry_id, reply in found
    ]
