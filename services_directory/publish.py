"""Publishes the directory to Redis, where the bot picks it up.

A change raises the directory's revision in the database right after its commit and is published at
once. What could not be published (Redis away, process killed) is still behind that revision, so any
console that runs finds it and catches up: see `Republisher`.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import redis
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot import keys
from services_directory.background import INTERVAL_S, Repeated
from services_directory.models import Publication, ServiceAtLocation
from services_directory.records import PREFETCH, Record
from services_directory.snapshot import HoursException, Listing, Snapshot

logger = logging.getLogger(__name__)

REDIS_TIMEOUT_S = 2.0

# Two publishers may overtake each other between reading the database and writing: an older snapshot
# never replaces a newer one. The version stands in the first bytes of a snapshot's JSON.
_SET_IF_NEWER = """
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
local stored = tonumber(string.match(head, '"version": (%d+)')) or 0
if stored > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


def publish() -> int:
    """Publish the directory as it stands and return the snapshot's version.

    Raises redis.RedisError when Redis does not take it; the directory then stays due.
    """
    revision = _revision()
    with redis_client() as client:
        version = _next_version(client)
        snapshot = build_snapshot(version)
        taken = client.eval(_SET_IF_NEWER, 1, keys.DIRECTORY_SNAPSHOT, str(version), snapshot.to_json())
        if taken:
            client.publish(keys.DIRECTORY_CHANNEL, version)
    Publication.objects.filter(published__lt=revision).update(published=revision)
    logger.info("directory published: version %d, %d listings", version, len(snapshot.listings))
    return version


def publish_change() -> None:
    """Note that the directory changed and publish it; Redis being away only costs a warning."""
    row, _ = Publication.objects.get_or_create(id=Publication.ONLY)
    Publication.objects.filter(pk=row.pk).update(revision=F("revision") + 1)
    try:
        publish()
    except redis.RedisError as error:
        logger.warning("directory changed but not published, Redis: %s", type(error).__name__)


def is_due() -> bool:
    """Whether a change waits for publication or Redis has lost the snapshot. Raises redis.RedisError."""
    if Publication.objects.filter(revision__gt=F("published")).exists():
        return True
    with redis_client() as client:
        return not client.exists(keys.DIRECTORY_SNAPSHOT)


def build_snapshot(version: int) -> Snapshot:
    """All listings people may see, in a stable order."""
    shown = ServiceAtLocation.objects.shown().order_by("public_id").prefetch_related(*PREFETCH)
    published_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Snapshot(version, published_at, tuple(_listing(item) for item in shown))


def _listing(item: ServiceAtLocation) -> Listing:
    record = Record.of(item)
    return Listing(
        id=record.id,
        category=record.category,
        name=record.name,
        organization=record.organization,
        service_area=record.service_area,
        office_kind=record.office_kind,
        descriptions=_descriptions(item),
        street=record.street,
        postal_code=record.postal_code,
        city=record.city,
        latitude=item.location.latitude,
        longitude=item.location.longitude,
        phones=record.phones,
        email=record.email,
        website=record.website,
        opening_hours=record.opening_hours,
        exceptions=_standing(record.exceptions),
        languages=record.languages,
        source_url=record.source_url,
        source_date=record.source_date,
        verified_at=timezone.localdate(item.verified_at).isoformat() if item.verified_at else "",
        is_central_contact=record.is_central_contact,
    )


def _standing(exceptions: tuple[HoursException, ...]) -> tuple[HoursException, ...]:
    """Those of yesterday's night and later; what is past only makes the snapshot longer."""
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    return tuple(exception for exception in exceptions if exception.date >= yesterday)


def _descriptions(item: ServiceAtLocation) -> dict[str, str]:
    """The German text and the translations that still say the same."""
    texts = {"de": item.service.description}
    texts |= {
        row.language: row.description for row in item.service.translations.all() if row.state != "stale"
    }
    return {language: text for language, text in texts.items() if text}


def _revision() -> int:
    return Publication.objects.filter(id=Publication.ONLY).values_list("revision", flat=True).first() or 0


def redis_client() -> redis.Redis:
    """A client that gives up early: somebody waits for their save, and `Republisher` tries again."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def _next_version(client: redis.Redis) -> int:
    """A version above all earlier ones, also when Redis lost its data: counting starts at the clock."""
    milliseconds = int(datetime.now(UTC).timestamp() * 1000)
    client.set(keys.DIRECTORY_VERSION, milliseconds, nx=True)
    return int(client.incr(keys.DIRECTORY_VERSION))


class Republisher(Repeated):
    """Publishes at the console's start, and again whenever something is due and Redis answers."""

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        super().__init__("publishing the directory", self._publish_if_due, interval_s)
        self._behind = True

    def _publish_if_due(self) -> None:
        if self._behind or is_due():
            publish()
        self._behind = False
