"""Thumbs under an answer, and reports that something shown is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import answers
from bot.conversation import feedback, reports
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.types import LANGUAGES, Event, Language, Place
from tests.directory_factory import HEIDELBERG
from tests.test_conversation import GREETED, SETTLED, payloads, presses, says, text_of, understood

TOPIC = "ask_social_benefits"


def noted(outcome: Outcome, name: str) -> list[Event]:
    return [event for event in outcome.events if event.name == name]


class TestThumbs:
    def test_an_answer_ends_with_the_question_whether_it_helped(self) -> None:
        outcome = presses(f"ask:{TOPIC}")
        assert {f"good:{TOPIC}", f"bad:{TOPIC}", f"wrong:{TOPIC}"} <= set(payloads(outcome))

    def test_a_thumb_up_is_counted_for_the_topic_and_leads_on(self) -> None:
        outcome = presses(f"good:{TOPIC}")
        [event] = outcome.events
        assert (event.name, event.data) == ("feedback_positive", {"topic": TOPIC})
        assert set(map("ask:{}".format, answers()[TOPIC].related)) <= set(payloads(outcome))

    def test_a_thumb_down_asks_for_the_reason_and_counts_nothing_yet(self) -> None:
        outcome = presses(f"bad:{TOPIC}")
        assert [p for p in payloads(outcome) if p.startswith("why:")] == [
            f"why:{reason}:{TOPIC}" for reason in feedback.REASONS
        ]
        assert not outcome.events

    @pytest.mark.parametrize("session", [GREETED, SETTLED])
    @pytest.mark.parametrize("reason", feedback.REASONS)
    def test_each_reason_is_counted_and_has_a_way_on(self, reason: str, session: Session) -> None:
        outcome = presses(f"why:{reason}:{TOPIC}", session)
        [event] = outcome.events
        assert (event.name, event.data) == ("feedback_negative", {"topic": TOPIC, "reason": reason})
        assert len(payloads(outcome)) >= 3, "more than the menu"

    def test_who_asked_something_else_gets_the_related_questions(self) -> None:
        outcome = presses(f"why:question:{TOPIC}")
        assert set(map("ask:{}".format, answers()[TOPIC].related)) <= set(payloads(outcome))

    def test_who_saw_a_mistake_is_asked_what_it_is(self) -> None:
        assert f"report:outdated:{TOPIC}" in payloads(presses(f"why:wrong:{TOPIC}"))

    def test_who_finds_it_complicated_gets_one_step_and_somebody_to_call(self) -> None:
        text = text_of(presses(f"why:complicated:{TOPIC}", SETTLED))
        assert answers()[TOPIC].wordings["uk"].steps[0] in text
        assert "+49 6221 5810580" in text

    def test_who_reaches_nobody_gets_the_central_contact(self) -> None:
        assert "find:other_office:general" in payloads(presses(f"why:noanswer:{TOPIC}", SETTLED))

    def test_a_written_yes_or_no_is_taken_as_the_answer(self) -> None:
        answered = presses(f"ask:{TOPIC}").session
        assert noted(says(understood("affirm"), answered), "feedback_positive")
        assert f"why:question:{TOPIC}" in payloads(says(understood("deny"), answered))

    def test_a_written_complaint_right_after_an_answer_is_about_that_answer(self) -> None:
        answered = presses(f"ask:{TOPIC}").session
        assert f"why:other:{TOPIC}" in payloads(says(understood("feedback_negative"), answered))

    def test_a_complaint_after_a_card_is_about_the_card(self) -> None:
        shown = says(understood("find_integration_manager"), presses(f"ask:{TOPIC}", SETTLED).session).session
        [event] = noted(says(understood("feedback_negative"), shown), "feedback_negative")
        assert event.data == {"listing": "im1"}


class TestReports:
    def test_a_card_in_an_old_message_still_takes_a_report(self) -> None:
        outcome = presses("wrong:im1", SETTLED)
        assert [p for p in payloads(outcome) if p.startswith("report:")] == [
            f"report:{reason}:im1" for reason in reports.LISTING_REASONS
        ]
        assert not outcome.events, "nothing is reported before it is said what"

    @pytest.mark.parametrize("reason", reports.LISTING_REASONS)
    def test_what_is_wrong_about_an_office_reaches_its_listing(self, reason: str) -> None:
        [event] = presses(f"report:{reason}:im1", SETTLED).events
        assert event.name == "wrong_information"
        assert event.data == {"listing": "im1", "topic": "", "reason": reason}

    @pytest.mark.parametrize("reason", reports.TOPIC_REASONS)
    def test_what_is_wrong_about_an_answer_reaches_its_topic(self, reason: str) -> None:
        [event] = presses(f"report:{reason}:{TOPIC}").events
        assert event.data == {"listing": "", "topic": TOPIC, "reason": reason}

    def test_the_thanks_say_what_happens_next_and_where_to_ask_meanwhile(self) -> None:
        outcome = presses("report:phone:im1", replace(SETTLED, language="de"))
        assert "Wie es weitergeht" in text_of(outcome)
        assert "+49 6221 5810" in text_of(outcome), "the central contact"
        assert "offer:integration_management::1" in payloads(outcome), "the next offer"

    def test_a_report_about_the_central_contact_does_not_name_it_again(self) -> None:
        assert "+49 6221 5810" not in text_of(presses("report:phone:zz1", SETTLED))

    def test_a_listing_withdrawn_since_can_still_be_reported(self) -> None:
        [event] = presses("report:closed:gone12", SETTLED).events
        assert event.data["listing"] == "gone12"

    @pytest.mark.parametrize(
        "payload",
        ["report", "report:phone", "report:nothing:im1", "report:phone:../x", "wrong:Ä", "why:x:y", "bad:x"],
    )
    def test_a_button_nobody_made_reports_nothing_and_leads_on(self, payload: str) -> None:
        outcome = presses(payload, SETTLED)
        assert payloads(outcome)
        assert not outcome.events


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_of_an_answer_fits_telegram(language: Language) -> None:
    session = Session(language=language, greeted=True, place=Place("Heidelberg", HEIDELBERG))
    for topic in answers():
        for payload in (f"ask:{topic}", f"bad:{topic}", f"why:question:{topic}", f"wrong:{topic}"):
            outcome = presses(payload, session)
            assert len(text_of(outcome)) <= 4096
            assert all(len(found.encode()) <= 64 for found in payloads(outcome))
            assert all(
                found == "" or found.split(":")[-1] for found in payloads(outcome) if found.startswith("why")
            )
