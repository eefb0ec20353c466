"""Notices and reports as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "console.outreach"
    label = "outreach"
    verbose_name = "Nachrichten und Meldungen"
