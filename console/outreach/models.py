"""Notices to people and reports from people. Neither says anything about a single person."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from bot.bulletin import LAND, MAX_TEXT, Bulletin
from gazetteer.districts import districts
from services_directory.models import ServiceAtLocation, new_public_id
from services_directory.validators import validate_impersonal_text

_MARKUP = re.compile(r"</?[a-zA-Z!][^<>]*>|&(#\d+|[a-zA-Z]+);")


def validate_notice_text(value: str) -> None:
    """News, not a letter, in words and line breaks: markup would be shown as it is typed."""
    if len(value) > MAX_TEXT:
        raise ValidationError(f"Bitte kürzen: höchstens {MAX_TEXT} Zeichen, jetzt sind es {len(value)}.")
    if _MARKUP.search(value):
        raise ValidationError("Bitte nur einfachen Text, kein HTML.")


def areas() -> list[tuple[str, str]]:
    """Whom a notice may be for: the whole Land, or one of its districts."""
    names = sorted((district.name_de, ags) for ags, district in districts().items())
    return [(LAND, "ganz Baden-Württemberg"), *((ags, name) for name, ags in names)]


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


def _text_field(language: str, *, blank: bool = True) -> models.TextField[str, str]:
    return models.TextField(
        language,
        blank=blank,
        validators=[validate_notice_text, validate_impersonal_text],
        help_text="Leer: Die Nachricht kommt auf Deutsch, mit einem Hinweis darauf." if blank else "",
    )


class Notice(models.Model):
    """News for everybody who asked for those of a district."""

    class State(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        SENT = "sent", "abgeschickt"
        RECALLED = "recalled", "zurückgezogen"

    id = models.CharField(primary_key=True, max_length=12, default=new_public_id, editable=False)
    district_ags = models.CharField(
        "Kreis", max_length=5, db_index=True, choices=areas, help_text="Wessen Neuigkeiten das sind."
    )
    text_de = _text_field("Deutsch", blank=False)
    text_uk = _text_field("Ukrainisch")
    text_ru = _text_field("Russisch")
    listing = models.ForeignKey(
        ServiceAtLocation,
        verbose_name="Eintrag",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Anschrift und Telefon stehen dann unter dem Text.",
    )
    send_at = models.DateTimeField("senden ab", null=True, blank=True, help_text="Leer: sofort.")
    valid_until = models.DateTimeField(
        "gültig bis", default=tomorrow, help_text="Danach bekommt niemand mehr die Nachricht."
    )
    state = models.CharField(
        "Zustand", max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="verfasst von",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("verfasst am", auto_now_add=True)
    sent_at = models.DateTimeField("abgeschickt am", null=True, editable=False)
    ending = models.CharField("Ende", max_length=10, editable=False, blank=True)
    sent = models.PositiveIntegerField("zugestellt", default=0, editable=False)
    skipped = models.PositiveIntegerField("übersprungen", default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Nachricht"
        verbose_name_plural = "Nachrichten"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_district_ags_display()}: {self.text_de[:60]}"

    def clean(self) -> None:
        """A notice has time to be sent, and line breaks count as one character."""
        self.text_de, self.text_uk, self.text_ru = (
            text.replace("\r\n", "\n").strip() for text in (self.text_de, self.text_uk, self.text_ru)
        )
        if self.valid_until and self.valid_until <= self.goes_out_at:
            raise ValidationError({"valid_until": "Die Gültigkeit muss nach dem Senden enden."})

    @property
    def goes_out_at(self) -> datetime:
        """When sending begins, or began."""
        return self.send_at or self.sent_at or timezone.now()

    @property
    def counts(self) -> bool:
        """Whether people got it or will: one that was taken back in time does not."""
        return self.state == self.State.SENT or self.sent > 0

    def bulletin(self) -> Bulletin:
        """The form in which the bot gets it."""
        texts = {"de": self.text_de, "uk": self.text_uk, "ru": self.text_ru}
        return Bulletin(
            id=self.id,
            ags=self.district_ags,
            texts={language: text for language, text in texts.items() if text},
            until=self.valid_until,
            listing=self.listing.public_id if self.listing else "",
        )


class Report(models.Model):
    """Somebody says that a listing or an answer is wrong."""

    class Reason(models.TextChoices):
        PHONE = "phone", "Telefonnummer"
        ADDRESS = "address", "Anschrift"
        HOURS = "hours", "Öffnungszeiten"
        CLOSED = "closed", "geschlossen oder umgezogen"
        LANGUAGE = "language", "Sprachen"
        OUTDATED = "outdated", "veraltet"
        STEPS = "steps", "Schritte oder Papiere"
        OTHER = "other", "anderes"

    class State(models.TextChoices):
        OPEN = "open", "offen"
        DONE = "done", "erledigt"

    key = models.CharField(max_length=32, unique=True, editable=False)
    listing = models.CharField("Kennung des Eintrags", max_length=12, blank=True, editable=False)
    topic = models.CharField("Antwort", max_length=40, blank=True, editable=False)
    district_ags = models.CharField("Kreis", max_length=5, blank=True, db_index=True, editable=False)
    reason = models.CharField("Was nicht stimmt", max_length=10, choices=Reason.choices, editable=False)
    received_at = models.DateTimeField("eingegangen", editable=False)
    state = models.CharField("Zustand", max_length=10, choices=State.choices, default=State.OPEN)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="erledigt von",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    done_at = models.DateTimeField("erledigt am", null=True, editable=False)

    class Meta:
        verbose_name = "Meldung"
        verbose_name_plural = "Meldungen"
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.listing or self.topic}: {self.get_reason_display()}"
