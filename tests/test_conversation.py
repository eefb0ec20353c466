"""What the bot answers: one turn in, one outcome out, on a small directory."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.outcome import Outcome
from bot.conversation.respond import Core
from bot.conversation.session import Session, Wish
from bot.types import Guess, Language, Place, PlaceMatch, PlaceResult, Understanding
from gazetteer.districts import districts
from services_directory.search import DirectoryIndex
from services_directory.snapshot import OFFICE_KINDS, Listing, Snapshot
from tests.bot_factory import a_turn
from tests.directory_factory import HEIDELBERG, MANNHEIM, listing

IN_HEIDELBERG = PlaceResult("found", (PlaceMatch(Place("Heidelberg", HEIDELBERG), 1.0),))
OUTSIDE = PlaceResult("outside", outside_name="Berlin")
TWO_PLACES = PlaceResult(
    "ambiguous",
    (PlaceMatch(Place("Aach", "08335"), 1.0), PlaceMatch(Place("Aach", "08325"), 1.0)),
)
GREETED = Session(language="uk", greeted=True)
SETTLED = replace(GREETED, place=Place("Heidelberg", HEIDELBERG))

WAITING = replace(GREETED, asked="place", wish=Wish("integration_management"))

MANAGER = listing(
    "im1",
    "integration_management",
    HEIDELBERG,
    phones=("+4962215810580",),
    street="Bergheimer Straße 69",
    postal_code="69115",
    city="Heidelberg",
    opening_hours="Mo-Fr 08:00-16:00; Th 08:00-17:30",
    languages=("uk", "de"),
    source_date="2025-03",
)
LISTINGS = (
    MANAGER,
    listing("im2", "integration_management", HEIDELBERG, website="https://www.heidelberg.de"),
    listing("tr1", "trauma_consultation", MANNHEIM, phones=("+496211234567",), source_date="2024"),
    listing("trbw", "trauma_consultation", phones=("+497111234567",)),
    listing("jc1", "other_office", HEIDELBERG, office_kind="jobcenter", phones=("+4962211",)),
    replace(
        listing("zz1", "other_office", HEIDELBERG, office_kind="general", phones=("+4962215810",)),
        is_central_contact=True,
    ),
)


FOREIGN_PAYLOADS = (
    " : gone:1 offer offer:x:y:z find:nowhere at at:99999 at:: ask guess: ask:nothing region:x lang:xx "
    "topics:-1 topics:9999 wrong danger danger:x delete:maybe " + "x" * 64
).split(" ")


def core(*listings: Listing) -> Core:
    positions = {ags: (d.latitude, d.longitude) for ags, d in districts().items()}
    index = DirectoryIndex(Snapshot(1, "2026-11-23", listings or LISTINGS), positions)
    return Core(lambda: index, "Testverein")


def understood(intent: str = "", **fields: Any) -> Understanding:
    """An understanding that is sure of the intent, or has none."""
    guesses = (Guess(intent, 0.97),) if intent else ()
    fields.setdefault("certainty", "sure" if intent else "not_understood")
    return Understanding(fields.pop("language", None), guesses=guesses, **fields)


def says(understanding: Understanding, session: Session | None = GREETED, text: str = "…") -> Outcome:
    return core().respond(a_turn(text), session, understanding)


def presses(payload: str, session: Session | None = GREETED) -> Outcome:
    return core().respond(a_turn(kind="button", payload=payload), session, None)


def sends(session: Session | None = GREETED, **fields: Any) -> Outcome:
    return core().respond(a_turn(**fields), session, None)


def text_of(outcome: Outcome) -> str:
    return "\n".join(reply.html for reply in outcome.replies)


def payloads(outcome: Outcome) -> list[str]:
    return [button.payload for reply in outcome.replies for row in reply.buttons for button in row]


def events(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


class TestDanger:
    @pytest.mark.parametrize("language", ["uk", "ru", "de"])
    @pytest.mark.parametrize("kind", ["crisis", "report_violence"])
    def test_is_answered_with_the_emergency_numbers_first(self, kind: Any, language: Language) -> None:
        outcome = says(understood(danger=kind), replace(GREETED, language=language))
        first = outcome.replies[0].html
        assert "112" in first
        assert events(outcome) == ["danger"]
        assert "human" in payloads(outcome)
        assert "fine" in payloads(outcome), "a false alarm costs one tap"

    @pytest.mark.parametrize(
        "session", [None, replace(GREETED, asked="place", wish=Wish("trauma_consultation"))]
    )
    def test_comes_before_everything_else(self, session: Session | None) -> None:
        outcome = says(understood("find_other_office", danger="crisis", place=IN_HEIDELBERG), session)
        assert outcome.events[0].name == "danger"

    def test_names_lines_in_the_persons_language_first(self) -> None:
        html = says(understood(danger="crisis"), replace(GREETED, language="ru")).replies[0].html
        assert html.index("440308454") < html.index("800 111"), "the Russian line before the German one"

    def test_does_not_name_lines_that_are_closed_now(self) -> None:
        at_night = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
        outcome = core().respond(a_turn("…", at=at_night), GREETED, understood(danger="report_violence"))
        assert "116006" not in text_of(outcome), "open from 7:00 to 22:00 only"
        assert "116016" in text_of(outcome)

    def test_is_answered_in_a_group_too(self) -> None:
        outcome = core().respond(a_turn("…", group=True), GREETED, understood(danger="crisis"))
        assert events(outcome) == ["danger"]

    def test_in_a_group_it_has_no_buttons_that_others_could_press(self) -> None:
        outcome = core().respond(a_turn("…", group=True), GREETED, understood(danger="crisis"))
        assert not payloads(outcome)

    def test_is_seen_behind_a_command(self) -> None:
        turn = a_turn("не хочу жити", kind="command", payload="start")
        assert events(core().respond(turn, None, understood(danger="crisis"))) == ["danger"]

    def test_does_not_replace_the_introduction_of_the_next_turn(self) -> None:
        after = says(understood(danger="crisis"), None).session
        assert "Testverein" in text_of(says(understood("greet"), after))

    def test_leaves_no_words_in_what_is_recorded(self) -> None:
        [event] = says(understood(danger="crisis"), text="дуже особисте").events
        assert event.data == {"kind": "crisis"}


class TestFirstContact:
    def test_start_says_that_a_machine_answers_and_who_runs_it(self) -> None:
        outcome = sends(None, kind="command", payload="start", client_language="ru-RU")
        assert "Testverein" in outcome.replies[0].html
        assert "/delete" in outcome.replies[0].html
        assert outcome.session.language == "ru"
        assert {"lang:uk:start", "lang:ru:start", "lang:de:start"} <= set(payloads(outcome))

    def test_start_is_one_message_with_the_menu_in_it(self) -> None:
        outcome = sends(None, kind="command", payload="start")
        assert len(outcome.replies) == 1
        assert {"find:integration_management", "urgent", "human"} <= set(payloads(outcome))

    def test_a_question_without_start_is_answered_at_once_after_the_introduction(self) -> None:
        outcome = says(understood("find_integration_manager", place=IN_HEIDELBERG), None)
        assert "Testverein" in outcome.replies[0].html
        assert "+49 6221 5810580" in outcome.replies[-1].html

    def test_the_introduction_comes_once(self) -> None:
        first = says(understood("greet"), None)
        second = says(understood("greet"), first.session)
        assert len(second.replies) == len(first.replies) - 1

    def test_a_client_language_we_do_not_speak_begins_in_ukrainian(self) -> None:
        assert sends(None, kind="command", payload="start", client_language="fr").session.language == "uk"

    def test_writing_another_language_switches(self) -> None:
        assert says(understood("greet", language="de")).session.language == "de"

    def test_an_unclear_text_keeps_the_language(self) -> None:
        assert says(understood("greet"), replace(GREETED, language="de")).session.language == "de"


class TestFindingTheDoor:
    def test_with_the_place_in_the_same_message(self) -> None:
        outcome = says(understood("find_integration_manager", place=IN_HEIDELBERG))
        assert "+49 6221 5810580" in text_of(outcome)
        assert outcome.session.place == Place("Heidelberg", HEIDELBERG)

    def test_in_two_turns(self) -> None:
        asked = says(understood("find_integration_manager"))
        assert asked.session.asked == "place"
        answered = says(understood("inform_place", place=IN_HEIDELBERG), asked.session)
        assert "+49 6221 5810580" in text_of(answered)
        assert answered.session.wish is None

    def test_the_place_is_remembered_for_the_next_wish(self) -> None:
        assert "+49 6221 5810580" in text_of(says(understood("find_integration_manager"), SETTLED))

    def test_a_place_that_is_not_found_is_asked_again_with_the_list(self) -> None:
        asked = says(understood("find_integration_manager"))
        again = says(understood(), asked.session)
        assert "regions" in payloads(again)
        assert again.session.wish == Wish("integration_management")

    def test_an_ambiguous_place_is_asked_back_and_the_choice_goes_on(self) -> None:
        asked = says(understood("find_trauma_support", place=TWO_PLACES))
        assert payloads(asked) == ["at:08335:Aach", "at:08325:Aach"]
        chosen = presses("at:08335:Aach", asked.session)
        assert chosen.session.place is not None
        assert chosen.session.place.ags == "08335"
        assert "offer_shown" in events(chosen)

    def test_a_place_outside_the_land_gets_the_federal_ways(self) -> None:
        outcome = says(understood("find_trauma_support", place=OUTSIDE))
        assert "Berlin" in text_of(outcome)
        assert "germany4ukraine.de" in text_of(outcome)
        assert outcome.session.wish == Wish("trauma_consultation"), "kept for a place within the Land"

    def test_the_consulate_may_lie_outside(self) -> None:
        outcome = says(understood("find_other_office", office_kind="consulate", place=OUTSIDE), SETTLED)
        assert "offer_shown" in events(outcome)

    def test_without_an_own_offer_the_neighbour_and_its_distance_are_named(self) -> None:
        outcome = says(understood("find_trauma_support", place=IN_HEIDELBERG))
        assert "+49 621 1234567" in text_of(outcome)
        assert " km" in text_of(outcome) or " км" in text_of(outcome)

    @pytest.mark.parametrize("ags", sorted(districts()))
    def test_every_district_ends_at_a_door_even_with_an_empty_directory(self, ags: str) -> None:
        empty = Core(lambda: DirectoryIndex(Snapshot(0, ""), {}), "Testverein")
        outcome = empty.respond(a_turn(kind="button", payload=f"at:{ags}"), WAITING, None)
        assert "germany4ukraine.de" in text_of(outcome)

    def test_an_office_without_phone_or_address_is_shown_with_the_central_contact(self) -> None:
        outcome = presses("offer:integration_management::1", SETTLED)
        assert "+49 6221 5810" in text_of(outcome)

    def test_a_named_office_is_found(self) -> None:
        outcome = says(understood("find_other_office", office_kind="jobcenter", place=IN_HEIDELBERG))
        assert outcome.session.shown is not None
        assert outcome.session.shown.listing_id == "jc1"

    def test_an_unnamed_office_is_chosen_by_button(self) -> None:
        kinds = [
            payload.split(":")[2]
            for payload in payloads(says(understood("find_other_office")))
            if "find:" in payload
        ]
        assert set(kinds) == set(OFFICE_KINDS) - {"other"}


class TestTheCard:
    @pytest.fixture
    def card(self) -> str:
        return text_of(says(understood("find_integration_manager", place=IN_HEIDELBERG)))

    def test_has_the_address_the_phone_and_the_german_sentence(self, card: str) -> None:
        assert "Bergheimer Straße 69, 69115 Heidelberg" in card
        assert "Guten Tag, ich komme aus der Ukraine und brauche Hilfe vom Integrationsmanagement." in card

    def test_says_until_when_it_is_open(self, card: str) -> None:
        assert "16:00" in card, "it is Monday, 10:00"

    def test_says_that_the_office_has_not_confirmed_it_and_since_when(self, card: str) -> None:
        assert "⚠️" in card
        assert "2025" in card

    def test_escapes_what_the_directory_says(self) -> None:
        odd = replace(MANAGER, name="<Amt> & Co", organization="A<B")
        outcome = core(odd).respond(a_turn("…"), SETTLED, understood("find_integration_manager"))
        assert "&lt;Amt&gt; &amp; Co" in text_of(outcome)

    def test_another_one_goes_round(self) -> None:
        first = says(understood("find_integration_manager"), SETTLED)
        seen = [first.session.shown]
        outcome = first
        for _ in range(3):
            outcome = presses("another", outcome.session)
            seen.append(outcome.session.shown)
        assert seen[0] == seen[3]
        assert len({shown.listing_id for shown in seen if shown}) == 3


class TestFollowUps:
    @pytest.fixture
    def shown(self) -> Session:
        return says(understood("find_integration_manager"), SETTLED).session

    def test_opening_hours_are_those_of_what_was_shown(self, shown: Session) -> None:
        answer = text_of(says(understood("ask_opening_hours"), shown))
        assert answer.count("08:00") >= 3, "the next three times"

    def test_contact_is_that_of_what_was_shown(self, shown: Session) -> None:
        assert "+49 6221 5810580" in text_of(says(understood("ask_contact"), shown))

    def test_another_office_named_is_not_answered_with_the_one_shown(self, shown: Session) -> None:
        answer = says(understood("ask_opening_hours", office_kind="jobcenter"), shown)
        assert answer.session.shown is not None
        assert answer.session.shown.listing_id == "jc1"

    @pytest.mark.parametrize("intent", ["ask_opening_hours", "ask_contact"])
    def test_details_come_with_the_word_that_they_are_not_confirmed(
        self, shown: Session, intent: str
    ) -> None:
        assert "⚠️" in text_of(says(understood(intent), shown))

    def test_no_means_not_this_one(self, shown: Session) -> None:
        assert says(understood("deny"), shown).session.shown != shown.shown

    def test_a_person_is_offered_with_phone_and_the_wish_recorded(self) -> None:
        outcome = says(understood("talk_to_human"), SETTLED)
        assert "person_wanted" in events(outcome)
        assert "+49 6221 5810580" in text_of(outcome)


class TestNotKnowing:
    def test_a_sentence_is_no_misspelt_place_while_a_place_is_asked(self) -> None:
        unsure = Understanding(None, "unsure", (Guess("ask_housing", 0.3),))
        outcome = says(unsure, WAITING, text="мені сказали шукати нову квартиру до зими")
        assert payloads(outcome)[0] == "guess:ask_housing"

    def test_the_third_misunderstanding_in_a_row_shows_a_person(self) -> None:
        session = SETTLED
        for _ in range(3):
            outcome = says(understood(), session)
            session = outcome.session
        assert "person_wanted" in events(outcome)

    def test_uncertain_guesses_become_buttons(self) -> None:
        guesses = (Guess("ask_housing", 0.3), Guess("ask_arrival", 0.2), Guess("out_of_scope", 0.1))
        outcome = says(Understanding(None, "unsure", guesses))
        assert payloads(outcome)[:2] == ["guess:ask_housing", "guess:ask_arrival"]
        assert "human" in payloads(outcome)

    def test_a_chosen_guess_is_answered(self) -> None:
        assert "answered" in events(presses("guess:ask_housing"))

    @pytest.mark.parametrize("certainty", ["not_understood", "unavailable"])
    def test_it_says_so_and_offers_menu_and_person(self, certainty: Any) -> None:
        outcome = says(Understanding(None, certainty))
        assert {"find:integration_management", "human"} <= set(payloads(outcome))

    def test_without_the_nlu_a_place_still_answers_our_question(self) -> None:
        outcome = says(Understanding(None, "unavailable", place=IN_HEIDELBERG), WAITING)
        assert "+49 6221 5810580" in text_of(outcome)

    def test_without_the_nlu_it_says_so_also_when_a_place_is_named_and_keeps_the_place(self) -> None:
        outcome = says(Understanding(None, "unavailable", place=IN_HEIDELBERG))
        assert events(outcome) == ["nlu_unavailable"]
        assert outcome.session.place == Place("Heidelberg", HEIDELBERG)

    def test_another_language_is_answered_with_the_choice_of_ours(self) -> None:
        outcome = says(understood(other_language="en"))
        assert "lang:uk" in payloads(outcome)

    @pytest.mark.parametrize("attachment", ["voice", "photo", "document", "contact", "sticker", "video_note"])
    def test_what_is_not_text_gets_a_kind_answer_with_buttons(self, attachment: str) -> None:
        outcome = sends(kind="attachment", attachment=attachment)
        assert "find:trauma_consultation" in payloads(outcome)

    @pytest.mark.parametrize("payload", FOREIGN_PAYLOADS)
    def test_a_button_of_another_version_leads_on(self, payload: str) -> None:
        assert payloads(presses(payload))

    def test_a_mistake_of_ours_still_names_the_emergency_number(self) -> None:
        outcome = core().apologise(a_turn("…"), GREETED, None)
        assert "112" in text_of(outcome)


class TestPrivacy:
    def test_deleting_is_asked_once_and_then_done(self) -> None:
        asked = says(understood("delete_my_data"))
        assert not asked.forget
        assert presses("delete:yes", asked.session).forget
        assert says(understood("affirm"), asked.session).forget
        assert not says(understood("deny"), asked.session).forget

    def test_a_late_yes_deletes_nothing(self) -> None:
        asked = says(understood("delete_my_data"))
        thanked = says(understood("thank"), asked.session)
        assert not says(understood("affirm"), thanked.session).forget

    def test_a_shared_location_leaves_only_the_district(self) -> None:
        outcome = sends(WAITING, kind="location", latitude=49.4094, longitude=8.6942)
        assert outcome.session.place is not None
        assert outcome.session.place.ags == HEIDELBERG
        assert outcome.session.place.latitude is None
        assert outcome.replies[0].closes_keyboard
        assert "offer_shown" in events(outcome)

    def test_a_location_outside_the_land_is_dropped(self) -> None:
        outcome = sends(kind="location", latitude=52.52, longitude=13.40)
        assert outcome.session.place is None
        assert "germany4ukraine.de" in text_of(outcome)

    def test_in_groups_it_asks_to_write_in_private(self) -> None:
        outcome = core().respond(a_turn("…", group=True), GREETED, understood("find_trauma_support"))
        assert len(outcome.replies) == 1
        assert not outcome.events


def test_every_screen_stays_within_telegrams_limits() -> None:
    fixed = ["menu", "offices", "place", "regions", "location", "human", "urgent", "fine", "privacy"]
    fixed += ["delete", "lang", "topics", "topics:1", "topics:3", "region:stuttgart", "region:tuebingen"]
    for language in ("uk", "ru", "de"):
        for payload in fixed:
            outcome = presses(payload, replace(SETTLED, language=language))
            for reply in outcome.replies:
                assert len(reply.html) <= 4096
                assert all(len(button.payload.encode()) <= 64 for row in reply.buttons for button in row)


def test_a_session_survives_being_stored() -> None:
    session = says(understood("find_integration_manager"), SETTLED).session
    assert Session.from_dict(session.to_dict()) == session


def test_newcomers_find_every_module_of_the_conversation_in_the_map() -> None:
    root = Path(__file__).parent.parent
    _, _, described = (root / "docs/architecture.md").read_text().partition("### The rooms of")
    named = set(re.findall(r"`(\w+)`", described.partition("\n## ")[0]))
    modules = {path.stem for path in (root / "bot/conversation").glob("*.py")} - {"__init__"}
    assert modules <= named, "docs/architecture.md lacks these"


def test_the_conversation_knows_no_telegram_no_redis_and_no_http() -> None:
    folder = Path(__file__).parent.parent / "bot" / "conversation"
    code = "\n".join(path.read_text() for path in folder.glob("*.py"))
    imports = re.findall(r"^\s*(?:from|import) (\w+)", code, re.MULTILINE)
    assert not set(imports) & {"telegram", "redis", "httpx", "aiohttp", "django", "asyncio"}
