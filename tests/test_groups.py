"""In groups: one short answer to who speaks to the bot, and nothing personal."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.answers import answers
from bot.conversation import deeplink
from bot.conversation.deeplink import DeepLink
from bot.conversation.outcome import Outcome
from bot.conversation.respond import Core
from bot.types import LANGUAGES
from gazetteer.districts import districts
from services_directory.search import DirectoryIndex
from services_directory.snapshot import Snapshot
from tests.bot_factory import a_turn
from tests.test_conversation import (
    IN_HEIDELBERG,
    LISTINGS,
    OUTSIDE,
    TWO_PLACES,
    events,
    payloads,
    text_of,
    understood,
)

SHORT = 700
"""Characters; what an office's name, address and state take."""
PERSONAL = (
    "ask_healthcare", "ask_residence_permit", "ask_social_benefits", "ask_child_benefit", "ask_pension",
    "ask_disability_care", "ask_return", "ask_family_reunification", "ask_legal_advice", "ask_documents",
    "ask_bank_account", "ask_arrival", "find_trauma_support", "talk_to_human", "inform_place",
    "delete_my_data",
)  # fmt: skip


def asks(text: str, intent: str = "", username: str = "lotse_bot", **fields: Any) -> Outcome:
    positions = {ags: (d.latitude, d.longitude) for ags, d in districts().items()}
    index = DirectoryIndex(Snapshot(1, "", LISTINGS), positions)
    turn = a_turn(text, group=True)
    return Core(lambda: index, "Testverein", username).respond(turn, None, understood(intent, **fields))


def link_of(outcome: Outcome) -> DeepLink:
    [[button]] = outcome.replies[0].buttons
    link = deeplink.read(parse_qs(urlsplit(button.url).query)["start"][0])
    assert button.url.startswith("https://t.me/lotse_bot?")
    assert link is not None
    return link


def is_private(outcome: Outcome) -> bool:
    return "особистий чат" in text_of(outcome)


@pytest.mark.parametrize("intent", ["", "greet", *PERSONAL, *sorted(answers())])
def test_every_answer_is_one_short_message_without_buttons_that_others_could_press(intent: str) -> None:
    outcome = asks("…", intent, place=IN_HEIDELBERG)
    assert len(outcome.replies) == 1
    assert len(outcome.replies[0].html) <= SHORT
    assert not any(payloads(outcome))


def test_a_general_question_gets_its_short_answer_and_a_link_to_the_whole_one() -> None:
    outcome = asks("де курси німецької?", "ask_language_course")
    assert answers()["ask_language_course"].wordings["uk"].title in text_of(outcome)
    assert link_of(outcome) == DeepLink(offer="ask_language_course", language="uk")


def test_an_office_gets_name_phone_confirmation_and_a_link_to_its_card() -> None:
    outcome = asks("jobcenter Heidelberg", "find_other_office", office_kind="jobcenter", place=IN_HEIDELBERG)
    assert "+49 62211" in text_of(outcome)
    assert "⚠️" in text_of(outcome)
    assert link_of(outcome) == DeepLink("08221", "jobcenter", "uk")


@pytest.mark.parametrize("intent", PERSONAL)
def test_what_is_personal_is_moved_to_the_private_chat_and_the_button_does_not_tell(intent: str) -> None:
    outcome = asks("…", intent, place=IN_HEIDELBERG)
    assert is_private(outcome)
    assert link_of(outcome) == DeepLink(language="uk")


@pytest.mark.parametrize(
    "text",
    [
        "я живу в Гейдельберзі, де Jobcenter",
        "мені треба Jobcenter Гейдельберг",
        "мне нужен Jobcenter в Гейдельберге",
        "ich wohne in Heidelberg, wo ist das Jobcenter",
    ],
)
def test_who_speaks_of_themselves_is_answered_in_private(text: str) -> None:
    assert is_private(asks(text, "find_other_office", office_kind="jobcenter", place=IN_HEIDELBERG))


def test_who_says_where_they_live_beside_a_general_question_is_answered_in_private() -> None:
    assert is_private(asks("я живу в Гейдельберзі, де курси?", "ask_language_course", place=IN_HEIDELBERG))


@pytest.mark.parametrize("place", [TWO_PLACES, OUTSIDE])
def test_a_place_that_needs_asking_back_is_for_the_private_chat(place: Any) -> None:
    assert is_private(asks("jobcenter", "find_other_office", office_kind="jobcenter", place=place))


@pytest.mark.parametrize("certainty", ["unsure", "not_understood", "unavailable"])
def test_what_is_not_understood_for_sure_is_not_guessed_at_before_others(certainty: Any) -> None:
    assert is_private(asks("…", "ask_language_course", certainty=certainty))


def test_nothing_is_kept_of_what_a_group_says() -> None:
    outcome = asks("jobcenter Heidelberg", "find_other_office", office_kind="jobcenter", place=IN_HEIDELBERG)
    assert outcome.session.place is None
    assert outcome.session.shown is None
    assert not events(outcome)


def test_the_urgent_command_names_the_emergency_numbers() -> None:
    turn = a_turn(kind="command", payload="sos", group=True)
    outcome = Core(lambda: DirectoryIndex(Snapshot(0, ""), {}), "Testverein", "lotse_bot").respond(
        turn, None, None
    )
    assert "112" in text_of(outcome)
    assert "110" in text_of(outcome)


def test_danger_goes_before_everything_in_a_group_too() -> None:
    assert events(asks("…", "ask_language_course", danger="crisis")) == ["danger"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_name_in_telegram_there_is_no_button(language: Any) -> None:
    outcome = asks("…", "ask_language_course", username="", language=language)
    assert outcome.replies[0].buttons == ()
