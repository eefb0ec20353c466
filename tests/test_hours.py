"""Opening hours as a person at the door would read them: Berlin time, the Land's holidays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from services_directory.hours import BERLIN, HoursError, is_valid, next_openings, opening_state, problem

WEEK = "Mo-Fr 08:00-12:00; Th 08:00-12:00,14:00-17:30"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def texts(spans: list[tuple[datetime, datetime]]) -> list[str]:
    return [f"{start:%a %d.%m. %H:%M}-{end:%a %H:%M}" for start, end in spans]


def test_an_open_office_says_until_when_and_when_it_opens_next() -> None:
    state = opening_state(WEEK, at("2026-11-26T09:30"))
    assert state.open
    assert state.until == at("2026-11-26T12:00")
    assert (state.next_open, state.next_close) == (at("2026-11-26T14:00"), at("2026-11-26T17:30"))


def test_a_closed_office_says_when_it_opens_next() -> None:
    state = opening_state(WEEK, at("2026-11-27T12:00"))
    assert not state.open
    assert state.until is None
    assert (state.next_open, state.next_close) == (at("2026-11-30T08:00"), at("2026-11-30T12:00"))


def test_the_minute_of_opening_is_open_and_the_minute_of_closing_is_closed() -> None:
    assert opening_state(WEEK, at("2026-11-26T08:00")).open
    assert not opening_state(WEEK, at("2026-11-26T17:30")).open


def test_a_moment_in_another_time_zone_is_understood() -> None:
    assert opening_state(WEEK, datetime(2026, 11, 26, 7, 0, tzinfo=UTC)).open
    assert not opening_state(WEEK, datetime(2026, 11, 26, 6, 59, tzinfo=UTC)).open


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        opening_state(WEEK, datetime(2026, 11, 26, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "holiday",
    ["2026-01-06", "2026-04-03", "2026-05-14", "2026-06-04", "2026-12-25", "2027-01-01", "2027-11-01"],
)
def test_on_a_public_holiday_of_the_land_an_office_is_closed_though_its_hours_do_not_say_so(
    holiday: str,
) -> None:
    assert not opening_state("Mo-Fr 08:00-12:00", at(f"{holiday}T10:00")).open


@pytest.mark.parametrize("day", ["2028-10-31", "2026-11-18", "2028-08-15"])
def test_a_holiday_of_another_land_is_a_working_day_here(day: str) -> None:
    assert opening_state("Mo-Fr 08:00-12:00", at(f"{day}T10:00")).open


def test_the_next_opening_skips_christmas() -> None:
    assert texts(next_openings("Mo-Fr 08:00-12:00", at("2026-12-24T13:00"), 2)) == [
        "Mon 28.12. 08:00-Mon 12:00",
        "Tue 29.12. 08:00-Tue 12:00",
    ]


def test_a_help_line_open_every_day_stays_open_on_holidays() -> None:
    assert opening_state("24/7", at("2026-12-25T03:00")).open
    assert opening_state("Mo-Su 08:00-20:00", at("2026-12-25T10:00")).open


def test_hours_of_their_own_on_holidays_are_kept_also_on_holidays_only_this_land_has() -> None:
    assert texts(next_openings("Mo-Fr 08:00-12:00; PH 10:00-11:00", at("2026-01-06T00:00"), 2)) == [
        "Tue 06.01. 10:00-Tue 11:00",
        "Wed 07.01. 08:00-Wed 12:00",
    ]


def test_holidays_written_as_off_or_beside_weekdays_are_understood() -> None:
    assert not opening_state("Mo-Su 08:00-12:00; PH off", at("2026-01-06T10:00")).open
    assert opening_state("Mo-Fr,PH 08:00-12:00", at("2026-11-01T10:00")).open
    assert not opening_state("Mo-Fr,PH 08:00-12:00", at("2026-11-08T10:00")).open


def test_an_opening_over_midnight_is_one_opening() -> None:
    state = opening_state("Fr 22:00-02:00", at("2026-11-28T01:00"))
    assert (state.open, state.until) == (True, at("2026-11-28T02:00"))
    assert state.next_open == at("2026-12-04T22:00")


def test_a_night_before_a_holiday_ends_on_the_holiday_and_a_holiday_night_does_not_begin() -> None:
    assert opening_state("Th 22:00-02:00", at("2026-12-25T01:00")).open  # Thursday night into Christmas
    assert not opening_state("Fr 22:00-02:00", at("2026-12-26T01:00")).open  # Christmas night


def test_a_night_of_the_spring_change_is_an_hour_shorter() -> None:
    [(start, end)] = next_openings("Sa 22:00-04:00", at("2027-03-27T12:00"), 1)
    assert (start.isoformat(), end.isoformat()) == ("2027-03-27T22:00:00+01:00", "2027-03-28T04:00:00+02:00")
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=5)


def test_a_night_of_the_autumn_change_is_an_hour_longer() -> None:
    [(start, end)] = next_openings("Sa 22:00-04:00", at("2026-10-24T12:00"), 1)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=7)
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert opening_state("Sa 22:00-04:00", second_half_past_two).open


@pytest.mark.parametrize(("saturday", "sunday"), [("2027-03-27", "2027-03-28"), ("2026-10-24", "2026-10-25")])
def test_after_a_clock_change_a_place_opens_by_the_new_wall_clock(saturday: str, sunday: str) -> None:
    [(start, _)] = next_openings("Su 08:00-12:00", at(f"{saturday}T12:00"), 1)
    assert start == at(f"{sunday}T08:00")
    assert start.utcoffset() != at(f"{saturday}T12:00").utcoffset()


def test_around_the_clock_has_no_end_and_no_next_opening() -> None:
    state = opening_state("24/7", at("2026-11-22T12:00"))
    assert (state.open, state.until, state.next_open, state.next_close) == (True, None, None, None)


def test_a_monthly_consultation_hour_is_found_beyond_the_next_days() -> None:
    assert texts(next_openings("We[1] 14:00-16:00", at("2026-11-22T12:00"), 3)) == [
        "Wed 02.12. 14:00-Wed 16:00",
        "Wed 03.02. 14:00-Wed 16:00",  # 6 January is Epiphany
        "Wed 03.03. 14:00-Wed 16:00",
    ]


def test_a_place_closed_for_good_has_no_next_opening() -> None:
    state = opening_state("off", at("2026-11-22T12:00"))
    assert (state.open, state.next_open) == (False, None)
    assert next_openings("off", at("2026-11-22T12:00"), 3) == []


def test_closed_days_by_date_are_respected() -> None:
    hours = "Mo-Fr 08:00-12:00; 2026 Dec 21-2027 Jan 06 off"
    assert texts(next_openings(hours, at("2026-12-18T12:00"), 1)) == ["Thu 07.01. 08:00-Thu 12:00"]


@pytest.mark.parametrize(
    "expression", ["Mo-Fr 08:00-12:00", "24/7", "Mo[1] 10:00-12:00", "We,PH 09:00-10:00"]
)
def test_readable_hours_are_accepted(expression: str) -> None:
    assert is_valid(expression)
    assert problem(expression) == ""


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "Di 8-12 Uhr",
        "Mo-Fr 8-12",
        '"nach Vereinbarung"',
        'Mo-Fr 08:00-12:00 || "nach Vereinbarung"',
        "Mo-Fr 08:00-12:00; SH off",
        "Mo-Fr 17:00+",
        "sunrise-sunset",
        "PH +1 day off",
    ],
)
def test_what_cannot_be_computed_is_refused_with_a_reason_in_german(expression: str) -> None:
    assert not is_valid(expression)
    assert problem(expression)
    with pytest.raises(HoursError):
        opening_state(expression, at("2026-11-22T12:00"))


def test_it_is_fast_enough_to_ask_for_every_card() -> None:
    moments = [at("2026-11-26T09:30") + timedelta(minutes=minute) for minute in range(500)]
    opening_state(WEEK, moments[0])
    started = perf_counter()
    for moment in moments:
        opening_state(WEEK, moment)
    assert (perf_counter() - started) / len(moments) < 0.002
