"""Telegram's limits are kept, and one chat's limit silences nobody else."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot import keys
from bot.connection import redis_client
from bot.rate import OVERALL_INTERVAL_MS, SendingRate


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    async with redis_client(valkey) as client:
        yield client


async def ahead_ms(redis: Redis, key: str) -> float:
    """How far in the future the next message may leave, by Redis's own clock."""
    seconds, microseconds = await redis.time()
    return float(await redis.get(key) or 0) - (seconds * 1000 + microseconds / 1000)


async def test_a_message_takes_its_share_of_both_limits(redis: Redis) -> None:
    await SendingRate(redis).wait("chat")
    assert 500 < await ahead_ms(redis, keys.chat_rate("chat")) <= 1000
    assert await ahead_ms(redis, keys.TELEGRAM_RATE) <= OVERALL_INTERVAL_MS


async def test_a_refusal_in_one_chat_leaves_the_others_alone(redis: Redis) -> None:
    rate = SendingRate(redis)
    await rate.refused("busy group", 30)
    assert await ahead_ms(redis, keys.chat_rate("busy group")) > 25_000
    assert await ahead_ms(redis, keys.TELEGRAM_RATE) <= 0


async def test_refusals_in_two_chats_mean_that_all_must_wait(redis: Redis) -> None:
    rate = SendingRate(redis)
    await rate.refused("one", 30)
    await rate.refused("another", 30)
    assert 25_000 < await ahead_ms(redis, keys.TELEGRAM_RATE) <= 30_000


async def test_refusals_at_once_do_not_add_up(redis: Redis) -> None:
    rate = SendingRate(redis)
    for chat in ("one", "two", "three", "four"):
        await rate.refused(chat, 10)
    assert await ahead_ms(redis, keys.TELEGRAM_RATE) <= 10_000
