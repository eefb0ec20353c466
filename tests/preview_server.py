"""A console as it is served, for tests of the preview: a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_S = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A running console."""

    address: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    """Its own, with the keys a bot needs to answer it; it names no NLU that answers."""


@contextmanager
def served(redis_url: str, database: Path) -> Iterator[Served]:
    """Start a console on a free port and end it afterwards."""
    environment = {name: value for name, value in os.environ.items() if name != "TELEGRAM_BOT_TOKEN"} | {
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": "k" * 50,
        "TRANSCRIPT_KEY": "t" * 50,
        "NLU_URL": "http://127.0.0.1:1",
    }
    assert run_python(environment, "manage.py", "migrate", "--verbosity", "0").wait() == 0
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    server = ["-m", "uvicorn", "console.asgi:application", "--port", str(port), "--log-level", "warning"]
    with run_python(environment, *server) as process:
        try:
            eventually(lambda: _answers(f"{address}/healthz"), "the console does not answer", START_S)
            yield Served(address, process, environment)
        finally:
            process.terminate()


def run_python(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment)


def eventually(holds: Callable[[], bool], what: str, seconds: float = 10) -> None:
    """Wait until something holds; fail with `what` when it does not within so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
