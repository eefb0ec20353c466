"""Inline mode: which cards a few words give, and how queries are taken in."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from telegram.error import TimedOut

from bot.channels.telegram.inline import AT_ONCE, WAITING, InlineQueries
from bot.conversation import deeplink
from bot.conversation.inline import MAX_CARDS, InlineCard
from bot.conversation.respond import Core
from bot.types import Guess, Language, PlaceResult, Turn, Understanding
from bot.understanding.offices import category
from gazetteer.districts import districts
from services_directory.search import DirectoryIndex
from services_directory.snapshot import CATEGORIES, Snapshot
from tests.bot_factory import a_turn
from tests.test_conversation import IN_HEIDELBERG, LISTINGS, OUTSIDE, TWO_PLACES, understood

NOTHING = Understanding(None, "not_understood")


def core(username: str = "lotse_bot") -> Core:
    positions = {ags: (d.latitude, d.longitude) for ags, d in districts().items()}
    index = DirectoryIndex(Snapshot(1, "", LISTINGS), positions)
    return Core(lambda: index, "Testverein", username)


def cards(text: str, found: Understanding = NOTHING, client: str = "") -> tuple[InlineCard, ...]:
    return core().cards(a_turn(text, client_language=client), found, category(text))


def listings(found: tuple[InlineCard, ...]) -> list[str]:
    links = [deeplink.read(parse_qs(urlsplit(c.button.url).query)["start"][0]) for c in found if c.button]
    return [link.listing for link in links if link]


class TestTheCards:
    def test_for_an_offer_and_a_place_are_the_offers_of_that_place(self) -> None:
        found = cards("психолог Гейдельберг", understood(certainty="unavailable", place=IN_HEIDELBERG))
        assert listings(found) == ["tr1", "trbw"]
        assert "+49 621 1234567" in found[0].html
        assert "⚠️" in found[0].html, "the state of confirmation goes along"

    def test_for_an_office_nobody_answers_at_name_the_central_contact_too(self) -> None:
        found = cards("", understood("find_integration_manager", place=IN_HEIDELBERG))
        [card] = [card for card in found if card.button and "_im2" in card.button.url]
        assert "+49 6221 5810" in card.html

    def test_for_a_named_office_are_those_of_its_kind(self) -> None:
        found = cards("jobcenter Heidelberg", understood(office_kind="jobcenter", place=IN_HEIDELBERG))
        assert listings(found)[0] == "jc1"

    def test_for_a_place_alone_are_offers_of_each_category(self) -> None:
        found = cards("Heidelberg", understood("inform_place", place=IN_HEIDELBERG))
        assert {"im1", "tr1", "zz1"} <= set(listings(found))

    def test_for_a_name_of_several_places_are_offers_of_each(self) -> None:
        found = cards("психолог Aach", understood(certainty="unavailable", place=TWO_PLACES))
        links = {parse_qs(urlsplit(card.button.url).query)["start"][0][:5] for card in found if card.button}
        assert links <= {"08335", "08325"}
        assert found

    @pytest.mark.parametrize("text", ["", "?", "щось незрозуміле"])
    def test_for_nothing_that_is_known_say_how_to_use_it_and_name_the_crisis_lines(self, text: str) -> None:
        how, urgent = cards(text)
        assert "Lotse" in how.html
        assert "112" in urgent.html

    def test_for_an_offer_without_a_place_say_that_the_town_is_missing(self) -> None:
        assert "Гейдельберг" in cards("психолог")[0].description

    def test_for_a_place_outside_the_land_show_no_office(self) -> None:
        assert not any(listings(cards("психолог Berlin", understood(place=OUTSIDE))))

    def test_for_a_question_understood_for_sure_is_its_short_answer(self) -> None:
        [card] = cards("курси німецької", understood("ask_language_course"))
        assert card.html.startswith("<b>")
        assert "ask_language_course" in (card.button.url if card.button else "")

    @pytest.mark.parametrize(("kind", "line"), [("crisis", "112"), ("report_violence", "116 016")])
    def test_for_danger_the_lines_that_answer_come_first(self, kind: Any, line: str) -> None:
        first = cards("…", understood(danger=kind, place=IN_HEIDELBERG))[0]
        assert line.replace(" ", "") in first.html.replace(" ", "")
        assert "112" in first.html

    def test_for_danger_name_only_lines_that_answer_day_and_night(self) -> None:
        html = cards("…", understood(danger="crisis"))[0].html
        lines = [line for line in html.splitlines() if line.startswith("•")]
        assert lines
        assert all("цілодобово" in line for line in lines)

    def test_are_never_more_than_ten_and_fit_what_a_phone_shows(self) -> None:
        for text in ("Heidelberg", "психолог Heidelberg", "", "jobcenter Heidelberg"):
            found = cards(text, understood("inform_place", place=IN_HEIDELBERG))
            assert 1 <= len(found) <= MAX_CARDS
            for card in found:
                assert 0 < len(card.title) <= 80
                assert 0 < len(card.description) <= 120
                assert len(card.html) <= 4096

    def test_say_the_hours_with_their_day_since_they_are_read_later(self) -> None:
        html = cards("", understood("find_integration_manager", place=IN_HEIDELBERG))[0].html
        assert "понеділок, 23 листопада, 08:00–16:00" in html
        assert "сьогодні" not in html
        assert "зараз" not in html

    @pytest.mark.parametrize(
        ("found", "client", "word"),
        [
            (Understanding("ru", "not_understood"), "de", "Lotse, программа"),
            (NOTHING, "de-DE", "ein Programm"),
            (NOTHING, "fr", "Lotse, програма"),
        ],
    )
    def test_speak_the_language_of_the_words_else_that_of_the_app(
        self, found: Understanding, client: str, word: str
    ) -> None:
        assert word in cards("", found, client)[0].html

    def test_have_no_link_where_the_bot_has_no_name(self) -> None:
        assert all(card.button is None for card in core("").cards(a_turn(""), NOTHING, ""))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("психолог", "trauma_consultation"),
            ("Psychologin", "trauma_consultation"),
            ("психотерапевт Ульм", "trauma_consultation"),
            ("травма", "trauma_consultation"),
            ("інтеграційний менеджер", "integration_management"),
            ("Integrationsmanagement", "integration_management"),
            ("соціальний працівник", "integration_management"),
            ("волонтер", "helper_training"),
            ("консультація", "initial_counselling"),
            ("Beratung Ulm", "initial_counselling"),
            ("курси німецької", ""),
            ("Heidelberg", ""),
            ("", ""),
        ],
    )
    def test_short_words_name_a_category_without_the_nlu(self, text: str, expected: str) -> None:
        assert category(text) == expected
        assert not expected or expected in CATEGORIES


class Telegram:
    """Takes answers; each waits for `open` where that is given."""

    def __init__(self, gate: asyncio.Event | None = None, fails: bool = False) -> None:
        self.answered: list[str] = []
        self.changed = asyncio.Event()
        self._gate, self._fails = gate, fails

    async def answer_inline_query(self, id: str, results: list[Any], **options: Any) -> bool:
        if self._gate:
            await self._gate.wait()
        self.answered.append(id)
        self.changed.set()
        if self._fails:
            raise TimedOut
        return True

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.answered) < count:
                self.changed.clear()
                await self.changed.wait()


class Understands:
    """Knows at a glance what `seen` says; the NLU answers when `gate` opens."""

    def __init__(self, seen: Understanding, gate: asyncio.Event | None = None) -> None:
        self._seen, self._gate = seen, gate
        self.asked = 0

    def glance(self, text: str, current: Language | None) -> Understanding:
        return self._seen

    async def understand(self, text: str, current: Language | None) -> Understanding:
        self.asked += 1
        if self._gate:
            await self._gate.wait()
        return Understanding("uk", "sure", (Guess("ask_language_course", 0.9),))


class NoCards:
    def __init__(self) -> None:
        self.seen: list[Understanding] = []

    def cards(self, turn: Turn, understanding: Understanding, category: str) -> tuple[InlineCard, ...]:
        self.seen.append(understanding)
        return ()


def a_query(id: str, person: int, text: str = "") -> dict[str, Any]:
    return {"id": id, "from": {"id": person, "language_code": "uk"}, "query": text, "offset": ""}


def queries(telegram: Telegram, understander: Any = None, made: Any = None) -> InlineQueries:
    return InlineQueries(telegram, understander or Understands(NOTHING), made or NoCards())  # type: ignore[arg-type]


class TestTakingQueries:
    async def test_never_waits_for_an_answer_and_drops_the_oldest_when_too_many_wait(self) -> None:
        gate = asyncio.Event()
        telegram = Telegram(gate)
        async with queries(telegram) as inline:
            for n in range(AT_ONCE):
                inline.take(a_query(f"running{n}", n))
            await asyncio.sleep(0)
            for n in range(WAITING + 3):
                inline.take(a_query(f"waiting{n}", 100 + n))
            gate.set()
            await telegram.until(AT_ONCE + WAITING)
        assert "waiting0" not in telegram.answered
        assert "waiting2" not in telegram.answered
        assert f"waiting{WAITING + 2}" in telegram.answered

    async def test_a_newer_query_of_the_same_person_takes_the_place_of_the_waiting_one(self) -> None:
        gate = asyncio.Event()
        telegram = Telegram(gate)
        async with queries(telegram) as inline:
            for n in range(AT_ONCE):
                inline.take(a_query(f"running{n}", n))
            await asyncio.sleep(0)
            for text in ("п", "пс", "пси"):
                inline.take(a_query(text, 7, text))
            gate.set()
            await telegram.until(AT_ONCE + 1)
        assert {"п", "пс", "пси"} & set(telegram.answered) == {"пси"}

    async def test_a_failing_answer_does_not_stop_the_next_one(self) -> None:
        telegram = Telegram(fails=True)
        async with queries(telegram) as inline:
            for n in range(AT_ONCE + 2):
                inline.take(a_query(str(n), n))
            await telegram.until(AT_ONCE + 2)

    async def test_a_mistake_of_ours_does_not_stop_the_next_one(self) -> None:
        telegram = Telegram()

        class Broken(NoCards):
            def cards(
                self, turn: Turn, understanding: Understanding, category: str
            ) -> tuple[InlineCard, ...]:
                if turn.text == "broken":
                    raise RuntimeError("broken")
                return ()

        async with queries(telegram, made=Broken()) as inline:
            inline.take(a_query("1", 1, "broken"))
            inline.take(a_query("2", 2))
            await telegram.until(1)
        assert telegram.answered == ["2"]

    @pytest.mark.parametrize("query", [{}, {"id": "1"}, {"id": "1", "from": {}}, {"id": "1", "from": 5}])
    async def test_a_malformed_query_is_refused_as_such(self, query: Any) -> None:
        async with queries(Telegram()) as inline:
            with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
                inline.take(query)

    @pytest.mark.parametrize(
        ("text", "seen"),
        [
            ("", NOTHING),
            ("психолог Ульм", Understanding("uk", "unavailable")),
            ("джобцентр", Understanding("uk", "unavailable", office_kind="jobcenter")),
            ("не хочу жити", Understanding("uk", "unavailable", danger="crisis")),
            ("Ульм", Understanding("uk", "sure", (Guess("inform_place", 1.0),))),
        ],
    )
    async def test_the_nlu_is_not_asked_where_a_glance_is_enough(
        self, text: str, seen: Understanding
    ) -> None:
        telegram, understander = Telegram(), Understands(seen)
        async with queries(telegram, understander) as inline:
            inline.take(a_query("1", 1, text))
            await telegram.until(1)
        assert understander.asked == 0

    async def test_an_nlu_that_is_too_slow_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.channels.telegram.inline.NLU_S", 0.01)
        telegram, made = Telegram(), NoCards()
        seen = Understanding("uk", "unavailable", place=PlaceResult("none"))
        async with queries(telegram, Understands(seen, asyncio.Event()), made) as inline:
            inline.take(a_query("1", 1, "де вчити німецьку"))
            await telegram.until(1)
        assert made.seen == [seen]
