"""Many people at once who write and press anything: each gets an answer with a way on, over HTTP."""

import asyncio
import random

import pytest

from bot.types import LANGUAGES
from tests.botapi import Person
from tests.botapi.state import Sent
from tests.e2e.parts import Stack
from tests.e2e.playing import Attendance, attendance

PEOPLE = 12
TURNS = 6
TEXTS = (
    "Ульм",
    "психолог",
    "???",
    "Heidelberg",
    "назад",
    "я не знаю",
    "<b>",
    "99999",
    "😡",
    "Wo?",
    "ні",
    "/x y",
)
STALE = ("gone:1", "offer:::9", "at:99999", "topics:-1", "another", "region:x", "delete:no", "find:x")


@pytest.mark.timeout(180)
async def test_nobody_is_left_without_a_way_on(deaf: Stack) -> None:
    async with attendance(deaf) as present:
        people = [deaf.person(language=LANGUAGES[number % 3]) for number in range(PEOPLE)]
        await asyncio.gather(*(_wander(person, present, number) for number, person in enumerate(people)))


async def _wander(person: Person, present: Attendance, number: int) -> None:
    chance = random.Random(number)
    for _ in range(TURNS):
        before = {message.message_id: (message.text, message.markup) for message in person.chat.messages}
        done = await _do_anything(person, chance)
        await present.answered(person)
        changed = [m for m in person.chat.messages if before.get(m.message_id) != (m.text, m.markup)]
        # A button may lead to the very screen it stands under.
        answer = changed or [message for message in person.chat.messages if done in _payloads(message)]
        assert answer, f"no answer to {done}"
        assert _leads_on(answer, done), f"no way on after {done}: {[message.text for message in answer]}"


async def _do_anything(person: Person, chance: random.Random) -> str:
    offered = [(message, data) for message in person.chat.messages for data in _payloads(message)]
    if not offered or chance.random() < 0.4:
        text = chance.choice(TEXTS)
        await person.says(text)
        return text
    message, data = chance.choice(offered)
    if chance.random() < 0.15:
        data = chance.choice(STALE)
    person.press_data(data, message)
    return data


def _payloads(message: Sent) -> list[str]:
    return [button["callback_data"] for button in message.buttons if "callback_data" in button]


def _leads_on(answer: list[Sent], done: str) -> bool:
    """A button somewhere, or the receipt of a deletion."""
    return any(message.buttons for message in answer) or done == "delete:yes"
