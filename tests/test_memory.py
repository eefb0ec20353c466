"""What the bot remembers over several turns, and how it lets itself be corrected.

The understanding is the real one; only the NLU is a list of what each message of these tests means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.types import Guess, Language, Place
from bot.understanding import repair, wishes
from bot.understanding.danger import DangerLexicon
from bot.understanding.language import LanguageDetector
from bot.understanding.understand import Understander
from bot.understanding.whom import for_whom
from gazetteer.resolver import Resolver
from tests.bot_factory import MONDAY_MORNING, a_turn
from tests.directory_factory import HEIDELBERG, KARLSRUHE, KONSTANZ, listing
from tests.test_conversation import LISTINGS, core, events, payloads, text_of

HEILBRONN, LANDKREIS_HEILBRONN, ULM = "08121", "08125", "08421"
MEANINGS = {
    "потрібен психолог": "find_trauma_support",
    "нужен психолог": "find_trauma_support",
    "психолог для сина": "find_trauma_support",
    "для подруги потрібен менеджер у констанці": "find_integration_manager",
    "мені потрібен психолог": "find_trauma_support",
    "хто мій менеджер?": "find_integration_manager",
    "хто мій менеджер": "find_integration_manager",
    "хто мій менеджер у гейдельберзі?": "find_integration_manager",
    "ich suche für eine ukrainische familie in konstanz den integrationsmanager": "find_integration_manager",
    "як записати дитину в школу?": "ask_school",
    "як записати дитину в школу": "ask_school",
    "хто мій менеджер? і ще, як записати дитину в школу?": "ask_school",
    "коли вони працюють?": "ask_opening_hours",
    "дякую": "thank",
    "я переїхала в ульм": "inform_place",
    "де мені взяти одяг": "ask_food_clothing",
    "where can i find a doctor?": "ask_healthcare",
}
OFFICES = (
    *LISTINGS,
    listing("hn1", "integration_management", HEILBRONN, phones=("+4971311",)),
    listing("lhn", "integration_management", LANDKREIS_HEILBRONN, phones=("+4971312",)),
    listing("ulm", "integration_management", ULM, phones=("+497311",)),
    listing("kn1", "integration_management", KONSTANZ, phones=("+4975311",)),
    listing("ka1", "trauma_consultation", KARLSRUHE, phones=("+497211",), verified_at="2026-11-01"),
    listing("ka2", "trauma_consultation", KARLSRUHE, phones=("+497212",), descriptions={"de": "Für Kinder."}),
)


class ListedMeanings:
    """An NLU that is sure of what stands in `MEANINGS` and understands nothing else."""

    async def guesses(self, text: str) -> tuple[Guess, ...]:
        intent = MEANINGS.get(text.strip().lower())
        return (Guess(intent, 0.99),) if intent else (Guess("out_of_scope", 0.9),)


@cache
def understander() -> Understander:
    return Understander(LanguageDetector(), DangerLexicon.load(), ListedMeanings(), Resolver.load())


@dataclass
class Chat:
    """One conversation; `said` is the bot's last answer."""

    session: Session
    said: Outcome | None = None
    days: int = 0

    async def writes(self, text: str) -> str:
        understanding = await understander().understand(text, self.session.language)
        return self._turn(text, understanding)

    def presses(self, payload: str) -> str:
        return self._turn("", None, kind="button", payload=payload)

    def _turn(self, text: str, understanding: Any, **fields: Any) -> str:
        turn = a_turn(text, at=MONDAY_MORNING + timedelta(days=self.days), **fields)
        self.said = core(*OFFICES).respond(turn, self.session, understanding)
        self.session = self.said.session
        return text_of(self.said)

    @property
    def card(self) -> str:
        return self.session.shown.listing_id if self.session.shown else ""

    @property
    def buttons(self) -> list[str]:
        return payloads(self.said) if self.said else []

    @property
    def ags(self) -> str:
        return self.session.place.ags if self.session.place else ""


def a_chat(language: Language = "uk", **fields: Any) -> Chat:
    return Chat(Session(language=language, greeted=True, **fields))


def in_heidelberg(language: Language = "uk") -> Chat:
    return a_chat(language, place=Place("Heidelberg", HEIDELBERG))


class TestShortMoves:
    @pytest.mark.parametrize(
        ("text", "move"),
        [
            ("назад", "back"), ("Назад!", "back"), ("zuruck", "back"), ("Zurück bitte", "back"),
            ("ще раз", "again"), ("Повторіть, будь ласка", "again"), ("еще раз", "again"),
            ("noch einmal", "again"), ("покажи інше", "another"), ("покажи іньше", "another"),
            ("ні, не той", "another"), ("другой", "another"), ("nicht das, was anderes", "another"),
            ("покажіть ще якийсь", "another"), ("есть другой адрес?", "another"), ("меню", "menu"),
            ("Hauptmenü", "menu"),
        ],
    )  # fmt: skip
    def test_are_known_in_three_languages_and_with_typos(self, text: str, move: str) -> None:
        assert repair.move(text) == move

    @pytest.mark.parametrize(
        "text",
        [
            "Як повернутися назад в Україну?",
            "меня",
            "Другой врач сказал, что нужна справка",
            "Ich möchte noch einmal zum Jobcenter",
            "інше місто",
            "не хочу більше жити",
            "що далі робити з документами?",
            "",
        ],
    )
    def test_leave_real_questions_alone(self, text: str) -> None:
        assert repair.move(text) == ""

    async def test_back_shows_the_screen_before_and_again_the_last_one(self) -> None:
        chat = in_heidelberg()
        card = await chat.writes("хто мій менеджер?")
        await chat.writes("як записати дитину в школу?")
        assert "school" in chat.session.trail[-1]
        again = await chat.writes("ще раз")
        assert chat.said
        assert events(chat.said) == ["answered"]
        assert await chat.writes("назад") == card
        assert again != card
        assert chat.session.trail == ("find:integration_management:",)

    async def test_back_from_a_word_of_thanks_leads_to_the_card(self) -> None:
        chat = in_heidelberg()
        card = await chat.writes("хто мій менеджер?")
        await chat.writes("дякую")
        assert await chat.writes("назад") == card

    @pytest.mark.parametrize("text", ["назад", "ще раз", "покажи інше", "меню"])
    async def test_without_anything_shown_lead_to_the_menu(self, text: str) -> None:
        chat = a_chat()
        await chat.writes(text)
        assert "find:trauma_consultation" in chat.buttons

    async def test_the_trail_is_short(self) -> None:
        chat = in_heidelberg()
        for payload in ("menu", "offices", "topics", "privacy", "urgent", "human", "topics:1"):
            chat.presses(payload)
        assert chat.session.trail == ("topics", "privacy", "urgent", "human", "topics:1")

    async def test_another_shows_the_next_offer_and_says_when_there_is_none(self) -> None:
        chat = in_heidelberg()
        await chat.writes("хто мій менеджер?")
        first = chat.card
        await chat.writes("не той")
        assert chat.card != first
        in_ulm = a_chat(place=Place("Ulm", ULM))
        await in_ulm.writes("хто мій менеджер?")
        said = await in_ulm.writes("покажи інше")
        assert "Іншого варіанта тут немає" in said

    async def test_another_after_an_answer_offers_other_questions(self) -> None:
        chat = in_heidelberg()
        await chat.writes("як записати дитину в школу?")
        await chat.writes("не те")
        assert "topics" in chat.buttons

    async def test_danger_is_never_taken_for_a_move(self) -> None:
        chat = in_heidelberg()
        await chat.writes("хто мій менеджер?")
        await chat.writes("не хочу більше жити")
        assert chat.said
        assert events(chat.said) == ["danger"]


class TestWhatWasShownLast:
    async def test_is_still_the_subject_after_another_and_back(self) -> None:
        chat = in_heidelberg()
        await chat.writes("хто мій менеджер?")
        await chat.writes("покажи інше")
        assert chat.card == "im2"
        assert "im2" in await chat.writes("коли вони працюють?")
        await chat.writes("назад")
        assert chat.card == "im2"
        await chat.writes("назад")
        assert chat.card == "im1"
        assert "im1" in await chat.writes("коли вони працюють?")


class TestCorrections:
    @pytest.mark.parametrize(
        ("text", "ags"),
        [
            ("не Штутгарт, а Гайльбронн", HEILBRONN),
            ("Гайльбронн, а не Штутгарт", HEILBRONN),
            ("nicht Stuttgart, sondern Heilbronn", HEILBRONN),
            ("ні, не місто, а район Хайльбронн", LANDKREIS_HEILBRONN),
            ("nein, Landkreis Heilbronn", LANDKREIS_HEILBRONN),
            ("нет, Ульм", ULM),
        ],
    )
    async def test_the_place_is_corrected_and_the_card_repeated_for_it(self, text: str, ags: str) -> None:
        chat = a_chat(place=Place("Stuttgart", "08111"))
        await chat.writes("хто мій менеджер?")
        await chat.writes(text)
        assert chat.ags == ags
        assert chat.said
        assert "offer_shown" in events(chat.said)

    @pytest.mark.parametrize("text", ["район", "ні, не місто, а район", "nein, Landkreis", "не город"])
    async def test_the_district_of_the_same_name_instead_of_the_town(self, text: str) -> None:
        chat = a_chat(place=Place("Heilbronn", HEILBRONN))
        await chat.writes("хто мій менеджер?")
        await chat.writes(text)
        assert (chat.ags, chat.card) == (LANDKREIS_HEILBRONN, "lhn")
        await chat.writes("ні, місто")
        assert (chat.ags, chat.card) == (HEILBRONN, "hn1")

    async def test_where_town_and_district_do_not_share_a_name_the_person_chooses(self) -> None:
        chat = in_heidelberg()
        await chat.writes("хто мій менеджер?")
        await chat.writes("район")
        assert {"at:08221:Heidelberg", "at:08226"} <= set(chat.buttons)

    async def test_a_place_only_denied_is_asked_again(self) -> None:
        chat = in_heidelberg()
        await chat.writes("хто мій менеджер?")
        await chat.writes("не Гейдельберг")
        assert chat.session.asked == "place"
        await chat.writes("Ульм")
        assert chat.card == "ulm"

    async def test_a_bare_level_without_a_place_is_no_correction(self) -> None:
        chat = a_chat()
        await chat.writes("район")
        assert chat.session.place is None


class TestMovingHouse:
    @pytest.mark.parametrize("text", ["я переїхала в Ульм", "Ульм", "переехали в Ульм"])
    async def test_repeats_the_card_for_the_new_place(self, text: str) -> None:
        chat = in_heidelberg()
        await chat.writes("хто мій менеджер?")
        await chat.writes(text)
        assert chat.card == "ulm"

    async def test_shows_the_office_behind_an_answer_at_the_new_place(self) -> None:
        chat = in_heidelberg()
        await chat.writes("як записати дитину в школу?")
        await chat.writes("я переїхала в Ульм")
        assert chat.ags == ULM
        assert chat.said
        assert {"offer_shown", "nothing_found"} & set(events(chat.said))

    async def test_with_nothing_shown_only_notes_the_place(self) -> None:
        chat = a_chat()
        await chat.writes("я переїхала в Ульм")
        assert "find:integration_management" in chat.buttons


class TestTwoWishes:
    async def test_a_part_that_nobody_understands_is_no_second_wish(self) -> None:
        chat = in_heidelberg()
        await chat.writes("Хто мій менеджер? Як там воно все буде?")
        assert chat.session.further == ()
        assert chat.said
        assert len(events(chat.said)) == 1

    async def test_are_answered_in_turn(self) -> None:
        chat = in_heidelberg()
        await chat.writes("Хто мій менеджер? І ще, як записати дитину в школу?")
        assert chat.said
        assert events(chat.said) == ["offer_shown", "answered"]
        assert chat.card, "the card comes first"

    async def test_the_second_waits_while_the_first_needs_the_place(self) -> None:
        chat = a_chat()
        await chat.writes("Хто мій менеджер? І ще, як записати дитину в школу?")
        assert chat.session.asked == "place"
        await chat.writes("Ульм")
        assert chat.said
        assert events(chat.said) == ["offer_shown", "answered"]
        assert chat.session.further == ()

    async def test_a_new_beginning_drops_what_waits(self) -> None:
        chat = a_chat()
        await chat.writes("Хто мій менеджер? І ще, як записати дитину в школу?")
        chat.presses("menu")
        assert chat.session.further == ()

    async def test_danger_is_answered_alone_and_the_wish_comes_back_afterwards(self) -> None:
        chat = in_heidelberg()
        await chat.writes("Не хочу більше жити. Де мені взяти одяг?")
        assert chat.said
        assert events(chat.said) == ["danger"]
        chat.presses("fine")
        assert "guess:ask_food_clothing" in chat.buttons
        assert chat.session.aside == ()

    @pytest.mark.parametrize(
        "text",
        [
            "Живу в гаймі з трьома дітьми. Чоловік на війні. Хто допоможе з паперами?",
            "Мій чоловік і син живуть у Ульмі",
            "Потрібен психолог",
        ],
    )
    def test_a_story_with_one_request_is_not_cut(self, text: str) -> None:
        assert wishes.parts(text).texts == ()


class TestTopicChange:
    async def test_the_waiting_wish_is_offered_again_and_still_waits_for_the_place(self) -> None:
        chat = a_chat()
        await chat.writes("хто мій менеджер?")
        await chat.writes("як записати дитину в школу?")
        assert chat.said
        assert events(chat.said) == ["answered"]
        assert "find:integration_management:" in chat.buttons
        await chat.writes("Ульм")
        assert chat.card == "ulm"


class TestForWhom:
    @pytest.mark.parametrize(
        ("text", "whom"),
        [
            ("для подруги потрібен психолог", "other"),
            ("Моя мама живе в Ульмі, їй потрібен лікар", "other"),
            ("для знакомых", "other"),
            ("meine Nachbarin aus der Ukraine braucht einen Termin", "other"),
            ("Ich suche für eine ukrainische Familie den Integrationsmanager", "other"),
            ("мій син не спить ночами", "child"),
            ("нужен психолог для ребёнка", "child"),
            ("подруга порадила ваш бот, мені потрібен психолог", "self"),
            ("а мені в Ульмі", "self"),
            ("а я живу в Ульмі", "self"),
            ("психолог", ""),
        ],
    )
    def test_is_read_from_the_text(self, text: str, whom: str) -> None:
        assert for_whom(text) == whom

    async def test_a_friends_place_does_not_overwrite_the_own_one(self) -> None:
        chat = in_heidelberg()
        said = await chat.writes("для подруги потрібен менеджер у Констанці")
        assert chat.card == "kn1"
        assert said.startswith("Для людини, якій Ви допомагаєте: Konstanz")
        assert "mine" in chat.buttons
        chat.presses("mine")
        assert (chat.ags, chat.card, chat.session.helping) == (HEIDELBERG, "im1", "")

    async def test_speaking_of_oneself_again_returns_to_the_own_place(self) -> None:
        chat = in_heidelberg()
        await chat.writes("для подруги потрібен менеджер у Констанці")
        await chat.writes("мені потрібен психолог")
        assert (chat.ags, chat.session.home) == (HEIDELBERG, None)

    async def test_without_an_own_place_the_way_back_asks_for_it(self) -> None:
        chat = a_chat()
        await chat.writes("для подруги потрібен менеджер у Констанці")
        chat.presses("mine")
        assert chat.session.asked == "place"
        await chat.writes("Ульм")
        assert chat.card == "ulm"

    async def test_a_volunteer_gets_the_card_in_german(self) -> None:
        chat = a_chat("de")
        said = await chat.writes("Ich suche für eine ukrainische Familie in Konstanz den Integrationsmanager")
        assert said.startswith("Für den Menschen, dem Sie helfen: Konstanz")

    async def test_for_a_child_the_offer_for_children_comes_first(self) -> None:
        chat = a_chat(place=Place("Karlsruhe", KARLSRUHE))
        await chat.writes("потрібен психолог")
        assert chat.card == "ka1"
        await chat.writes("психолог для сина")
        assert chat.card == "ka2"
        await chat.writes("потрібен психолог")
        assert chat.card == "ka1"

    async def test_where_an_offer_is_not_known_to_be_for_children_it_says_what_to_ask(self) -> None:
        chat = in_heidelberg()
        await chat.writes("психолог для сина")
        assert chat.card == "ka2"
        assert "🧒" in chat.presses("offer:trauma_consultation::1")


class TestComingBack:
    async def test_after_days_the_answer_says_which_place_is_remembered(self) -> None:
        chat = in_heidelberg()
        await chat.writes("дякую")
        chat.days = 3
        said = await chat.writes("дякую")
        assert "Heidelberg" in said
        assert "place" in chat.buttons
        assert "Heidelberg" not in await chat.writes("дякую"), "once is enough"

    async def test_a_card_says_it_already(self) -> None:
        chat = in_heidelberg()
        await chat.writes("дякую")
        chat.days = 3
        assert (await chat.writes("хто мій менеджер?")).count("📍 Ваше місце") == 0

    async def test_the_next_day_nothing_is_said(self) -> None:
        chat = in_heidelberg()
        await chat.writes("дякую")
        chat.days = 1
        assert "Heidelberg" not in await chat.writes("дякую")

    def test_an_old_session_still_loads(self) -> None:
        old = Session(place=Place("Ulm", ULM)).to_dict()
        for name in ("trail", "further", "aside", "home", "helping", "seen"):
            del old[name]
        assert Session.from_dict(old).place == Place("Ulm", ULM)

    async def test_what_is_remembered_survives_being_stored(self) -> None:
        chat = in_heidelberg()
        await chat.writes("для подруги потрібен менеджер у Констанці")
        assert Session.from_dict(chat.session.to_dict()) == chat.session
        assert chat.session.home == Place("Heidelberg", HEIDELBERG)


class TestMisunderstandings:
    async def test_the_second_in_a_row_shows_a_persons_door_with_its_hours(self) -> None:
        chat = in_heidelberg()
        await chat.writes("абракадабра")
        assert chat.card == ""
        said = await chat.writes("фокус покус")
        assert chat.card == "im1"
        assert "🕒" in said

    async def test_without_a_place_it_is_asked_for_with_all_the_ways_on(self) -> None:
        chat = a_chat()
        await chat.writes("абракадабра")
        await chat.writes("фокус покус")
        assert {"human", "regions", "menu"} <= set(chat.buttons)
        await chat.writes("Ульм")
        assert chat.card == "ulm"

    @pytest.mark.parametrize("between", ["дякую", "хто мій менеджер?"])
    async def test_every_understood_message_counts_anew(self, between: str) -> None:
        chat = in_heidelberg()
        await chat.writes("абракадабра")
        await chat.writes(between)
        await chat.writes("фокус покус")
        assert chat.session.misunderstood == 1

    async def test_a_button_counts_anew(self) -> None:
        chat = in_heidelberg()
        await chat.writes("абракадабра")
        chat.presses("privacy")
        assert chat.session.misunderstood == 0


class TestOtherLanguages:
    ENGLISH = "Hello, where can I find somebody who speaks English?"

    async def test_english_is_answered_in_english_with_the_way_to_help_in_english(self) -> None:
        chat = a_chat()
        said = await chat.writes(self.ENGLISH)
        assert said == (
            "I do not speak English yet. I speak Ukrainian, Russian and German. "
            "Please choose a language. In danger, call 112."
        )
        assert "speaks:en" in chat.buttons
        assert "116016" in chat.presses("speaks:en")

    async def test_offices_of_the_own_district_come_with_it_and_others_do_not(self) -> None:
        speaking = (
            listing("en1", "integration_management", HEIDELBERG, languages=("en",), phones=("+4962219",)),
            listing("en2", "integration_management", KONSTANZ, languages=("en",), phones=("+4975319",)),
        )
        turn = a_turn(kind="button", payload="speaks:en")
        said = text_of(core(*speaking).respond(turn, in_heidelberg().session, None))
        assert "en1" in said
        assert "en2" not in said

    async def test_nothing_is_promised_where_nothing_is_known(self) -> None:
        chat = a_chat()
        await chat.writes("გამარჯობა, დახმარება მჭირდება")
        assert not [payload for payload in chat.buttons if payload.startswith("speaks")]
        assert "lang:uk" in chat.buttons

    def test_a_made_up_language_leads_on(self) -> None:
        chat = replace(a_chat("de"))
        assert chat.presses("speaks:xx")
        assert "menu" in chat.buttons
