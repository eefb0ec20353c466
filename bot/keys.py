"""Every Redis key, expiry and limit, in one place. Units are in the names.

Hash tags in braces keep what belongs together in one slot of a Redis Cluster.
"""

from __future__ import annotations

import hashlib

INBOX_PARTITIONS = 4
"""Streams the inbox is spread over. A conversation always lands in the same one, and one worker
at a time owns it: that keeps a chat's order with any number of workers. Changing the number
needs an empty inbox."""
INBOX_GROUP = "workers"
INBOX_MAX_ENTRIES = 200_000
"""About a day of thirty messages a second with nobody answering would be 2.6 million; long
before that a person must look. Beyond the limit new updates are refused, none is dropped."""
UPDATE_SEEN_S = 24 * 3600
"""Telegram keeps undelivered updates for 24 hours, so none can come twice later than that."""

LEASE_MS = 4_000
LEASE_RENEW_MS = 1_000
"""A partition's owner renews four times within one lease; a dead owner is replaced after LEASE_MS."""

SESSION_IDLE_S = 180 * 24 * 3600
EVENTS_S = 30 * 24 * 3600
EVENTS_MAX = 200
OUTBOX_S = 24 * 3600
PREVIEW_REPLIES_S = 3600
PREVIEW_REPLIES_MAX = 200


DIRECTORY_SNAPSHOT = "directory:{directory}:snapshot"
DIRECTORY_VERSION = "directory:{directory}:version"
DIRECTORY_CHANNEL = "directory:changed"

TELEGRAM_RATE = "telegram:rate"

NOTICES_DUE = "notices:{notices}:due"
"""Sorted set: ids of notices handed over, by the time (Unix seconds) from which they are sent."""
NOTICE_SUBSCRIBERS = "notices:{notices}:subscribers"
NOTICE_RESULT_S = 30 * 24 * 3600
"""How long the console can fetch what became of a notice."""

REPORTS = "reports:{reports}:stream"
REPORTS_MAX = 100_000
"""What may wait for a console that is away: some twenty megabytes. Beyond that the oldest go."""
REPORTS_A_DAY = 20
"""Reports taken from one conversation in `REPORTS_DAY_S`; more of them help nobody."""
REPORTS_DAY_S = 24 * 3600


def notice(notice_id: str) -> str:
    return f"notices:{{notices}}:notice:{notice_id}"


def notice_progress(notice_id: str) -> str:
    return f"notices:{{notices}}:progress:{notice_id}"


def reports_of(conversation: str) -> str:
    """Counts a conversation's reports of a day. Hashed, because it may be forgotten before this expires."""
    return f"reports:{{reports}}:of:{hashlib.blake2b(conversation.encode(), digest_size=12).hexdigest()}"


def reminders_due(partition: int) -> str:
    """Sorted set: `conversation:reminder`, by the time (Unix seconds) the reminder is due."""
    return f"reminders:{{{partition}}}:due"


def inbox_stream(partition: int) -> str:
    return f"inbox:{{{partition}}}"


def inbox_seen(partition: int, update_key: str) -> str:
    """Hashed, because an update's key may name a conversation that is forgotten before the key expires."""
    return f"inbox:{{{partition}}}:seen:{hashlib.blake2b(update_key.encode(), digest_size=12).hexdigest()}"


def inbox_lease(partition: int) -> str:
    return f"inbox:{{{partition}}}:owner"


def partition_of(conversation: str) -> int:
    """The partition a conversation belongs to: stable across processes and restarts."""
    return int.from_bytes(hashlib.blake2b(conversation.encode(), digest_size=4).digest()) % INBOX_PARTITIONS


def session(conversation: str) -> str:
    return f"conversation:{{{conversation}}}:session"


def outbox(conversation: str) -> str:
    return f"conversation:{{{conversation}}}:outbox"


def events(conversation: str) -> str:
    return f"conversation:{{{conversation}}}:events"


def chat_rate(conversation: str) -> str:
    return f"conversation:{{{conversation}}}:rate"


def preview_replies(conversation: str) -> str:
    return f"conversation:{{{conversation}}}:preview"


def preview_turns(conversation: str) -> str:
    return f"conversation:{{{conversation}}}:preview_turns"
