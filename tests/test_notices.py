"""Notices on their way: who is written to, each once, whoever dies on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from bot import keys, notices
from bot.bulletin import LAND, Bulletin
from bot.connection import redis_client
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.inbox import Entry, Envelope, Inbox
from bot.notices import NoticeRounds, Subscribers
from bot.reports import Reports
from bot.sessions import SessionStore
from bot.types import Event
from bot.vault import Vault
from tests.bot_factory import a_vault, an_envelope
from tests.directory_factory import HEIDELBERG, MANNHEIM

SUBSCRIBED = Session(language="uk", greeted=True, notices=HEIDELBERG)
SOON = timedelta(hours=1)


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    async with redis_client(valkey) as client:
        yield client


@pytest.fixture
def inbox(redis: Redis) -> Inbox:
    return Inbox(redis, a_vault())


@pytest.fixture
def store(redis: Redis) -> SessionStore:
    return SessionStore(redis, a_vault(), (Subscribers(redis), Reports(redis)))


@pytest.fixture
def rounds(redis: Redis, store: SessionStore, inbox: Inbox) -> NoticeRounds:
    return NoticeRounds(redis, store, inbox, Subscribers(redis), pause_s=0)


async def says(
    store: SessionStore, name: str, after: Session, before: Session | None = None, **more: Any
) -> None:
    """A turn of this conversation that led to this session."""
    entry = more.pop("entry", "1-0")
    await store.save(an_envelope(conversation=name), entry, before, Outcome((), after, **more))


async def hands_over(redis: Redis, notice: str = "n1", ags: str = HEIDELBERG, **fields: Any) -> None:
    until = fields.get("until", datetime.now(UTC) + SOON)
    bulletin = Bulletin(notice, ags, {"de": "Heute geschlossen."}, until)
    await redis.set(keys.notice(notice), bulletin.to_json())
    await redis.zadd(keys.NOTICES_DUE, {notice: fields.get("at", datetime.now(UTC)).timestamp()})


async def waiting(inbox: Inbox) -> list[Envelope]:
    """Everything in the inbox, in no order of its own."""
    found = []
    for partition in range(keys.INBOX_PARTITIONS):
        await inbox.prepare(partition)
        for entry in await inbox.next(partition, "test", 1000, 1):
            assert isinstance(entry, Entry)
            found.append(entry.envelope)
    return found


async def written_to(inbox: Inbox) -> list[str]:
    return sorted(envelope.turn.conversation for envelope in await waiting(inbox))


async def result(redis: Redis, notice: str = "n1") -> dict[str, str]:
    found: Any = await redis.hgetall(keys.notice_progress(notice))  # type: ignore[misc]
    return {name.decode(): value.decode() for name, value in found.items()}


async def test_everybody_who_asked_for_the_district_is_written_to(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    for name, ags in (("a", HEIDELBERG), ("b", HEIDELBERG), ("c", MANNHEIM), ("d", "")):
        await says(store, name, replace(SUBSCRIBED, notices=ags))
    await hands_over(redis)
    await rounds.deliver_due()
    found = await waiting(inbox)
    assert sorted(envelope.turn.conversation for envelope in found) == ["a", "b"]
    assert {(e.channel, e.address, e.turn.kind) for e in found} == {("telegram", "4711", "due")}
    assert await result(redis) == {"sent": "2", "ended": "finished"}


async def test_a_notice_for_the_land_reaches_all_who_asked_for_any(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    for name, ags in (("a", HEIDELBERG), ("c", MANNHEIM), ("d", "")):
        await says(store, name, replace(SUBSCRIBED, notices=ags))
    await hands_over(redis, ags=LAND)
    await rounds.deliver_due()
    assert await written_to(inbox) == ["a", "c"]


async def test_stopping_and_deleting_end_it(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    for name in ("stopped", "deleted", "kept"):
        await says(store, name, SUBSCRIBED)
    await says(store, "stopped", replace(SUBSCRIBED, notices=""), SUBSCRIBED)
    await says(store, "deleted", Session(), SUBSCRIBED, forget=True)
    await store.forget("deleted")
    await hands_over(redis)
    await rounds.deliver_due()
    assert await written_to(inbox) == ["kept"]
    assert await redis.hkeys(keys.NOTICE_SUBSCRIBERS) == [b"kept"]  # type: ignore[misc]


async def test_deleting_takes_away_what_no_session_knows_of(redis: Redis, store: SessionStore) -> None:
    await says(store, "a", SUBSCRIBED)
    await says(store, "a", Session(), None, forget=True)
    assert not await redis.exists(keys.NOTICE_SUBSCRIBERS)


async def test_who_wants_no_news_is_not_counted_even_where_an_earlier_session_could_not_be_opened(
    redis: Redis, store: SessionStore
) -> None:
    await says(store, "a", SUBSCRIBED)
    await says(store, "a", Session(language="uk", greeted=True), before=None)
    assert not await redis.exists(keys.NOTICE_SUBSCRIBERS)


async def test_who_cannot_be_reached_is_skipped_and_forgotten(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    await says(store, "gone", SUBSCRIBED)
    await redis.delete(keys.session("gone"))
    await hands_over(redis)
    await rounds.deliver_due()
    assert await written_to(inbox) == []
    assert await result(redis) == {"skipped": "1", "ended": "finished"}
    assert not await redis.exists(keys.NOTICE_SUBSCRIBERS)


async def test_a_bot_with_a_wrong_key_forgets_nobody(redis: Redis, store: SessionStore, inbox: Inbox) -> None:
    await says(store, "a", SUBSCRIBED)
    await hands_over(redis)
    elsewhere = SessionStore(redis, Vault("a secret key for tests", "another transcript key for these tests"))
    await NoticeRounds(redis, elsewhere, inbox, Subscribers(redis), pause_s=0).deliver_due()
    assert await written_to(inbox) == []
    assert await redis.exists(keys.NOTICE_SUBSCRIBERS)


async def test_a_notice_does_not_prolong_what_is_kept_of_somebody_who_no_longer_writes(
    redis: Redis, store: SessionStore
) -> None:
    await says(store, "here", SUBSCRIBED)
    await redis.expire(keys.session("here"), 100)
    await store.save(an_envelope(conversation="here", kind="due"), "2-0", SUBSCRIBED, Outcome((), SUBSCRIBED))
    assert 0 < await redis.ttl(keys.session("here")) <= 100
    await says(store, "here", SUBSCRIBED, entry="3-0")
    assert await redis.ttl(keys.session("here")) > 100
    await store.save(an_envelope(conversation="new", kind="due"), "4-0", None, Outcome((), SUBSCRIBED))
    assert await redis.ttl(keys.session("new")) > 100, "and nothing stays for ever"


async def test_who_wrote_nothing_for_half_a_year_is_tidied_away(redis: Redis, store: SessionStore) -> None:
    for name in ("gone", "here"):
        await says(store, name, SUBSCRIBED)
    await redis.delete(keys.session("gone"))
    await Subscribers(redis).tidy()
    assert await redis.hkeys(keys.NOTICE_SUBSCRIBERS) == [b"here"]  # type: ignore[misc]


async def test_after_a_death_the_next_bot_goes_on_and_nobody_gets_it_twice(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    names = [f"c{number:02}" for number in range(12)]
    for name in names:
        await says(store, name, SUBSCRIBED)
    await hands_over(redis)
    slow = NoticeRounds(redis, store, inbox, Subscribers(redis), pause_s=3600)
    first = asyncio.create_task(slow.deliver_due())
    async with asyncio.timeout(10):
        while "sent" not in await result(redis):  # noqa: ASYNC110  Redis sets no event
            await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert (await result(redis))["cursor"] == "c00"
    # Died between putting and counting: the step is done again.
    await redis.hset(keys.notice_progress("n1"), mapping={"cursor": "", "sent": 0})  # type: ignore[misc]
    await rounds.deliver_due()
    assert await written_to(inbox) == names
    assert await result(redis) == {"sent": "12", "ended": "finished"}


async def test_two_bots_at_once_write_and_count_once(
    redis: Redis, store: SessionStore, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_ROOM", 1000)
    names = [f"c{number:02}" for number in range(30)]
    for name in names:
        await says(store, name, SUBSCRIBED)
    await hands_over(redis)
    both = [NoticeRounds(redis, store, inbox, Subscribers(redis), pause_s=0) for _ in range(2)]
    await asyncio.gather(*(one.deliver_due() for one in both))
    assert await written_to(inbox) == names
    assert await result(redis) == {"sent": "30", "ended": "finished"}


async def test_handed_over_again_after_its_end_it_is_not_sent_again(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    await says(store, "a", SUBSCRIBED)
    for expected in (["a"], []):
        await hands_over(redis)
        await rounds.deliver_due()
        assert await written_to(inbox) == expected
    assert not await rounds.deliver_due()


async def test_what_is_no_longer_news_is_not_sent(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    await says(store, "a", SUBSCRIBED)
    await hands_over(redis, until=datetime.now(UTC) - timedelta(seconds=1))
    await rounds.deliver_due()
    assert await written_to(inbox) == []
    assert await result(redis) == {"ended": "expired"}


async def test_a_notice_waits_for_its_time(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    await says(store, "a", SUBSCRIBED)
    await hands_over(redis, at=datetime.now(UTC) + SOON)
    assert not await rounds.deliver_due()
    assert await written_to(inbox) == []


async def test_while_many_wait_for_answers_notices_wait_too(
    redis: Redis, store: SessionStore, inbox: Inbox, rounds: NoticeRounds
) -> None:
    for number in range(notices._ROOM):
        await inbox.put(an_envelope("?", conversation=f"w{number}"), f"t:{number}")
    await says(store, "a", SUBSCRIBED)
    await hands_over(redis)
    walk = asyncio.create_task(rounds.deliver_due())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(walk), 0.2)
    assert await inbox.waiting() == notices._ROOM
    await redis.delete(*(keys.inbox_stream(partition) for partition in range(keys.INBOX_PARTITIONS)))
    await asyncio.wait_for(walk, 10)
    assert await written_to(inbox) == ["a"]


async def test_a_notice_of_a_district_does_not_wait_for_one_of_the_whole_land(
    redis: Redis, store: SessionStore, rounds: NoticeRounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_SLICE", 2)
    for number in range(5):
        await says(store, f"c{number}", replace(SUBSCRIBED, notices=MANNHEIM if number else HEIDELBERG))
    await hands_over(redis, "land", LAND, at=datetime.now(UTC) - SOON)
    await hands_over(redis, "n1")
    await rounds.deliver_due()
    assert (await result(redis))["ended"] == "finished"
    assert (await result(redis, "land"))["sent"] == "2"
    while await rounds.deliver_due():
        pass
    assert await result(redis, "land") == {"sent": "5", "ended": "finished"}


async def test_an_unreadable_notice_ends_and_holds_nothing_up(redis: Redis, rounds: NoticeRounds) -> None:
    await redis.zadd(keys.NOTICES_DUE, {"n1": 0})
    await rounds.deliver_due()
    assert await result(redis) == {"ended": "unreadable"}
    assert not await rounds.deliver_due()


async def test_a_finished_walk_keeps_no_pseudonym(
    redis: Redis, store: SessionStore, rounds: NoticeRounds
) -> None:
    await says(store, "5ecret", SUBSCRIBED)
    await hands_over(redis)
    await rounds.deliver_due()
    assert "cursor" not in await result(redis)


async def test_one_person_cannot_fill_the_stream_with_reports(redis: Redis, store: SessionStore) -> None:
    event = Event("wrong_information", {"listing": "im1", "topic": "", "reason": "phone"})
    for number in range(2 * keys.REPORTS_A_DAY):
        await says(store, "5ecret", Session(), events=(event,), entry=f"{number}-0")
    assert await redis.xlen(keys.REPORTS) == keys.REPORTS_A_DAY
    await says(store, "another", Session(), events=(event,))
    assert await redis.xlen(keys.REPORTS) == keys.REPORTS_A_DAY + 1
    assert not [key async for key in redis.scan_iter(keys.REPORTS.replace("stream", "*")) if b"5ecret" in key]


async def test_a_report_is_passed_on_without_the_conversation(redis: Redis, store: SessionStore) -> None:
    event = Event("wrong_information", {"listing": "im1", "topic": "", "reason": "phone"})
    for entry in ("1-0", "1-0", "2-0"):
        await says(store, "5ecret", Session(), events=(event, Event("offer_shown")), entry=entry)
    rows: Any = await redis.xrange(keys.REPORTS)
    fields = [{name.decode(): value.decode() for name, value in row.items()} for _, row in rows]
    assert [(f["listing"], f["topic"], f["reason"]) for f in fields] == [("im1", "", "phone")] * 3
    assert len({f["key"] for f in fields}) == 2, "the repeated one is recognised by its key"
    assert b"5ecret" not in (await redis.dump(keys.REPORTS) or b"")
