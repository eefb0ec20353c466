"""Which listings people see: the one place where that is decided.

A listing in the directory is shown
1. when the office itself has confirmed it,
2. as "not yet confirmed" when its source is of high or medium confidence,
3. and as "not yet confirmed" whatever its source, when it is the central contact of a district that
   has no integration management of rules 1 and 2 that serves all of it and can be reached by phone,
   e-mail or address: nobody is left without a door.
All others wait as drafts for staff. Withdrawn listings and services that no longer exist are never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from services_directory.models import ServiceAtLocation  # noqa: F401 - models imports this module

_LISTED = Q(state="active", service__status="active")
_TRUSTED = Q(verified_at__isnull=False) | Q(confidence__in=("high", "medium"))
_WHOLE_DISTRICT = Q(service__service_areas__isnull=True) | Q(service__service_areas__ags=F("district_ags"))
_REACHABLE = Q(phones__isnull=False) | ~Q(service__email="") | ~Q(location__address_1="")
_MANAGEMENT = Q(service__category="integration_management")


class ServiceAtLocationQuerySet(models.QuerySet["ServiceAtLocation"]):
    """Listings, with the rule of visibility."""

    def shown(self) -> ServiceAtLocationQuerySet:
        """The listings people see."""
        managed = self._anew().filter(_LISTED, _TRUSTED, _REACHABLE, _WHOLE_DISTRICT, _MANAGEMENT)
        served = managed.order_by().values("district_ags")
        stands_in = Q(is_central_contact=True) & ~Q(district_ags__in=served)
        return self.filter(_LISTED, _TRUSTED | stands_in)

    def with_visibility(self) -> ServiceAtLocationQuerySet:
        """All listings, each with `is_shown`."""
        shown = self._anew().shown().filter(pk=models.OuterRef("pk"))
        return self.annotate(is_shown=models.Exists(shown))

    def _anew(self) -> ServiceAtLocationQuerySet:
        """All listings, whatever this queryset is narrowed to: the rule looks at the whole district."""
        return type(self)(self.model, using=self.db)
