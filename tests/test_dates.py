"""Dates of an office: what is shown, what goes into the calendar, what is promised and said in time."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot.conversation.outcome import Outcome
from bot.conversation.respond import Core
from bot.conversation.session import Reminder, Session, Shown
from bot.types import LANGUAGES, Guess, Language, Place, Reply, Understanding
from gazetteer.districts import districts
from services_directory.hours import BERLIN
from services_directory.search import DirectoryIndex
from services_directory.snapshot import HoursException, Listing, Snapshot
from tests.bot_factory import MONDAY_MORNING, a_turn
from tests.directory_factory import HEIDELBERG, listing

GREETED = Session(language="de", greeted=True, place=Place("Heidelberg", HEIDELBERG))
OFFICE = replace(
    listing("im1", "integration_management", HEIDELBERG, opening_hours="Tu,Th 14:00-16:00"),
    name="Integrationsmanagement",
    organization="Stadt Heidelberg",
    phones=("+4962215810580",),
    street="Bergheimer Straße 69",
    postal_code="69115",
    city="Heidelberg",
    source_date="2025-03",
)
CENTRAL = replace(
    listing("zz1", "other_office", HEIDELBERG, office_kind="general", phones=("+4962215810",)),
    is_central_contact=True,
)
TUESDAY = datetime(2026, 11, 24, 14, tzinfo=BERLIN)
AFFIRM = Understanding("de", "sure", (Guess("affirm", 0.9),))
DENY = Understanding("de", "sure", (Guess("deny", 0.9),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def core(*listings: Listing) -> Core:
    index = DirectoryIndex(
        Snapshot(1, "2026-11-23", listings), {a: (d.latitude, d.longitude) for a, d in districts().items()}
    )
    return Core(lambda: index, "Testverein")


def press(
    payload: str, session: Session = GREETED, *, office: Listing = OFFICE, now: datetime = MONDAY_MORNING
) -> Outcome:
    return core(office, CENTRAL).respond(a_turn(kind="button", payload=payload, at=now), session, None)


def due(payload: str, session: Session, *listings: Listing, now: datetime = MONDAY_MORNING) -> Outcome:
    return core(*listings).respond(a_turn(kind="due", payload=payload, at=now), session, None)


def text_of(outcome: Outcome) -> str:
    return "\n".join(reply.html for reply in outcome.replies)


def payloads(outcome: Outcome) -> list[str]:
    return [button.payload for reply in outcome.replies for row in reply.buttons for button in row]


def starting(verb: str, outcome: Outcome) -> list[str]:
    return [payload for payload in payloads(outcome) if payload.startswith(verb)]


def minutes(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def promised(when: str = "both", begin: datetime = TUESDAY, office: Listing = OFFICE) -> Session:
    now = max(MONDAY_MORNING, begin - timedelta(days=3))
    return press(f"remind:im1:{minutes(begin)}:{when}:yes", office=office, now=now).session


def dues(session: Session) -> list[datetime]:
    return [datetime.fromisoformat(reminder.due) for reminder in session.reminders]


class TestTheDates:
    def test_are_the_next_three_with_day_and_time(self) -> None:
        shown = text_of(press("dates:im1"))
        for day in ("Dienstag, 24. November", "Donnerstag, 26. November", "Dienstag, 1. Dezember"):
            assert day in shown
        assert shown.count("14:00–16:00") == 4, "three dates, and the line that says when it opens next"
        assert "3. Dezember" not in shown

    def test_what_has_begun_is_no_date_to_come(self) -> None:
        shown = press("dates:im1", now=at("2026-11-24T14:30"))
        assert f"remind:im1:{minutes(TUESDAY)}" not in payloads(shown)
        assert len(re.findall(r"^• .*14:00–16:00", text_of(shown), re.MULTILINE)) == 3

    @pytest.mark.parametrize(
        ("now", "holiday", "next_day"),
        [
            ("2027-05-26T10:00", "Fronleichnam", "Dienstag, 1. Juni"),
            ("2028-10-31T18:00", "Allerheiligen", "Donnerstag, 2. November"),
            ("2027-01-05T18:00", "Heilige Drei Könige", "Donnerstag, 7. Januar"),
        ],
    )
    def test_name_the_holiday_of_the_land_that_falls_out(self, now: str, holiday: str, next_day: str) -> None:
        office = replace(OFFICE, opening_hours="Tu-Th 14:00-16:00")
        shown = text_of(press("dates:im1", office=office, now=at(now)))
        assert f"({holiday})" in shown
        assert next_day in shown

    def test_a_holiday_on_which_it_never_opens_is_not_worth_a_word(self) -> None:
        office = replace(OFFICE, opening_hours="Mo 14:00-16:00")
        assert "Fronleichnam" not in text_of(press("dates:im1", office=office, now=at("2027-05-26T10:00")))

    def test_leave_out_a_day_the_office_closes_and_say_so(self) -> None:
        office = replace(OFFICE, exceptions=(HoursException("2026-11-24", "closed"),))
        shown = press("dates:im1", office=office)
        assert f"remind:im1:{minutes(TUESDAY)}" not in payloads(shown)
        closed = text_of(shown).split("🚫", 1)[1]
        assert "Dienstag, 24. November" in closed

    def test_show_changed_and_additional_hours_as_such(self) -> None:
        office = replace(
            OFFICE,
            exceptions=(
                HoursException("2026-11-24", "changed", "09:00", "11:00"),
                HoursException("2026-11-25", "extra", "10:00", "12:00"),
            ),
        )
        lines = text_of(press("dates:im1", office=office)).splitlines()
        assert any("24. November" in line and "09:00–11:00 (andere" in line for line in lines)
        assert any("25. November" in line and "10:00–12:00 (zusätzliche" in line for line in lines)
        assert not any("24. November" in line and "14:00" in line for line in lines)

    def test_an_office_known_by_single_dates_alone_has_dates(self) -> None:
        office = replace(
            OFFICE, opening_hours="", exceptions=(HoursException("2026-12-09", "extra", "15:00", "17:00"),)
        )
        assert "9. Dezember" in text_of(press("dates:im1", office=office))

    @pytest.mark.parametrize("hours", ["", "24/7"])
    def test_without_an_opening_to_come_the_card_has_no_button_to_them(self, hours: str) -> None:
        card = press("offer:integration_management::0", office=replace(OFFICE, opening_hours=hours))
        assert "wrong:im1" in payloads(card)
        assert "dates:im1" not in payloads(card)

    def test_are_one_tap_from_the_card(self) -> None:
        assert "dates:im1" in payloads(press("offer:integration_management::0"))

    @pytest.mark.parametrize("intent", ["ask_opening_hours", "book_reminder"])
    def test_are_what_is_shown_when_somebody_asks_for_them(self, intent: str) -> None:
        session = replace(GREETED, shown=Shown("im1", "integration_management"))
        wish = Understanding("de", "sure", (Guess(intent, 0.9),))
        answer = core(OFFICE).respond(a_turn("…"), session, wish)
        assert len(starting("remind:", answer)) == 3

    def test_where_the_hours_are_not_known_no_reminder_is_pretended(self) -> None:
        session = replace(GREETED, shown=Shown("im1", "integration_management"))
        wish = Understanding("de", "sure", (Guess("book_reminder", 0.9),))
        answer = core(replace(OFFICE, opening_hours="")).respond(a_turn("…"), session, wish)
        assert not starting("remind:", answer)
        assert "+49 6221 5810580" in text_of(answer)

    def test_of_an_office_that_is_gone_lead_to_the_menu(self) -> None:
        assert "find:integration_management" in payloads(press("dates:gone"))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_and_every_step_behind_them_fit_telegram(self, language: Language) -> None:
        session = replace(GREETED, language=language)
        seen = ["dates:im1"]
        for payload in seen:
            outcome = press(payload, session)
            session = outcome.session
            seen += [
                found for found in payloads(outcome) if found not in seen and found.split(":")[0] in VERBS
            ]
            for reply in outcome.replies:
                assert_fits(reply)
        assert {"ics", "remind", "unremind"} <= {payload.split(":")[0] for payload in seen}


VERBS = ("dates", "ics", "remind", "unremind", "reminders")


def assert_fits(reply: Reply) -> None:
    assert len(reply.html) <= (1024 if reply.document else 4096)
    for row in reply.buttons:
        for button in row:
            assert button.url or 0 < len(button.payload.encode()) <= 64


class TestTheCalendarFile:
    def entries(self, payload: str, **fields: Any) -> list[Any]:
        [reply] = press(payload, **fields).replies
        assert reply.document is not None
        assert reply.document.name == "lotse-im1.ics"
        return Calendar.from_ical(base64.b64decode(reply.document.content)).walk("VEVENT")

    def test_has_the_next_dates_with_place_and_phone(self) -> None:
        entries = self.entries("ics:im1")
        assert entries[0]["dtstart"].dt == TUESDAY
        assert len(entries) == 3
        assert entries[0]["dtend"].dt - entries[0]["dtstart"].dt == timedelta(hours=2)
        assert entries[0]["location"] == "Bergheimer Straße 69, 69115 Heidelberg"
        assert "+49 6221 5810580" in entries[0]["description"]
        assert "März 2025" in entries[0]["description"], "how sure it is"

    def test_of_one_date_has_that_one(self) -> None:
        [entry] = self.entries(f"ics:im1:{minutes(TUESDAY)}")
        assert entry["dtstart"].dt == TUESDAY

    def test_made_twice_is_the_same_entry(self) -> None:
        later = MONDAY_MORNING + timedelta(hours=1)
        assert [e["uid"] for e in self.entries("ics:im1")] == [
            e["uid"] for e in self.entries("ics:im1", now=later)
        ]

    @pytest.mark.parametrize(
        ("now", "times"),
        [
            ("2027-03-27T10:00", ["2027-03-27T13:00", "2027-03-28T12:00", "2027-03-29T12:00"]),
            ("2027-10-29T10:00", ["2027-10-30T12:00", "2027-10-31T13:00", "2027-11-01T13:00"]),
        ],
    )
    def test_is_right_through_both_clock_changes(self, now: str, times: list[str]) -> None:
        office = replace(OFFICE, opening_hours="Sa,Su,Mo 14:00-16:00; PH 14:00-16:00")
        starts = [entry["dtstart"].dt for entry in self.entries("ics:im1", office=office, now=at(now))]
        assert starts == [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in times]


class TestAgreeing:
    def test_goes_by_date_then_time_then_a_plain_question(self) -> None:
        choice = press(f"remind:im1:{minutes(TUESDAY)}")
        assert len(starting("remind:", choice)) == 3
        question = press(starting("remind:", choice)[-1])
        assert not question.session.reminders, "nothing is kept before the yes"
        assert "Adresse dieses Chats" in text_of(question)
        assert press(starting("remind:", question)[0]).session.may_be_written_to

    def test_both_are_the_evening_before_and_two_hours_before(self) -> None:
        assert dues(promised("both")) == [at("2026-11-23T18:00"), at("2026-11-24T12:00")]

    @pytest.mark.parametrize(
        ("opens", "evening", "two_hours"),
        [
            ("2027-03-28T04:00", "2027-03-27T17:00", "2027-03-28T00:00"),
            ("2027-10-31T04:00", "2027-10-30T16:00", "2027-10-31T01:00"),
        ],
    )
    def test_counts_right_over_the_clock_changes(self, opens: str, evening: str, two_hours: str) -> None:
        office = replace(OFFICE, opening_hours="Su 04:00-06:00")
        expected = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (evening, two_hours)]
        assert dues(promised("both", at(opens), office)) == expected

    def test_offers_only_what_can_still_be_done(self) -> None:
        monday_evening = at("2026-11-23T19:00")
        choice = press(f"remind:im1:{minutes(TUESDAY)}", now=monday_evening)
        assert starting("remind:", choice) == [f"remind:im1:{minutes(TUESDAY)}:hours"]
        too_late = press(f"remind:im1:{minutes(TUESDAY)}", now=at("2026-11-24T13:00"))
        assert not starting("remind:", too_late)
        assert starting("ics:", too_late)

    def test_by_an_old_button_whose_time_is_over_asks_again(self) -> None:
        answer = press(f"remind:im1:{minutes(TUESDAY)}:day:yes", now=at("2026-11-23T19:00"))
        assert not answer.session.reminders
        assert starting("remind:", answer)

    def test_by_a_button_of_a_past_or_a_changed_date_shows_the_next_ones(self) -> None:
        for moment in (TUESDAY - timedelta(days=7), TUESDAY + timedelta(hours=1)):
            answer = press(f"remind:im1:{minutes(moment)}:both:yes")
            assert not answer.session.reminders
            assert len(starting("remind:", answer)) == 3

    @pytest.mark.parametrize(
        "end", ["", ":", ":x", ":99999999999999", ":-5", "::::::", f":{minutes(TUESDAY)}:never"]
    )
    def test_by_nonsense_is_answered_with_a_way_on(self, end: str) -> None:
        for verb in ("remind:im1", "ics:im1", "dates:im1", "unremind:x"):
            answer = press(verb + end)
            assert payloads(answer)
            assert not answer.session.reminders

    def test_twice_is_agreeing_once(self) -> None:
        again = press(f"remind:im1:{minutes(TUESDAY)}:both:yes", promised("both"))
        assert len(again.session.reminders) == 2

    @pytest.mark.parametrize(("word", "kept"), [(AFFIRM, 2), (DENY, 0)])
    def test_or_declining_can_be_said_in_words(self, word: Understanding, kept: int) -> None:
        question = press(f"remind:im1:{minutes(TUESDAY)}:both")
        answer = core(OFFICE).respond(a_turn("…"), question.session, word)
        assert len(answer.session.reminders) == kept

    def test_stops_at_ten(self) -> None:
        had = tuple(
            Reminder(f"r{n}", "im1", "2026-12-01T14:00+01:00", f"2026-12-01T{n + 10}:00+01:00")
            for n in range(10)
        )
        full = press(f"remind:im1:{minutes(TUESDAY)}:day:yes", replace(GREETED, reminders=had))
        assert full.session.reminders == had
        assert len(starting("unremind:", full)) == 11


class TestTheList:
    def test_shows_each_with_office_date_and_time_to_write(self) -> None:
        answer = core(OFFICE).respond(a_turn(kind="command", payload="reminders"), promised("both"), None)
        shown = text_of(answer)
        assert shown.count("Integrationsmanagement") == 2
        assert "18:00" in shown and "12:00" in shown
        assert len(starting("unremind:", answer)) == 3

    def test_cancels_one(self) -> None:
        session = promised("both")
        left = press(f"unremind:{session.reminders[0].id}", session).session
        assert left.reminders == session.reminders[1:]

    def test_cancels_all_and_then_keeps_no_address(self) -> None:
        assert not press("unremind:all", promised("both")).session.may_be_written_to

    def test_of_somebody_without_reminders_says_how_to_get_one(self) -> None:
        assert "📅" in text_of(press("reminders"))

    def test_forgets_what_is_over(self) -> None:
        later = press("reminders", promised("both"), now=TUESDAY + timedelta(days=1))
        assert not later.session.reminders


class TestDue:
    NOW = at("2026-11-24T12:00")

    def test_reminds_with_all_that_is_needed_there(self) -> None:
        session = promised("hours")
        outcome = due(f"reminder:{session.reminders[0].id}", session, OFFICE, CENTRAL, now=self.NOW)
        said = text_of(outcome)
        for part in ("14:00–16:00", "Bergheimer Straße 69", "+49 6221 5810580", "Guten Tag", "⚠️"):
            assert part in said
        assert any(button.url for row in outcome.replies[0].buttons for button in row), "the map"
        assert not outcome.session.reminders

    def test_is_said_once(self) -> None:
        session = promised("hours")
        payload = f"reminder:{session.reminders[0].id}"
        after = due(payload, session, OFFICE, now=self.NOW).session
        assert due(payload, after, OFFICE, now=self.NOW).replies == ()

    def test_leaves_the_other_reminder_of_the_same_opening(self) -> None:
        session = promised("both")
        after = due(
            f"reminder:{session.reminders[0].id}", session, OFFICE, now=at("2026-11-23T18:00")
        ).session
        assert after.reminders == session.reminders[1:]

    def test_two_at_once_after_a_time_without_the_bot_are_one(self) -> None:
        session = promised("both")
        after = due(f"reminder:{session.reminders[0].id}", session, OFFICE, now=self.NOW)
        assert len(after.replies) == 1
        assert not after.session.reminders

    def test_is_dropped_once_the_opening_has_begun(self) -> None:
        session = promised("hours")
        outcome = due(f"reminder:{session.reminders[0].id}", session, OFFICE, now=TUESDAY)
        assert outcome.replies == ()
        assert not outcome.session.reminders

    def test_after_a_cancellation_says_nothing(self) -> None:
        assert due("reminder:whatever", GREETED, OFFICE).replies == ()

    def test_keeps_what_the_dialogue_was_about(self) -> None:
        session = replace(promised("hours"), asked="place", shown=Shown("zz1", "other_office"))
        after = due(f"reminder:{session.reminders[0].id}", session, OFFICE, now=self.NOW).session
        assert (after.asked, after.shown) == (session.asked, session.shown)

    def test_does_not_pretend_where_the_directory_is_away(self) -> None:
        session = promised("hours")
        said = text_of(due(f"reminder:{session.reminders[0].id}", session, now=self.NOW))
        assert "Integrationsmanagement" in said and "14:00" in said and "⚠️" in said


class TestAChangeOfTheListing:
    @pytest.mark.parametrize("payload", ["recheck", "reminder"])
    @pytest.mark.parametrize(
        "changes",
        [
            {"exceptions": (HoursException("2026-11-24", "closed"),)},
            {"exceptions": (HoursException("2026-11-24", "changed", "09:00", "11:00"),)},
            {"opening_hours": "We,Th 14:00-16:00"},
        ],
    )
    def test_that_takes_the_date_away_is_told_with_the_next_dates(self, payload: str, changes: Any) -> None:
        session = promised("both")
        payload = f"reminder:{session.reminders[0].id}" if payload == "reminder" else payload
        outcome = due(payload, session, replace(OFFICE, **changes))
        said = text_of(outcome)
        assert len(outcome.replies) == 1
        assert "Dienstag, 24. November" in said.split("📅")[0]
        assert "Donnerstag, 26. November" in said
        assert starting("remind:", outcome)
        assert not outcome.session.reminders, "the stale ones are dropped"

    def test_that_removes_the_office_is_told_with_its_name_and_the_district_s_door(self) -> None:
        outcome = due("recheck", promised("both"), CENTRAL)
        said = text_of(outcome)
        assert "Integrationsmanagement" in said
        assert "+49 6221 5810" in said
        assert "human" in payloads(outcome)
        assert not outcome.session.reminders

    def test_is_told_once(self) -> None:
        after = due("recheck", promised("both"), CENTRAL).session
        assert due("recheck", after, CENTRAL).replies == ()

    @pytest.mark.parametrize("hours", ["Tu,Th 14:00-16:00", "Tu 14:00-18:00", "Tu 13:00-16:00"])
    def test_that_leaves_the_date_open_is_not_worth_a_message(self, hours: str) -> None:
        session = promised("both")
        outcome = due("recheck", session, replace(OFFICE, opening_hours=hours))
        assert outcome.replies == ()
        assert outcome.session.reminders == session.reminders

    def test_a_directory_that_is_away_is_no_change(self) -> None:
        session = promised("both")
        assert due("recheck", session).session.reminders == session.reminders
