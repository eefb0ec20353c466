"""The directory after HSDS 3.0 (Open Referral), with what the Land needs besides.

A listing is a `ServiceAtLocation`: one service offered at one location. German is the original
language of names and descriptions; `ServiceTranslation` holds the others.
"""

from __future__ import annotations

import secrets
import string
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from services_directory import validators
from services_directory.visibility import ServiceAtLocationQuerySet

_ID_ALPHABET = string.ascii_lowercase + string.digits


def new_public_id() -> str:
    """A short random identifier that fits into a button's payload and can be read out on the phone."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(8))


class HsdsModel(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Organization(HsdsModel):
    name = models.CharField("Name", max_length=200, unique=True)
    description = models.TextField("Beschreibung", blank=True)
    email = models.EmailField("E-Mail", blank=True, validators=[validators.validate_impersonal_email])
    website = models.URLField("Internetseite", max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Träger"
        verbose_name_plural = "Träger"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Service(HsdsModel):
    class Category(models.TextChoices):
        INTEGRATION_MANAGEMENT = "integration_management", "Integrationsmanagement"
        INITIAL_COUNSELLING = "initial_counselling", "Erstberatung"
        TRAUMA_CONSULTATION = "trauma_consultation", "Trauma-Sprechstunde"
        HELPER_TRAINING = "helper_training", "Qualifizierung für Helfende"
        OTHER_OFFICE = "other_office", "Andere Stelle"

    class OfficeKind(models.TextChoices):
        GENERAL = "general", "Zentrale"
        AUSLAENDERBEHOERDE = "auslaenderbehoerde", "Ausländerbehörde"
        JOBCENTER = "jobcenter", "Jobcenter"
        SOZIALAMT = "sozialamt", "Sozialamt"
        BUERGERAMT = "buergeramt", "Bürgeramt"
        GESUNDHEITSAMT = "gesundheitsamt", "Gesundheitsamt"
        JUGENDAMT = "jugendamt", "Jugendamt"
        SCHULAMT = "schulamt", "Schulamt"
        FAMILIENKASSE = "familienkasse", "Familienkasse"
        ARBEITSAGENTUR = "arbeitsagentur", "Agentur für Arbeit"
        PFLEGESTUETZPUNKT = "pflegestuetzpunkt", "Pflegestützpunkt"
        CONSULATE = "consulate", "Konsulat"
        OTHER = "other", "Sonstige"

    class Status(models.TextChoices):
        ACTIVE = "active", "besteht"
        INACTIVE = "inactive", "ruht"
        DEFUNCT = "defunct", "besteht nicht mehr"
        TEMPORARILY_CLOSED = "temporarily closed", "vorübergehend geschlossen"

    organization = models.ForeignKey(
        Organization, verbose_name="Träger", on_delete=models.PROTECT, related_name="services"
    )
    category = models.CharField("Angebot", max_length=32, choices=Category.choices)
    office_kind = models.CharField(
        "Art der Stelle",
        max_length=32,
        choices=OfficeKind.choices,
        blank=True,
        help_text="Nur bei „Andere Stelle“.",
    )
    name = models.CharField(
        "Name",
        max_length=200,
        help_text="Wie es an der Tür steht.",
        validators=[validators.validate_impersonal_text],
    )
    description = models.TextField(
        "Beschreibung", blank=True, validators=[validators.validate_impersonal_text]
    )
    url = models.URLField("Internetseite", max_length=500, blank=True)
    email = models.EmailField("E-Mail", blank=True, validators=[validators.validate_impersonal_email])
    status = models.CharField("Zustand", max_length=20, choices=Status.choices, default=Status.ACTIVE)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Angebot"
        verbose_name_plural = "Angebote"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """An authority says which one it is; nothing else does."""
        is_office = self.category == self.Category.OTHER_OFFICE
        if is_office and not self.office_kind:
            raise ValidationError({"office_kind": "Bei „Andere Stelle“ bitte die Art der Stelle angeben."})
        if not is_office and self.office_kind:
            raise ValidationError({"office_kind": "Die Art der Stelle gibt es nur bei „Andere Stelle“."})


class ServiceTranslation(HsdsModel):
    class Language(models.TextChoices):
        UKRAINIAN = "uk", "Ukrainisch"
        RUSSIAN = "ru", "Russisch"

    class State(models.TextChoices):
        HUMAN = "human", "geprüft"
        MACHINE = "machine", "noch nicht geprüft"
        STALE = "stale", "veraltet: der deutsche Text hat sich geändert"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField("Sprache", max_length=2, choices=Language.choices)
    name = models.CharField("Name", max_length=200, blank=True)
    description = models.TextField("Beschreibung", blank=True)
    state = models.CharField("Zustand", max_length=10, choices=State.choices, default=State.MACHINE)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Übersetzung"
        verbose_name_plural = "Übersetzungen"
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "language"],
                name="one_translation_per_language",
                violation_error_message="Diese Übersetzung gibt es schon.",
            )
        ]

    def __str__(self) -> str:
        return self.language


class Language(HsdsModel):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="languages")
    code = models.CharField("Sprache", max_length=3, validators=[validators.validate_language_code])
    note = models.CharField("Hinweis", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "gesprochene Sprache"
        verbose_name_plural = "gesprochene Sprachen"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ServiceArea(HsdsModel):
    """Where people must live to be served. A service without any area serves the whole Land."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_areas")
    ags = models.CharField(
        "Gebiet",
        max_length=8,
        validators=[validators.validate_area_ags],
        help_text="Amtlicher Gemeindeschlüssel: 5 Ziffern für den Kreis, 8 für eine Gemeinde.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Zuständigkeitsgebiet"
        verbose_name_plural = "Zuständigkeitsgebiete"
        ordering = ["ags"]

    def __str__(self) -> str:
        return self.ags


class Location(HsdsModel):
    class LocationType(models.TextChoices):
        PHYSICAL = "physical", "Ort"
        POSTAL = "postal", "Postanschrift"
        VIRTUAL = "virtual", "nur Telefon oder Internet"

    organization = models.ForeignKey(
        Organization, verbose_name="Träger", on_delete=models.PROTECT, related_name="locations"
    )
    location_type = models.CharField(
        "Art", max_length=10, choices=LocationType.choices, default=LocationType.PHYSICAL
    )
    address_1 = models.CharField("Straße und Hausnummer", max_length=200, blank=True)
    postal_code = models.CharField(
        "Postleitzahl", max_length=5, blank=True, validators=[validators.validate_postal_code]
    )
    city = models.CharField("Ort", max_length=100, blank=True)
    latitude = models.FloatField("Breite", null=True, blank=True)
    longitude = models.FloatField("Länge", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Ort"
        verbose_name_plural = "Orte"
        ordering = ["city", "address_1", "id"]

    def __str__(self) -> str:
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.address_1, town) if part) or "ohne Anschrift"


class ServiceAtLocation(HsdsModel):
    """The listing. Whether people see it is decided in `services_directory.visibility` alone."""

    class State(models.TextChoices):
        ACTIVE = "active", "im Verzeichnis"
        WITHDRAWN = "withdrawn", "zurückgezogen"

    class Confidence(models.TextChoices):
        HIGH = "high", "hoch"
        MEDIUM = "medium", "mittel"
        LOW = "low", "gering"
        MEMORY = "memory", "ohne Quelle"

    public_id = models.CharField(
        "Kennung",
        max_length=12,
        unique=True,
        default=new_public_id,
        validators=[validators.validate_public_id],
    )
    service = models.ForeignKey(
        Service, verbose_name="Angebot", on_delete=models.CASCADE, related_name="service_at_locations"
    )
    location = models.ForeignKey(
        Location, verbose_name="Ort", on_delete=models.PROTECT, related_name="service_at_locations"
    )
    district_ags = models.CharField(
        "Kreis",
        max_length=5,
        blank=True,
        db_index=True,
        validators=[validators.validate_district_ags],
        help_text="Der Kreis, der den Eintrag pflegt; leer: das Land.",
    )
    state = models.CharField("Zustand", max_length=10, choices=State.choices, default=State.ACTIVE)
    is_central_contact = models.BooleanField(
        "zentraler Kontakt", default=False, help_text="Springt ein, wo der Kreis nichts Besseres hat."
    )
    source_url = models.URLField("Quelle", max_length=500, blank=True)
    source_date = models.CharField(
        "Stand", max_length=10, blank=True, validators=[validators.validate_source_date]
    )
    confidence = models.CharField(
        "Verlässlichkeit", max_length=10, choices=Confidence.choices, default=Confidence.LOW
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="bestätigt von",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    verified_at = models.DateTimeField("bestätigt am", null=True, blank=True)
    note = models.TextField("Notiz für Mitarbeitende", blank=True)
    seed_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    history = HistoricalRecords()

    objects = ServiceAtLocationQuerySet.as_manager()

    class Meta:
        verbose_name = "Eintrag"
        verbose_name_plural = "Einträge"
        ordering = ["district_ags", "public_id"]

    def __str__(self) -> str:
        return f"{self.service.name} ({self.public_id})"


class Phone(HsdsModel):
    service_at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, related_name="phones"
    )
    number = models.CharField(
        "Telefon",
        max_length=16,
        validators=[validators.validate_phone],
        help_text="Mit Ländervorwahl, ohne Leerzeichen: +497131560",
    )
    description = models.CharField("Hinweis", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Telefon"
        verbose_name_plural = "Telefone"
        ordering = ["position", "number"]

    def __str__(self) -> str:
        return self.number


class Schedule(HsdsModel):
    """Opening hours. Several schedules of a listing read as one expression, in their order."""

    service_at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, related_name="schedules"
    )
    opening_hours = models.CharField(
        "Öffnungszeiten",
        max_length=500,
        validators=[validators.validate_opening_hours],
        help_text="OpenStreetMap-Schreibweise: Mo-Fr 08:00-12:00; Th 14:00-17:30",
    )
    description = models.CharField("Hinweis", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Öffnungszeit"
        verbose_name_plural = "Öffnungszeiten"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.opening_hours


class ScheduleException(HsdsModel):
    """One day on which a listing's opening hours are not the usual ones."""

    class Kind(models.TextChoices):
        CLOSED = "closed", "geschlossen"
        CHANGED = "changed", "andere Zeiten als sonst"
        EXTRA = "extra", "zusätzliche Zeiten"

    service_at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, related_name="schedule_exceptions"
    )
    date = models.DateField("Tag")
    kind = models.CharField("Was gilt", max_length=10, choices=Kind.choices, default=Kind.CLOSED)
    opens_at = models.TimeField("von", null=True, blank=True)
    closes_at = models.TimeField("bis", null=True, blank=True)
    description = models.CharField("Hinweis", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Abweichung an einem Tag"
        verbose_name_plural = "Abweichungen an einzelnen Tagen"
        ordering = ["date", "opens_at", "id"]

    def __str__(self) -> str:
        return f"{self.date}: {self.Kind(self.kind).label}"

    def clean(self) -> None:
        """A closed day has no times; all else has a beginning and an end."""
        if self.kind == self.Kind.CLOSED:
            if self.opens_at or self.closes_at:
                raise ValidationError({"kind": "An einem geschlossenen Tag bitte keine Zeiten angeben."})
        elif self.opens_at is None or self.closes_at is None:
            raise ValidationError({"opens_at": "Bitte Beginn und Ende angeben."})
        elif self.opens_at == self.closes_at:
            raise ValidationError({"closes_at": "Beginn und Ende sind gleich."})


class Publication(models.Model):
    """One row: how often the directory changed, and which of these states the bot has been given."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    revision = models.PositiveBigIntegerField(default=0)
    published = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.published}/{self.revision}"
