"""Answers with the office of the person's district; offers elsewhere; people between districts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import answers
from bot.conversation.card import scope_lines
from bot.conversation.context import Context
from bot.conversation.respond import Core
from bot.conversation.session import Session, Wish
from bot.types import Place, PlaceMatch, PlaceResult
from gazetteer.districts import districts_around
from gazetteer.resolver import Resolver
from services_directory.search import DirectoryIndex, Match
from services_directory.snapshot import Listing, Snapshot
from tests.bot_factory import a_turn
from tests.directory_factory import HEIDELBERG, KARLSRUHE, KONSTANZ, MANNHEIM, RHEIN_NECKAR, listing
from tests.test_conversation import (
    GREETED,
    IN_HEIDELBERG,
    OUTSIDE,
    SETTLED,
    TWO_PLACES,
    core,
    events,
    payloads,
    presses,
    says,
    sends,
    text_of,
    understood,
)

IN_HEIDELBERG_STADT = replace(SETTLED, language="de")


class TestTheOfficeInsideAnAnswer:
    def test_is_named_with_phone_hours_and_the_word_that_it_is_not_confirmed(self) -> None:
        text = text_of(presses("ask:ask_legal_advice", IN_HEIDELBERG_STADT))
        assert answers()["ask_legal_advice"].office == "integration_management"
        office = text[text.index("📌") :]
        assert "Bergheimer Straße 69, 69115 Heidelberg" in office
        assert "+49 6221 5810580" in office
        assert "16:00" in office
        assert "⚠️" in office

    def test_says_so_where_another_office_stands_in(self) -> None:
        text = text_of(presses("ask:ask_school", IN_HEIDELBERG_STADT))
        assert "Schulamt" in text
        assert "+49 6221 5810" in text

    def test_is_what_the_next_question_is_about(self) -> None:
        answered = presses("ask:ask_legal_advice", SETTLED).session
        assert "+49 6221 5810580" in text_of(says(understood("ask_contact"), answered))

    def test_is_that_of_the_place_named_beside_the_question(self) -> None:
        elsewhere = replace(GREETED, place=Place("Konstanz", KONSTANZ))
        assert "+49 6221" in text_of(says(understood("ask_social_benefits", place=IN_HEIDELBERG), elsewhere))

    def test_does_not_move_the_person_to_a_place_they_only_travel_to(self) -> None:
        at_home = replace(GREETED, place=Place("Konstanz", KONSTANZ))
        answered = says(understood("ask_transport", place=IN_HEIDELBERG), at_home)
        assert answered.session.place == at_home.place

    def test_without_a_place_the_question_is_kept_until_it_is_told(self) -> None:
        answered = presses("ask:ask_work")
        assert answered.session.wish == Wish("other_office", "jobcenter")
        told = says(understood("inform_place", place=IN_HEIDELBERG), answered.session)
        assert told.session.shown is not None
        assert told.session.shown.listing_id == "jc1"

    def test_of_several_places_named_the_person_chooses_and_gets_this_office(self) -> None:
        answered = says(understood("ask_work", place=TWO_PLACES))
        assert {"at:08335:Aach", "at:08325:Aach"} <= set(payloads(answered))
        chosen = presses("at:08335:Aach", answered.session)
        assert chosen.session.wish is None

    def test_outside_the_land_it_names_what_helps_everywhere(self) -> None:
        text = text_of(says(understood("ask_work", place=OUTSIDE)))
        assert "germany4ukraine.de" in text
        assert "116117" in text


class TestOffersElsewhere:
    PSYCHOLOGISTS = (
        listing("tr1", "trauma_consultation", MANNHEIM, phones=("+496211234567",), city="Mannheim"),
        listing("tr2", "trauma_consultation", KARLSRUHE, phones=("+497211234567",), city="Karlsruhe"),
        listing("tr3", "trauma_consultation", RHEIN_NECKAR, phones=("+496221234567",), city="Sinsheim"),
        listing("tr4", "trauma_consultation", KONSTANZ, phones=("+497531234567",), city="Konstanz"),
        listing("trbw", "trauma_consultation", website="https://example.org"),
        listing("im1", "integration_management", HEIDELBERG, phones=("+4962215810580",)),
    )

    def asks(self, session: Session = SETTLED, payload: str = "find:trauma_consultation") -> str:
        return text_of(self.outcome(session, payload))

    def outcome(self, session: Session, payload: str = "find:trauma_consultation"):  # type: ignore[no-untyped-def]
        return core(*self.PSYCHOLOGISTS).respond(a_turn(kind="button", payload=payload), session, None)

    def test_come_after_the_own_door_the_nearest_first_with_their_distance(self) -> None:
        text = self.asks()
        order = ["+49 6221 5810580", "1. ", "+49 621 1234567", "2. ", "3. ", "+49 721 1234567"]
        assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
        assert text.count(" км") == 3
        assert "+49 7531 234567" not in text, "the three nearest only"

    def test_are_opened_by_number(self) -> None:
        shown = self.outcome(SETTLED)
        numbers = [
            button.payload for row in shown.replies[-1].buttons for button in row if button.label in "123"
        ]
        assert len(numbers) == 3
        card = self.outcome(shown.session, numbers[1])
        assert card.session.shown.listing_id in ("tr1", "tr3")
        assert "Guten Tag" in text_of(card)

    def test_of_the_whole_land_are_named_beside_them(self) -> None:
        assert "trbw" in self.asks()

    def test_are_sorted_from_the_persons_own_municipality(self) -> None:
        hockenheim = Place("Hockenheim", RHEIN_NECKAR, "municipality", "08226032", 49.32334, 8.55194)
        others = tuple(found for found in self.PSYCHOLOGISTS if found.id != "tr3")
        turn = a_turn(kind="button", payload="find:trauma_consultation")
        text = text_of(core(*others).respond(turn, replace(GREETED, place=hockenheim), None))
        assert text.index("+49 621 1234567") < text.index("+49 721 1234567")

    def test_are_three_different_ones_even_where_one_serves_several_districts(self) -> None:
        shared = listing("tr0", "trauma_consultation", MANNHEIM, RHEIN_NECKAR, phones=("+49621999999",))
        others = tuple(found for found in self.PSYCHOLOGISTS if found.id in ("tr2", "tr4"))
        turn = a_turn(kind="button", payload="find:trauma_consultation")
        text = text_of(core(shared, *others).respond(turn, SETTLED, None))
        assert text.count("+49 621 999999") == 1
        assert "+49 721 1234567" in text
        assert "+49 7531 234567" in text

    def test_an_old_button_still_opens_the_card_itself(self) -> None:
        assert "Guten Tag" in self.asks(payload="offer:trauma_consultation::0")


class TestBetweenDistricts:
    RESOLVER = Resolver.load()

    @pytest.mark.parametrize(
        "text",
        [
            "живу в Маннгаймі, працюю в Людвігсгафені",
            "живу в Мангейме, работаю в Людвигсхафене",
            "Ich wohne in Mannheim und arbeite in Ludwigshafen",
        ],
    )
    def test_where_somebody_works_is_asked_about_not_taken(self, text: str) -> None:
        outcome = says(understood("find_integration_manager", place=self.RESOLVER.resolve(text)), text=text)
        assert payloads(outcome) == ["at:08222000:Mannheim", "away:Ludwigshafen am Rhein"]
        assert "Anmeldung" in text_of(outcome)

    def test_the_choice_outside_the_land_leads_to_the_federal_ways_on(self) -> None:
        asked = replace(GREETED, asked="place", wish=Wish("integration_management"))
        text = text_of(presses("away:Ludwigshafen am Rhein", asked))
        assert "Ludwigshafen am Rhein" in text
        assert "germany4ukraine.de" in text
        assert "116117" in text

    def test_between_two_towns_the_registered_one_is_asked_for(self) -> None:
        place = self.RESOLVER.resolve("zwischen Stuttgart und Esslingen")
        asked = says(understood("find_integration_manager", place=place))
        assert "Anmeldung" in text_of(asked)
        assert len(payloads(asked)) == 2
        assert presses(payloads(asked)[1], asked.session).session.place.ags == "08116"  # type: ignore[union-attr]

    def test_two_places_of_one_name_are_no_question_of_registration(self) -> None:
        assert "Anmeldung" not in text_of(says(understood("find_trauma_support", place=TWO_PLACES)))

    def test_where_one_is_registered_counts_more_than_where_one_lives(self) -> None:
        found = self.RESOLVER.resolve("Ich wohne in Heidelberg, bin aber in Mannheim gemeldet")
        assert [match.place.name for match in found.matches] == ["Mannheim"]

    def test_working_in_the_own_district_asks_nothing(self) -> None:
        assert not self.RESOLVER.resolve("живу в Ульмі, працюю в Ульмі").beside

    def test_a_location_at_a_border_offers_the_district_beyond(self) -> None:
        near_the_border = (49.42, 8.62)
        here, beyond = districts_around(*near_the_border)
        outcome = sends(
            replace(GREETED, asked="place", wish=Wish("integration_management")),
            kind="location",
            latitude=near_the_border[0],
            longitude=near_the_border[1],
        )
        assert payloads(outcome) == [f"at:{here}", f"at:{beyond}"]
        assert outcome.replies[0].closes_keyboard
        assert outcome.session.place is None
        chosen = presses(f"at:{beyond}", outcome.session)
        assert chosen.session.place is not None
        assert chosen.session.place.ags == beyond

    def test_a_location_in_the_middle_of_a_town_asks_nothing(self) -> None:
        assert districts_around(48.4914, 9.2043) == ("08415",)

    def test_a_location_outside_the_land_gets_pages_and_numbers_for_all_of_germany(self) -> None:
        text = text_of(sends(kind="location", latitude=52.52, longitude=13.40))
        assert "germany4ukraine.de" in text
        for number in ("112", "110", "116117", "116016"):
            assert number in text


class TestHelpers:
    TRAINING = (
        listing("ht1", "helper_training", HEIDELBERG, phones=("+4962211111",)),
        replace(
            listing("htbw", "helper_training", website="https://example.org"), organization="Landesverein"
        ),
    )

    def finds(self, session: Session, *listings: Listing):  # type: ignore[no-untyped-def]
        return core(*listings).respond(a_turn(kind="button", payload="find:helper_training"), session, None)

    def test_see_the_offer_of_the_district_first_and_those_of_the_land_beside_it(self) -> None:
        outcome = self.finds(IN_HEIDELBERG_STADT, *self.TRAINING)
        assert outcome.session.shown.listing_id == "ht1"
        assert "Auch für das ganze Land Baden-Württemberg: htbw (Landesverein)" in text_of(outcome)
        assert "offer:helper_training::1" in payloads(outcome)

    def test_without_an_own_offer_see_the_lands_offers_too(self) -> None:
        konstanz = replace(GREETED, language="de", place=Place("Konstanz", KONSTANZ))
        assert "htbw" in text_of(self.finds(konstanz, *self.TRAINING))

    def test_come_from_the_answer_to_the_training_and_back(self) -> None:
        assert "find:helper_training" in payloads(presses("ask:offer_help"))
        assert "ask:offer_help" in payloads(self.finds(SETTLED, *self.TRAINING))


def test_nobody_is_left_without_a_way_on_where_the_directory_is_empty() -> None:
    empty = Core(lambda: DirectoryIndex(Snapshot(0, ""), {}), "Testverein")
    for topic in answers():
        outcome = empty.respond(a_turn(kind="button", payload=f"ask:{topic}"), SETTLED, None)
        assert "Rathaus" in text_of(outcome)
        assert events(outcome) == ["answered"]


def test_a_result_with_a_workplace_keeps_the_home_first() -> None:
    home, work = Place("Mannheim", MANNHEIM), Place("Heidelberg", HEIDELBERG)
    result = PlaceResult("found", (PlaceMatch(home, 1.0),), beside=(work,))
    assert payloads(says(understood("inform_place", place=result)))[0] == f"at:{home.ags}:Mannheim"


def test_the_district_around_a_town_is_never_nothing_away() -> None:
    nothing = DirectoryIndex(Snapshot(0, ""), {})
    ctx = Context(a_turn(), Session(language="de"), None, nothing, "Testverein")
    around = Match(listing("hn1", "trauma_consultation", "08125"), "neighbour", 0.2)
    assert "1 km" in scope_lines(ctx, around)[0]
