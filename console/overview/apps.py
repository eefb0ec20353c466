"""The overview as a Django app: pages and files for staff, no models."""

from __future__ import annotations

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "console.overview"
    label = "overview"
    verbose_name = "Übersicht"
