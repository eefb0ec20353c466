"""Memory and repair with the real bot, the real model and the real directory, over the Bot API."""

import pytest

from bot.answers import answers
from tests.e2e.parts import Stack
from tests.e2e.reading import assert_card_of, words

ASKS_FOR_THE_PLACE = "In which town or district do you live? Write its name or the postal code."

pytestmark = pytest.mark.nlu


async def test_the_district_instead_of_the_town_and_back_again(talk: Stack) -> None:
    person = talk.person(language="uk")
    await assert_card_of(talk, await person.asks("я в Гайльбронні, хто мій інтеграційний менеджер?"), "08121")
    await assert_card_of(talk, await person.asks("ні, не місто, а район Хайльбронн"), "08125")
    await assert_card_of(talk, await person.asks("ні, таки місто, а не район"), "08121")
    await assert_card_of(talk, await person.asks("не Гайльбронн, а Ульм"), "08421")


async def test_back_again_and_another(talk: Stack) -> None:
    person = talk.person(language="de")
    await person.asks("Hallo")
    card = await person.asks("Ich wohne in Heidelberg und suche psychologische Hilfe")
    await person.asks("Wie bekomme ich Kindergeld?")
    assert (await person.asks("zurück")).text == card.text
    assert (await person.asks("nochmal")).text == card.text
    assert (await person.asks("nicht das, was anderes")).text != card.text


async def test_two_wishes_in_one_message_are_answered_in_turn(talk: Stack) -> None:
    person = talk.person(language="ru")
    question = await person.asks(
        "Кто мой интеграционный менеджер? И ещё, как получить Kindergeld на ребёнка?"
    )
    assert words("ru", ASKS_FOR_THE_PLACE) in question
    answer = await person.asks("Ройтлинген")
    assert answers()["ask_child_benefit"].wordings["ru"].title in answer.last.text
    assert "Reutlingen" in answer.messages[0].text


async def test_danger_comes_first_and_the_other_wish_comes_back(talk: Stack) -> None:
    person = talk.person(language="uk")
    await person.asks("Вітаю")
    answer = await person.asks("Я не хочу більше жити. Підкажіть, як отримати Kindergeld на дитину?")
    assert "112" in answer
    assert len(answer) == 1
    after = await person.chooses(words("uk", "I am fine, go on"))
    assert any("Kindergeld" in label or label.startswith("↩️") for label in after.labels)


async def test_a_volunteer_asks_for_a_family(talk: Stack) -> None:
    person = talk.person(language="de")
    await person.asks("Ich wohne in Heidelberg und suche den Integrationsmanager")
    answer = await person.asks("Und wer ist der Integrationsmanager für eine ukrainische Familie in Ulm?")
    await assert_card_of(talk, answer, "08421")
    home = next(label for label in answer.labels if label.startswith("🏠"))
    assert "Heidelberg" in home
    await assert_card_of(talk, await person.chooses(home), "08221")


async def test_english_is_answered_in_english_with_help_in_english(talk: Stack) -> None:
    person = talk.person(language="uk")
    await person.asks("/start")
    answer = await person.asks("Hello, where can I find a doctor who speaks English?")
    assert "I speak Ukrainian, Russian and German." in answer.last.text
    listed = await person.chooses("🗣 Help in this language: English")
    assert "116016" in listed
