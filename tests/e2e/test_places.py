"""Where somebody lives: told, ambiguous, outside, shared, or picked. The place needs no NLU."""

import pytest

from tests.botapi import Person
from tests.e2e.parts import Stack
from tests.e2e.reading import assert_card_of, words

OUTSIDE = (
    "{place} is not in Baden-Württemberg. I only know offices in this Land. "
    "These pages help everywhere in Germany:"
)
HERE = (48.4914, 9.2043)
"""The market place of Reutlingen."""


async def asked_for_the_place(stack: Stack, language: str = "uk") -> Person:
    """Somebody who pressed "integration manager" and is asked where they live."""
    person = stack.person(language=language)
    person.press_data("find:integration_management")
    await person.reply()
    return person


@pytest.mark.parametrize(
    ("written", "ags"),
    [
        ("Гейдельберг", "08221"),
        ("в Гейдельберзі", "08221"),
        ("Heidelberg", "08221"),
        ("69115", "08221"),
        ("Ройтлінген", "08415"),
        ("Schwäbisch Hall", "08127"),
    ],
)
async def test_a_place_is_understood_as_it_is_written(deaf: Stack, written: str, ags: str) -> None:
    person = await asked_for_the_place(deaf)
    await assert_card_of(deaf, await person.asks(written), ags)


async def test_a_name_of_several_places_is_asked_back(deaf: Stack) -> None:
    person = await asked_for_the_place(deaf)
    question = await person.asks("Altdorf")
    assert words("uk", "Which place do you mean?") in question
    assert len(question.last.buttons) == 2
    chosen = question.last.buttons[0]["callback_data"]
    await assert_card_of(deaf, await person.chooses(question.labels[0]), chosen.split(":")[1][:5])


async def test_a_place_outside_the_land_is_named_with_the_federal_ways_on(deaf: Stack) -> None:
    person = await asked_for_the_place(deaf)
    answer = await person.asks("Берлін")
    assert words("uk", OUTSIDE, place="Berlin") in answer
    assert "germany4ukraine" in answer.last.html


async def test_a_place_nobody_knows_leads_to_the_list(deaf: Stack) -> None:
    person = await asked_for_the_place(deaf)
    answer = await person.asks("Кхтулхувілль")
    assert words("uk", "📋 Choose from a list") in answer.labels


async def test_a_location_is_used_once_and_not_kept(deaf: Stack) -> None:
    person = await asked_for_the_place(deaf)
    keyboard = await person.chooses(words("uk", "📍 Share location"))
    assert keyboard.last.buttons == [{"text": words("uk", "📍 Share location"), "request_location": True}]
    await person.shares(*HERE)
    answer = await person.reply()
    await assert_card_of(deaf, answer, "08415")
    assert answer.messages[0].markup == {"remove_keyboard": True}
    stored = await deaf.everything()
    session = await deaf.opened(f"conversation:{{{deaf.pseudonym(person)}}}:session")
    assert '"08415"' in session
    for coordinate in map(str, HERE):
        assert coordinate.encode() not in stored
        assert coordinate not in session


@pytest.mark.parametrize("position", [(52.52, 13.40), (0.0, 0.0), (90.0, 180.0)])
async def test_a_location_elsewhere_is_said_to_be_outside(deaf: Stack, position: tuple[float, float]) -> None:
    person = await asked_for_the_place(deaf)
    await person.shares(*position)
    outside = words("uk", "This location is outside Baden-Württemberg. I do not keep it.")
    assert outside in await person.reply()
