"""Where a listing is: by its own position, its postal code or its town, whichever is known first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gazetteer.files import rows
from services_directory.snapshot import Listing

Position = tuple[float, float]
"""Latitude and longitude in degrees."""


def position_of(listing: Listing) -> Position | None:
    """Return the position, good enough for "about 20 km from you" and not for a pin on a map.

    None for a listing without an address in the Land.
    """
    if listing.latitude is not None and listing.longitude is not None:
        return listing.latitude, listing.longitude
    known = _positions()
    return known.get(listing.postal_code) or known.get(listing.city.casefold())


@cache
def _positions() -> Mapping[str, Position]:
    """Positions by postal code and by town; of a town's several postal codes the first one counts."""
    known: dict[str, Position] = {}
    for row in rows("postal_codes"):
        position = float(row["latitude"]), float(row["longitude"])
        known.setdefault(row["postal_code"], position)
        known.setdefault(row["place"].casefold(), position)
    return known
