"""The directory of services as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ServicesDirectoryConfig(AppConfig):
    name = "services_directory"
    verbose_name = "Angebote"

    def ready(self) -> None:
        """Publish the directory after every change of it."""
        from services_directory import signals

        signals.connect()
