"""Every change of the directory is published, once per transaction and only after its commit.

Bulk operations of querysets (`update`, `bulk_create`) send no signals: call `publish_change` after them.
"""

from __future__ import annotations

import threading
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from services_directory import models
from services_directory.publish import publish_change

_PUBLISHED = (
    models.Organization,
    models.Service,
    models.ServiceTranslation,
    models.Language,
    models.ServiceArea,
    models.Location,
    models.ServiceAtLocation,
    models.Phone,
    models.Schedule,
    models.ScheduleException,
)


class _Pending(threading.local):
    changed = False


_pending = _Pending()


def connect() -> None:
    """Listen to every model that a snapshot is made of."""
    for model in _PUBLISHED:
        post_save.connect(_on_change, sender=model, dispatch_uid=f"publish saved {model.__name__}")
        post_delete.connect(_on_change, sender=model, dispatch_uid=f"publish deleted {model.__name__}")


def _on_change(**_: Any) -> None:
    """Ask for a publication after the commit; of many requests of one transaction the first one acts."""
    _pending.changed = True
    transaction.on_commit(_publish_pending)


def _publish_pending() -> None:
    if _pending.changed:
        _pending.changed = False
        publish_change()
