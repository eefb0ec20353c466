"""Reminders between real processes: agreed to, said in time and once, told of changes, cancelled, deleted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest_asyncio
from icalendar import Calendar

from bot import keys
from bot.texts import texts
from services_directory.hours import BERLIN
from services_directory.snapshot import HoursException, Listing, Snapshot
from tests.botapi import Person
from tests.botapi.state import Sent
from tests.e2e.parts import START_S, BotProcess, Stack, until

DEADLINE_S = 20
OFFICE = Listing(
    id="e2e1",
    category="integration_management",
    name="Integrationsmanagement Testhausen",
    organization="Stadt Heidelberg",
    service_area=("08221",),
    phones=("+4962215810580",),
    street="Bergheimer Straße 69",
    postal_code="69115",
    city="Heidelberg",
    opening_hours="Mo-Fr 14:00-16:00",
    source_date="2025-03",
)
HEADING = texts("uk").t("🔔 Reminder: {when}", when="").strip()
CHANGED = texts("uk").t("⚠️ The opening hours have changed. The office is closed at this time:")


async def publish(stack: Stack, *listings: Listing) -> None:
    """A new state of the directory, as the console publishes it."""
    version = int(await stack.redis.incr(keys.DIRECTORY_VERSION))
    await stack.redis.set(keys.DIRECTORY_SNAPSHOT, Snapshot(version, "", listings).to_json())
    await stack.redis.publish(keys.DIRECTORY_CHANNEL, version)


@pytest_asyncio.fixture(loop_scope="session")
async def stack(fresh: Stack) -> Stack:
    """A running bot whose directory has the one office."""
    await publish(fresh, OFFICE)
    await fresh.start_bot()
    return fresh


def data(messages: tuple[Sent, ...], verb: str) -> list[str]:
    found = [button.get("callback_data", "") for message in messages for button in message.buttons]
    return [payload for payload in found if payload.startswith(verb)]


async def presses(person: Person, payload: str) -> tuple[Sent, ...]:
    under = next((m for m in reversed(person.chat.messages) if payload in data((m,), payload)), None)
    person.press_data(payload, under)
    return (await person.reply()).messages


async def agreed(stack: Stack) -> Person:
    """Somebody who asked to be reminded of the third date, the day before and two hours before."""
    person = stack.person(language="uk")
    await person.asks("/start")
    dates = await presses(person, f"dates:{OFFICE.id}")
    when = await presses(person, data(dates, "remind:")[-1])
    question = await presses(person, data(when, "remind:")[-1])
    await presses(person, data(question, "remind:")[0])
    return person


async def members(stack: Stack, person: Person) -> tuple[str, list[bytes]]:
    conversation = stack.pseudonym(person)
    key = keys.reminders_due(keys.partition_of(conversation))
    found: Any = await stack.redis.zrange(key, 0, -1)
    return key, [member for member in found if member.startswith(conversation.encode())]


async def time_passes(stack: Stack, person: Person) -> None:
    """All reminders of this person are due now."""
    key, found = await members(stack, person)
    assert found
    await stack.redis.zadd(key, {member: time.time() - 1 for member in found}, xx=True)


def reminders_said(person: Person) -> int:
    return sum(HEADING in message.text for message in person.chat.messages)


async def nothing_due(stack: Stack, person: Person) -> None:
    """Return when all that was due was handed over and answered."""
    async with asyncio.timeout(DEADLINE_S):
        while (await members(stack, person))[1]:  # noqa: ASYNC110  Redis sets no event
            await asyncio.sleep(0.05)
    await stack.settled()


async def test_agreed_to_it_is_said_with_all_that_is_needed_there(stack: Stack) -> None:
    person = await agreed(stack)
    await time_passes(stack, person)
    reminder = await person.hears(HEADING, DEADLINE_S)
    for part in (OFFICE.name, "14:00–16:00", OFFICE.street, "+49 6221 5810580", "Guten Tag"):
        assert part in reminder.text
    await nothing_due(stack, person)
    assert reminders_said(person) == 2, "the day before, and two hours before"
    assert '"reach"' not in await stack.opened(keys.session(stack.pseudonym(person))), "the address is gone"
    stack.assert_nothing_went_wrong()


async def test_killed_and_started_again_it_says_each_once(stack: Stack) -> None:
    person = await agreed(stack)
    hold = stack.api.hold_next("sendMessage")
    await time_passes(stack, person)
    async with asyncio.timeout(DEADLINE_S):
        await hold.reached.wait()
    stack.bot.kill()
    async with asyncio.timeout(DEADLINE_S):
        await hold.abandoned.wait()
    await stack.start_bot()
    await person.hears(HEADING, DEADLINE_S)
    await nothing_due(stack, person)
    assert reminders_said(person) == 2


async def test_due_while_no_bot_runs_it_is_said_after_the_start(stack: Stack) -> None:
    person = await agreed(stack)
    stack.bot.kill()
    await time_passes(stack, person)
    await stack.start_bot()
    await person.hears(HEADING, DEADLINE_S)
    await nothing_due(stack, person)
    assert reminders_said(person) == 2


@asynccontextmanager
async def a_second_bot(stack: Stack, log: Path) -> AsyncIterator[BotProcess]:
    second = BotProcess(stack.bot._environment, log)
    second.start()
    try:
        await until(lambda: "[info     ] telegram" in second.output, START_S, "the second bot is up")
        yield second
    finally:
        second.kill()


async def test_two_bots_say_it_once(stack: Stack, tmp_path: Path) -> None:
    people = [await agreed(stack) for _ in range(4)]
    async with a_second_bot(stack, tmp_path / "second.log"):
        for person in people:
            await time_passes(stack, person)
        for person in people:
            await nothing_due(stack, person)
        assert [reminders_said(person) for person in people] == [2, 2, 2, 2]


async def test_a_day_the_office_closes_is_told_at_once_and_once(stack: Stack) -> None:
    person = await agreed(stack)
    _, before = await members(stack, person)
    assert len(before) == 2
    session = await stack.opened(keys.session(stack.pseudonym(person)))
    begin = datetime.fromisoformat(session.split('"begin": "')[1].split('"')[0])
    closed = HoursException(begin.astimezone(BERLIN).date().isoformat(), "closed")
    await publish(stack, replace(OFFICE, exceptions=(closed,)))
    told = await person.hears(CHANGED, DEADLINE_S)
    assert OFFICE.name in told.text
    assert data((told,), "remind:"), "the next dates are offered"
    await nothing_due(stack, person)
    await publish(stack, replace(OFFICE, exceptions=(closed,), website="https://www.heidelberg.de"))
    await person.asks("/reminders")
    assert sum(CHANGED in message.text for message in person.chat.messages) == 1


async def test_cancelled_it_is_not_said(stack: Stack) -> None:
    person = await agreed(stack)
    listed = (await person.asks("/reminders")).messages
    assert len(data(listed, "unremind:")) == 3
    await presses(person, "unremind:all")
    assert (await members(stack, person))[1] == []
    assert '"reach"' not in await stack.opened(keys.session(stack.pseudonym(person)))


async def test_deleting_leaves_nothing_of_it(stack: Stack) -> None:
    person = await agreed(stack)
    assert stack.pseudonym(person).encode() in await stack.everything()
    await person.asks("/delete")
    await presses(person, "delete:yes")
    await stack.settled()
    assert stack.pseudonym(person).encode() not in await stack.everything()


async def test_the_dates_come_as_a_file_for_the_calendar(stack: Stack) -> None:
    person = stack.person(language="uk")
    await person.asks("/start")
    [message] = await presses(person, f"ics:{OFFICE.id}")
    assert message.file is not None
    assert message.file.name.endswith(".ics")
    assert len(Calendar.from_ical(message.file.content).walk("VEVENT")) == 3
    stack.assert_nothing_went_wrong()
