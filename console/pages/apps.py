"""The public pages as a Django app: templates and styles, no models."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "console.pages"
    label = "pages"
