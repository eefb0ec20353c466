"""The worker answers everything once, in order, whoever dies on the way."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot import keys
from bot.connection import redis_client
from bot.inbox import Entry, Inbox
from bot.lease import Lease
from bot.worker import Handler, NotHere, TryAgain, Worker
from tests.bot_factory import a_vault, an_envelope


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    async with redis_client(valkey) as client:
        yield client


@pytest.fixture
def inbox(redis: Redis) -> Inbox:
    return Inbox(redis, a_vault())


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "LEASE_MS", 400)
    monkeypatch.setattr(keys, "LEASE_RENEW_MS", 100)


def worker(redis: Redis, inbox: Inbox, handler: Handler) -> Worker:
    return Worker(inbox, lambda partition, owner: Lease(redis, partition, owner), handler)


class Answered:
    """Records what was handled, by conversation, and when a number of entries is reached."""

    def __init__(self, expected: int) -> None:
        self.texts: dict[str, list[str]] = defaultdict(list)
        self._expected = expected
        self.all = asyncio.Event()

    async def __call__(self, entry: Entry) -> None:
        turn = entry.envelope.turn
        self.texts[turn.conversation].append(turn.text)
        if sum(map(len, self.texts.values())) >= self._expected:
            self.all.set()


async def run_until(event: asyncio.Event, *workers: Worker) -> None:
    running = [asyncio.create_task(one.run()) for one in workers]
    await asyncio.wait_for(event.wait(), 20)
    for one in workers:
        one.stop()
    await asyncio.gather(*running)


async def fill(inbox: Inbox, conversations: int, turns: int) -> None:
    for number in range(turns):
        for conversation in range(conversations):
            await inbox.put(
                an_envelope(str(number), conversation=f"c{conversation}"), f"t:{conversation}:{number}"
            )


async def test_every_conversation_is_answered_in_order(redis: Redis, inbox: Inbox) -> None:
    await fill(inbox, conversations=20, turns=10)
    answered = Answered(200)
    await run_until(answered.all, worker(redis, inbox, answered))
    assert all(texts == [str(n) for n in range(10)] for texts in answered.texts.values())
    assert await inbox.waiting() == 0


async def test_two_workers_share_without_answering_twice(redis: Redis, inbox: Inbox) -> None:
    await fill(inbox, conversations=20, turns=10)
    answered = Answered(200)
    await run_until(answered.all, worker(redis, inbox, answered), worker(redis, inbox, answered))
    assert all(texts == [str(n) for n in range(10)] for texts in answered.texts.values())


async def test_a_slow_conversation_does_not_hold_up_the_others(redis: Redis, inbox: Inbox) -> None:
    await inbox.put(an_envelope("slow", conversation="a"), "t:slow")
    same_partition = next(f"c{n}" for n in range(100) if keys.partition_of(f"c{n}") == keys.partition_of("a"))
    await inbox.put(an_envelope("quick", conversation=same_partition), "t:quick")
    quick_is_done, slow_may_end = asyncio.Event(), asyncio.Event()

    async def handler(entry: Entry) -> None:
        if entry.envelope.turn.text == "quick":
            quick_is_done.set()
        else:
            await slow_may_end.wait()

    running = asyncio.create_task(run_until(slow_may_end, worker(redis, inbox, handler)))
    await asyncio.wait_for(quick_is_done.wait(), 10)
    slow_may_end.set()
    await running


async def test_what_a_dead_worker_held_is_answered_by_the_next(redis: Redis, inbox: Inbox) -> None:
    await fill(inbox, conversations=8, turns=1)
    for partition in range(keys.INBOX_PARTITIONS):
        # A worker killed in the act: it has the lease and has read, and does nothing any more.
        await Lease(redis, partition, "dead").acquire()
        await inbox.prepare(partition)
        await inbox.next(partition, "dead", 100, 1)
    answered = Answered(8)
    await run_until(answered.all, worker(redis, inbox, answered))
    assert await inbox.waiting() == 0


async def test_an_entry_that_cannot_be_answered_now_keeps_its_turn(
    redis: Redis, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker._RETRY_S", (0.01,))
    await fill(inbox, conversations=1, turns=3)
    answered = Answered(3)
    failures = iter([True, True])

    async def handler(entry: Entry) -> None:
        if next(failures, False):
            raise TryAgain("the channel is away")
        await answered(entry)

    await run_until(answered.all, worker(redis, inbox, handler))
    assert answered.texts["c0"] == ["0", "1", "2"]


async def test_an_entry_that_breaks_the_handler_does_not_stop_the_next(redis: Redis, inbox: Inbox) -> None:
    await fill(inbox, conversations=1, turns=2)
    answered = Answered(1)

    async def handler(entry: Entry) -> None:
        if entry.envelope.turn.text == "0":
            raise ZeroDivisionError
        await answered(entry)

    await run_until(answered.all, worker(redis, inbox, handler))
    assert answered.texts["c0"] == ["1"]
    assert await inbox.waiting() == 0


async def test_more_abandoned_entries_than_fit_in_hand_are_all_answered(redis: Redis, inbox: Inbox) -> None:
    for number in range(400):
        await inbox.put(an_envelope(str(number), conversation="c0"), f"t:{number}")
    partition = keys.partition_of("c0")
    await inbox.prepare(partition)
    await inbox.next(partition, "dead", 1000, 1)
    answered = Answered(400)
    await run_until(answered.all, worker(redis, inbox, answered))
    assert answered.texts["c0"] == [str(number) for number in range(400)]


async def test_it_stops_while_the_channel_is_away_and_keeps_the_entry(redis: Redis, inbox: Inbox) -> None:
    await fill(inbox, conversations=1, turns=1)
    tried = asyncio.Event()

    async def handler(entry: Entry) -> None:
        tried.set()
        raise TryAgain("the channel is away")

    await run_until(tried, worker(redis, inbox, handler))
    assert await inbox.waiting() == 1


async def test_an_entry_of_a_channel_that_is_not_served_here_is_kept(redis: Redis, inbox: Inbox) -> None:
    await fill(inbox, conversations=1, turns=2)
    answered = Answered(1)

    async def handler(entry: Entry) -> None:
        if entry.envelope.turn.text == "0":
            raise NotHere("the channel is not served")
        await answered(entry)

    await run_until(answered.all, worker(redis, inbox, handler))
    assert answered.texts["c0"] == ["1"]
    assert await inbox.waiting() == 1
