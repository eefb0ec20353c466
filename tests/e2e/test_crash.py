"""The bot is killed at the worst moment. Nobody is forgotten, nobody is answered twice."""

import asyncio

from tests.botapi import Person
from tests.e2e.parts import Stack

DEADLINE_S = 20


async def test_killed_between_receiving_and_answering_it_answers_once_after_the_restart(
    fresh: Stack,
) -> None:
    await fresh.start_bot()
    person = Person(fresh.api, language="uk")
    hold = fresh.api.hold_next("sendMessage")
    await person.says("Гейдельберг")
    async with asyncio.timeout(DEADLINE_S):
        await hold.reached.wait()
        await fresh.api.delivery.changes.until(lambda: fresh.api.confirmed, DEADLINE_S)
    assert await fresh.waiting() == 1
    fresh.bot.kill()
    async with asyncio.timeout(DEADLINE_S):
        await hold.abandoned.wait()
    await fresh.start_bot()
    await person.hears("Heidelberg", DEADLINE_S)
    await fresh.settled()
    texts = [message.text for message in person.chat.messages]
    assert len(texts) == len(set(texts)) == 2  # The first screen and the answer, each once.


async def test_killed_between_two_messages_of_an_answer_it_sends_only_the_rest(fresh: Stack) -> None:
    await fresh.start_bot()
    person = Person(fresh.api, language="uk")
    fresh.api.delay_next("sendMessage", 0)
    hold = fresh.api.hold_next("sendMessage")
    await person.says("/menu")  # At the first contact the introduction comes before it.
    async with asyncio.timeout(DEADLINE_S):
        await hold.reached.wait()
    assert len(person.chat.messages) == 1
    fresh.bot.kill()
    async with asyncio.timeout(DEADLINE_S):
        await hold.abandoned.wait()
    await fresh.start_bot()
    await fresh.settled()
    texts = [message.text for message in person.chat.messages]
    assert len(texts) == len(set(texts)) == 2


async def test_many_chats_in_hand_at_the_crash_are_all_answered_in_order(fresh: Stack) -> None:
    await fresh.start_bot()
    people = [Person(fresh.api, language="uk") for _ in range(12)]
    hold = fresh.api.hold_next("sendMessage", times=100)
    for person in people:
        await person.says("Ульм")
        await person.says("Гейдельберг")
    async with asyncio.timeout(DEADLINE_S):
        await hold.reached.wait()
        await fresh.api.delivery.changes.until(lambda: fresh.api.confirmed, DEADLINE_S)
    fresh.bot.kill()
    fresh.api.faults.clear()
    await fresh.start_bot()
    await fresh.settled(60)
    for person in people:
        answers = [message.text for message in person.chat.messages]
        ulm, heidelberg = (
            [n for n, text in enumerate(answers) if name in text] for name in ("Ulm", "Heidelberg")
        )
        assert ulm and heidelberg
        assert max(ulm) < min(heidelberg)
        assert len(answers) == len(set(answers)) == 3


async def test_an_update_delivered_twice_is_answered_once(fresh: Stack) -> None:
    await fresh.start_bot()
    person = fresh.person(language="uk")
    message = person.message({"text": "Гейдельберг"})
    first = fresh.api.push(message=message)
    await person.reply()
    before = len(person.chat.messages)
    # A crash before the confirmation: the new process asks from the beginning.
    await fresh.bot.stop()
    fresh.api.repeat(first, {"message": message})
    await fresh.start_bot()
    await fresh.settled()
    assert len(person.chat.messages) == before


async def test_asked_to_stop_it_finishes_what_is_in_hand(fresh: Stack) -> None:
    await fresh.start_bot()
    person = Person(fresh.api, language="uk")
    hold = fresh.api.hold_next("sendMessage")
    await person.says("/menu")
    async with asyncio.timeout(DEADLINE_S):
        await hold.reached.wait()
    stopping = asyncio.create_task(fresh.bot.stop())
    hold.release()
    assert await stopping == 0
    assert person.chat.messages
