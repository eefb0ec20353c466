"""What the directory accepts, and which of its listings people see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from services_directory import validators
from services_directory.models import Phone, Schedule, Service, ServiceAtLocation, new_public_id
from tests.directory_factory import HEIDELBERG, KONSTANZ, stored

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def shown() -> list[str]:
    return list(ServiceAtLocation.objects.shown().order_by("public_id").values_list("public_id", flat=True))


def central(public_id: str = "central", **changes: str) -> None:
    fields = {"category": "other_office", "office_kind": "general", "central_contact": "yes"}
    stored(id=public_id, **fields | {"confidence": "memory"} | changes)


# --- who is shown -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("confidence", ["high", "medium"])
def test_a_well_sourced_listing_is_shown_before_the_office_confirms_it(confidence: str) -> None:
    stored(confidence=confidence)
    assert shown() == ["a1"]


@pytest.mark.django_db
@pytest.mark.parametrize("confidence", ["low", "memory"])
def test_a_badly_sourced_listing_waits_until_the_office_confirms_it(confidence: str) -> None:
    draft = stored(confidence=confidence)
    assert shown() == []
    draft.verified_at = NOW
    draft.save()
    assert shown() == ["a1"]


@pytest.mark.django_db
def test_a_withdrawn_listing_is_not_shown_however_good_it_is() -> None:
    item = stored(confidence="high")
    item.verified_at, item.state = NOW, "withdrawn"
    item.save()
    assert shown() == []


@pytest.mark.django_db
def test_a_service_that_no_longer_exists_is_not_shown() -> None:
    item = stored(confidence="high")
    item.service.status = Service.Status.DEFUNCT
    item.service.save()
    assert shown() == []


@pytest.mark.django_db
def test_a_district_without_integration_management_shows_its_central_contact_whatever_its_source() -> None:
    central()
    stored(id="counsel", category="initial_counselling")
    stored(id="draft", confidence="low")
    assert shown() == ["central", "counsel"]


@pytest.mark.django_db
def test_a_badly_sourced_central_contact_steps_back_once_integration_management_is_shown() -> None:
    central()
    stored()
    central("elsewhere", ags=KONSTANZ)
    assert shown() == ["a1", "elsewhere"]


@pytest.mark.django_db
def test_integration_management_of_one_town_does_not_replace_the_central_contact_of_its_district() -> None:
    central(ags=KONSTANZ)
    stored(ags=KONSTANZ, service_area="08335075")
    assert shown() == ["a1", "central"]


@pytest.mark.django_db
def test_integration_management_nobody_can_reach_does_not_replace_the_central_contact() -> None:
    central()
    stored(phone="", street="", email="")
    assert shown() == ["a1", "central"]


@pytest.mark.django_db
def test_the_staffs_list_tells_for_every_listing_whether_it_is_shown() -> None:
    stored()
    stored(id="draft", confidence="low")
    listed = ServiceAtLocation.objects.with_visibility()
    assert {item.public_id: getattr(item, "is_shown", None) for item in listed} == {
        "a1": True,
        "draft": False,
    }


# --- what is accepted -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["+4962215810580", "+4971214800", "115", "116117", "+380444908000"])
def test_numbers_that_can_be_dialled_are_accepted(number: str) -> None:
    validators.validate_phone(number)


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("06221 58-10580", r"\+4962215810580"),
        ("+49 6221 5810580", r"\+4962215810580"),
        ("+49", "kann es nicht geben"),
        ("+4912", "kann es nicht geben"),
        ("abc", r"\+497131560"),
    ],
)
def test_a_wrong_number_is_refused_and_the_message_shows_how_it_should_look(number: str, hint: str) -> None:
    with pytest.raises(ValidationError, match=hint):
        validators.validate_phone(number)


@pytest.mark.parametrize("ags", ["09162", "0822", "08221x", ""])
def test_only_the_districts_of_the_land_are_accepted(ags: str) -> None:
    with pytest.raises(ValidationError):
        validators.validate_district_ags(ags)


def test_a_service_area_is_a_district_or_a_municipality_of_one() -> None:
    validators.validate_area_ags(HEIDELBERG)
    validators.validate_area_ags("08335075")
    for wrong in ("083350", "09162000", "Singen"):
        with pytest.raises(ValidationError):
            validators.validate_area_ags(wrong)


@pytest.mark.parametrize("email", ["olena.muster@lra.de", "max_mustermann@stadt.de", "m.mustermann@kreis.de"])
def test_the_address_of_a_single_person_is_refused(email: str) -> None:
    with pytest.raises(ValidationError, match="einzelnen Person"):
        validators.validate_impersonal_email(email)


@pytest.mark.parametrize(
    "email",
    [
        "info@heidelberg.de",
        "poststelle.ukraine-engagiert@stuttgart.de",
        "auslaenderbehoerde@stadt.freiburg.de",
        "jobcenter.ulm@jobcenter-ge.de",
        "refugio.muster@refugio-muster.de",
    ],
)
def test_the_mailbox_of_an_office_is_accepted(email: str) -> None:
    validators.validate_impersonal_email(email)


@pytest.mark.parametrize("text", ["Integrationsmanagement, Frau Muster", "Ansprechpartner: Herr Dr. Muster"])
def test_a_person_named_in_a_text_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Namen von Personen"):
        validators.validate_impersonal_text(text)


@pytest.mark.parametrize("text", ["Beratung für Frauen", "Frauenhaus Ulm", "Frau und Beruf"])
def test_a_text_about_women_names_nobody(text: str) -> None:
    validators.validate_impersonal_text(text)


@pytest.mark.parametrize("date", ["2025", "2025-03", "2025-03-14"])
def test_a_source_is_dated_as_precisely_as_it_is(date: str) -> None:
    validators.validate_source_date(date)


@pytest.mark.parametrize("date", ["25", "März 2025", "2025-13", "2025-03-32"])
def test_other_ways_to_write_a_date_are_refused(date: str) -> None:
    with pytest.raises(ValidationError):
        validators.validate_source_date(date)


def test_a_postal_code_of_another_district_is_doubted_and_a_landratsamt_in_the_city_is_not() -> None:
    assert validators.postal_code_doubt("69115", HEIDELBERG) == ""
    assert validators.postal_code_doubt("69115", "08226") == ""  # the Rhein-Neckar-Kreis has its seat there
    assert "Heidelberg" in validators.postal_code_doubt("69115", KONSTANZ)
    assert "nicht zu finden" in validators.postal_code_doubt("10115", HEIDELBERG)


def test_an_authority_says_which_one_it_is() -> None:
    with pytest.raises(ValidationError, match="Art der Stelle angeben"):
        Service(category="other_office", name="Amt").clean()
    with pytest.raises(ValidationError, match="nur bei"):
        Service(category="trauma_consultation", office_kind="jobcenter", name="Amt").clean()


def test_fields_carry_their_checks() -> None:
    with pytest.raises(ValidationError):
        Phone(number="06221").clean_fields(exclude=["service_at_location"])
    with pytest.raises(ValidationError, match="nicht lesbar"):
        Schedule(opening_hours="Mo-Fr 8-12 Uhr").clean_fields(exclude=["service_at_location"])


def test_a_new_listing_gets_an_identifier_that_is_accepted() -> None:
    for _ in range(50):
        validators.validate_public_id(new_public_id())


@pytest.mark.django_db
def test_every_change_of_a_listing_is_remembered() -> None:
    item = stored()
    item.note = "angerufen"
    item.save()
    assert [entry.note for entry in item.history.all()] == ["angerufen", ""]
