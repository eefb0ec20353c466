"""The NLU server dies in the middle of the day, and comes back."""

import asyncio

import pytest

from tests.e2e.parts import NluProcess, Stack
from tests.e2e.reading import assert_card_of, words

pytestmark = pytest.mark.nlu


async def test_without_the_nlu_the_bot_is_honest_and_hears_danger_and_afterwards_understands_again(
    talk: Stack, nlu: NluProcess
) -> None:
    person = talk.person(language="uk")
    await assert_card_of(talk, await person.asks("я в Гейдельберзі, потрібен психолог"), "08221")
    nlu.kill()
    try:
        broken = words(
            "uk", "I cannot understand sentences at the moment, something is broken. These buttons work:"
        )
        assert broken in await person.asks("підкажіть, як бути далі з моїми паперами")
        danger = await talk.person(language="uk").asks("я більше не хочу жити")
        assert "112" in danger.messages[0].text
        card = await person.chooses(words("uk", "🧭 Integration manager"))
        await assert_card_of(talk, card, "08221")
        noted = await talk.person(language="uk").asks("Ульм")
        assert "Ulm" in noted
    finally:
        await asyncio.to_thread(nlu.start)

    async with asyncio.timeout(30):
        # The breaker lets a question through every few seconds.
        while broken in (answer := await person.asks("потрібен психолог")):
            pass
    await assert_card_of(talk, answer, "08221")
