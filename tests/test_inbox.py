"""The inbox keeps every update, sealed and in order, until it is answered."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot import keys
from bot.connection import redis_client
from bot.inbox import Entry, Inbox, InboxFull, UnreadableEntry, entry_order
from bot.vault import Vault
from tests.bot_factory import a_vault, an_envelope


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    async with redis_client(valkey) as client:
        yield client


@pytest.fixture
def inbox(redis: Redis) -> Inbox:
    return Inbox(redis, a_vault())


async def everything(inbox: Inbox, conversation: str = "c0ffee") -> list[Entry | UnreadableEntry]:
    partition = keys.partition_of(conversation)
    await inbox.prepare(partition)
    return await inbox.next(partition, "reader", 100, 1)


def text_of(entry: Entry | UnreadableEntry) -> str:
    assert isinstance(entry, Entry)
    return entry.envelope.turn.text


async def test_turns_of_a_conversation_come_out_in_the_order_they_came_in(inbox: Inbox) -> None:
    for number in range(5):
        await inbox.put(an_envelope(f"повідомлення {number}"), f"telegram:{number}")
    assert [text_of(entry) for entry in await everything(inbox)] == [f"повідомлення {n}" for n in range(5)]


async def test_an_update_delivered_twice_is_kept_once(inbox: Inbox) -> None:
    assert await inbox.put(an_envelope("один раз"), "telegram:7")
    assert not await inbox.put(an_envelope("один раз"), "telegram:7")
    assert len(await everything(inbox)) == 1


async def test_redis_never_sees_the_text_or_the_chat(inbox: Inbox, redis: Redis) -> None:
    await inbox.put(an_envelope("canary-text"), "telegram:1")
    for key in await redis.keys("*"):
        dump = await redis.dump(key) or b""
        assert b"canary-text" not in dump + key
        assert b"4711" not in dump + key


async def test_an_answered_entry_is_gone(inbox: Inbox, redis: Redis) -> None:
    await inbox.put(an_envelope("x"), "telegram:1")
    [entry] = await everything(inbox)
    assert isinstance(entry, Entry)
    await inbox.done(entry.partition, entry.id)
    assert await inbox.waiting() == 0
    assert await inbox.abandoned(entry.partition, "another") == []


async def test_what_a_dead_reader_held_is_claimed_by_the_next(inbox: Inbox) -> None:
    for number in range(250):
        await inbox.put(an_envelope(str(number)), f"telegram:{number}")
    partition = keys.partition_of("c0ffee")
    await inbox.prepare(partition)
    await inbox.next(partition, "dead", 1000, 1)
    claimed = await inbox.abandoned(partition, "alive")
    assert [text_of(entry) for entry in claimed] == [str(number) for number in range(250)]


async def test_an_entry_sealed_with_a_lost_key_is_reported_and_kept(inbox: Inbox, redis: Redis) -> None:
    await Inbox(redis, Vault("other secret", "another transcript key, long enough")).put(
        an_envelope("x"), "t:1"
    )
    [entry] = await everything(inbox)
    assert isinstance(entry, UnreadableEntry)
    assert await inbox.waiting() == 1


async def test_a_full_inbox_refuses_and_drops_nothing(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "INBOX_MAX_ENTRIES", 1)
    await inbox.put(an_envelope("перше"), "telegram:1")
    with pytest.raises(InboxFull):
        await inbox.put(an_envelope("друге"), "telegram:2")
    assert [text_of(entry) for entry in await everything(inbox)] == ["перше"]


@pytest.mark.parametrize("text", ["", "😀" * 2000, "\x00\x1b[31m<b>&amp;", "\ud83d", "'\"\\{}", "рядок\n"])
async def test_any_text_travels_unchanged(inbox: Inbox, text: str) -> None:
    await inbox.put(an_envelope(text), "telegram:1")
    assert text_of((await everything(inbox))[0]) == text


def test_entry_ids_compare_by_number_not_by_letter() -> None:
    assert entry_order("999-2") < entry_order("1000-0") < entry_order("1000-10")
