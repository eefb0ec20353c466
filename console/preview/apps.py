"""The preview as a Django app: templates and static files, no models."""

from __future__ import annotations

from django.apps import AppConfig


class PreviewConfig(AppConfig):
    name = "console.preview"
    label = "preview"
