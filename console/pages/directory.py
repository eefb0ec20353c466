"""The directory as the pages show it: what the bot is given too, built anew only after a change."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from functools import lru_cache

from django.db import DatabaseError
from django.utils import timezone

from gazetteer.districts import districts
from services_directory.models import Publication
from services_directory.publish import build_snapshot
from services_directory.search import DirectoryIndex
from services_directory.snapshot import Snapshot

log = logging.getLogger(__name__)


def directory() -> DirectoryIndex:
    """What people may see now. Without the database: nothing, and a line in the log."""
    try:
        revision = Publication.objects.filter(id=Publication.ONLY).values_list("revision", flat=True).first()
        return _built(revision or 0, timezone.localdate())
    except DatabaseError as error:
        log.error("pages: the database does not answer: %s", type(error).__name__)
        return DirectoryIndex(Snapshot(0, datetime.now(UTC).isoformat()), {})


def forget() -> None:
    """Build the directory anew at the next question, whatever its revision."""
    _built.cache_clear()


@lru_cache(maxsize=1)
def _built(revision: int, today: date) -> DirectoryIndex:
    """The directory of a revision. `today`: exceptions of past days fall out of it."""
    positions = {ags: (d.latitude, d.longitude) for ags, d in districts().items()}
    return DirectoryIndex(build_snapshot(revision), positions)
