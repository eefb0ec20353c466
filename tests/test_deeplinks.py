"""Links into the bot: what they say, and what opens behind them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import answers
from bot.conversation import deeplink
from bot.conversation.deeplink import MAX_PAYLOAD, DeepLink, offer_link, read
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session, Wish
from bot.types import LANGUAGES
from gazetteer.files import rows
from services_directory.snapshot import CATEGORIES, OFFICE_KINDS
from tests.bot_factory import a_turn
from tests.directory_factory import HEIDELBERG, MANNHEIM
from tests.test_conversation import GREETED, SETTLED, core, events, says, text_of, understood

OFFERS = (*CATEGORIES, *OFFICE_KINDS, *answers())
ALLOWED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def opens(payload: str, session: Session | None = None) -> Outcome:
    return core().respond(a_turn(payload, kind="command", payload="start"), session, None)


class TestThePayload:
    @pytest.mark.parametrize("offer", OFFERS)
    def test_every_offer_fits_with_place_listing_and_language_and_is_read_back(self, offer: str) -> None:
        link = DeepLink("08226095", offer, "uk", "abcdefghijkl")
        assert len(link.payload()) <= MAX_PAYLOAD
        assert set(link.payload()) <= ALLOWED
        assert read(link.payload()) == link

    def test_reads_as_it_looks(self) -> None:
        link = read("08221-trauma_consultation-uk")
        assert link == DeepLink("08221", "trauma_consultation", "uk")
        assert link.wish == Wish("trauma_consultation")

    def test_of_an_office_names_its_kind(self) -> None:
        assert offer_link(Wish("other_office", "jobcenter"), "08221").payload() == "08221-jobcenter"
        assert DeepLink(offer="jobcenter").wish == Wish("other_office", "jobcenter")

    def test_an_eight_digit_place_is_its_municipality(self) -> None:
        aalen = next(row for row in rows("places") if row["name_de"] == "Aalen")
        place = DeepLink(aalen["municipality_ags"]).place
        assert place is not None
        assert (place.name, place.ags, place.municipality_ags) == ("Aalen", "08136", "08136088")

    @pytest.mark.parametrize(
        "payload",
        [
            "", "-", "uk-uk", "08221-08222", "99999", "08999999", "08221-nonsense-uk", "jobcenter-xx",
            "uk-", "jobcenter-sozialamt", "_", "_UPPER", "08221 uk", "08221-" + "a" * 60, "١٢٣٤٥",
        ],
    )  # fmt: skip
    def test_anything_else_is_none(self, payload: str) -> None:
        assert read(payload) is None

    @given(st.text(max_size=80))
    def test_reading_never_fails(self, payload: str) -> None:
        link = read(payload)
        assert link is None or read(link.payload()) == link


class TestOpening:
    def test_at_the_first_contact_says_who_is_speaking_and_goes_straight_to_the_card(self) -> None:
        outcome = opens("08221-integration_management-de")
        assert "Testverein" in outcome.replies[0].html
        assert "+49 6221 5810580" in outcome.replies[-1].html
        assert len(outcome.replies) == 2
        assert outcome.session.language == "de"
        assert outcome.session.greeted

    def test_later_shows_the_card_alone_and_keeps_the_persons_language(self) -> None:
        outcome = opens("08221-integration_management-de", GREETED)
        assert len(outcome.replies) == 1
        assert outcome.session.language == "uk"

    def test_shows_the_very_office_that_was_passed_on(self) -> None:
        outcome = opens("08221-integration_management-_im2", GREETED)
        assert outcome.session.shown is not None
        assert outcome.session.shown.listing_id == "im2"

    def test_an_office_that_is_gone_gives_way_to_the_best_one(self) -> None:
        outcome = opens("08221-integration_management-_gone", GREETED)
        assert outcome.session.shown is not None
        assert outcome.session.shown.listing_id == "im1"

    def test_an_offer_alone_asks_for_the_place_or_takes_the_known_one(self) -> None:
        assert opens("trauma_consultation", GREETED).session.asked == "place"
        assert "offer_shown" in events(opens("jobcenter", SETTLED))

    def test_a_place_alone_is_noted(self) -> None:
        outcome = opens(MANNHEIM, SETTLED)
        assert outcome.session.place is not None
        assert outcome.session.place.ags == MANNHEIM

    def test_a_question_is_answered(self) -> None:
        assert "answered" in events(opens("ask_school-uk", GREETED))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_language_alone_begins_in_it(self, language: str) -> None:
        assert opens(language).session.language == language

    @pytest.mark.parametrize("payload", ["08221-nonsense-uk", "ref_4711", "x-y_z"])
    def test_a_malformed_one_is_as_a_plain_start(self, payload: str) -> None:
        assert opens(payload) == replace(core().respond(a_turn(kind="command", payload="start"), None, None))

    def test_a_foreign_word_behind_start_is_a_plain_start_too_but_never_hides_danger(self) -> None:
        turn = a_turn("affiliate", kind="command", payload="start")
        assert text_of(core().respond(turn, None, understood())) == text_of(opens(""))
        assert events(core().respond(turn, None, understood(danger="crisis"))) == ["danger"]

    def test_what_a_person_writes_behind_start_is_understood(self) -> None:
        turn = a_turn("потрібен інтеграційний менеджер", kind="command", payload="start")
        outcome = core().respond(turn, GREETED, understood("find_integration_manager"))
        assert outcome.session.asked == "place"

    @pytest.mark.parametrize(
        ("text", "is_link"),
        [
            ("08221-jobcenter", True),
            ("ref_4711", True),
            ("hilfe", False),
            ("не хочу жити", False),
            ("", False),
        ],
    )
    def test_only_what_a_program_wrote_is_kept_from_the_nlu(self, text: str, is_link: bool) -> None:
        assert deeplink.opens(a_turn(text, kind="command", payload="start")) == is_link
        assert not deeplink.opens(a_turn(text))

    def test_a_wish_of_before_is_not_taken_up_by_a_link(self) -> None:
        waiting = replace(GREETED, asked="place", wish=Wish("helper_training"))
        assert opens(HEIDELBERG, waiting).session.shown is None

    def test_the_place_of_a_link_answers_what_comes_next(self) -> None:
        after = opens(HEIDELBERG, GREETED).session
        assert "+49 6221 5810580" in text_of(says(understood("find_integration_manager"), after))
