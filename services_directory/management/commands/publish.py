"""`manage.py publish`: writes the directory to Redis now."""

from __future__ import annotations

from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError

from services_directory.publish import publish


class Command(BaseCommand):
    help = "Veröffentlicht das Verzeichnis jetzt in Redis."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish once; an unreachable Redis is an error here."""
        try:
            version = publish()
        except redis.RedisError as error:
            raise CommandError(f"Redis nimmt das Verzeichnis nicht an: {type(error).__name__}") from error
        self.stdout.write(f"Verzeichnis veröffentlicht: Version {version}")
