"""What conversation scripts found: questions that got an answer, but not the one that leads on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.session import Shown
from bot.types import Place
from tests.directory_factory import HEIDELBERG, MANNHEIM, listing
from tests.test_conversation import (
    GREETED,
    IN_HEIDELBERG,
    MANAGER,
    SETTLED,
    a_turn,
    core,
    presses,
    says,
    text_of,
    understood,
)
from tests.test_understanding import FixedNlu, understander

IN_MANNHEIM = Place("Mannheim", MANNHEIM)
SILENT = listing("tr9", "trauma_consultation", HEIDELBERG, website="https://example.org")
SHOWN = replace(SETTLED, shown=Shown("tr9", "trauma_consultation"))


class TestAnOfficeWithoutAPhone:
    def test_a_question_for_its_number_is_answered_with_who_knows_it(self) -> None:
        shown = replace(SETTLED, shown=Shown("im2", "integration_management"))
        assert "+49 6221 5810" in text_of(says(understood("ask_contact"), shown))

    def test_without_a_switchboard_the_integration_manager_knows_it(self) -> None:
        for intent in ("ask_contact", "find_trauma_support"):
            answer = core(SILENT, MANAGER).respond(a_turn("…"), SHOWN, understood(intent))
            assert "+49 6221 5810580" in text_of(answer), intent

    def test_where_nobody_is_known_it_is_said_that_no_number_is(self) -> None:
        answer = core(SILENT).respond(a_turn("…"), SHOWN, understood("ask_contact"))
        assert "телефон невідомий" in text_of(answer)


class TestAPlaceNamedInDanger:
    def test_is_where_help_is_shown(self) -> None:
        hour = replace(SILENT, phones=("+4962211112223",))
        answer = core(hour).respond(a_turn("…"), GREETED, understood(danger="crisis", place=IN_HEIDELBERG))
        assert "+49 6221 1112223" in text_of(answer)
        assert answer.session.place is not None

    def test_does_not_replace_the_place_that_is_known(self) -> None:
        answer = says(understood(danger="crisis", place=IN_HEIDELBERG), replace(SETTLED, place=IN_MANNHEIM))
        assert answer.session.place == IN_MANNHEIM

    def test_is_not_kept_in_a_group(self) -> None:
        turn = a_turn("…", group=True)
        answer = core().respond(turn, GREETED, understood(danger="crisis", place=IN_HEIDELBERG))
        assert answer.session.place is None


class TestALanguageThatIsSpokenAlready:
    def test_is_confirmed_where_the_first_screen_would_not_change(self) -> None:
        [reply] = presses("lang:uk:start", GREETED).replies
        assert not reply.replaces
        assert "відповідаю українською" in reply.html


class TestAnOfficeNamedAlone:
    @pytest.mark.parametrize(
        "text", ["А социаламт?", "und das Jobcenter?", "і ще джобцентр", "Ausländerbehörde"]
    )
    async def test_is_a_wish_also_when_the_model_is_unsure_or_away(self, text: str) -> None:
        for nlu in (FixedNlu(down=True), FixedNlu(("ask_bot", 0.17))):
            found = await understander(nlu).understand(text, "uk")
            assert (found.certainty, found.intent) == ("sure", "find_other_office")

    @pytest.mark.parametrize("text", ["Jobcenter zahlt nicht", "лист від соціаламту", "у джобцентрі хамили"])
    async def test_beside_other_words_is_left_to_the_model(self, text: str) -> None:
        found = await understander(FixedNlu(("ask_bot", 0.17))).understand(text, "uk")
        assert found.certainty == "unsure"


class TestWhoOnlySaysWhereTheyAre:
    alarmed = FixedNlu(("crisis", 0.62), ("inform_place", 0.11))

    async def test_is_in_no_danger_for_the_model_alone(self) -> None:
        found = await understander(self.alarmed).understand("я уже переехала, теперь Ulm", "ru")
        assert (found.danger, found.intent) == (None, "inform_place")

    async def test_is_heard_where_anything_else_is_said(self) -> None:
        found = await understander(self.alarmed).understand("Ulm, я устала от всего", "ru")
        assert found.danger == "crisis"


class TestAnotherOfferFarAway:
    own = listing("tr8", "trauma_consultation", HEIDELBERG, phones=("+49622199",))
    far = listing("tr7", "trauma_consultation", MANNHEIM, phones=("+496211234567",))

    def test_does_not_deny_the_one_in_the_own_district(self) -> None:
        shown = replace(SETTLED, shown=Shown("tr8", "trauma_consultation"))
        answer = core(self.own, self.far, MANAGER).respond(
            a_turn(kind="button", payload="another"), shown, None
        )
        assert "+49 621 1234567" in text_of(answer)
        assert "поки не знаю" not in text_of(answer)

    def test_comes_with_the_own_door_where_the_own_district_has_none(self) -> None:
        answer = core(self.far, MANAGER).respond(a_turn("…"), SETTLED, understood("find_trauma_support"))
        assert "поки не знаю" in text_of(answer)
