"""The open data: HSDS 3.0 with the German profile, for everybody, and calendars of consultation hours."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from console.hsds.openapi import described
from console.hsds.routes import ROUTES
from console.hsds.schedules import schedules
from services_directory.hours import BERLIN, is_public_holiday
from services_directory.models import (
    Phone,
    Schedule,
    ScheduleException,
    ServiceAtLocation,
    ServiceTranslation,
)
from services_directory.snapshot import HoursException
from tests.directory_factory import HEIDELBERG, KARLSRUHE, MANNHEIM, stored

pytestmark = pytest.mark.django_db

COLLECTIONS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")

# HSDS 3.0 (Open Referral): what each object must have, and the types of what it may have.
REQUIRED = {
    "service": {"id", "name", "status"},
    "service_at_location": {"id"},
    "organization": {"id", "name", "description"},
    "location": {"id", "location_type"},
    "address": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "phone": {"id", "number"},
    "schedule": {"id"},
    "language": {"id"},
    "service_area": {"id"},
    "attribute": {"id"},
    "taxonomy_term": {"id", "name", "description"},
    "taxonomy_detail": {"id", "name", "description"},
}
NESTED = {
    "services": "service",
    "service": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
    "organization": "organization",
    "locations": "location",
    "location": "location",
    "addresses": "address",
    "phones": "phone",
    "schedules": "schedule",
    "languages": "language",
    "service_areas": "service_area",
    "attributes": "attribute",
    "taxonomy_term": "taxonomy_term",
    "taxonomy_terms": "taxonomy_term",
    "taxonomies": "taxonomy_detail",
    "taxonomy_detail": "taxonomy_detail",
}
NUMBERS = {"latitude", "longitude", "timezone", "count"}
PROFILE_FIELDS = {
    "category",
    "office_kind",
    "translations",
    "public_id",
    "district_ags",
    "opening_hours",
    "is_central_contact",
    "confirmation",
    "last_modified",
    "ags",
    "exception",
    "license",
    "license_url",
    "attribution",
}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock of the console."""

    def set_to(moment: str) -> None:
        now = datetime.fromisoformat(moment).replace(tzinfo=BERLIN).astimezone(UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return set_to


def ask(address: str, **headers: str) -> HttpResponse:
    response: Any = Client(headers=headers).get(f"/hsds/{address}")
    return response  # type: ignore[no-any-return]


def data(address: str) -> Any:
    response = ask(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def contents(address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data(address)["contents"]
    return found


def names(address: str) -> list[str]:
    return [record["name"] for record in contents(address)]


def one(listing: ServiceAtLocation) -> dict[str, Any]:
    record: dict[str, Any] = data(f"service_at_locations/{listing.pk}")
    return record


def a_rich_directory() -> list[ServiceAtLocation]:
    return [
        stored(
            description_de="Hilft bei Briefen.",
            description_uk="Допомагає з листами.",
            email="info@heidelberg.de",
        ),
        stored(id="b1", ags=MANNHEIM, category="other_office", office_kind="jobcenter", name_de="Jobcenter"),
        stored(id="c1", ags="", service_area="", street="", postal_code="", city="", name_de="Landesstelle"),
    ]


# Shape


def checked(record: dict[str, Any], kind: str) -> None:
    """Assert that a record is of the kind HSDS describes, with everything in it."""
    assert set(record) >= REQUIRED[kind], (kind, REQUIRED[kind] - set(record))
    for name, value in record.items():
        assert value is not None, (kind, name)
        if name == "id" or (name.endswith("_id") and name != "public_id"):
            uuid.UUID(value)
        elif name in NUMBERS:
            assert isinstance(value, int | float), (kind, name)
        elif name in NESTED:
            for nested in value if isinstance(value, list) else [value]:
                checked(nested, NESTED[name])
        elif name not in PROFILE_FIELDS | {"translations"}:
            assert isinstance(value, str), (kind, name)


DETAILS = ("full", "minimal", "full_service")
SHAPES = [(route.path, "") for route in ROUTES if route.paged] + [
    (route.path, f"{parameter.name}=true")
    for route in ROUTES
    for parameter in route.parameters
    if route.paged and parameter.name in DETAILS
]


@pytest.mark.parametrize(("collection", "detail"), SHAPES)
def test_every_record_has_the_shape_of_hsds(collection: str, detail: str) -> None:
    a_rich_directory()
    records = contents(f"{collection}?{detail}")
    assert records
    for record in records:
        checked(record, NESTED[collection])
        checked(data(f"{collection}/{record['id']}"), NESTED[collection])


def test_the_api_says_what_it_is_and_every_record_under_which_licence() -> None:
    about = data("")
    assert about["version"] == "3.0"
    assert Client().get(about["openapi_url"]).json()["openapi"] == "3.1.0"
    assert "German profile" in Client().get(about["profile"]).content.decode()
    listing = stored()
    for record in (about, one(listing), data("services")):
        assert (record["license"], record["attribution"]) == ("CC-BY-4.0", "Lotse Baden-Württemberg")


def test_a_listing_has_address_phones_areas_languages_and_its_kind() -> None:
    [listing, office, statewide] = a_rich_directory()
    record = one(listing)
    [address] = record["location"]["addresses"]
    assert (address["postal_code"], address["state_province"], address["country"]) == (
        "69115",
        "Baden-Württemberg",
        "DE",
    )
    assert [phone["number"] for phone in record["phones"]] == ["+4962215810580"]
    assert [(area["ags"], area["name"]) for area in record["service"]["service_areas"]] == [
        (HEIDELBERG, "Heidelberg")
    ]
    assert [row["code"] for row in record["service"]["languages"]] == ["de", "uk"]
    terms = [row["taxonomy_term"] for row in one(office)["service"]["attributes"]]
    assert [term["code"] for term in terms] == ["other_office", "other_office/jobcenter"]
    assert terms[1]["parent_id"] == terms[0]["id"]
    [whole_land] = one(statewide)["service"]["service_areas"]
    assert (whole_land["ags"], whole_land["name"]) == ("08", "Baden-Württemberg")


# Pages


@pytest.mark.parametrize(
    ("page", "size", "first", "last"), [(1, 2, True, False), (2, 1, False, True), (3, 0, False, True)]
)
def test_pages_say_where_one_is(page: int, size: int, first: bool, last: bool) -> None:
    a_rich_directory()
    found = data(f"services?per_page=2&page={page}")
    assert (found["total_items"], found["total_pages"], found["page_number"]) == (3, 2, page)
    assert (found["size"], found["first_page"], found["last_page"]) == (size, first, last)
    assert (found["empty"], len(found["contents"])) == (size == 0, size)


def test_all_pages_together_are_all_records_once() -> None:
    for n in range(7):
        stored(id=f"a{n}", name_de="Gleicher Name")
    ids = [row["id"] for page in (1, 2, 3) for row in contents(f"services?per_page=3&page={page}")]
    assert len(set(ids)) == len(ids) == 7


def test_an_empty_directory_is_one_empty_page() -> None:
    found = data("services")
    assert (found["total_items"], found["total_pages"], found["empty"]) == (0, 0, True)
    assert found["first_page"] and found["last_page"]


def test_ndjson_is_a_record_in_each_line_without_pages() -> None:
    a_rich_directory()
    response = ask("services?format=ndjson&full=true")
    lines = [json.loads(line) for line in response.content.decode().splitlines()]
    assert response["Content-Type"] == "application/x-ndjson"
    assert [line["name"] for line in lines] == names("services")
    assert ask("services?format=ndjson&page=2").status_code == 400


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("services?distrikt=08221", "district"),
        ("services?page=0", "from 1"),
        ("services?page=x", "whole number"),
        ("services?per_page=201", "200"),
        ("services?page=1&page=2", "more than once"),
        ("services?district=09162", "AGS"),
        ("services?category=psychologist", "trauma_consultation"),
        ("services?modified_after=yesterday", "ISO 8601"),
        ("services?taxonomy_term_id=1", "UUID"),
        ("services?full=yes", "true or false"),
        ("services?minimal=true&full=true", "either"),
        ("services?search=%20", "words"),
        ("services?search=a%00b", "words"),
        ("services?search=1+2+3+4+5+6+7+8+9+10+11", "10 words"),
        ("services?format=xml", "ndjson"),
        ("service_at_locations?postcode=691", "five digits"),
        ("taxonomies?full=true", "Known"),
        ("services/x?page=1", "takes none"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_what_would_be_right(address: str, hint: str) -> None:
    response = ask(address)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    problem = json.loads(response.content)
    assert problem["status"] == 400
    assert hint in problem["detail"]


@pytest.mark.parametrize(
    "address",
    ["services/x", f"services/{uuid.uuid4()}", "servces", "districts/09162/calendar.ics", "taxonomy_terms/1"],
)
def test_what_is_not_there_is_said_so(address: str) -> None:
    response = ask(address)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert "no-store" in response["Cache-Control"]


# Who and what is not in it


@pytest.mark.parametrize(
    "change",
    [{"confidence": "low"}, {"state": "withdrawn"}, {"service__status": "defunct"}],
    ids=["draft", "withdrawn", "closed"],
)
def test_what_people_do_not_see_is_not_there(change: dict[str, str]) -> None:
    listing = stored()
    for field, value in change.items():
        owner = listing.service if field.startswith("service__") else listing
        setattr(owner, field.removeprefix("service__"), value)
        owner.save()
    for collection in ("services", "service_at_locations", "organizations"):
        assert data(collection)["total_items"] == 0
    assert ask(f"services/{listing.service_id}").status_code == 404
    assert ask(f"service_at_locations/{listing.pk}").status_code == 404
    assert ask(f"organizations/{listing.service.organization_id}").status_code == 404
    assert "VEVENT" not in ask(f"districts/{HEIDELBERG}/calendar.ics").content.decode()


def test_a_hidden_listing_does_not_show_through_its_service() -> None:
    listing = stored()
    ServiceAtLocation.objects.create(
        service=listing.service, location=listing.location, confidence="memory", district_ags=MANNHEIM
    )
    record = data(f"services/{listing.service_id}")
    assert [row["id"] for row in record["service_at_locations"]] == [str(listing.pk)]


def test_no_person_and_no_note_of_staff_is_given_away() -> None:
    listing = stored(note_de="Frau Geheim fragen")
    listing.verified_by = get_user_model().objects.create_user("petra.geheim", "petra@geheim.example")
    listing.verified_at = timezone.now()
    listing.save()
    Phone.objects.update(description="Durchwahl von Frau Geheim")
    ServiceTranslation.objects.create(
        service=listing.service, language="uk", description="Frau Geheim", state="human"
    )
    for address in (*COLLECTIONS, "services?full=true", "organizations?full_service=true"):
        assert "geheim" not in ask(address).content.decode().lower()
    assert "geheim" not in ask(f"service_at_locations/{listing.pk}").content.decode().lower()
    assert "geheim" not in ask(f"districts/{HEIDELBERG}/calendar.ics?language=uk").content.decode().lower()


# Filters


def test_a_district_has_its_own_offers_its_municipalities_and_those_of_the_land() -> None:
    stored(id="a1", name_de="Kreis")
    stored(id="a2", name_de="Gemeinde", service_area="08221000")
    stored(id="a3", name_de="Land", ags="", service_area="")
    stored(id="a4", name_de="Nachbar", ags=MANNHEIM)
    stored(id="a5", name_de="Zwei Kreise", ags=MANNHEIM, service_area=f"{HEIDELBERG};{MANNHEIM}")
    expected = ["Gemeinde", "Kreis", "Land", "Zwei Kreise"]
    assert names(f"services?district={HEIDELBERG}") == expected
    assert sorted(names(f"service_at_locations?district={HEIDELBERG}")) == expected
    assert sorted(names("service_at_locations?postcode=69115")) == expected
    assert names("service_at_locations?postcode=10115") == []


def test_offers_are_found_by_category_term_taxonomy_and_organization() -> None:
    [management, office, _] = a_rich_directory()
    assert names("services?category=other_office") == ["Jobcenter"]
    terms = {term["code"]: term for term in contents("taxonomy_terms")}
    for code, expected in {
        "other_office": 1,
        "other_office/jobcenter": 1,
        "other_office/sozialamt": 0,
        "integration_management": 2,
    }.items():
        assert data(f"services?taxonomy_term_id={terms[code]['id']}")["total_items"] == expected
    [taxonomy] = contents("taxonomies")
    assert data(f"services?taxonomy_id={taxonomy['id']}")["total_items"] == 3
    assert data(f"services?taxonomy_id={uuid.uuid4()}")["total_items"] == 0
    assert data(f"services?taxonomy_term_id={uuid.uuid4()}")["total_items"] == 0
    owner = management.service.organization_id
    assert data(f"services?organization_id={owner}")["total_items"] == 3
    assert names("organizations?category=other_office") == [office.service.organization.name]


@pytest.mark.parametrize("words", ["ЛИСТАМИ", "briefen hilft", "heidelberg Integration", "допомагає"])
def test_search_finds_words_in_any_language_whatever_their_case(words: str) -> None:
    a_rich_directory()
    assert names(f"services?search={words}") == ["Integrationsmanagement"]


@pytest.mark.parametrize("words", ["briefen Mannheim", ".*", "(", "%"])
def test_search_needs_every_word_and_takes_signs_as_they_are(words: str) -> None:
    a_rich_directory()
    assert names(f"services?search={words.replace('%', '%25')}") == []


def test_search_does_not_find_what_is_no_longer_said() -> None:
    a_rich_directory()
    ServiceTranslation.objects.update(state="stale")
    assert names("services?search=допомагає") == []


def test_modified_after_finds_what_changed_anywhere_in_a_listing() -> None:
    [listing, *_] = a_rich_directory()
    since = (timezone.now() + timedelta(microseconds=1)).isoformat().replace("+", "%2B")
    assert names(f"services?modified_after={since}") == []
    Phone.objects.get(service_at_location=listing).save()
    assert names(f"services?modified_after={since}") == [listing.service.name]
    assert names(f"service_at_locations?modified_after={since}") == [listing.service.name]
    assert data("services?modified_after=2020-01-01")["total_items"] == 3


def test_minimal_has_all_services_on_one_page() -> None:
    for n in range(60):
        stored(id=f"a{n}")
    found = data("services?minimal=true")
    assert (found["size"], found["total_pages"]) == (60, 1)
    assert set(found["contents"][0]) == {"id", "name", "status", "last_modified"}


# The German profile


def test_translations_say_how_far_they_can_be_trusted_and_stale_ones_are_left_out() -> None:
    listing = stored(description_de="Hilft.", description_uk="Допомагає.", description_ru="Помогает.")
    ServiceTranslation.objects.filter(language="uk").update(state="human")
    ServiceTranslation.objects.filter(language="ru").update(state="stale")
    said = {row["language"]: row for row in one(listing)["service"]["translations"]}
    assert {tag: row["state"] for tag, row in said.items()} == {"de": "original", "uk": "human"}
    assert said["uk"]["description"] == "Допомагає."


@pytest.mark.parametrize(
    ("days", "state"), [(0, "confirmed"), (90, "confirmed"), (91, "due"), (None, "unconfirmed")]
)
def test_every_listing_says_whether_its_office_confirmed_it(days: int | None, state: str) -> None:
    listing = stored()
    if days is not None:
        listing.verified_at = timezone.now() - timedelta(days=days)
        listing.save()
    said = one(listing)["confirmation"]
    assert said["state"] == state
    assert (said["source_url"], said["source_date"]) == ("https://www.heidelberg.de/quelle", "2025-03")
    assert ("verified_at" in said) == ("due_on" in said) == (days is not None)
    assert ("assured_date" in data(f"services/{listing.service_id}")) == (days is not None)


def test_the_profile_is_described_field_by_field() -> None:
    text = ask("profile").content.decode()
    missing = {field for field in PROFILE_FIELDS if f"`{field}`" not in text}
    assert not missing


def hours(expression: str, today: str, *exceptions: HoursException, **notes: str) -> list[dict[str, Any]]:
    return schedules(uuid.UUID(int=1), expression, exceptions, date.fromisoformat(today), notes)


def weekly(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [(row["byday"], row["opens_at"], row["closes_at"]) for row in rows if "freq" in row]


def single(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [
        (row["valid_from"], row["exception"], row.get("opens_at", "")) for row in rows if "exception" in row
    ]


def test_the_usual_week_stands_once_for_each_clock() -> None:
    rows = hours("Mo-Th 08:00-12:00; Th 14:00-16:00", "2026-09-01")
    assert [(row["valid_from"], row["valid_to"], row["timezone"]) for row in rows[::2]] == [
        ("2026-03-29", "2026-10-24", 2),
        ("2026-10-25", "2027-03-27", 1),
    ]
    assert weekly(rows) == [
        ("MO,TU,WE", "08:00+02:00", "12:00+02:00"),
        ("TH", "14:00+02:00", "16:00+02:00"),
        ("MO,TU,WE", "08:00+01:00", "12:00+01:00"),
        ("TH", "14:00+01:00", "16:00+01:00"),
    ]


def test_holidays_and_exceptions_replace_the_usual_week_on_their_day() -> None:
    closed = HoursException("2026-12-03", "closed")
    extra = HoursException("2026-12-05", "extra", "09:00", "11:00")
    rows = hours("Th-Fr 08:00-12:00", "2026-12-01", closed, extra, **{"2026-12-03": "Ausflug"})
    assert single(rows) == [
        ("2026-12-03", "closed", ""),
        ("2026-12-05", "changed", "09:00+01:00"),
        ("2026-12-25", "closed", ""),
        ("2027-01-01", "closed", ""),
    ]
    assert [row["notes"] for row in rows if "notes" in row] == ["Ausflug", "Erster Weihnachtstag", "Neujahr"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("24/7", ("MO,TU,WE,TH,FR,SA,SU", "00:00+01:00", "00:00+01:00")),
        ("Fr 22:00-02:00", ("FR", "22:00+01:00", "02:00+01:00")),
        ("Mo-Fr 00:00-24:00", ("MO,TU,WE,TH,FR", "00:00+01:00", "00:00+01:00")),
    ],
)
def test_whole_days_and_nights_belong_to_the_day_they_begin_on(
    expression: str, expected: tuple[str, ...]
) -> None:
    rows = hours(expression, "2026-11-02")
    assert weekly(rows)[0] == expected
    assert single(rows) == [row for row in single(rows) if is_public_holiday(date.fromisoformat(row[0]))]


def test_hours_that_differ_from_week_to_week_are_single_days() -> None:
    rows = hours("We[1] 14:00-16:00", "2026-11-23")
    assert weekly(rows) == []
    assert single(rows) == [("2026-12-02", "changed", "14:00+01:00")]


def test_unknown_and_unreadable_hours_have_no_schedule_but_the_listing_stays() -> None:
    assert hours("", "2026-11-23") == []
    listing = stored()
    Schedule.objects.update(opening_hours="montags meistens")
    record = one(listing)
    assert (record["schedules"], record["opening_hours"]) == ([], "montags meistens")


def test_a_schedule_keeps_its_id_as_long_as_it_says_the_same() -> None:
    ids = [{row["id"] for row in hours("Mo 08:00-12:00", day)} for day in ("2026-11-02", "2026-11-03")]
    assert ids[0] == ids[1]
    assert not ids[0] & {row["id"] for row in hours("Mo 08:00-13:00", "2026-11-02")}


# Again and again


def test_what_has_not_changed_is_not_sent_again(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stored()
    first = ask("services")
    with django_assert_num_queries(2):
        again = ask("services", If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"]
    assert ask("services", If_None_Match=f"W/{first['ETag']}").status_code == 304
    assert ask("services", If_Modified_Since=first["Last-Modified"]).status_code == 304
    assert ask("services", If_Modified_Since="Mon, 01 Jan 2024 00:00:00 GMT").status_code == 200


def test_a_change_a_new_day_and_another_address_have_another_version(at: Callable[[str], None]) -> None:
    at("2026-11-23T09:00")
    stored()
    seen = [ask("services")["ETag"], ask("services?page=2")["ETag"], ask("organizations")["ETag"]]
    at("2026-11-23T09:01")
    assert ask("services")["ETag"] == seen[0]
    Phone.objects.get().save()
    seen.append(ask("services")["ETag"])
    at("2026-11-24T00:01")
    seen.append(ask("services")["ETag"])
    assert len(set(seen)) == 5
    assert ask("services")["Last-Modified"] == "Mon, 23 Nov 2026 23:00:00 GMT"


def test_a_deletion_is_a_new_version() -> None:
    stored()
    before = ask("services")["ETag"]
    Phone.objects.get().delete()
    assert ask("services", If_None_Match=before).status_code == 200


@pytest.mark.parametrize(
    "address", ["", "services", "services?x=1", "nothing", f"districts/{HEIDELBERG}/calendar.ics"]
)
def test_any_page_may_read_it_and_nobody_gets_a_cookie(address: str) -> None:
    response = ask(address, Origin="https://example.org")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    if response.status_code == 200:
        assert "public" in response["Cache-Control"]
        assert 'rel="license"' in response["Link"]


def test_a_browser_may_ask_conditionally_from_another_site() -> None:
    response = Client().options("/hsds/services", headers={"Origin": "https://example.org"})
    assert response.status_code == 204
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]
    assert "GET" in response["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_can_only_be_read(method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)("/hsds/services")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response["Content-Type"] == "application/problem+json"


def test_the_head_alone_can_be_asked_for() -> None:
    response = Client().head("/hsds/services")
    assert (response.status_code, response["ETag"]) == (200, ask("services")["ETag"])


@pytest.mark.parametrize(
    "address",
    ["services", "services?full=true", "service_at_locations?full=true", "organizations?full_service=true"],
)
def test_the_number_of_queries_does_not_grow_with_the_page(
    address: str, django_assert_max_num_queries: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stored(id="a0", organization="Stadt 0")
    with django_assert_max_num_queries(13) as few:
        ask(address)
    for n in range(1, 20):
        stored(id=f"a{n}", organization=f"Stadt {n}", ags=KARLSRUHE)
    with django_assert_num_queries(len(few)):
        assert len(contents(address)) == 20


# The OpenAPI document


def test_the_document_names_every_address_and_every_reference_in_it_leads_somewhere() -> None:
    document = data("openapi.json")
    assert set(document["paths"]) == {f"/{route.path}" for route in ROUTES}
    assert document["servers"] == [{"url": "http://testserver/hsds"}]
    for reference in references(document):
        if reference.startswith("#/"):
            place = document
            for part in reference[2:].split("/"):
                place = place[part]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for nested in part:
            yield from references(nested)


def test_every_parameter_is_described_and_taken() -> None:
    paths = described("")["paths"]
    values = {"page": "1", "per_page": "5", "format": "json", "search": "a", "modified_after": "2026-01-01"}
    values |= {"district": HEIDELBERG, "category": "other_office", "postcode": "69115", "language": "uk"}
    for route in ROUTES:
        if "{id}" in route.path:
            continue
        described_here = {
            row["$ref"].split("/")[-1]
            for row in paths[f"/{route.path}"]["get"]["parameters"]
            if "$ref" in row
        }
        assert described_here == {parameter.name for parameter in route.parameters}
        for parameter in route.parameters:
            value = values.get(parameter.name) or (
                "true" if parameter.schema["type"] == "boolean" else str(uuid.uuid4())
            )
            assert ask(f"{route.path.format(ags=HEIDELBERG)}?{parameter.name}={value}").status_code == 200


# The calendar


def calendar(ags: str = HEIDELBERG, query: str = "") -> list[Any]:
    response = ask(f"districts/{ags}/calendar.ics{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def begins(entries: list[Any]) -> list[str]:
    return sorted(f"{entry['dtstart'].dt.astimezone(BERLIN):%Y-%m-%d %H:%M}" for entry in entries)


def test_every_opening_of_eight_weeks_is_an_entry_on_the_clock_of_berlin(at: Callable[[str], None]) -> None:
    at("2026-10-05T12:00")
    stored(opening_hours="Mo 08:00-12:00")
    entries = calendar()
    assert begins(entries)[0] == "2026-10-05 08:00"
    assert begins(entries)[-1] == "2026-11-23 08:00"
    assert len(entries) == 8
    assert {entry["dtstart"].dt.hour for entry in entries} == {6, 7}  # UTC, before and after the change
    assert all(entry["dtend"].dt - entry["dtstart"].dt == timedelta(hours=4) for entry in entries)


def test_holidays_and_exceptions_are_in_the_calendar(at: Callable[[str], None]) -> None:
    at("2026-12-14T12:00")
    listing = stored(opening_hours="Fr 08:00-12:00")
    ScheduleException.objects.create(service_at_location=listing, date=date(2026, 12, 18), kind="closed")
    ScheduleException.objects.create(
        service_at_location=listing,
        date=date(2026, 12, 19),
        kind="extra",
        opens_at=time(10),
        closes_at=time(11),
    )
    assert begins(calendar())[:2] == ["2026-12-19 10:00", "2027-01-08 08:00"]


def test_an_entry_keeps_its_uid_and_the_file_its_bytes(at: Callable[[str], None]) -> None:
    at("2026-11-02T08:00")
    stored(opening_hours="Mo 08:00-12:00")
    first, file = calendar(), ask(f"districts/{HEIDELBERG}/calendar.ics").content
    at("2026-11-02T10:00")
    assert ask(f"districts/{HEIDELBERG}/calendar.ics").content == file
    at("2026-11-09T07:00")
    uids = [{str(entry["uid"]) for entry in entries} for entries in (first, calendar())]
    assert len(uids[0]) == 8
    assert len(uids[0] & uids[1]) == 7


def test_only_consultations_that_serve_the_district_are_in_it() -> None:
    stored(id="a1", name_de="Beratung", category="initial_counselling")
    stored(id="a2", name_de="Trauma", category="trauma_consultation", ags=MANNHEIM, service_area=HEIDELBERG)
    stored(id="a3", name_de="Amt", category="other_office", office_kind="sozialamt")
    stored(id="a4", name_de="Nachbar", ags=MANNHEIM)
    stored(id="a5", name_de="Immer", opening_hours="24/7")
    stored(id="a6", name_de="Ohne Zeiten", opening_hours="")
    assert {str(entry["summary"]) for entry in calendar()} == {"Beratung", "Trauma"}
    assert {str(entry["summary"]) for entry in calendar(KARLSRUHE)} == set()


def test_an_entry_says_where_what_and_whether_it_is_confirmed() -> None:
    stored(description_de="Hilft.", description_uk="Допомагає.")
    [entry, *_] = calendar(query="?language=uk")
    assert entry["location"] == "Bergheimer Straße 69, 69115 Heidelberg"
    assert "Допомагає." in entry["description"]
    assert "+49 6221 5810580" in entry["description"]
    assert "⚠️" in entry["description"]
    ServiceAtLocation.objects.update(verified_at=timezone.now())
    [entry, *_] = calendar()
    assert "✅" in entry["description"]
    assert "Hilft." in entry["description"]
