"""Single days that differ from the week: in the hours, in the directory's data, on the way to the bot."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from services_directory.hours import (
    BERLIN,
    HoursError,
    days_off,
    next_openings,
    opening_at,
    opening_state,
    public_holiday,
)
from services_directory.models import ScheduleException, ServiceAtLocation
from services_directory.publish import build_snapshot
from services_directory.records import Record, save
from services_directory.seeding import seed
from services_directory.snapshot import FORMAT, HoursException, Listing, Snapshot, SnapshotError
from tests.directory_factory import row, stored

WEEK = "Mo-Fr 08:00-12:00"
MONDAY = "2026-11-23T07:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def openings(expression: str, now: str, *exceptions: HoursException, count: int = 3) -> list[str]:
    spans = next_openings(expression, at(now), count, exceptions)
    return [f"{start:%a %d.%m. %H:%M}-{end:%a %H:%M}" for start, end in spans]


class TestHours:
    def test_a_closed_day_has_no_opening(self) -> None:
        closed = HoursException("2026-11-24", "closed")
        assert openings(WEEK, MONDAY, closed, count=2) == [
            "Mon 23.11. 08:00-Mon 12:00",
            "Wed 25.11. 08:00-Wed 12:00",
        ]
        state = opening_state(WEEK, at("2026-11-24T09:00"), (closed,))
        assert not state.open
        assert state.next_open == at("2026-11-25T08:00")

    def test_changed_hours_stand_in_for_the_usual_ones(self) -> None:
        changed = (
            HoursException("2026-11-23", "changed", "10:00", "11:00"),
            HoursException("2026-11-23", "changed", "14:00", "15:00"),
        )
        assert openings(WEEK, MONDAY, *changed) == [
            "Mon 23.11. 10:00-Mon 11:00",
            "Mon 23.11. 14:00-Mon 15:00",
            "Tue 24.11. 08:00-Tue 12:00",
        ]

    def test_extra_hours_are_added_and_join_the_usual_ones(self) -> None:
        extra = (
            HoursException("2026-11-23", "extra", "12:00", "13:00"),
            HoursException("2026-11-28", "extra", "10:00", "12:00"),
        )
        found = openings(WEEK, MONDAY, *extra, count=6)
        assert found[0] == "Mon 23.11. 08:00-Mon 13:00"
        assert found[-1] == "Sat 28.11. 10:00-Sat 12:00"

    def test_what_is_said_of_a_day_goes_before_the_holiday(self) -> None:
        extra = HoursException("2026-12-25", "extra", "10:00", "12:00")
        assert opening_state(WEEK, at("2026-12-25T10:30"), (extra,)).open

    def test_a_night_belongs_to_the_evening_it_begins_on(self) -> None:
        night, closed = "Fr 22:00-02:00", HoursException("2026-11-28", "closed")
        assert opening_state(night, at("2026-11-28T01:00"), (closed,)).open
        late = HoursException("2026-11-23", "extra", "22:00", "02:00")
        assert openings(WEEK, "2026-11-23T13:00", late, count=1) == ["Mon 23.11. 22:00-Tue 02:00"]

    def test_a_line_open_around_the_clock_can_close_for_a_day(self) -> None:
        closed = (HoursException("2026-11-24", "closed"),)
        assert opening_state("24/7", at("2026-11-23T12:00"), closed).until == at("2026-11-24T00:00")
        assert opening_state("24/7", at("2026-11-24T12:00"), closed).next_open == at("2026-11-25T00:00")

    def test_single_dates_alone_are_hours_too(self) -> None:
        only = HoursException("2027-03-28", "extra", "01:30", "04:00")
        [(start, end)] = next_openings("", at(MONDAY), 3, (only,))
        length = end.astimezone(UTC) - start.astimezone(UTC)
        assert length == timedelta(hours=1, minutes=30), "an hour is missing that night"

    def test_no_hours_at_all_are_refused_as_before(self) -> None:
        with pytest.raises(HoursError):
            opening_state("", at(MONDAY))

    def test_the_opening_at_a_moment_is_the_one_that_runs_then(self) -> None:
        assert opening_at(WEEK, at("2026-11-24T08:00")) == (at("2026-11-24T08:00"), at("2026-11-24T12:00"))
        assert opening_at(WEEK, at("2026-11-24T12:00")) is None
        assert opening_at(WEEK, at("2026-11-24T08:00"), (HoursException("2026-11-24", "closed"),)) is None


class TestDaysOff:
    def test_are_those_on_which_it_would_open(self) -> None:
        closed = (HoursException("2026-12-24", "closed"), HoursException("2026-12-26", "closed"))
        assert days_off(WEEK, date(2026, 12, 21), date(2026, 12, 29), closed) == [
            (date(2026, 12, 24), ""),
            (date(2026, 12, 25), "Erster Weihnachtstag"),
        ]

    def test_do_not_count_a_day_with_other_hours(self) -> None:
        changed = (HoursException("2026-11-24", "changed", "10:00", "11:00"),)
        assert days_off(WEEK, date(2026, 11, 23), date(2026, 11, 28), changed) == []

    def test_of_a_help_line_are_no_holidays(self) -> None:
        closed = (HoursException("2026-12-27", "closed"),)
        assert days_off("24/7", date(2026, 12, 21), date(2026, 12, 29), closed) == [(date(2026, 12, 27), "")]

    @pytest.mark.parametrize(("hours", "end"), [("", date(2026, 12, 29)), (WEEK, date(2026, 12, 21))])
    def test_are_none_without_hours_or_without_days(self, hours: str, end: date) -> None:
        assert days_off(hours, date(2026, 12, 21), end) == []

    def test_holidays_of_the_land_have_their_german_names(self) -> None:
        assert public_holiday(date(2027, 5, 27)) == "Fronleichnam"
        assert public_holiday(date(2027, 11, 1)) == "Allerheiligen"
        assert public_holiday(date(2027, 10, 31)) == ""


class TestSnapshot:
    LISTING = Listing(
        "a", "other_office", "Amt", "Stadt",
        exceptions=(
            HoursException("2026-11-24", "closed"),
            HoursException("2026-11-25", "extra", "10:00", "12:00"),
        ),
    )  # fmt: skip

    def test_carries_them(self) -> None:
        snapshot = Snapshot(7, "2026-11-22T10:00:00+00:00", (self.LISTING,))
        assert Snapshot.from_json(snapshot.to_json()) == snapshot

    def of(self, *exceptions: dict[str, str]) -> Snapshot:
        listing = {"id": "a", "category": "other_office", "name": "Amt", "organization": "Stadt"}
        listings = [{**listing, "exceptions": exceptions}]
        return Snapshot.from_json(
            json.dumps({"format": FORMAT, "version": 1, "published_at": "", "listings": listings})
        )

    def test_passes_over_kinds_and_fields_of_a_later_version(self) -> None:
        closed = {"date": "2026-11-24", "kind": "closed", "mood": "sunny"}
        found = self.of(closed, {"date": "2026-11-25", "kind": "by_appointment"})
        assert found.listings[0].exceptions == (HoursException("2026-11-24", "closed"),)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"date": "24.11.2026", "kind": "closed"},
            {"date": "2026-11-24", "kind": "extra"},
            {"date": "2026-11-24", "kind": "extra", "opens": "10", "closes": "25:00"},
            {"kind": "closed"},
        ],
    )
    def test_is_refused_where_hours_could_only_be_guessed(self, wrong: dict[str, str]) -> None:
        with pytest.raises(SnapshotError):
            self.of(wrong)


@pytest.mark.django_db
class TestData:
    def exception(self, listing: ServiceAtLocation, **fields: object) -> ScheduleException:
        made = ScheduleException(service_at_location=listing, **fields)
        made.full_clean()
        made.save()
        return made

    def test_what_staff_enter_is_published(self) -> None:
        today = timezone.localdate()
        listing = stored()
        self.exception(listing, date=today, kind="extra", opens_at=time(14), closes_at=time(16, 30))
        self.exception(listing, date=today + timedelta(days=1), kind="closed")
        [published] = build_snapshot(1).listings
        assert published.exceptions == (
            HoursException(today.isoformat(), "extra", "14:00", "16:30"),
            HoursException((today + timedelta(days=1)).isoformat(), "closed"),
        )

    def test_what_is_past_is_not_published(self) -> None:
        self.exception(stored(), date=date(2020, 1, 2), kind="closed")
        assert build_snapshot(1).listings[0].exceptions == ()

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "closed", "opens_at": time(9), "closes_at": time(10)},
            {"kind": "extra"},
            {"kind": "changed", "opens_at": time(9)},
            {"kind": "extra", "opens_at": time(9), "closes_at": time(9)},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, fields: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            self.exception(stored(), date=date(2026, 11, 24), **fields)

    def test_a_listing_with_one_is_the_staff_s_and_the_seed_leaves_it_alone(self) -> None:
        seed()
        listing = ServiceAtLocation.objects.filter(verified_at=None).first()
        assert listing is not None
        self.exception(listing, date=date(2026, 11, 24), kind="closed")
        assert seed().kept == 1

    def test_a_record_carries_them_there_and_back(self) -> None:
        record = Record.from_row(row())
        with_one = Record.of(stored(id="b"))
        assert with_one.exceptions == ()
        listing = save(record, None)
        self.exception(listing, date=date(2026, 11, 24), kind="closed")
        again = Record.of(ServiceAtLocation.objects.get(pk=listing.pk))
        assert Record.of(save(again, listing)) == again
        assert record.fingerprint() != again.fingerprint()
