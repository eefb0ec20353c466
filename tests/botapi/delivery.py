"""Updates on their way to the bot: kept until fetched and confirmed, or delivered to its webhook."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp

from tests.botapi.errors import ApiError
from tests.botapi.state import Changes

_WEBHOOK_RETRY_S = 0.1
_WEBHOOK_TIMEOUT_S = 5.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
CONFLICT_POLLERS = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
CONFLICT_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Delivery:
    """The queue of one bot's updates, in the order of their ids."""

    def __init__(self) -> None:
        self.pending: dict[int, Any] = {}
        self.changes = Changes()
        self.webhook: dict[str, Any] = {}
        self.webhook_statuses: list[int] = []
        self.polls = 0
        self._allowed: list[str] = []
        self._poller: object = None
        self._task: asyncio.Task[None] | None = None

    def push(self, update_id: int, update: Any, *, always: bool = False) -> None:
        """Queue an update: those of a kind the bot wants, or `always`."""
        if not always and self._allowed and not any(kind in update for kind in self._allowed):
            return
        self.pending[update_id] = update
        self.changes.notify()

    async def fetch(self, offset: int, limit: int, timeout_s: float, allowed: list[str] | None) -> list[Any]:
        """getUpdates. A second poller ends the first one's waiting with a conflict."""
        if self.webhook:
            raise ApiError(409, CONFLICT_WEBHOOK)
        if allowed is not None:
            self._allowed = allowed
        self.polls += 1
        poller = self._poller = object()
        self._confirm(offset)
        self.changes.notify()
        with suppress(TimeoutError):
            await self.changes.until(lambda: bool(self.pending) or self._poller is not poller, timeout_s)
        if self._poller is not poller:
            raise ApiError(409, CONFLICT_POLLERS)
        self._confirm(offset)
        return [self.pending[key] for key in sorted(self.pending)[:limit]]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = (sorted(self.pending)[offset:] or [0])[0]
        for update_id in [known for known in self.pending if known < offset]:
            del self.pending[update_id]

    async def set_webhook(self, settings: dict[str, Any]) -> None:
        await self.stop()
        self.webhook = settings
        if settings:
            self._allowed = settings.get("allowed_updates") or self._allowed
            self._task = asyncio.create_task(self._deliver())
        self.changes.notify()

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _deliver(self) -> None:
        """Post the oldest update until the bot takes it, then the next one."""
        secret = self.webhook.get("secret_token")
        headers = {SECRET_HEADER: secret} if secret else {}
        timeout = aiohttp.ClientTimeout(total=_WEBHOOK_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
            while True:
                await self.changes.until(lambda: bool(self.pending), 3600)
                oldest = min(self.pending)
                status = await self._post(session, self.pending[oldest])
                self.webhook_statuses.append(status)
                if 200 <= status < 300:
                    self.pending.pop(oldest, None)
                    self.changes.notify()
                else:
                    await asyncio.sleep(_WEBHOOK_RETRY_S)

    async def _post(self, session: aiohttp.ClientSession, update: Any) -> int:
        try:
            async with session.post(self.webhook["url"], json=update) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
