"""News of the own district, from agreeing to it to the last one: what a person sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.bulletin import LAND, MAX_TEXT, Bulletin
from bot.conversation.card import pretty_phone
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session, Shown, Wish
from bot.types import LANGUAGES, Language, Place, PlaceMatch, PlaceResult, Turn
from tests.bot_factory import MONDAY_MORNING
from tests.directory_factory import HEIDELBERG, MANNHEIM
from tests.test_conversation import (
    GREETED,
    IN_HEIDELBERG,
    MANAGER,
    SETTLED,
    core,
    payloads,
    presses,
    says,
    sends,
    text_of,
    understood,
)

IN_MANNHEIM = PlaceResult("found", (PlaceMatch(Place("Mannheim", MANNHEIM), 1.0),))
SUBSCRIBED = replace(SETTLED, notices=HEIDELBERG)
TEXTS = {"de": "Heute geschlossen.", "uk": "Сьогодні зачинено.", "ru": "Сегодня закрыто."}


def a_bulletin(**fields: Any) -> Bulletin:
    until = fields.pop("until", MONDAY_MORNING + timedelta(hours=1))
    return Bulletin("n1", fields.pop("ags", HEIDELBERG), fields.pop("texts", TEXTS), until, **fields)


def delivered(bulletin: Bulletin, session: Session | None = SUBSCRIBED) -> Outcome:
    turn = Turn("c0ffee", "due", MONDAY_MORNING, payload=f"notice:{bulletin.to_json()}")
    return core().respond(turn, session, None)


class TestAgreeing:
    def test_says_what_comes_how_often_and_what_is_kept_before_it_asks(self) -> None:
        outcome = sends(replace(SETTLED, language="de"), kind="command", payload="news")
        html = text_of(outcome)
        assert "Heidelberg" in html
        assert "Höchstens 3 Nachrichten in der Woche" in html
        assert "Adresse dieses Chats, verschlüsselt" in html
        assert payloads(outcome) == [f"news:yes:{HEIDELBERG}", "menu"]
        assert not outcome.session.may_be_written_to

    def test_is_offered_after_a_place_was_told_and_beside_the_own_data(self) -> None:
        assert "news" in payloads(says(understood("inform_place", place=IN_HEIDELBERG)))
        assert "news" in payloads(presses("privacy"))

    def test_without_a_place_asks_for_it_and_goes_on_afterwards(self) -> None:
        asked = presses("news")
        assert asked.session.asked == "place"
        outcome = says(understood(place=IN_HEIDELBERG), asked.session)
        assert f"news:yes:{HEIDELBERG}" in payloads(outcome)
        assert outcome.session.wish is None

    def test_goes_on_after_a_place_from_the_list_too(self) -> None:
        session = replace(presses("news").session)
        assert f"news:yes:{MANNHEIM}" in payloads(presses(f"at:{MANNHEIM}", session))

    def test_is_kept_with_the_district_that_was_shown(self) -> None:
        outcome = presses(f"news:yes:{HEIDELBERG}", replace(SETTLED, place=Place("Mannheim", MANNHEIM)))
        assert outcome.session.notices == HEIDELBERG
        assert "news:stop" in payloads(outcome)

    @pytest.mark.parametrize(
        "payload", ["news:yes", "news:yes:99999", "news:yes:", "news:x", "news:yes:08221:x"]
    )
    def test_a_foreign_payload_leads_to_an_answer(self, payload: str) -> None:
        assert presses(payload, SETTLED).replies

    def test_is_not_asked_again_for_the_same_district(self) -> None:
        assert payloads(presses("news", SUBSCRIBED)) == ["news:stop", "menu"]


class TestStopping:
    def test_takes_one_tap_and_leads_back_by_another(self) -> None:
        stopped = presses("news:stop", SUBSCRIBED)
        assert not stopped.session.may_be_written_to
        [again, _] = payloads(stopped)
        assert presses(again, stopped.session).session.notices == HEIDELBERG

    def test_is_confirmed_also_where_nothing_was_to_stop(self) -> None:
        assert text_of(presses("news:stop", SETTLED)) == text_of(presses("news:stop", SUBSCRIBED))


class TestMoving:
    def test_to_another_district_offers_its_news(self) -> None:
        outcome = says(understood("inform_place", place=IN_MANNHEIM), SUBSCRIBED)
        assert outcome.session.notices == HEIDELBERG, "nothing changes without a yes"
        assert f"news:yes:{MANNHEIM}" in payloads(outcome)
        assert "news:stop" in payloads(outcome)

    def test_is_no_reason_to_ask_within_the_district_or_without_news(self) -> None:
        within = says(understood("inform_place", place=IN_HEIDELBERG), SUBSCRIBED)
        without = says(understood("inform_place", place=IN_MANNHEIM), SETTLED)
        assert not [
            payload for payload in payloads(within) + payloads(without) if payload.startswith("news:")
        ]

    def test_the_offer_asked_for_comes_first(self) -> None:
        session = replace(SUBSCRIBED, asked="place", wish=Wish("integration_management"))
        outcome = says(understood(place=IN_MANNHEIM), session)
        assert f"news:yes:{MANNHEIM}" not in [b.payload for row in outcome.replies[0].buttons for b in row]
        assert f"news:yes:{MANNHEIM}" in payloads(outcome)


class TestANotice:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_comes_in_the_persons_language_with_the_way_to_stop(self, language: Language) -> None:
        outcome = delivered(a_bulletin(), replace(SUBSCRIBED, language=language))
        assert TEXTS[language] in text_of(outcome)
        assert "news:stop" in payloads(outcome)

    def test_without_a_translation_comes_in_german_and_says_so(self) -> None:
        html = text_of(delivered(a_bulletin(texts={"de": "Heute geschlossen."})))
        assert "Heute geschlossen." in html
        assert "Перекладу ще немає" in html

    def test_about_a_listing_shows_how_to_reach_it(self) -> None:
        assert pretty_phone(MANAGER.phones[0]) in text_of(delivered(a_bulletin(listing="im1")))

    def test_about_a_listing_that_is_gone_comes_without_it(self) -> None:
        assert "Сьогодні" in text_of(delivered(a_bulletin(listing="gone")))

    def test_for_the_whole_land_reaches_every_district(self) -> None:
        assert "Baden-Württemberg" in text_of(delivered(a_bulletin(ags=LAND)))

    @pytest.mark.parametrize("session", [SETTLED, replace(SETTLED, notices=MANNHEIM)])
    def test_is_not_said_to_those_who_do_not_want_it_any_more(self, session: Session) -> None:
        assert delivered(a_bulletin(), session) == Outcome((), session)
        assert not delivered(a_bulletin(ags=LAND), SETTLED).replies

    def test_is_not_said_late(self) -> None:
        assert not delivered(a_bulletin(until=MONDAY_MORNING - timedelta(seconds=1))).replies

    def test_leaves_the_dialogue_as_it_is(self) -> None:
        session = replace(
            SUBSCRIBED,
            asked="place",
            wish=Wish("trauma_consultation"),
            shown=Shown("im1", "x"),
            misunderstood=1,
        )
        assert delivered(a_bulletin(), session).session == session

    def test_cannot_bring_markup_of_its_own(self) -> None:
        assert "&lt;b&gt; &amp;" in text_of(delivered(a_bulletin(texts={"de": "<b> &"})))

    def test_of_the_greatest_length_fits_into_one_message(self) -> None:
        long = a_bulletin(texts={"uk": "&" * MAX_TEXT, "de": "x"}, listing="im1")
        [reply] = delivered(long).replies
        assert len(reply.html) - 4 * MAX_TEXT <= 4096 - MAX_TEXT

    def test_to_a_conversation_deleted_meanwhile_leaves_no_trace(self) -> None:
        outcome = delivered(a_bulletin(), None)
        assert (outcome.replies, outcome.forget) == ((), True)


def test_whoever_blocks_the_bot_gets_no_more_news() -> None:
    assert not sends(SUBSCRIBED, kind="member", payload="blocked").session.may_be_written_to


def test_deleting_ends_the_news() -> None:
    assert not presses("delete:yes", SUBSCRIBED).session.may_be_written_to


def test_the_news_are_among_the_commands_for_those_who_have_no_place_yet() -> None:
    assert sends(GREETED, kind="command", payload="news").session.asked == "place"


def test_a_bulletin_travels_unchanged_and_nothing_else_is_one() -> None:
    bulletin = a_bulletin(listing="im1")
    assert Bulletin.from_json(bulletin.to_json()) == bulletin
    for raw in ("", "{}", "[]", "null", '{"id": 1}', bulletin.to_json().replace("+00:00", "")):
        with pytest.raises(ValueError, match=r".+"):
            Bulletin.from_json(raw)
