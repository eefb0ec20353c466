"""`manage.py seed [FILE]`: carries the data file over into the directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services_directory.seeding import OFFICES, UnreadableFileError, seed


class Command(BaseCommand):
    help = "Übernimmt die Datendatei ins Verzeichnis und nennt jede Zeile, die es ablehnt, mit Grund."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=OFFICES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed and report; exits with an error only when the file as a whole cannot be read."""
        try:
            report = seed(options["file"])
        except UnreadableFileError as error:
            raise CommandError(str(error)) from error
        for remark in report.remarks:
            self.stdout.write(str(remark))
        self.stdout.write(f"Verzeichnis: {report}")
