"""What must hold for the data files the directory starts from."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from opening_hours import OpeningHours

from services_directory.snapshot import CATEGORIES, OFFICE_KINDS

ROOT = Path(__file__).parent.parent
DATA = ROOT / "services_directory" / "data"
Row = dict[str, str]

OFFICE_COLUMNS = [
    "id",
    "ags",
    "service_area",
    "category",
    "office_kind",
    "organization",
    "name_de",
    "description_de",
    "description_uk",
    "description_ru",
    "street",
    "postal_code",
    "city",
    "phone",
    "email",
    "website",
    "opening_hours",
    "languages",
    "central_contact",
    "source_url",
    "source_date",
    "confidence",
    "note_de",
]
HOTLINE_COLUMNS = [
    "id",
    "name_de",
    "name_uk",
    "name_ru",
    "phone",
    "website",
    "audiences",
    "languages",
    "hours",
    "free_of_charge",
    "channel",
    "order",
    "source_url",
    "source_date",
    "confidence",
    "checked_on",
]
AUDIENCES = {
    "emergency",
    "crisis",
    "medical",
    "poison",
    "women",
    "men",
    "children",
    "parents",
    "victims",
    "missing_child",
    "trafficking",
    "information",
}
SHOWN = ("high", "medium")
SHORT_CODE = re.compile(r"11[0-9]{1,4}")
DATE = re.compile(r"(|\d{4}(-\d\d(-\d\d)?)?)")


def _read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source, strict=True)
        return list(reader.fieldnames or []), list(reader)


OFFICE_HEADER, OFFICES = _read(DATA / "offices.csv")
HOTLINE_HEADER, HOTLINES = _read(DATA / "hotlines.csv")
DISTRICTS = {row["ags"] for row in _read(ROOT / "gazetteer" / "data" / "districts.csv")[1]}

each_office = pytest.mark.parametrize("row", OFFICES, ids=lambda row: row["id"])
each_hotline = pytest.mark.parametrize("row", HOTLINES, ids=lambda row: row["id"])


def _items(cell: str) -> list[str]:
    return [item for item in cell.split(";") if item]


def _is_dialable(number: str) -> bool:
    if SHORT_CODE.fullmatch(number):
        return True
    parsed = phonenumbers.parse(number)
    return phonenumbers.is_valid_number(parsed) and number == phonenumbers.format_number(
        parsed, phonenumbers.PhoneNumberFormat.E164
    )


def _leads_somewhere(row: Row) -> bool:
    return any(row[field] for field in ("phone", "email", "website", "street"))


def _shown(category: str) -> list[Row]:
    return [row for row in OFFICES if row["category"] == category and row["confidence"] in SHOWN]


def test_the_files_have_the_columns_the_readme_names() -> None:
    assert OFFICE_HEADER == OFFICE_COLUMNS
    assert HOTLINE_HEADER == HOTLINE_COLUMNS


def test_no_id_is_given_twice() -> None:
    for rows in (OFFICES, HOTLINES):
        assert [name for name, count in Counter(row["id"] for row in rows).items() if count > 1] == []


def test_offices_are_sorted_by_district_and_category_with_statewide_ones_last() -> None:
    order = [(row["ags"] or "99999", CATEGORIES.index(row["category"])) for row in OFFICES]
    assert order == sorted(order)


def test_all_44_districts_are_known() -> None:
    assert len(DISTRICTS) == 44
    assert {row["ags"] for row in OFFICES} - {""} == DISTRICTS


def test_every_district_has_exactly_one_central_contact_with_phone_and_address() -> None:
    central = [row for row in OFFICES if row["central_contact"] == "yes"]
    assert sorted(row["ags"] for row in central) == sorted(DISTRICTS)
    for row in central:
        assert (row["category"], row["office_kind"]) == ("other_office", "general")
        assert row["phone"] and row["street"] and row["postal_code"] and row["city"]


def test_every_district_has_an_integration_management_or_its_central_contact_stands_in() -> None:
    covered = {
        row["ags"] for row in _shown("integration_management") if row["service_area"] in ("", row["ags"])
    }
    assert {"08117", "08119", "08136", "08415", "08426", "08436"} == DISTRICTS - covered


@each_office
def test_an_office_speaks_the_vocabulary_of_the_directory(row: Row) -> None:
    assert re.fullmatch(r"[a-z0-9]{1,12}", row["id"])
    assert row["ags"] == "" or row["ags"] in DISTRICTS
    assert row["category"] in CATEGORIES
    assert (row["office_kind"] in OFFICE_KINDS) == (row["category"] == "other_office")
    assert row["confidence"] in ("high", "medium", "low", "memory")
    assert row["central_contact"] in ("", "yes")
    assert DATE.fullmatch(row["source_date"])
    assert all(value == value.strip() for value in row.values())


@each_office
def test_a_service_area_names_districts_or_their_municipalities(row: Row) -> None:
    for area in _items(row["service_area"]):
        assert len(area) in (5, 8)
        assert area[:5] in DISTRICTS


@each_office
def test_an_office_is_described_in_all_three_languages(row: Row) -> None:
    assert row["name_de"] and row["organization"]
    for field in ("description_de", "description_uk", "description_ru"):
        assert 0 < len(row[field]) <= 200
    assert re.search(r"[а-яіїєґ]", row["description_uk"]) and not re.search(r"[ыэъё]", row["description_uk"])
    assert re.search(r"[а-яё]", row["description_ru"]) and not re.search(r"[іїєґ]", row["description_ru"])


@each_office
def test_contacts_of_an_office_are_well_formed(row: Row) -> None:
    assert row["phone"] == "" or _is_dialable(row["phone"])
    assert re.fullmatch(r"(|\d{5})", row["postal_code"])
    assert row["email"] == row["email"].lower()
    assert re.fullmatch(r"(|https?://\S+)", row["website"])
    assert all(re.fullmatch(r"[a-z]{2}", code) for code in _items(row["languages"]))
    if row["opening_hours"]:
        OpeningHours(row["opening_hours"])


@each_office
def test_no_office_has_the_mailbox_of_one_person(row: Row) -> None:
    local = row["email"].partition("@")[0]
    assert local == "poststelle.ukraine-engagiert" or not re.fullmatch(r"[a-zäöü]+[._][a-zäöü-]+", local)


@each_office
def test_no_text_names_a_person(row: Row) -> None:
    for field in ("name_de", "organization", "description_de", "note_de"):
        assert not re.search(r"\b(Frau|Herrn?) [A-ZÄÖÜ]", row[field])


@each_office
def test_a_shown_office_has_a_source_and_a_way_to_reach_it(row: Row) -> None:
    if row["confidence"] in SHOWN:
        assert row["source_url"].startswith("http")
        assert _leads_somewhere(row)


@each_office
def test_a_shown_office_of_2022_or_older_asks_staff_to_confirm_it(row: Row) -> None:
    if row["confidence"] in SHOWN and row["source_date"][:4] <= "2022":
        assert "bestätigen" in row["note_de"] or "Quelle ohne Datum" in row["note_de"]


@each_office
def test_a_contact_point_of_2022_whose_survival_is_unknown_stays_a_draft(row: Row) -> None:
    if "aus dem Jahr 2022" in row["description_de"]:
        assert row["confidence"] == "low"


def test_a_number_that_only_a_doubtful_switchboard_has_is_in_no_shown_row() -> None:
    doubtful = {
        row["phone"] for row in OFFICES if row["central_contact"] == "yes" and row["confidence"] not in SHOWN
    }
    assert doubtful & {row["phone"] for row in OFFICES if row["confidence"] in SHOWN} == set()


def test_the_office_number_of_a_crisis_service_is_not_given_out() -> None:
    [service] = [row for row in OFFICES if row["name_de"].startswith("Krisen- und Notfalldienst")]
    assert service["phone"] == ""


@each_hotline
def test_a_line_may_be_shown(row: Row) -> None:
    if "emergency" in row["audiences"]:
        assert row["phone"] in ("112", "110")
    else:
        assert row["confidence"] in SHOWN
        assert row["source_url"].startswith("http")


@each_hotline
def test_a_line_is_named_in_all_three_languages_and_reachable(row: Row) -> None:
    assert row["name_de"] and row["name_uk"] and row["name_ru"]
    assert not re.search(r"[ыэъё]", row["name_uk"]) and not re.search(r"[іїєґ]", row["name_ru"])
    if row["channel"] == "web":
        assert row["phone"] == "" and row["website"].startswith("https://")
    else:
        assert row["channel"] in ("phone", "chat")
        assert _is_dialable(row["phone"])


@each_hotline
def test_a_line_speaks_the_vocabulary(row: Row) -> None:
    assert _items(row["audiences"]) and set(_items(row["audiences"])) <= AUDIENCES
    assert int(row["order"]) > 0
    assert row["free_of_charge"] in ("", "yes")
    assert DATE.fullmatch(row["source_date"]) and DATE.fullmatch(row["checked_on"])
    if row["hours"]:
        OpeningHours(row["hours"])


def test_the_emergency_numbers_come_first() -> None:
    first = sorted(HOTLINES, key=lambda row: int(row["order"]))[:2]
    assert [row["phone"] for row in first] == ["112", "110"]


@pytest.mark.parametrize("language", ["uk", "ru", "de"])
def test_in_each_language_a_line_for_a_crisis_answers_day_and_night(language: str) -> None:
    assert any(
        "crisis" in _items(row["audiences"])
        and row["hours"] == "24/7"
        and language in _items(row["languages"])
        for row in HOTLINES
    )


def test_nobody_claims_to_have_called_a_line_before_somebody_has() -> None:
    assert {row["checked_on"] for row in HOTLINES} == {""}
