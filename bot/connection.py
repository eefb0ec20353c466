"""The connection to Redis, for the bot and the console alike."""

from __future__ import annotations

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

_CONNECTIONS = 64
"""Many conversations at once share these; who finds none free waits instead of failing."""
_WAIT_S = 20


def redis_client(url: str) -> Redis:
    """A client that reconnects by itself after Redis was away. Raises ValueError for an unusable address."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=_WAIT_S,
        retry=Retry(ExponentialBackoff(cap=1, base=0.05), retries=3),
        retry_on_error=[RedisConnectionError],
        health_check_interval=15,
    )
    return Redis.from_pool(pool)
