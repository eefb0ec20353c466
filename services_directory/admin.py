"""The directory in the console."""

# mypy: allow-subclassing-any

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminURLInputWidget

from gazetteer.districts import districts
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


class DirectoryAdmin(SimpleHistoryAdmin, ModelAdmin):
    """What all pages of the directory share: history, and addresses typed without a scheme mean HTTPS."""

    formfield_overrides = {
        models.URLField: {"widget": UnfoldAdminURLInputWidget, "assume_scheme": "https"},
    }

    def history_form_view(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        """An earlier version; the library itself would let whoever sees it bring it back."""
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, *args, **more)
        return response


class PhoneInline(TabularInline):
    model = Phone
    extra = 0


class ScheduleInline(TabularInline):
    model = Schedule
    extra = 0


class ScheduleExceptionInline(TabularInline):
    model = ScheduleException
    extra = 0


class TranslationInline(TabularInline):
    model = ServiceTranslation
    extra = 0


class ServiceAreaInline(TabularInline):
    model = ServiceArea
    extra = 0


class LanguageInline(TabularInline):
    model = Language
    extra = 0


class DistrictFilter(admin.SimpleListFilter):
    title = "Kreis"
    parameter_name = "district"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(ags, district.name_de) for ags, district in districts().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(district_ags=self.value()) if self.value() else queryset


class ConfirmedFilter(admin.SimpleListFilter):
    title = "bestätigt"
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "ja"), ("no", "nein")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(verified_at__isnull=self.value() == "no")


@admin.register(ServiceAtLocation)
class ServiceAtLocationAdmin(DirectoryAdmin):
    list_display = ("service", "district", "category", "confirmed", "shown", "source_date", "public_id")
    list_filter = (DistrictFilter, "service__category", ConfirmedFilter, "confidence", "state")
    list_select_related = ("service", "location")
    search_fields = ("public_id", "service__name", "service__organization__name", "location__city")
    autocomplete_fields = ("service", "location")
    inlines = (PhoneInline, ScheduleInline, ScheduleExceptionInline)

    @admin.display(description="Kreis", ordering="district_ags")
    def district(self, listing: ServiceAtLocation) -> str:
        district = districts().get(listing.district_ags)
        return district.name_de if district else "Land"

    @admin.display(description="Angebot", ordering="service__category")
    def category(self, listing: ServiceAtLocation) -> str:
        return Service.Category(listing.service.category).label

    @admin.display(description="bestätigt", boolean=True, ordering="verified_at")
    def confirmed(self, listing: ServiceAtLocation) -> bool:
        return listing.verified_at is not None

    @admin.display(description="sichtbar", boolean=True)
    def shown(self, listing: ServiceAtLocation) -> bool:
        return bool(getattr(listing, "is_shown", False))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceAtLocation]:
        """Listings with `is_shown`, so that the list asks the rule of visibility once."""
        return ServiceAtLocation.objects.with_visibility()


@admin.register(Service)
class ServiceAdmin(DirectoryAdmin):
    list_display = ("name", "category", "office_kind", "organization", "status")
    list_filter = ("category", "office_kind", "status")
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    autocomplete_fields = ("organization",)
    inlines = (TranslationInline, ServiceAreaInline, LanguageInline)


@admin.register(Location)
class LocationAdmin(DirectoryAdmin):
    list_display = ("address_1", "postal_code", "city", "organization")
    list_display_links = ("address_1", "city")
    list_select_related = ("organization",)
    search_fields = ("address_1", "postal_code", "city", "organization__name")
    autocomplete_fields = ("organization",)


@admin.register(Organization)
class OrganizationAdmin(DirectoryAdmin):
    list_display = ("name", "email", "website")
    search_fields = ("name",)
