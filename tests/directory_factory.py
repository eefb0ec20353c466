"""Makes listings for tests of the directory: in the database and as they stand in a snapshot."""

from __future__ import annotations

from typing import Any

from services_directory.models import ServiceAtLocation
from services_directory.records import COLUMNS, Record, save
from services_directory.snapshot import Listing

HEIDELBERG, RHEIN_NECKAR, MANNHEIM, KARLSRUHE, KONSTANZ = "08221", "08226", "08222", "08212", "08335"

_ROW = {
    "id": "a1",
    "ags": HEIDELBERG,
    "category": "integration_management",
    "organization": "Stadt Heidelberg",
    "name_de": "Integrationsmanagement",
    "street": "Bergheimer Straße 69",
    "postal_code": "69115",
    "city": "Heidelberg",
    "phone": "+4962215810580",
    "website": "https://www.heidelberg.de",
    "opening_hours": "Mo-Fr 08:00-12:00",
    "languages": "uk;de",
    "source_url": "https://www.heidelberg.de/quelle",
    "source_date": "2025-03",
    "confidence": "medium",
}


def row(**changes: str) -> dict[str, str]:
    """A row of the data file that is in order, with changes."""
    return dict.fromkeys(COLUMNS, "") | _ROW | changes


def stored(**changes: str) -> ServiceAtLocation:
    """A listing in the database, made from a row."""
    return save(Record.from_row(row(**changes)), None)


def listing(id: str, category: str = "trauma_consultation", *area: str, **fields: Any) -> Listing:
    """A listing of a snapshot that serves the given areas; none: the whole Land."""
    return Listing(id=id, category=category, name=id, organization="", service_area=area, **fields)
