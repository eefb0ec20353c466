"""Passing offices on, over HTTP: inline mode, links, groups, the printed card."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pypdf import PdfReader

from bot.answers import answers
from bot.texts import texts
from tests.e2e.parts import Stack
from tests.e2e.reading import assert_card_of, card_id


def url_of(result: dict[str, Any]) -> str:
    return str(result["reply_markup"]["inline_keyboard"][0][0]["url"])


def start_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["start"][0]


async def test_words_in_any_chat_give_cards_whose_link_opens_the_same_office(deaf: Stack) -> None:
    sender, reader = deaf.person(language="uk"), deaf.person(language="ru")
    results = await sender.inline("психолог Гейдельберг")
    assert 1 <= len(results) <= 10
    url = url_of(results[0])
    assert url.startswith("https://t.me/lotse_test_bot?start=")
    answer = await reader.asks(f"/start {start_of(url)}")
    assert len(answer) == 2
    listing = await assert_card_of(deaf, answer, "08221")
    assert listing.name in results[0]["text"]
    assert listing.id in url


async def test_an_inline_query_leaves_nothing_behind(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.inline("канарка Гейдельберг")
    await deaf.settled()
    assert not await deaf.redis.exists(f"conversation:{{{deaf.pseudonym(person)}}}:session")
    assert "канарка" not in deaf.bot.output
    assert "канарка".encode() not in await deaf.everything()


@pytest.mark.parametrize("text", ["", "не хочу жити"])
async def test_the_crisis_lines_are_at_hand_in_every_chat(deaf: Stack, text: str) -> None:
    results = await deaf.person(language="uk").inline(text)
    assert "112" in results[0 if text else 1]["text"]


async def test_a_refused_answer_stops_neither_inline_mode_nor_the_chat(deaf: Stack) -> None:
    person = deaf.person(language="de")
    deaf.api.drop_next("answerInlineQuery")
    person.writes_inline("Heidelberg")
    assert await person.asks("/menu")
    assert await person.inline("Heidelberg")


async def test_a_link_says_who_is_speaking_and_goes_straight_to_the_card(deaf: Stack) -> None:
    person = deaf.person(language="de")
    answer = await person.asks("/start 08222-trauma_consultation-uk")
    assert "/delete" in answer.messages[0].text
    assert "Mannheim" in answer.last.text
    assert len(await person.asks("/start 08222-trauma_consultation-uk")) == 1


async def test_a_broken_link_is_a_plain_start(deaf: Stack) -> None:
    plain, broken = deaf.person(language="uk"), deaf.person(language="uk")
    assert (await broken.asks("/start 08999-nothing-xx")).text == (await plain.asks("/start")).text


async def test_a_card_can_be_printed_and_passed_on(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.asks("/start 08221-integration_management")
    card = person.chat.messages[-1]
    await person.chooses("📤")
    answer = await person.chooses("PDF")
    [file] = [message.file for message in answer.messages if message.file]
    assert file.media_type == "application/pdf"
    [page] = PdfReader(io.BytesIO(file.content)).pages
    assert texts("uk").t("Next opening hours") in page.extract_text()
    back = await person.chooses("◀️")
    assert card_id(back.last) == card_id(card)


async def test_in_a_group_a_personal_matter_goes_to_the_private_chat(deaf: Stack) -> None:
    person = deaf.person(language="uk", group="Сусіди")
    answer = await person.asks("@lotse_test_bot я живу в Ульмі, мені погано від війни")
    [button] = answer.last.buttons
    assert start_of(button["url"]) in ("uk", "ru", "de")


async def test_in_a_group_a_general_question_is_answered_in_one_short_message(talk: Stack) -> None:
    person = talk.person(language="uk", group="Сусіди")
    answer = await person.asks("@lotse_test_bot де є курси німецької мови?")
    assert len(answer) == 1
    assert answers()["ask_language_course"].wordings["uk"].title in answer.text
    reader = talk.person(language="uk")
    opened = await reader.asks(f"/start {start_of(answer.last.buttons[0]['url'])}")
    assert answers()["ask_language_course"].wordings["uk"].steps[0] in opened.last.text
