"""Distances on the ground."""

from __future__ import annotations

import math
from typing import Protocol

EARTH_RADIUS_KM = 6371.0


class Positioned(Protocol):
    """Anything with a position in degrees (WGS 84), where it is known."""

    @property
    def latitude(self) -> float | None: ...

    @property
    def longitude(self) -> float | None: ...


def kilometres(one: Positioned, other: Positioned) -> float:
    """Distance in kilometres; infinite where a position is not known."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return math.inf
    return kilometres_between(one.latitude, one.longitude, other.latitude, other.longitude)


def kilometres_between(latitude: float, longitude: float, latitude2: float, longitude2: float) -> float:
    """Distance in kilometres between two positions in degrees; exact enough within the Land."""
    middle = math.radians((latitude + latitude2) / 2)
    east = math.radians(longitude2 - longitude) * math.cos(middle)
    return EARTH_RADIUS_KM * math.hypot(east, math.radians(latitude2 - latitude))
