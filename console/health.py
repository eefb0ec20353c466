"""Two questions a supervisor asks: does the process answer, and can it do its work?"""

from __future__ import annotations

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from bot import keys
from services_directory.publish import redis_client


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and Redis answer, else 503; the body says which does, and the version."""
    database, (cache, version) = _database_answers(), _published_version()
    report = {"database": database, "redis": cache, "snapshot_version": version}
    return JsonResponse(report, status=200 if database and cache else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _published_version() -> tuple[bool, int | None]:
    try:
        with redis_client() as client:
            version = client.get(keys.DIRECTORY_VERSION)
    except redis.RedisError:
        return False, None
    return True, int(version) if version else None
