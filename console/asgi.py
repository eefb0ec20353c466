"""The console as an ASGI application: Django, and the republisher for as long as the server runs."""

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
    from services_directory.publish import Republisher  # models need Django set up first

    republisher = Republisher()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            republisher.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await asyncio.to_thread(republisher.stop)
            await send({"type": "lifespan.shutdown.complete"})
            return
