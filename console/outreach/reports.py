"""From the bot to the console: reports that something is wrong, stored once each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from bot import keys
from console.outreach.models import Report
from services_directory.models import ServiceAtLocation
from services_directory.publish import redis_client

_AT_ONCE = 200

Entry = tuple[bytes, dict[bytes, bytes]]


def collect_reports() -> None:
    """Store what waits in the stream, then remove it there. Raises redis.RedisError.

    An entry that was stored and not removed (a crash in between) comes again; its key makes that harmless.
    """
    with redis_client() as client:
        while entries := cast(list[Entry], client.xrange(keys.REPORTS, count=_AT_ONCE)):
            reports = [_report(entry_id, fields) for entry_id, fields in entries]
            _with_districts(reports)
            Report.objects.bulk_create(reports, ignore_conflicts=True)
            client.xdel(keys.REPORTS, *(entry_id for entry_id, _ in entries))


def _report(entry_id: bytes, fields: dict[bytes, bytes]) -> Report:
    values = {name.decode(): value.decode(errors="replace") for name, value in fields.items()}
    reason = values.get("reason", "")
    return Report(
        key=values.get("key") or entry_id.decode(),
        listing=values.get("listing", "")[:12],
        topic=values.get("topic", "")[:40],
        reason=reason if reason in Report.Reason.values else Report.Reason.OTHER,
        received_at=datetime.fromtimestamp(int(entry_id.split(b"-")[0]) / 1000, UTC),
    )


def _with_districts(reports: list[Report]) -> None:
    """Fill in the district that keeps each listing."""
    listings = ServiceAtLocation.objects.filter(public_id__in={report.listing for report in reports})
    districts = dict(listings.values_list("public_id", "district_ags"))
    for report in reports:
        report.district_ags = districts.get(report.listing, "")
