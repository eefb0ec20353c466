"""Webhook mode: the right secret is served, anything else is refused before it is read."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from tests.botapi.delivery import SECRET_HEADER
from tests.e2e.conftest import a_stack
from tests.e2e.parts import Rows, Stack, closed_url, free_port


@pytest_asyncio.fixture(loop_scope="session")
async def hooked(tmp_path: Path, directory: Rows) -> AsyncIterator[Stack]:
    port = free_port()
    env = {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_PORT": str(port)}
    options = {"api": {"insecure_webhooks": True}, "env": env}
    async with a_stack(tmp_path, directory, closed_url(), **options) as stack:
        await stack.start_bot_behind_a_webhook()
        yield stack


async def test_updates_come_by_webhook_and_a_forged_one_is_refused(hooked: Stack) -> None:
    person = hooked.person(language="uk")
    assert "Heidelberg" in await person.asks("Гейдельберг")
    webhook = hooked.api.delivery.webhook
    assert len(webhook["secret_token"]) >= 32
    assert hooked.api.calls["getupdates"] == 0
    forged = {"update_id": 1, "message": person.message({"text": "Ulm"})}
    async with httpx.AsyncClient() as stranger:
        for headers in ({}, {SECRET_HEADER: "guessed"}):
            answer = await stranger.post(webhook["url"], json=forged, headers=headers)
            assert answer.status_code == 403
    await hooked.settled()
    assert "Ulm" not in person.unread()


async def test_a_webhook_call_delivered_twice_is_answered_once(hooked: Stack) -> None:
    person = hooked.person(language="uk")
    message = person.message({"text": "Гейдельберг"})
    number = hooked.api.push(message=message)
    await person.reply()
    before = len(person.chat.messages)
    hooked.api.repeat(number, {"message": message})
    await hooked.settled()
    assert len(person.chat.messages) == before
