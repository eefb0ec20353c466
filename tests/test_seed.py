"""The data file enters the directory as often as one likes, and staff's work stays."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from gazetteer.districts import districts
from services_directory.models import Organization, Phone, Service, ServiceAtLocation
from services_directory.records import COLUMNS, PREFETCH, Record
from services_directory.seeding import OFFICES, Report, UnreadableFileError, seed
from tests.directory_factory import row

pytestmark = pytest.mark.django_db


def text_of(*rows: dict[str, str]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "offices.csv"


def seeded(file: Path, *rows: dict[str, str]) -> Report:
    file.write_text(text_of(*rows), encoding="utf-8")
    return seed(file)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.kept, report.refused


def one() -> ServiceAtLocation:
    return ServiceAtLocation.objects.prefetch_related(*PREFETCH).get()


def test_a_row_becomes_a_listing_with_everything_it_says(file: Path) -> None:
    given = row(
        description_de="Hilft.", description_uk="Допомагає.", phone="+4962215810580;115", note_de="prüfen"
    )
    assert counts(seeded(file, given)) == (1, 0, 0, 0, 0)
    assert Record.of(one()) == Record.from_row(given)
    assert one().service.organization.name == "Stadt Heidelberg"
    assert [phone.number for phone in one().phones.all()] == ["+4962215810580", "115"]


def test_without_a_service_area_the_home_district_is_served_and_without_both_the_land(file: Path) -> None:
    seeded(file, row(), row(id="b", ags=""), row(id="c", service_area="08222;08226"))
    areas = {item.public_id: Record.of(item).service_area for item in ServiceAtLocation.objects.all()}
    assert areas == {"a1": ("08221",), "b": (), "c": ("08222", "08226")}


def test_a_second_run_changes_nothing(file: Path) -> None:
    rows = row(description_uk="Допомагає."), row(id="b", phone="115", opening_hours="")
    seeded(file, *rows)
    history = ServiceAtLocation.history.count(), Service.history.count(), Phone.history.count()
    assert counts(seeded(file, *rows)) == (0, 0, 2, 0, 0)
    assert (ServiceAtLocation.history.count(), Service.history.count(), Phone.history.count()) == history


def test_a_corrected_row_corrects_its_listing(file: Path) -> None:
    seeded(file, row())
    corrected = row(
        phone="+4962215810", street="Marktplatz 10", organization="Stadt Heidelberg, Amt 50", languages=""
    )
    assert counts(seeded(file, corrected)) == (0, 1, 0, 0, 0)
    assert Record.of(one()) == Record.from_row(corrected)
    assert counts(seeded(file, corrected)) == (0, 0, 1, 0, 0)


def test_what_staff_changed_is_kept(file: Path) -> None:
    seeded(file, row())
    phone = Phone.objects.get()
    phone.number = "+4962215811"
    phone.save()
    assert counts(seeded(file, row(street="Andere Straße 1"))) == (0, 0, 0, 1, 0)
    assert (Phone.objects.get().number, one().location.address_1) == ("+4962215811", "Bergheimer Straße 69")


def test_what_the_office_confirmed_is_kept(file: Path) -> None:
    seeded(file, row())
    ServiceAtLocation.objects.update(verified_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert counts(seeded(file, row(phone="115"))) == (0, 0, 0, 1, 0)
    assert Phone.objects.get().number == "+4962215810580"


def test_what_staff_deleted_does_not_come_back(file: Path) -> None:
    seeded(file, row())
    one().delete()
    assert counts(seeded(file, row())) == (0, 0, 0, 1, 0)
    assert not ServiceAtLocation.objects.exists()


def test_what_staff_entered_under_the_same_identifier_is_kept(file: Path) -> None:
    seeded(file, row())
    ServiceAtLocation.objects.update(seed_fingerprint="")
    assert counts(seeded(file, row(phone="115"))) == (0, 0, 0, 1, 0)


def test_a_listing_that_left_the_file_stays_and_is_counted(file: Path) -> None:
    seeded(file, row(), row(id="b"))
    assert seeded(file, row()).absent == 1
    assert ServiceAtLocation.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phone": "06221 5810580"}, "Telefon: .*Ländervorwahl"),
        ({"phone": "+4900000"}, "Telefon: .*kann es nicht geben"),
        ({"postal_code": "6911"}, "Postleitzahl: .*fünf Ziffern"),
        ({"opening_hours": "Mo-Fr 8-12 Uhr"}, "Öffnungszeiten: .*nicht lesbar"),
        ({"category": "hospital"}, "Angebot: "),
        ({"category": "other_office"}, "Art der Stelle: "),
        ({"category": "other_office", "office_kind": "zoo"}, "Art der Stelle: "),
        ({"ags": "09162"}, "Kreis: "),
        ({"service_area": "0822"}, "Gebiet: "),
        ({"website": "www.heidelberg.de"}, "Internetseite: "),
        ({"source_url": "Amtsblatt"}, "Quelle: "),
        ({"source_date": "März"}, "Stand: "),
        ({"email": "olena.muster@lra.de"}, "E-Mail: .*einzelnen Person"),
        ({"email": "kein Postfach"}, "E-Mail: "),
        ({"name_de": "Beratung, Frau Muster"}, "Name: .*Personen"),
        ({"confidence": "hig"}, "Verlässlichkeit: "),
        ({"languages": "Ukrainisch"}, "Sprache: "),
        ({"organization": ""}, "Name: "),
        ({"id": "Stadt-1"}, "Kennung: "),
    ],
)
def test_a_wrong_row_is_refused_with_line_organisation_and_reason(
    file: Path, changes: dict[str, str], reason: str
) -> None:
    report = seeded(file, row(id="b"), row(**changes))
    assert counts(report) == (1, 0, 0, 0, 1)
    about = {(remark.line, remark.organization) for remark in report.remarks}
    assert about == {(3, changes.get("organization", "Stadt Heidelberg"))}
    assert any(re.search(reason, remark.reason) for remark in report.remarks)
    assert Organization.objects.count() == 1


def test_every_reason_of_a_row_is_named_and_the_row_counts_once(file: Path) -> None:
    report = seeded(file, row(phone="1", postal_code="1"))
    assert (len(report.remarks), report.refused) == (2, 1)


def test_an_identifier_used_twice_is_refused_the_second_time(file: Path) -> None:
    report = seeded(file, row(), row(name_de="Anderes"))
    assert "steht schon in Zeile 2" in str(report.remarks[0])
    assert one().service.name == "Integrationsmanagement"


def test_a_postal_code_of_another_district_is_remarked_but_accepted(file: Path) -> None:
    report = seeded(file, row(postal_code="78462"))
    assert counts(report) == (1, 0, 0, 0, 0)
    assert "Konstanz" in str(report.remarks[0])


@pytest.mark.parametrize("kept", [0.3, 0.6])
def test_a_half_written_last_line_is_refused_with_its_number(file: Path, kept: float) -> None:
    whole = text_of(row(), row(id="b"))
    last = whole.splitlines()[-1]
    file.write_text(whole[: whole.rindex(last)] + last[: int(len(last) * kept)], encoding="utf-8")
    report = seed(file)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert "Zeile 3" in str(report.remarks[0])
    assert "unvollständig" in str(report.remarks[0])


def test_a_last_line_that_ends_inside_quotes_is_refused_with_its_number(file: Path) -> None:
    file.write_text(text_of(row()) + 'b,08221,,initial_counselling,,"Stadt', encoding="utf-8")
    assert [(remark.line, remark.refused) for remark in seed(file).remarks] == [(3, True)]


def test_a_damaged_character_spoils_its_own_line_only(file: Path) -> None:
    file.write_bytes(text_of(row(), row(id="b")).encode().replace(b"Stadt", b"St\xff", 1))
    report = seed(file)
    assert [(remark.line, "UTF-8" in remark.reason) for remark in report.remarks] == [(2, True)]
    assert one().public_id == "b"


def test_a_file_that_cannot_be_read_is_an_error(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="nicht lesbar"):
        seed(file)
    file.write_text("")
    with pytest.raises(UnreadableFileError, match="Kopfzeile"):
        seed(file)
    with pytest.raises(CommandError, match="Kopfzeile"):
        call_command("seed", str(file))


def test_the_command_says_line_by_line_what_it_refused_and_ends_with_one_summary(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text_of(row(), row(id="b", phone="1")), encoding="utf-8")
    call_command("seed", str(file))
    refused, summary = capsys.readouterr().out.splitlines()
    assert refused.startswith("Zeile 3, Stadt Heidelberg: abgelehnt: Telefon: ")
    assert summary.startswith("Verzeichnis: 1 neu, ")


def test_the_directorys_own_file_is_accepted_in_full_and_leaves_no_district_without_a_door() -> None:
    report = seed(OFFICES)
    assert [str(remark) for remark in report.remarks if remark.refused] == []
    doors = ServiceAtLocation.objects.shown().prefetch_related(*PREFETCH)
    reachable = {
        ags
        for item in doors
        if item.service.category == "integration_management" or item.is_central_contact
        for ags in Record.of(item).service_area
    }
    assert set(districts()) <= reachable
    assert counts(seed(OFFICES))[:2] == (0, 0)
