"""What is asked of the bot itself in words: reminders, news, silence, prices; and the turn after danger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.conversation.openings import upcoming
from bot.conversation.outcome import Outcome
from bot.conversation.session import Reminder, Session, Shown
from bot.types import Place, Request, Understanding
from bot.understanding.requests import lead_time, request
from tests.bot_factory import a_turn
from tests.directory_factory import HEIDELBERG, listing
from tests.test_conversation import (
    GREETED,
    IN_HEIDELBERG,
    MANAGER,
    SETTLED,
    core,
    events,
    payloads,
    says,
    text_of,
    understood,
)
from tests.test_understanding import FixedNlu, understander

OPEN = listing(
    "im7", "integration_management", HEIDELBERG, phones=("+4962211",), opening_hours="Mo-Fr 08:00-12:00"
)
SHOWN = replace(SETTLED, shown=Shown("im7", "integration_management"))
DANGER = replace(SETTLED, asked="danger")


def a_reminder(name: str) -> Reminder:
    begin = datetime.fromisoformat("2030-01-07T08:00:00+01:00")
    return Reminder(name, "im7", begin.isoformat(), (begin - timedelta(hours=2)).isoformat(), "Amt")


def asks(what: Request, session: Session = SETTLED, **fields: object) -> Outcome:
    return says(replace(understood(**fields), request=what), session)  # type: ignore[arg-type]


class TestWhatIsHeard:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("які в мене нагадування", "reminders"),
            ("welche Erinnerungen habe ich", "reminders"),
            ("мои напоминания", "reminders"),
            ("скасуй нагадування", "cancel_one"),
            ("Lösch alle Erinnerungen", "cancel_all"),
            ("не нагадуй", "cancel_all"),
            ("stopp, keine Erinnerungen mehr", "cancel_all"),
            ("новини мого району", "news"),
            ("хочу получать новости района", "news"),
            ("більше не пишіть мені новини", "no_news"),
            ("отпишите меня от новостей", "no_news"),
            ("більше не пишіть мені", "no_messages"),
            ("keine Nachrichten mehr schicken", "no_messages"),
            ("стоп", "no_messages"),
            ("а це безкоштовно?", "cost"),
            ("was kostet das", "cost"),
            ("тел", "contact"),
            ("как добраца", "contact"),
            ("коли", "hours"),
            ("ми вже в безпеці, він пішов", "safe"),
            ("дуже сумно останнім часом", "distress"),
            ("Ich habe schlimme Erinnerungen an den Krieg", "distress"),
        ],
    )
    def test_is_a_request_in_few_words(self, text: str, meant: Request) -> None:
        assert request(text) == meant

    @pytest.mark.parametrize(
        "text",
        [
            "нагадай мені за день",
            "чому ви мені не пишете",
            "він мені більше не пише",
            "скільки коштує курс німецької",
            "ми не в безпеці",
            "я в безпеці, але він знає, де я",
            "bin ich hier sicher?",
            "meine Erinnerungen quälen mich",
            "в новинах сказали, що виплати скасують",
            "прощавайте, тепер усе добре",
        ],
    )
    def test_is_none_where_anything_else_is_said(self, text: str) -> None:
        assert request(text) == ""

    @pytest.mark.parametrize(
        ("text", "lead"),
        [
            ("нагадай мені за день", "day"),
            ("erinnere mich am Tag vorher", "day"),
            ("напомни за два часа", "hours"),
            ("за день і за дві години", "both"),
            ("нагадай про прийом", ""),
        ],
    )
    def test_tells_how_long_before(self, text: str, lead: str) -> None:
        assert lead_time(text) == lead

    async def test_safety_is_no_danger_that_only_the_model_sees(self) -> None:
        for text, danger in (("ми вже в безпеці, він пішов", None), ("він пішов", "crisis")):
            found = await understander(FixedNlu(("crisis", 0.9))).understand(text, "uk")
            assert found.danger == danger, text


class TestReminders:
    def test_are_listed_and_never_taken_for_everything(self) -> None:
        session = replace(SETTLED, reminders=(a_reminder("a"), a_reminder("b")))
        listed = asks("cancel_one", session, intent="delete_my_data")
        assert {"unremind:a", "unremind:b", "unremind:all"} <= set(payloads(listed))
        assert asks("cancel_all", session).session.reminders == ()
        assert asks("cancel_one", replace(session, reminders=(a_reminder("a"),))).session.reminders == ()

    def test_in_words_lead_straight_to_the_agreement(self) -> None:
        answer = core(OPEN).respond(a_turn("нагадай мені за день"), SHOWN, understood("book_reminder"))
        assert answer.session.asked == "reminder"
        agreed = core(OPEN).respond(a_turn("так"), answer.session, understood("affirm"))
        assert len(agreed.session.reminders) == 1

    def test_a_yes_under_the_dates_goes_on_to_the_next_one(self) -> None:
        seen = core(OPEN).respond(a_turn("коли відчинено"), SHOWN, understood("ask_opening_hours"))
        answer = core(OPEN).respond(a_turn("так"), seen.session, understood("affirm"))
        begin = upcoming(OPEN, a_turn("").at)[0].begin
        assert any(data.startswith("remind:im7:") for data in payloads(answer)), begin


class TestNews:
    def test_are_agreed_to_and_stopped_in_words(self) -> None:
        asked = asks("news", GREETED, place=IN_HEIDELBERG)
        agreed = says(understood("affirm"), asked.session)
        assert agreed.session.notices == HEIDELBERG
        assert asks("no_news", agreed.session, intent="delete_my_data").session.notices == ""

    def test_no_is_no(self) -> None:
        asked = asks("news")
        assert says(understood("deny"), asked.session).session.notices == ""

    def test_silence_ends_all_that_was_promised(self) -> None:
        session = replace(SETTLED, notices=HEIDELBERG, reminders=(a_reminder("a"),))
        answer = asks("no_messages", session)
        assert not answer.session.may_be_written_to
        assert "delete" in payloads(answer)


class TestSmallQuestions:
    def test_the_price_is_not_guessed(self) -> None:
        answer = core(OPEN).respond(a_turn("…"), SHOWN, replace(understood("ask_bot"), request="cost"))
        assert "kostet die Beratung" in text_of(answer)

    def test_one_word_is_about_the_card(self) -> None:
        found = Understanding(None, "not_understood", request="contact")
        assert "+49 62211" in text_of(core(OPEN).respond(a_turn("тел"), SHOWN, found))

    def test_a_language_asked_for_in_english_is_spoken(self) -> None:
        found = Understanding(None, "not_understood", other_language="en", request="language")
        assert says(found, SETTLED, "german please").session.language == "de"

    def test_a_sad_word_is_no_complaint_about_the_bot(self) -> None:
        answer = asks("distress", SETTLED, intent="feedback_negative")
        assert "Шкода, що Вам так важко" in text_of(answer)
        assert "offer_shown" in events(answer)


class TestAfterDanger:
    def test_a_yes_is_a_yes_to_the_person(self) -> None:
        assert "person_wanted" in events(says(understood("affirm"), DANGER))

    def test_a_place_shows_who_listens_there(self) -> None:
        answer = says(understood("inform_place", place=IN_HEIDELBERG), replace(DANGER, place=None))
        assert answer.session.shown is not None
        assert answer.session.shown.category == "trauma_consultation"

    @pytest.mark.parametrize("intent", ["feedback_negative", "ask_contact", ""])
    def test_more_despair_is_no_feedback(self, intent: str) -> None:
        answer = says(understood(intent), DANGER)
        assert "Ви не на самоті" in text_of(answer)
        assert "human" in payloads(answer)
        assert answer.session.asked == "danger"

    def test_safety_in_words_is_the_button(self) -> None:
        answer = asks("safe", replace(DANGER, aside=("find:integration_management",)), intent="crisis")
        assert "danger_denied" in events(answer)
        assert "find:integration_management" in payloads(answer)

    def test_the_danger_of_a_group_is_not_kept(self) -> None:
        found = understood(danger="crisis")
        answer = core().respond(a_turn("…", group=True), GREETED, found)
        assert answer.session.asked == ""
        assert "Натисніть" not in text_of(answer)


class TestCommandsWithWordsBehindThem:
    @pytest.mark.parametrize(("command", "seen"), [("delete", "delete:yes"), ("sos", "danger:crisis")])
    def test_mean_what_they_say(self, command: str, seen: str) -> None:
        turn = a_turn("now", kind="command", payload=command)
        found = core().respond(turn, replace(SETTLED, asked="place"), understood())
        assert seen in payloads(found)


class TestAnOfficeWithoutANumber:
    def test_is_not_to_be_called(self) -> None:
        silent = listing("x1", "trauma_consultation", HEIDELBERG, street="Weg 1")
        answer = core(silent).respond(a_turn("…"), SETTLED, understood("find_trauma_support"))
        assert "телефонуйте" not in text_of(answer)
        called = core(MANAGER).respond(a_turn("…"), SETTLED, understood("find_integration_manager"))
        assert "Зателефонуйте" in text_of(called)


class TestTheOnlyOffer:
    def test_is_not_sent_again_and_again(self) -> None:
        shown = replace(SETTLED, shown=Shown("im2", "integration_management"))
        answer = core(MANAGER).respond(a_turn("інше"), shown, replace(understood(), move="another"))
        assert len(answer.replies) == 1
        assert "human" in payloads(answer)


def test_a_corrected_place_keeps_the_offer_although_something_else_came_between() -> None:
    session = replace(
        SETTLED, shown=Shown("tr1", "trauma_consultation"), trail=("find:trauma_consultation", "")
    )
    place = Place("Heidelberg", HEIDELBERG)
    found = understood("inform_place", place=IN_HEIDELBERG, correction="place")
    answer = says(found, replace(session, place=replace(place, name="Mannheim", ags="08222")))
    assert answer.session.shown is not None
    assert answer.session.shown.category == "trauma_consultation"


class TestForWhomInFewWords:
    bulk = (
        replace(
            listing("t-kids", "trauma_consultation", HEIDELBERG, phones=("+491",)), name="Zentrum für Kinder"
        ),
        listing("t-all", "trauma_consultation", HEIDELBERG, phones=("+492",)),
    )

    def test_a_grown_up_is_not_sent_to_the_children_first(self) -> None:
        answer = core(*self.bulk).respond(a_turn("…"), SETTLED, understood("find_trauma_support"))
        assert answer.session.shown and answer.session.shown.listing_id == "t-all"

    def test_and_for_the_children_shows_theirs(self) -> None:
        seen = core(*self.bulk).respond(a_turn("…"), SETTLED, understood("find_trauma_support"))
        found = Understanding(None, "unsure", for_whom="child")
        answer = core(*self.bulk).respond(a_turn("und für die Kinder?"), seen.session, found)
        assert answer.session.shown and answer.session.shown.listing_id == "t-kids"
