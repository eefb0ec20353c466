"""Answers that end at a door, thumbs and reports, people between districts: over the Bot API."""

import pytest

from bot.answers import answers
from bot.types import LANGUAGES, Language
from tests.e2e.parts import Stack
from tests.e2e.reading import assert_card_of, card_id, card_in, opening, words

AT_THE_BORDER = (49.42, 8.62)
"""Between Heidelberg and the Rhein-Neckar-Kreis around it."""
PLACE_WANTED = "📍 Write your town or postal code. Then I show the office for this question."
REGISTERED = "Where are you registered (Anmeldung)? The office of that place is responsible for you."


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_question_without_a_place_ends_at_the_office_for_that_question(
    deaf: Stack, language: Language
) -> None:
    person = deaf.person(language=language)
    person.press_data("ask:ask_pension")
    assert words(language, PLACE_WANTED) in await person.reply()
    listing = await assert_card_of(deaf, await person.asks("Heidelberg"), "08221")
    assert listing.office_kind in ("sozialamt", "general")
    person.press_data("ask:ask_pension")
    again = await person.reply()
    assert listing.name in again
    assert words(language, "📌 For {place}:", place="Heidelberg") in again


async def test_thumbs_lead_from_the_answer_to_a_way_on(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    person.press_data("ask:ask_housing")
    await person.reply()
    await person.chooses("👍")
    assert (await deaf.events(person))[-1] == ("feedback_positive", {"topic": "ask_housing"})
    person.press_data("bad:ask_housing")
    reasons = await person.reply()
    assert words("uk", "Too complicated") in reasons.labels
    simpler = await person.chooses(words("uk", "Too complicated"))
    assert answers()["ask_housing"].wordings["uk"].steps[0] in simpler
    reason = {"topic": "ask_housing", "reason": "complicated"}
    assert (await deaf.events(person))[-1] == ("feedback_negative", reason)
    assert words("uk", "🧭 Integration manager") in simpler.labels


async def test_a_report_says_what_is_wrong_and_leads_on(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    person.press_data("find:integration_management")
    await person.reply()
    listing = await assert_card_of(deaf, await person.asks("Heidelberg"), "08221")
    reasons = await person.chooses(words("uk", "⚠️ Wrong here?"))
    assert listing.name in reasons
    thanks = await person.chooses(words("uk", "☎️ The phone number"))
    assert words("uk", "Thank you. I have noted:") in thanks
    report = {"listing": listing.id, "topic": "", "reason": "phone"}
    assert (await deaf.events(person))[-1] == ("wrong_information", report)
    following = await person.chooses(words("uk", "➡️ Another one"))
    assert card_id(following.last) not in ("", listing.id)


async def test_a_location_at_a_border_is_settled_by_one_button(deaf: Stack) -> None:
    person = deaf.person(language="ru")
    person.press_data("find:integration_management")
    await person.reply()
    await person.shares(*AT_THE_BORDER)
    question = await person.reply()
    assert words("ru", REGISTERED) in question
    districts = [button["callback_data"] for button in question.last.buttons]
    assert districts == ["at:08226", "at:08221"]
    person.press_data(districts[1])
    await assert_card_of(deaf, await person.reply(), "08221")


async def test_who_lives_and_works_in_two_districts_is_asked_which_one_counts(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    person.press_data("find:integration_management")
    await person.reply()
    question = await person.asks("живу в Маннгаймі, працюю в Людвігсгафені")
    assert words("uk", REGISTERED) in question
    outside = await person.chooses("Ludwigshafen")
    assert "germany4ukraine" in outside.last.html
    assert "116117" in outside
    person.press_data("at:08222000:Mannheim")
    await assert_card_of(deaf, await person.reply(), "08222")


async def test_a_helper_finds_training_near_and_for_the_whole_land(deaf: Stack) -> None:
    person = deaf.person(language="de")
    person.press_data("ask:offer_help")
    answer = await person.reply()
    assert "Supervision" in answer
    await person.chooses(words("de", "🎓 Training for helpers"))
    card = await person.asks("Ludwigsburg")
    listing = await card_in(deaf, card)
    assert listing.category == "helper_training"
    statewide = await card_in(deaf, await person.chooses("🌐"))
    assert statewide.service_area == ()
    assert opening("de", "ℹ️ For the whole of Baden-Württemberg.") in person.chat.messages[-1].text
