"""`manage.py notice [--dry-run] ID`: sends a notice, or counts whom it would reach."""

from __future__ import annotations

from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.outreach.models import Notice
from console.outreach.notices import NotNowError, hand_over, recipients
from console.outreach.wording import counted


class Command(BaseCommand):
    help = "Schickt eine Nachricht ab; mit --dry-run wird nur gezählt, wen sie erreicht."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="Kennung der Nachricht")
        parser.add_argument("--dry-run", action="store_true", help="zählen und nichts verändern")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and hand over unless it is a dry run."""
        try:
            notice = Notice.objects.get(pk=options["id"])
            self.stdout.write(f"{notice.get_district_ags_display()}: {counted(recipients(notice))}")
            if not options["dry_run"]:
                hand_over(notice)
                self.stdout.write("abgeschickt")
        except Notice.DoesNotExist:
            raise CommandError(f"Es gibt keine Nachricht mit der Kennung {options['id']}.") from None
        except NotNowError as error:
            raise CommandError(str(error)) from None
        except redis.RedisError as error:
            raise CommandError(f"Redis antwortet nicht: {type(error).__name__}") from error
