"""Reports that something in the directory or in an answer is wrong, on their way to staff."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import Any

from redis.asyncio import Redis

from bot import keys
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session

EVENT = "wrong_information"

# KEYS: the stream, the conversation's count of the day. ARGV: how long a day is (seconds), how many reports
# it has, how many the stream, then the report's fields and values.
_ADD = """
local count = redis.call('INCR', KEYS[2])
if count == 1 then redis.call('EXPIRE', KEYS[2], ARGV[1]) end
if count > tonumber(ARGV[2]) then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', unpack(ARGV, 4))
return 1
"""


class Reports:
    """Appends each report to a stream that the console empties.

    A report says what is wrong with which listing or topic; it holds no conversation and no words.
    Its key tells a report that was written twice (after a crash) from a second one. Of one conversation a
    day's worth is taken (`keys.REPORTS_A_DAY`).
    """

    def __init__(self, redis: Redis) -> None:
        self._add = redis.register_script(_ADD)

    async def follow(self, conversation: str, entry_id: str, before: Session, outcome: Outcome) -> None:
        """Pass the turn's reports on."""
        for number, event in enumerate(outcome.events):
            if event.name == EVENT:
                report = {**_report(event.data), "key": _key(conversation, entry_id, number)}
                await self._add(
                    keys=[keys.REPORTS, keys.reports_of(conversation)],
                    args=[keys.REPORTS_DAY_S, keys.REPORTS_A_DAY, keys.REPORTS_MAX, *chain(*report.items())],
                )


def _report(data: dict[str, Any]) -> dict[str, str]:
    return {name: str(data.get(name) or "")[:40] for name in ("listing", "topic", "reason")}


def _key(conversation: str, entry_id: str, number: int) -> str:
    """The same for the same event and for no other. Made from its place in the inbox, not from the person."""
    place = f"{keys.partition_of(conversation)}:{entry_id}:{number}"
    return hashlib.blake2b(place.encode(), digest_size=16).hexdigest()
