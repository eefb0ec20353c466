"""Reminders come back in time, once, whoever dies on the way and however many bots look after them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot import keys
from bot.connection import redis_client
from bot.conversation.outcome import Outcome
from bot.conversation.session import Reminder, Session
from bot.directory import Directory
from bot.inbox import Entry, Inbox, InboxFull
from bot.reminders import ReminderIndex, Reminders
from bot.sessions import SessionStore
from services_directory.hours import BERLIN, next_openings
from services_directory.snapshot import HoursException, Listing, Snapshot
from tests.bot_factory import a_vault, an_envelope
from tests.directory_factory import HEIDELBERG, listing

WHO = "c0ffee"
OFFICE = listing("im1", "integration_management", HEIDELBERG, opening_hours="Mo-Fr 09:00-12:00")
BEGIN = next_openings(OFFICE.opening_hours, datetime.now(BERLIN) + timedelta(days=3), 2)[1][0]
GREETED = Session(language="de", greeted=True)


def reminder(name: str = "r1", **fields: Any) -> Reminder:
    due = (BEGIN - timedelta(hours=2)).isoformat()
    return replace(Reminder(name, "im1", BEGIN.isoformat(), due, "Amt"), **fields)


class Parts:
    """What a bot has of the reminders; several of them can share one Redis."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.inbox = Inbox(redis, a_vault())
        self.index = ReminderIndex(redis)
        self.store = SessionStore(redis, a_vault(), (self.index,))
        self.directory = Directory(redis)
        self.reminders = Reminders(self.index, self.store, self.inbox, self.directory)

    async def remember(self, *kept: Reminder, conversation: str = WHO, **outcome: Any) -> None:
        """Store a turn that ends with these reminders."""
        before = (await self.store.load(conversation)).session
        session = Session(language="de") if outcome.get("forget") else replace(GREETED, reminders=kept)
        envelope = an_envelope("…", conversation=conversation)
        await self.store.save(envelope, f"{time.time_ns()}-0", before, Outcome((), session, **outcome))

    async def make_due(self, conversation: str = WHO, name: str = "r1") -> None:
        key = keys.reminders_due(keys.partition_of(conversation))
        await self.redis.zadd(key, {f"{conversation}:{name}": time.time() - 1}, xx=True)

    async def indexed(self) -> list[str]:
        found: list[str] = []
        for partition in range(keys.INBOX_PARTITIONS):
            members: Any = await self.redis.zrange(keys.reminders_due(partition), 0, -1)
            found += [member.decode() for member in members]
        return found

    async def waiting(self) -> list[tuple[str, str, str]]:
        """What waits in the inbox: address, kind and payload. Reading takes it out."""
        found: list[tuple[str, str, str]] = []
        for partition in range(keys.INBOX_PARTITIONS):
            await self.inbox.prepare(partition)
            for entry in await self.inbox.next(partition, "test", 1000, 1):
                assert isinstance(entry, Entry)
                turn = entry.envelope.turn
                found.append((entry.envelope.address, turn.kind, turn.payload))
        return found

    async def publish(self, *listings: Listing) -> None:
        version = int(await self.redis.incr(keys.DIRECTORY_VERSION))
        await self.redis.set(keys.DIRECTORY_SNAPSHOT, Snapshot(version, "", listings).to_json())
        await self.directory.refresh()


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    async with redis_client(valkey) as client:
        yield client


@pytest.fixture
def bot(redis: Redis) -> Parts:
    return Parts(redis)


class TestTheIndex:
    async def test_holds_when_it_is_due_and_nothing_but_a_pseudonym(self, bot: Parts) -> None:
        await bot.remember(reminder())
        key = keys.reminders_due(keys.partition_of(WHO))
        assert await bot.redis.zscore(key, f"{WHO}:r1") == (BEGIN - timedelta(hours=2)).timestamp()

    async def test_drops_what_was_cancelled(self, bot: Parts) -> None:
        await bot.remember(reminder("r1"), reminder("r2"))
        await bot.remember(reminder("r2"))
        assert await bot.indexed() == [f"{WHO}:r2"]

    async def test_has_nothing_left_of_who_is_forgotten(self, bot: Parts) -> None:
        await bot.remember(reminder("r1"), reminder("r2"))
        await bot.remember(forget=True)
        assert await bot.indexed() == []

    async def test_gets_a_lost_entry_back_with_the_next_turn(self, bot: Parts) -> None:
        await bot.remember(reminder())
        await bot.redis.delete(keys.reminders_due(keys.partition_of(WHO)))
        await bot.remember(reminder())
        assert await bot.indexed() == [f"{WHO}:r1"]

    async def test_never_is_due_before_the_promise_is_stored(self, bot: Parts) -> None:
        await bot.remember(reminder(due=datetime.now(UTC).isoformat()))
        await bot.reminders.hand_over()
        assert await bot.indexed() == [f"{WHO}:r1"]


class TestTime:
    async def test_what_is_not_due_stays(self, bot: Parts) -> None:
        await bot.remember(reminder())
        await bot.reminders.hand_over()
        assert await bot.waiting() == []

    async def test_what_is_due_becomes_a_turn_to_the_kept_address(self, bot: Parts) -> None:
        await bot.remember(reminder())
        await bot.make_due()
        await bot.reminders.hand_over()
        assert await bot.waiting() == [("4711", "due", "reminder:r1")]
        assert await bot.indexed() == []

    async def test_two_bots_hand_it_over_once(self, bot: Parts, redis: Redis) -> None:
        other = Parts(redis)
        await bot.remember(reminder())
        await bot.make_due()
        members = await other.index.due(keys.partition_of(WHO))
        await bot.reminders.hand_over()
        other.index.due = lambda partition: _answer(members if partition == keys.partition_of(WHO) else [])  # type: ignore[method-assign]
        await other.reminders.hand_over()
        assert len(await bot.waiting()) == 1

    async def test_a_bot_that_dies_before_taking_it_out_leaves_nothing_to_send_twice(
        self, bot: Parts
    ) -> None:
        await bot.remember(reminder())
        await bot.make_due()
        member = f"{WHO}:r1"
        await bot.reminders.hand_over()
        await bot.redis.zadd(keys.reminders_due(keys.partition_of(WHO)), {member: 0})  # as if it had died
        await Parts(bot.redis).reminders.hand_over()
        assert len(await bot.waiting()) == 1
        assert await bot.indexed() == []

    @pytest.mark.parametrize("trouble", [InboxFull("full"), RedisConnectionError("away")])
    async def test_what_cannot_be_put_now_stays_due(
        self, bot: Parts, monkeypatch: pytest.MonkeyPatch, trouble: Exception
    ) -> None:
        async def refuse(*_: Any) -> bool:
            raise trouble

        await bot.remember(reminder())
        await bot.make_due()
        with monkeypatch.context() as away:
            away.setattr(bot.inbox, "put", refuse)
            with pytest.raises(type(trouble)):
                await bot.reminders.hand_over()
        await bot.reminders.hand_over()
        assert len(await bot.waiting()) == 1

    async def test_an_entry_that_belongs_to_nothing_is_taken_out(self, bot: Parts) -> None:
        await bot.redis.zadd(keys.reminders_due(0), {"gone:r9": 1, "nonsense": 1})
        await bot.reminders.hand_over()
        assert await bot.indexed() == []
        assert await bot.waiting() == []

    async def test_many_at_once_leave_room_for_those_who_write(self, bot: Parts) -> None:
        for number in range(40):
            await bot.remember(reminder(), conversation=f"c{number}")
            await bot.make_due(f"c{number}")
        await bot.reminders.hand_over()
        first = len(await bot.waiting())
        assert 0 < first <= 16
        while await bot.indexed():
            await bot.reminders.hand_over()
        assert first + len(await bot.waiting()) == 40


class TestTruth:
    async def test_an_opening_that_falls_out_is_looked_at_again_at_once(self, bot: Parts) -> None:
        await bot.publish(OFFICE)
        await bot.remember(reminder("r1"), reminder("r2"))
        await bot.remember(reminder(listing_id="other"), conversation="beef")
        await bot.publish(
            replace(OFFICE, exceptions=(HoursException(BEGIN.date().isoformat(), "closed"),)),
            replace(OFFICE, id="other"),
        )
        await bot.reminders.compare()
        assert await bot.waiting() == [("4711", "due", "recheck")]

    async def test_a_change_that_touches_no_reminder_asks_nobody(self, bot: Parts) -> None:
        await bot.publish(OFFICE)
        await bot.remember(reminder())
        await bot.publish(replace(OFFICE, name="Neuer Name", opening_hours="Mo-Fr 09:00-11:00"))
        await bot.reminders.compare()
        assert await bot.waiting() == []

    async def test_each_state_of_the_directory_is_looked_through_once(self, bot: Parts) -> None:
        await bot.remember(reminder(listing_id="gone"))
        await bot.publish(OFFICE)
        await bot.reminders.compare()
        await bot.reminders.compare()
        assert len(await bot.waiting()) == 1

    async def test_what_changed_while_no_bot_ran_is_seen_at_the_next_start(
        self, bot: Parts, redis: Redis
    ) -> None:
        await bot.publish(OFFICE)
        await bot.remember(reminder())
        await bot.publish(replace(OFFICE, opening_hours="Sa 09:00-10:00"))
        restarted = Parts(redis)
        await restarted.directory.refresh()
        await restarted.reminders.compare()
        assert len(await bot.waiting()) == 1

    async def test_hours_nobody_can_read_hold_up_no_other_reminder(self, bot: Parts) -> None:
        await bot.publish(OFFICE)
        await bot.remember(reminder())
        await bot.remember(reminder(listing_id="odd"), conversation="beef")
        await bot.publish(listing("odd", "integration_management", HEIDELBERG, opening_hours="whenever"))
        await bot.reminders.compare()
        assert await bot.waiting() == [("4711", "due", "recheck")]

    async def test_before_there_is_a_directory_nothing_is_compared(self, bot: Parts) -> None:
        await bot.remember(reminder())
        await bot.reminders.compare()
        await bot.publish()
        await bot.reminders.compare()
        assert await bot.waiting() == []


async def _answer(members: list[str]) -> list[str]:
    return members
