"""A listing as one flat record: read from a row of the data file, taken from and written to the database.

The record is the common measure of both sides: two records with the same fingerprint say the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from services_directory.models import (
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTranslation,
)
from services_directory.snapshot import HoursException

COLUMNS = (
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
)
TRANSLATED = ("uk", "ru")
PREFETCH = (
    "service__organization",
    "service__translations",
    "service__languages",
    "service__service_areas",
    "location",
    "phones",
    "schedules",
    "schedule_exceptions",
)
"""What `Record.of` and the snapshot read of a listing."""


@dataclass(frozen=True, slots=True)
class Record:
    """One listing; every text is stripped, every tuple in a fixed order."""

    id: str
    ags: str
    service_area: tuple[str, ...]
    """Sorted AGS; empty: the whole Land."""
    category: str
    office_kind: str
    organization: str
    name: str
    description: str
    translations: tuple[tuple[str, str], ...]
    """(language, description) for the languages that have one, in the order of `TRANSLATED`."""
    street: str
    postal_code: str
    city: str
    phones: tuple[str, ...]
    email: str
    website: str
    opening_hours: str
    languages: tuple[str, ...]
    is_central_contact: bool
    source_url: str
    source_date: str
    confidence: str
    note: str
    exceptions: tuple[HoursException, ...] = ()
    """Entered by staff; the data file has none."""

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Record:
        """Read a row that has all `COLUMNS`; whether its values are right is for `problems` to say."""
        cell = {column: row[column].strip() for column in COLUMNS}
        return cls(
            id=cell["id"],
            ags=cell["ags"],
            service_area=tuple(sorted(_split(cell["service_area"]) or _split(cell["ags"]))),
            category=cell["category"],
            office_kind=cell["office_kind"],
            organization=cell["organization"],
            name=cell["name_de"],
            description=cell["description_de"],
            translations=tuple((tag, text) for tag in TRANSLATED if (text := cell[f"description_{tag}"])),
            street=cell["street"],
            postal_code=cell["postal_code"],
            city=cell["city"],
            phones=tuple(_split(cell["phone"])),
            email=cell["email"],
            website=cell["website"],
            opening_hours=cell["opening_hours"],
            languages=tuple(sorted(_split(cell["languages"]))),
            is_central_contact=cell["central_contact"].lower() == "yes",
            source_url=cell["source_url"],
            source_date=cell["source_date"],
            confidence=cell["confidence"],
            note=cell["note_de"],
        )

    @classmethod
    def of(cls, listing: ServiceAtLocation) -> Record:
        """Take a listing from the database; it should come with `PREFETCH` loaded."""
        service, location = listing.service, listing.location
        texts = {item.language: item.description for item in service.translations.all()}
        return cls(
            id=listing.public_id,
            ags=listing.district_ags,
            service_area=tuple(sorted(area.ags for area in service.service_areas.all())),
            category=service.category,
            office_kind=service.office_kind,
            organization=service.organization.name,
            name=service.name,
            description=service.description,
            translations=tuple((tag, texts[tag]) for tag in TRANSLATED if texts.get(tag)),
            street=location.address_1,
            postal_code=location.postal_code,
            city=location.city,
            phones=tuple(phone.number for phone in listing.phones.all()),
            email=service.email,
            website=service.url,
            opening_hours="; ".join(schedule.opening_hours for schedule in listing.schedules.all()),
            languages=tuple(sorted(language.code for language in service.languages.all())),
            is_central_contact=listing.is_central_contact,
            source_url=listing.source_url,
            source_date=listing.source_date,
            confidence=listing.confidence,
            note=listing.note,
            exceptions=tuple(_exception(row) for row in listing.schedule_exceptions.all()),
        )

    def fingerprint(self) -> str:
        """A digest of all that the record says.

        Of a record without exceptions it is the same as before there were any: the digests of
        earlier seeds are in databases.
        """
        said = asdict(self)
        if not self.exceptions:
            del said["exceptions"]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def problems(self) -> list[str]:
        """Everything that keeps the record out of the directory, in German; empty when it may enter."""
        found: list[str] = []
        for instance in _instances(self):
            try:
                instance.clean_fields(exclude=[field.name for field in _relations(instance)])
                instance.clean()
            except ValidationError as error:
                found += _labelled(instance, error)
        return found


def save(record: Record, listing: ServiceAtLocation | None) -> ServiceAtLocation:
    """Write a valid record over a listing, or as a new one; unchanged rows are not touched."""
    organization, _ = Organization.objects.get_or_create(name=record.organization)
    service = listing.service if listing else Service()
    _assign(service, organization=organization, **_service_fields(record))
    location = listing.location if listing else Location()
    _assign(location, organization=organization, **_location_fields(record))
    listing = listing or ServiceAtLocation()
    fingerprint = record.fingerprint()
    _assign(
        listing, service=service, location=location, seed_fingerprint=fingerprint, **_listing_fields(record)
    )
    for kind, parent, wanted in _children(record, service, listing):
        _replace(kind, parent, wanted)
    return listing


def _service_fields(record: Record) -> dict[str, Any]:
    return {
        "category": record.category,
        "office_kind": record.office_kind,
        "name": record.name,
        "description": record.description,
        "url": record.website,
        "email": record.email,
    }


def _location_fields(record: Record) -> dict[str, Any]:
    has_address = bool(record.street or record.postal_code or record.city)
    return {
        "address_1": record.street,
        "postal_code": record.postal_code,
        "city": record.city,
        "location_type": Location.LocationType.PHYSICAL if has_address else Location.LocationType.VIRTUAL,
    }


def _listing_fields(record: Record) -> dict[str, Any]:
    return {
        "public_id": record.id,
        "district_ags": record.ags,
        "is_central_contact": record.is_central_contact,
        "source_url": record.source_url,
        "source_date": record.source_date,
        "confidence": record.confidence,
        "note": record.note,
    }


Child = tuple[type[models.Model], dict[str, models.Model], list[dict[str, Any]]]


def _children(record: Record, service: Service, listing: ServiceAtLocation) -> Iterator[Child]:
    """The rows that hang on a service or a listing: their model, their parent, their wanted fields."""
    of_service: dict[str, models.Model] = {"service": service}
    of_listing: dict[str, models.Model] = {"service_at_location": listing}
    hours = [record.opening_hours] if record.opening_hours else []
    yield ServiceArea, of_service, [{"ags": ags} for ags in record.service_area]
    yield Language, of_service, [{"code": code} for code in record.languages]
    yield (
        ServiceTranslation,
        of_service,
        [{"language": language, "description": text} for language, text in record.translations],
    )
    yield Phone, of_listing, [{"number": number, "position": n} for n, number in enumerate(record.phones)]
    yield Schedule, of_listing, [{"opening_hours": text} for text in hours]
    yield ScheduleException, of_listing, [_exception_fields(exception) for exception in record.exceptions]


def _exception(row: ScheduleException) -> HoursException:
    times = (f"{moment:%H:%M}" if moment else "" for moment in (row.opens_at, row.closes_at))
    return HoursException(row.date.isoformat(), row.kind, *times)


def _exception_fields(exception: HoursException) -> dict[str, Any]:
    opens, closes = (
        time.fromisoformat(text) if text else None for text in (exception.opens, exception.closes)
    )
    day = date.fromisoformat(exception.date)
    return {"date": day, "kind": exception.kind, "opens_at": opens, "closes_at": closes}


def _replace(kind: type[models.Model], parent: dict[str, models.Model], wanted: list[dict[str, Any]]) -> None:
    """Make the children of a parent exactly the wanted ones, keeping those that are right already."""
    missing = list(wanted)
    for child in kind._default_manager.filter(**parent):
        same = next((f for f in missing if all(getattr(child, k) == v for k, v in f.items())), None)
        if same is None:
            child.delete()
        else:
            missing.remove(same)
    for fields in missing:
        kind._default_manager.create(**parent, **fields)


def _assign(instance: models.Model, **fields: Any) -> None:
    changed = {
        name for name, value in fields.items() if instance._state.adding or getattr(instance, name) != value
    }
    for name in changed:
        setattr(instance, name, fields[name])
    if changed:
        instance.save()


def _instances(record: Record) -> Iterator[models.Model]:
    """The unsaved rows the record would become, for their fields to be checked."""
    service, listing = Service(**_service_fields(record)), ServiceAtLocation(**_listing_fields(record))
    yield Organization(name=record.organization)
    yield service
    yield Location(**_location_fields(record))
    yield listing
    for kind, _, wanted in _children(record, service, listing):
        yield from (kind(**fields) for fields in wanted)


def _relations(instance: models.Model) -> list[models.ForeignKey[Any, Any]]:
    return [field for field in instance._meta.fields if isinstance(field, models.ForeignKey)]


def _labelled(instance: models.Model, error: ValidationError) -> Iterator[str]:
    for name, messages in error.message_dict.items():
        label = instance._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        yield from (f"{label}: {message}" for message in messages)


def _split(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]
