"""Telegram is slow, busy, broken or strict: nothing is lost and a chat's order holds."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import Person
from tests.e2e.conftest import a_stack
from tests.e2e.parts import Rows, Stack, closed_url, until

PLACES = ("Ulm", "Heidelberg", "Freiburg", "Karlsruhe")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shaken(tmp_path_factory: pytest.TempPathFactory, directory: Rows) -> AsyncIterator[Stack]:
    """A running bot whose Telegram misbehaves."""
    async with a_stack(tmp_path_factory.mktemp("shaken"), directory, closed_url()) as stack:
        await stack.start_bot()
        yield stack


async def test_telegram_asking_to_wait_is_obeyed_by_everybody(shaken: Stack) -> None:
    people = [Person(shaken.api, language="uk") for _ in range(6)]
    shaken.api.fail_next("sendMessage", 429, retry_after=2, times=6)
    began = time.monotonic()
    for person in people:
        person.press_data("lang:de")
    for person in people:
        await person.hears(timeout_s=15)
    assert min(person.chat.messages[0].at for person in people) - began > 2
    # Six refusals at once ask for the same two seconds, not for twelve.
    assert max(person.chat.messages[0].at for person in people) - began < 8


async def test_broken_gateways_and_cut_connections_are_tried_again(shaken: Stack) -> None:
    person = shaken.person(language="uk")
    shaken.api.fail_next("sendMessage", 502, "Bad Gateway")
    shaken.api.drop_next("sendMessage")
    shaken.api.fail_next("sendMessage", 500, "Internal Server Error")
    for place in PLACES:
        await person.says(place)
    await shaken.settled()
    told = [message.text for message in person.chat.messages]
    order = [next(n for n, text in enumerate(told) if place in text) for place in PLACES]
    assert order == sorted(order)
    assert len(told) == len(set(told)) == 1 + len(PLACES)


async def test_polling_goes_on_after_telegram_was_away(shaken: Stack) -> None:
    shaken.api.fail_next("getUpdates", 502, "Bad Gateway")
    shaken.api.drop_next("getUpdates")
    person = shaken.person(language="uk")
    assert "Heidelberg" in await person.asks("Heidelberg")
    assert "Ulm" in await person.asks("Ulm")
    assert "Freiburg" in await person.asks("Freiburg")


async def test_who_blocked_the_bot_holds_up_nobody(shaken: Stack) -> None:
    gone, there = shaken.person(), shaken.person()
    gone.blocks_the_bot()
    await gone.says("/start")
    assert await there.asks("/start")
    assert await shaken.waiting() == 0


async def test_a_refused_reply_costs_neither_the_rest_of_the_answer_nor_the_next_turn(shaken: Stack) -> None:
    person = shaken.person()
    shaken.api.fail_next("sendMessage", 400, "Bad Request: something new")
    assert "Ulm" in await person.asks("Ulm"), "the introduction was refused, the answer came"
    assert len(await person.asks("/menu")) == 1


async def test_no_more_than_thirty_a_second_leave_and_all_arrive(shaken: Stack) -> None:
    people = [Person(shaken.api) for _ in range(60)]
    for person in people:
        person.press_data("menu")
    await shaken.settled(30)
    assert all(len(person.chat.messages) == 2 for person in people)
    assert shaken.api.limits.refused == 0


async def test_a_wrong_token_ends_the_bot_with_one_clear_sentence(fresh: Stack) -> None:
    fresh.api.token = "123456:another"
    fresh.bot.start()
    assert await fresh.bot.ended() != 0
    (line,) = [line for line in fresh.bot.output.splitlines() if line.startswith("bot:")]
    assert "TELEGRAM_BOT_TOKEN" in line
    assert "Traceback" not in fresh.bot.output


async def test_a_telegram_that_is_away_at_the_start_is_named_in_one_sentence(
    tmp_path: Path, directory: Rows
) -> None:
    env = {"TELEGRAM_API_URL": closed_url()}
    async with a_stack(tmp_path, directory, closed_url(), env=env) as stack:
        stack.bot.start()
        assert await stack.bot.ended() != 0
        assert [line for line in stack.bot.output.splitlines() if line.startswith("bot:")]
        assert "Traceback" not in stack.bot.output


async def test_another_bot_on_the_same_token_is_outlived(fresh: Stack) -> None:
    await fresh.start_bot()
    fresh.api.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    person = fresh.person()
    assert await person.asks("/menu")
    await until(lambda: fresh.bot.runs, 1, "the bot still runs")
    assert await person.asks("/menu")


async def test_polling_takes_over_from_a_webhook_that_was_set_before(fresh: Stack) -> None:
    await fresh.api.delivery.set_webhook({"url": "https://old.example/hook"})
    fresh.bot.start()
    person = fresh.person(language="uk")
    await person.says("Heidelberg")
    async with asyncio.timeout(30):
        await person.hears("Heidelberg", 30)
