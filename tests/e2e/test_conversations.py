"""Conversations with the real bot, the real model and the real directory, over the Bot API."""

import pytest

from bot.conversation.menu import FIRST_SCREEN, LANGUAGE_LABELS
from bot.types import Language
from tests.e2e.parts import Stack
from tests.e2e.reading import assert_card_of, card_id, card_in, opening, words

pytestmark = pytest.mark.nlu

WISHES: dict[Language, str] = {
    "uk": "хто мені допоможе з документами та установами?",
    "ru": "кто мне поможет с документами и ведомствами?",
    "de": "Wer hilft mir mit Papieren und Behörden?",
}
HEIDELBERG: dict[Language, str] = {"uk": "Гейдельберг", "ru": "Гейдельберг", "de": "Heidelberg"}
ASKS_FOR_THE_PLACE = "In which town or district do you live? Write its name or the postal code."
NOT_IN_YOUR_DISTRICT = "ℹ️ Not in your district: {district}, about {km} km away."
OWN_DOOR = "🏠 I know no such place in your own district yet. Ask here first:"
WHAT_DO_YOU_NEED = "What do you need? Write it in your own words, or choose:"


@pytest.mark.parametrize("language", ["uk", "ru", "de"])
async def test_from_start_to_the_answer_card(talk: Stack, language: Language) -> None:
    person = talk.person(language=language)
    hello = await person.asks("/start")
    assert [len(hello), len(hello.text) <= 500] == [1, True]
    assert set(LANGUAGE_LABELS.values()) <= set(hello.labels)
    assert words(language, WHAT_DO_YOU_NEED) in hello
    question = await person.asks(WISHES[language])
    assert words(language, ASKS_FOR_THE_PLACE) in question
    answer = await person.asks(HEIDELBERG[language])
    listing = await assert_card_of(talk, answer, "08221")
    assert listing.category == "integration_management"
    assert listing.name in answer
    assert "„Guten Tag, ich komme aus der Ukraine" in answer
    assert opening(language, "🪧 Show this there:") in answer


@pytest.mark.parametrize(
    ("language", "text", "ags", "category"),
    [
        ("uk", "я в Гейдельберзі, потрібен психолог", "08221", "trauma_consultation"),
        ("uk", "живу у Фрайбурзі, хто мій інтеграційний менеджер?", "08311", "integration_management"),
        ("ru", "живу в Ройтлингене, кто мой интеграционный менеджер", "08415", ""),
        ("ru", "нужен психолог для ребёнка, мы в Мангейме", "08222", "trauma_consultation"),
        ("de", "Ich wohne in Ulm und suche den Integrationsmanager", "08421", ""),
        ("de", "Wo gibt es in Karlsruhe psychologische Hilfe?", "08212", "trauma_consultation"),
    ],
)
async def test_one_message_with_wish_and_place_ends_at_a_card_of_that_district(
    talk: Stack, language: str, text: str, ags: str, category: str
) -> None:
    listing = await assert_card_of(talk, await talk.person(language=language).asks(text), ags)
    assert not category or listing.category == category


async def test_a_district_without_a_consultation_hour_says_so_and_shows_where_one_is(talk: Stack) -> None:
    person = talk.person(language="de")
    answer = await person.asks("Trauma-Sprechstunde in Schwäbisch Hall?")
    assert words("de", "For: {place}", place="Schwäbisch Hall") in answer
    if not card_id(answer.last):
        assert words("de", OWN_DOOR) in answer
        assert "Landratsamt Schwäbisch Hall" in answer
        card = await person.chooses("1")
        assert (await card_in(talk, card)).category == "trauma_consultation"
        assert words("de", NOT_IN_YOUR_DISTRICT, district="", km="").split(":")[0] in card


@pytest.mark.parametrize(
    ("language", "wish", "place", "ags"),
    [
        ("uk", "потрібен психолог", "я в Гейдельберзі", "08221"),
        ("ru", "кто мой интеграционный менеджер?", "живу в Ройтлингене", "08415"),
        ("de", "Ich suche psychologische Hilfe", "76133", "08212"),
    ],
)
async def test_the_wish_first_and_the_place_second(
    talk: Stack, language: Language, wish: str, place: str, ags: str
) -> None:
    person = talk.person(language=language)
    assert words(language, ASKS_FOR_THE_PLACE) in await person.asks(wish)
    await assert_card_of(talk, await person.asks(place), ags)


async def test_writing_in_another_language_changes_the_language(talk: Stack) -> None:
    person = talk.person(language="uk")
    await person.asks("/start")
    answer = await person.asks("Ich wohne in Ulm und suche den Integrationsmanager")
    assert opening("de", "🪧 Show this there:") in answer
    answer = await person.asks("Спасибо большое, вы мне очень помогли")
    assert words("ru", "☰ Menu") in answer.labels


async def test_a_language_can_be_chosen_by_button_and_by_asking(talk: Stack) -> None:
    person = talk.person(language="uk")
    await person.asks("/start")
    said_anew = await person.chooses("Русский")
    assert words("ru", FIRST_SCREEN, operator="Lotse (Testbetrieb)") in said_anew
    assert len(person.chat.messages) == 1
    answer = await person.asks("Können wir Deutsch sprechen?")
    assert words("de", "I answer in English now. What do you need?") in answer


async def test_the_place_is_remembered_and_can_be_changed(talk: Stack) -> None:
    person = talk.person(language="de")
    await person.asks("Ich wohne in Heidelberg und suche den Integrationsmanager")
    await assert_card_of(talk, await person.asks("Ich brauche auch einen Psychologen"), "08221")
    await person.chooses(words("de", "📍 Another place"))
    answer = await person.asks("Ich bin umgezogen nach Ulm")
    if not any(data.startswith("wrong:") for data in _payloads(answer.last.buttons)):
        answer = await person.chooses(words("de", "🧭 Integration manager"))
    await assert_card_of(talk, answer, "08421")


async def test_follow_up_questions_speak_of_the_card_just_shown(talk: Stack) -> None:
    person = talk.person(language="uk")
    card = await person.asks("я в Гейдельберзі, потрібен психолог")
    listing = await assert_card_of(talk, card, "08221")
    assert listing.name in await person.asks("а коли вони працюють?")
    assert listing.name in await person.asks("який у них телефон?")


async def test_a_question_is_answered_with_source_and_the_local_office(talk: Stack) -> None:
    person = talk.person(language="uk")
    answer = await person.asks("Як отримати Kindergeld на дитину?")
    assert "Kindergeld" in answer
    assert any(label.startswith("🏛") for label in answer.labels)


async def test_what_is_not_understood_is_admitted_with_a_way_on(talk: Stack) -> None:
    answer = await talk.person(language="de").asks("Wie wird das Wetter morgen auf dem Mars?")
    assert words("de", "🙋 Talk to a person") in answer.labels


async def test_the_wish_for_a_person_is_taken_down(talk: Stack) -> None:
    person = talk.person(language="ru")
    answer = await person.asks("я хочу поговорить с живым человеком, а не с ботом")
    assert words("ru", "These people talk to you by phone or on site:") in answer
    assert "person_wanted" in [name for name, _ in await talk.events(person)]


async def test_another_language_is_named_and_the_three_are_offered(talk: Stack) -> None:
    answer = await talk.person(language="en").asks("Hello, where can I find a doctor who speaks English?")
    assert set(LANGUAGE_LABELS.values()) <= set(answer.labels)
    assert "112" in answer


async def test_whoever_begins_without_start_learns_first_that_a_program_answers(talk: Stack) -> None:
    answer = await talk.person(language="de").asks("Guten Tag")
    assert words("de", FIRST_SCREEN, operator="Lotse (Testbetrieb)") == answer.messages[0].text


def _payloads(buttons: list[dict[str, str]]) -> list[str]:
    return [button.get("callback_data", "") for button in buttons]
