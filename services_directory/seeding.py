"""Carries the data file into the directory, as often as one likes, without undoing staff's work."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from services_directory.models import ServiceAtLocation
from services_directory.records import COLUMNS, PREFETCH, Record, save
from services_directory.validators import postal_code_doubt

OFFICES = Path(__file__).parent / "data" / "offices.csv"


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should look at: `refused` rows are not in the directory, others are."""

    line: int
    organization: str
    reason: str
    refused: bool = True

    def __str__(self) -> str:
        verdict = "abgelehnt" if self.refused else "Hinweis"
        return f"Zeile {self.line}, {self.organization or 'ohne Träger'}: {verdict}: {self.reason}"


@dataclass(slots=True)
class Report:
    """What a run did, by number of records, and what it has to say."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    """Left alone because staff changed, confirmed or deleted them."""
    absent: int = 0
    """In the directory from an earlier run, no longer in the file; left alone as well."""
    remarks: list[Remark] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return len({remark.line for remark in self.remarks if remark.refused})

    def __str__(self) -> str:
        return (
            f"{self.created} neu, {self.updated} aktualisiert, {self.unchanged} unverändert, "
            f"{self.kept} von Mitarbeitenden geändert und belassen, {self.refused} abgelehnt, "
            f"{self.absent} nicht mehr in der Datei"
        )


Row = tuple[int, dict[str, str], str]
"""Line number, cells by column, and what is wrong with the line itself (else empty)."""


def seed(path: Path = OFFICES) -> Report:
    """Read the file into the directory in one transaction. Raises UnreadableFileError."""
    rows = list(_rows(_text(path)))
    report = Report()
    with transaction.atomic():
        known = {item.public_id: item for item in ServiceAtLocation.objects.prefetch_related(*PREFETCH)}
        named: dict[str, int] = {}
        for line, cells, defect in rows:
            _seed_row(line, cells, defect, known, named, report)
        report.absent = sum(
            1 for item in known.values() if item.seed_fingerprint and item.public_id not in named
        )
    return report


def _seed_row(
    line: int,
    cells: dict[str, str],
    defect: str,
    known: dict[str, ServiceAtLocation],
    named: dict[str, int],
    report: Report,
) -> None:
    organization, public_id = cells.get("organization", ""), cells.get("id", "").strip()
    if not defect and public_id in named:
        defect = f"Kennung {public_id} steht schon in Zeile {named[public_id]}"
    named.setdefault(public_id, line)
    if defect:
        report.remarks.append(Remark(line, organization, defect))
        return
    record = Record.from_row(cells)
    problems = record.problems()
    report.remarks += [Remark(line, organization, problem) for problem in problems]
    if not problems:
        report.remarks += [Remark(line, organization, doubt, refused=False) for doubt in _doubts(record)]
        _carry_over(record, known.get(record.id), report)


def _carry_over(record: Record, listing: ServiceAtLocation | None, report: Report) -> None:
    if _is_staffs(record.id, listing):
        report.kept += 1
    elif listing and listing.seed_fingerprint == record.fingerprint():
        report.unchanged += 1
    else:
        save(record, listing)
        report.created += listing is None
        report.updated += listing is not None


def _is_staffs(public_id: str, listing: ServiceAtLocation | None) -> bool:
    """Whether staff deleted, confirmed, entered or changed the listing since it was seeded."""
    if listing is None:
        return bool(ServiceAtLocation.history.filter(public_id=public_id, history_type="-").exists())
    if listing.verified_at:
        return True
    return listing.seed_fingerprint != Record.of(listing).fingerprint()


def _doubts(record: Record) -> Iterator[str]:
    if record.postal_code and (doubt := postal_code_doubt(record.postal_code, record.ags)):
        yield doubt


def _text(path: Path) -> str:
    try:
        # A damaged character spoils its own line only: `_defect` refuses that one.
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise UnreadableFileError(f"{path.name} ist nicht lesbar: {error.strerror}") from error


def _rows(text: str) -> Iterator[Row]:
    """Every record with the number of the line it begins on; empty lines are skipped."""
    reader = csv.reader(io.StringIO(text), strict=True)
    header = next(reader, [])
    absent = [column for column in COLUMNS if column not in header]
    if absent:
        raise UnreadableFileError(f"Die Kopfzeile nennt diese Spalten nicht: {', '.join(absent)}")
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, {}, "die Zeile ist unvollständig: ein Anführungszeichen fehlt"
            continue
        if values:
            yield line, dict(zip(header, values, strict=False)), _defect(values, header)


def _defect(values: list[str], header: list[str]) -> str:
    if len(values) != len(header):
        return f"die Zeile ist unvollständig: {len(values)} statt {len(header)} Spalten"
    if any("\ufffd" in value for value in values):
        return "die Zeile enthält Zeichen, die kein UTF-8 sind"
    return ""
