"""The connection to Redis, for the bot and the console alike."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError


def redis_client(url: str) -> Redis:
    """A client that reconnects by itself after Redis was away."""
    retry = Retry(ExponentialBackoff(cap=1, base=0.05), retries=3)
    return Redis.from_url(url, retry=retry, retry_on_error=[RedisConnectionError], health_check_interval=15)
