"""All 44 districts, by button, over the Bot API."""

import asyncio

from bot.conversation.labels import REGIONS
from gazetteer.districts import District, districts
from tests.botapi import Answer
from tests.e2e.parts import Stack
from tests.e2e.reading import assert_card_of, card_id, card_in, words

ASKS_FOR_THE_PLACE = "In which town or district do you live? Write its name or the postal code."
NEAREST = "📍 The nearest offers in other districts:"
OWN_DOOR = "🏠 I know no such place in your own district yet. Ask here first:"


async def choose_district(stack: Stack, category: str, district: District) -> Answer:
    """From the menu's button to the district in the list, as a thumb does it."""
    person = stack.person(language="uk")
    person.press_data(f"find:{category}")
    await person.hears(words("uk", ASKS_FOR_THE_PLACE), 60)
    await person.presses(words("uk", "📋 Choose from a list"))
    await person.hears(words("uk", "Choose the region:"), 60)
    region = district.region.lower().replace("ü", "ue")
    await person.presses(words("uk", REGIONS[region]))
    question = words("uk", "Choose your district or city:")
    await person.chat.changes.until(lambda: question in person.chat.messages[-1].text, 60)
    person.press_data(_at(person.chat.messages[-1].buttons, district.name("uk")))
    await person.hears(words("uk", "For: {place}", place=district.name("uk")), 60)
    return Answer((person.chat.messages[-1],))


def _at(buttons: list[dict[str, str]], name: str) -> str:
    """The data of the button with exactly this label: "Карлсруе" is a city and in a district's name."""
    return next(button["callback_data"] for button in buttons if button["text"] == name)


async def test_every_district_has_its_integration_manager_or_whoever_stands_in(deaf: Stack) -> None:
    everywhere = list(districts().values())
    assert len(everywhere) == 44
    answers = await asyncio.gather(
        *(choose_district(deaf, "integration_management", district) for district in everywhere)
    )
    for district, answer in zip(everywhere, answers, strict=True):
        await assert_card_of(deaf, answer, district.ags)
    assert deaf.api.refusals == []


async def test_what_a_district_lacks_is_offered_elsewhere_after_its_own_door(deaf: Stack) -> None:
    everywhere = list(districts().values())
    answers = await asyncio.gather(
        *(choose_district(deaf, "trauma_consultation", district) for district in everywhere)
    )
    for district, answer in zip(everywhere, answers, strict=True):
        if not card_id(answer.last):
            near = answer.text.index(words("uk", NEAREST))
            assert answer.text.index(words("uk", OWN_DOOR)) < near
            assert answer.text[near:].count("км") == 3
            assert {"1", "2", "3"} <= set(answer.labels)
            continue
        listing = await card_in(deaf, answer)
        assert listing.category == "trauma_consultation"
        assert not listing.service_area or any(area[:5] == district.ags for area in listing.service_area)


async def test_an_offer_elsewhere_is_opened_by_its_number(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    person.press_data("find:trauma_consultation")
    await person.reply()
    near = await person.asks("Швебіш-Галль")
    listing = await card_in(deaf, await person.chooses("2"))
    assert listing.category == "trauma_consultation"
    assert near.text.index("2. ") < near.text.index(listing.name) < near.text.index("3. ")
