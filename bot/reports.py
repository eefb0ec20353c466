"""Reports that something in the directory or in an answer is wrong, on their way to staff."""

from __future__ import annotations

import hashlib
from typing import Any

from redis.asyncio import Redis

from bot import keys
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session

EVENT = "wrong_information"


class Reports:
    """Appends each report to a stream that the console empties.

    A report says what is wrong with which listing or topic; it holds no conversation and no words.
    Its key tells a report that was written twice (after a crash) from a second one.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def follow(self, conversation: str, entry_id: str, before: Session, outcome: Outcome) -> None:
        """Pass the turn's reports on."""
        for number, event in enumerate(outcome.events):
            if event.name == EVENT:
                report = _report(event.data) | {"key": _key(conversation, entry_id, number)}
                await self._redis.xadd(keys.REPORTS, report, maxlen=keys.REPORTS_MAX)


def _report(data: dict[str, Any]) -> dict[Any, Any]:
    return {name: str(data.get(name) or "")[:40] for name in ("listing", "topic", "reason")}


def _key(conversation: str, entry_id: str, number: int) -> str:
    """The same for the same event and for no other; it leads back to nothing."""
    return hashlib.blake2b(f"{conversation}:{entry_id}:{number}".encode(), digest_size=16).hexdigest()
