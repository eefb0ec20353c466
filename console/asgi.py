"""The console as an ASGI application: Django, and its work in the background as long as the server runs."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")

_django = get_asgi_application()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Serve HTTP by Django and the server's start and stop by `_lifespan`."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await _django(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    # Models need Django set up first.
    from console.outreach.notices import collect_results
    from console.outreach.reports import collect_reports
    from services_directory.background import Repeated
    from services_directory.publish import Republisher

    working = (
        Republisher(),
        Repeated("collecting reports", collect_reports),
        Repeated("collecting the results of notices", collect_results),
    )
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            for work in working:
                work.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            for work in working:
                await asyncio.to_thread(work.stop)
            await send({"type": "lifespan.shutdown.complete"})
            return
