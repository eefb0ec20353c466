"""The directory's rows as HSDS 3.0 objects, with the fields of the German profile (docs/hsds-profile.md).

What is not known is left out; HSDS has no null. No field that names a person is ever taken: not who
confirmed a listing, not the notes of staff, and no free text that looks like a name.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from bot.texts import texts
from console.hsds import taxonomy
from console.hsds.postcodes import districts_of
from console.hsds.schedules import schedules
from gazetteer.districts import districts
from gazetteer.municipalities import municipality
from services_directory import validators
from services_directory.models import Location, Organization, Service, ServiceAtLocation
from services_directory.records import Record
from services_directory.snapshot import CONFIRMATION_AGE

Json = dict[str, Any]

LICENCE = {
    "license": "CC-BY-4.0",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "attribution": "Lotse Baden-Württemberg",
}
LAND, LAND_AGS = "Baden-Württemberg", "08"


def service_minimal(service: Service) -> Json:
    """Enough to see what is new."""
    return {
        "id": str(service.pk),
        "name": service.name,
        "status": service.status,
        **_last_modified(service),
    }


def service_simple(service: Service) -> Json:
    """A service with its own fields and its organization's; it comes with its listings as `shown`."""
    return {
        **_service(service, service.shown),  # type: ignore[attr-defined]
        **_last_modified(service),
        "organization": organization_simple(service.organization),
    }


def service_full(service: Service) -> Json:
    """A service with everything that belongs to it."""
    shown: list[ServiceAtLocation] = service.shown  # type: ignore[attr-defined]
    return {
        **service_simple(service),
        **_service_details(service),
        "service_at_locations": [_listing_details(listing, service) for listing in shown],
    }


def listing_simple(listing: ServiceAtLocation) -> Json:
    """A listing with its own fields and those of its service and location."""
    service = listing.service
    return {
        **_listing(listing, service),
        **_last_modified(listing),
        "location": _location(listing.location),
        "service": {
            **_service(service, [listing]),
            "organization": organization_simple(service.organization),
        },
    }


def listing_full(listing: ServiceAtLocation) -> Json:
    """A listing with everything that belongs to it."""
    simple = listing_simple(listing)
    return {
        **simple,
        **_listing_details(listing, listing.service),
        "service": {**simple["service"], **_service_details(listing.service)},
    }


def organization_simple(organization: Organization) -> Json:
    """An organization with its own fields."""
    return {
        "id": str(organization.pk),
        "name": organization.name,
        "description": _impersonal(organization.description),
        **_known(email=_mailbox(organization.email), website=iri_to_uri(organization.website)),
    }


def organization_full(organization: Organization, full_service: bool = False) -> Json:
    """An organization with its places and services; it comes with its services as `offered`."""
    offered: list[Service] = organization.offered  # type: ignore[attr-defined]
    listings = [listing for service in offered for listing in service.shown]  # type: ignore[attr-defined]
    places = {listing.location.pk: _location_details(listing) for listing in listings}
    shape: Callable[[Service], Json] = service_full if full_service else service_simple
    return {
        **organization_simple(organization),
        "locations": list(places.values()),
        "services": [shape(service) for service in offered],
    }


def _service(service: Service, listings: Iterable[ServiceAtLocation]) -> Json:
    return {
        "id": str(service.pk),
        "organization_id": str(service.organization_id),
        "name": service.name,
        "status": service.status,
        **_known(
            description=_impersonal(service.description),
            url=iri_to_uri(service.url),
            email=_mailbox(service.email),
            assured_date=_assured(listings),
            office_kind=service.office_kind,
        ),
        "category": service.category,
        "translations": translations(service),
    }


def _service_details(service: Service) -> Json:
    owner = str(service.pk)
    return {
        "service_areas": _service_areas(service),
        "languages": [
            {
                "id": str(language.pk),
                "service_id": owner,
                "name": texts("de").language_name(language.code),
                "code": language.code,
                **_known(note=_impersonal(language.note)),
            }
            for language in service.languages.all()
        ],
        "attributes": [
            {
                "id": _derived(service.pk, code),
                "link_id": owner,
                "link_entity": "service",
                "link_type": "service_category",
                "taxonomy_term_id": taxonomy.terms()[code]["id"],
                "taxonomy_term": taxonomy.terms()[code],
            }
            for code in taxonomy.codes(service)
        ],
    }


def _service_areas(service: Service) -> list[Json]:
    """Districts and municipalities; a service without any serves the whole Land."""
    areas = [(str(area.pk), area.ags) for area in service.service_areas.all()]
    return [
        {
            "id": identity,
            "service_id": str(service.pk),
            "name": _area_name(ags),
            "extent": ags,
            "extent_type": "text",
            "ags": ags,
        }
        for identity, ags in areas or [(_derived(service.pk, "area"), LAND_AGS)]
    ]


def _area_name(ags: str) -> str:
    if ags == LAND_AGS:
        return LAND
    if ags in districts():
        return districts()[ags].name_de
    place = municipality(ags)
    return place.name if place else ags


def translations(service: Service) -> list[Json]:
    """The texts by language: German, and the translations that still say the same."""
    german = {"language": "de", "name": service.name, "state": "original"}
    rows = [(german, service.description)]
    for row in service.translations.all():
        if row.state != row.State.STALE:
            translated = {"language": row.language, **_known(name=row.name), "state": row.state}
            rows.append((translated, row.description))
    return [{**said, **_known(description=_impersonal(text))} for said, text in rows]


def _listing(listing: ServiceAtLocation, service: Service) -> Json:
    record = Record.of(listing)
    return {
        "id": str(listing.pk),
        "service_id": str(listing.service_id),
        "location_id": str(listing.location_id),
        "name": service.name,
        "status": service.status,
        "public_id": listing.public_id,
        **_known(district_ags=listing.district_ags, opening_hours=record.opening_hours),
        "is_central_contact": listing.is_central_contact,
        "confirmation": confirmation(listing, timezone.localdate()),
    }


def _listing_details(listing: ServiceAtLocation, service: Service) -> Json:
    return {
        **_listing(listing, service),
        "location": _location_details(listing),
        "phones": [
            {
                "id": str(phone.pk),
                "service_at_location_id": str(listing.pk),
                "number": phone.number,
                "type": "voice",
                **_known(description=_impersonal(phone.description)),
            }
            for phone in listing.phones.all()
        ],
        "schedules": _schedules(listing),
    }


def confirmation(listing: ServiceAtLocation, today: date) -> Json:
    """Whether the office itself confirmed the listing, until when that counts, and where it comes from."""
    source = _known(source_url=iri_to_uri(listing.source_url), source_date=listing.source_date)
    if listing.verified_at is None:
        return {"state": "unconfirmed", **source}
    due_on = timezone.localdate(listing.verified_at) + CONFIRMATION_AGE
    return {
        "state": "confirmed" if today <= due_on else "due",
        "verified_at": listing.verified_at.isoformat(),
        "due_on": due_on.isoformat(),
        **source,
    }


def _assured(listings: Iterable[ServiceAtLocation]) -> str:
    """The day from which all listings count as confirmed; empty where one is not."""
    moments = [listing.verified_at for listing in listings]
    confirmed = [timezone.localdate(moment) for moment in moments if moment]
    return min(confirmed).isoformat() if confirmed and len(confirmed) == len(moments) else ""


def _schedules(listing: ServiceAtLocation) -> list[Json]:
    record = Record.of(listing)
    said = {row.date.isoformat(): row.description for row in listing.schedule_exceptions.all()}
    notes = {day: note for day, text in said.items() if (note := _impersonal(text))}
    today = timezone.localdate()
    return schedules(listing.pk, record.opening_hours, record.exceptions, today, notes)


def _location(location: Location) -> Json:
    return {
        "id": str(location.pk),
        "location_type": location.location_type,
        "organization_id": str(location.organization_id),
        **_known(latitude=location.latitude, longitude=location.longitude),
    }


def _location_details(listing: ServiceAtLocation) -> Json:
    location = listing.location
    if not (location.address_1 or location.postal_code or location.city):
        return _location(location)
    address = {
        "id": _derived(location.pk, "address"),
        "location_id": str(location.pk),
        "address_1": location.address_1,
        "city": location.city,
        "state_province": LAND if listing.district_ags or districts_of(location.postal_code) else "",
        "postal_code": location.postal_code,
        "country": "DE",
        "address_type": "postal" if location.location_type == Location.LocationType.POSTAL else "physical",
    }
    return {**_location(location), "addresses": [address]}


def _last_modified(row: Service | ServiceAtLocation) -> Json:
    return {"last_modified": row.last_modified.isoformat(timespec="milliseconds")}  # type: ignore[union-attr]


def _impersonal(text: str) -> str:
    """The text, unless it looks as if it named a person."""
    return _checked(text, validators.validate_impersonal_text)


def _mailbox(email: str) -> str:
    return _checked(email, validators.validate_impersonal_email) if email else ""


def _checked(text: str, check: Callable[[str], None]) -> str:
    try:
        check(text)
    except ValidationError:
        return ""
    return text


def _known(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value not in ("", None)}


def _derived(owner: uuid.UUID, what: str) -> str:
    """The id of something that has no row of its own: always the same."""
    return str(uuid.uuid5(owner, what))
