"""The preview channel: the same bot in a web page, by way of Redis.

The console puts turns into the same inbox as Telegram does, and reads replies from a short-lived
stream per preview conversation.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from bot import keys
from bot.channels.base import MAX_TEXT
from bot.inbox import Envelope, Inbox
from bot.sessions import reply_from_dict
from bot.streams import rows_of
from bot.types import Reply, Turn, TurnKind
from bot.vault import Vault

NAME = "preview"


class PreviewChannel:
    """The bot's side: replies go into the conversation's stream."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault

    async def received(self, envelope: Envelope) -> None:
        """Nothing to show: the page sees its own turns."""

    async def busy(self, envelope: Envelope) -> None:
        """Nothing to show: the page shows it by itself."""

    async def send(self, envelope: Envelope, reply: Reply) -> None:
        """Append the reply; the page replaces none, so that whoever tries the bot sees every step."""
        key = keys.preview_replies(envelope.turn.conversation)
        sealed = self._vault.seal(json.dumps(asdict(reply), ensure_ascii=False).encode(), key)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xadd(key, {"sealed": sealed}, maxlen=keys.PREVIEW_REPLIES_MAX)
            pipe.expire(key, keys.PREVIEW_REPLIES_S)
            await pipe.execute()


class PreviewVisitor:
    """The page's side: one visitor's turns and replies. `visitor` is a random id kept by the page."""

    def __init__(self, redis: Redis, vault: Vault, visitor: str) -> None:
        self._redis = redis
        self._vault = vault
        self._inbox = Inbox(redis, vault)
        self.conversation = vault.pseudonym(NAME, visitor)

    async def submit(
        self,
        kind: TurnKind,
        update_key: str,
        *,
        text: str = "",
        payload: str = "",
        client_language: str = "",
        latitude: float | None = None,
        longitude: float | None = None,
    ) -> bool:
        """Put a turn into the inbox; `update_key` makes a repeated request harmless. Raises InboxFull."""
        turn = Turn(
            self.conversation,
            kind,
            datetime.now(UTC),
            text=text[:MAX_TEXT],
            payload=payload,
            latitude=latitude,
            longitude=longitude,
            client_language=client_language,
        )
        envelope = Envelope(NAME, self.conversation, turn)
        return await self._inbox.put(envelope, f"{NAME}:{self.conversation}:{update_key}")

    async def replies(self, after: str = "0-0", block_ms: int | None = None) -> list[tuple[str, Reply]]:
        """Replies later than the stream id `after`, each with its own id; waits up to `block_ms` for one."""
        key = keys.preview_replies(self.conversation)
        answer: Any = await self._redis.xread({key: after}, block=block_ms)
        return [(entry_id.decode(), self._open(key, values)) for entry_id, values in rows_of(answer)]

    def _open(self, key: str, values: dict[bytes, bytes]) -> Reply:
        return reply_from_dict(json.loads(self._vault.open(values[b"sealed"], key)))
