"""Notices and reports between real processes: the console's database, Redis, the bot, Telegram's Bot API."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import keys
from bot.bulletin import LAND
from tests.botapi import Person
from tests.e2e.parts import ROOT, SECRET_KEY, TRANSCRIPT_KEY, Stack, free_port, until

DEADLINE_S = 20
HEIDELBERG, MANNHEIM = "08221", "08222"
TEXT = "Heute geschlossen, morgen ab 8 Uhr."
_WRITE = """
import django; django.setup()
from console.outreach.models import Notice
notice = Notice(district_ags={ags!r}, text_de={text!r}, text_uk="Сьогодні зачинено.")
notice.full_clean(); notice.save(); print(notice.id)
"""


class Console:
    """The console's processes on a database of their own and the stack's Redis."""

    def __init__(self, folder: Path, stack: Stack) -> None:
        self._database = folder / "console.sqlite3"
        address = stack.redis.connection_pool.connection_kwargs
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "console.settings",
            "DATABASE_URL": f"sqlite:///{self._database}",
            "REDIS_URL": f"redis://{address['host']}:{address['port']}/0",
            "SECRET_KEY": SECRET_KEY,
            "TRANSCRIPT_KEY": TRANSCRIPT_KEY,
        }

    async def runs(self, *command: str) -> str:
        """Run Python with these arguments; what it prints."""
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, *command],
            cwd=ROOT, env=self._environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return str(done.stdout).strip()

    async def writes(self, ags: str) -> str:
        """Staff write a notice; its id."""
        return (await self.runs("-c", _WRITE.format(ags=ags, text=TEXT))).splitlines()[-1]

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self._database)) as connection:
            return connection.execute(query).fetchall()

    @contextmanager
    def served(self) -> Iterator[None]:
        """The web server runs; it is killed the hard way at the end."""
        command = [sys.executable, "-m", "uvicorn", "console.asgi:application", "--port", str(free_port())]
        process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.kill()
            process.wait()


@pytest.fixture
async def console(fresh: Stack, tmp_path: Path) -> Console:
    console = Console(tmp_path, fresh)
    await console.runs("manage.py", "migrate", "--verbosity", "0")
    return console


async def subscribed(stack: Stack, *districts: str, language: str = "uk") -> list[Person]:
    """People who said yes, one to the news of each of these districts."""

    async def one(ags: str) -> Person:
        person = stack.person(language=language)
        for data in (f"at:{ags}", "news", f"news:yes:{ags}"):
            person.press_data(data)
            await person.reply()
        return person

    return await asyncio.gather(*map(one, districts))


def heard(person: Person, part: str) -> int:
    """How many messages to the person contain this."""
    return sum(part in message.text for message in person.chat.messages)


async def ended(stack: Stack, notice: str) -> dict[bytes, bytes]:
    """Wait until the walk is over and all is answered; what is noted about it."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            progress: Any = await stack.redis.hgetall(keys.notice_progress(notice))  # type: ignore[misc]
            if b"ended" in progress:
                await stack.settled()
                return dict(progress)
            await asyncio.sleep(0.02)


async def test_through_kill_9_every_subscriber_gets_a_notice_once(fresh: Stack, console: Console) -> None:
    await fresh.start_bot()
    *people, elsewhere = await subscribed(fresh, *[HEIDELBERG] * 6, MANNHEIM)
    notice = await console.writes(HEIDELBERG)
    assert "6 Personen (ukrainisch: 6)" in await console.runs("manage.py", "notice", "--dry-run", notice)
    assert not await fresh.redis.exists(keys.NOTICES_DUE)
    hold = fresh.api.hold_next("sendMessage", times=100)
    await console.runs("manage.py", "notice", notice)
    async with asyncio.timeout(DEADLINE_S):
        await hold.reached.wait()
    fresh.bot.kill()
    async with asyncio.timeout(DEADLINE_S):
        await hold.abandoned.wait()
    fresh.api.faults.clear()
    await fresh.start_bot()
    assert await ended(fresh, notice) == {b"sent": b"6", b"ended": b"finished"}
    assert [heard(person, "Сьогодні зачинено.") for person in people] == [1] * 6
    assert heard(elsewhere, "Сьогодні зачинено.") == 0
    fresh.assert_nothing_went_wrong()


async def test_one_tap_stops_and_deleting_leaves_nothing(fresh: Stack, console: Console) -> None:
    await fresh.start_bot()
    stopped, deleted, kept = await subscribed(fresh, *[HEIDELBERG] * 3, language="de")
    await stopped.chooses("🔕")
    deleted.press_data("delete:yes")
    await deleted.reply()
    assert fresh.pseudonym(deleted).encode() not in await fresh.everything()
    notice = await console.writes(LAND)
    await console.runs("manage.py", "notice", notice)
    assert await ended(fresh, notice) == {b"sent": b"1", b"ended": b"finished"}
    assert [heard(person, TEXT) for person in (stopped, deleted, kept)] == [0, 0, 1]
    await kept.chooses("🔕")
    assert not await fresh.redis.exists(keys.NOTICE_SUBSCRIBERS)
    assert str(kept.chat.id) not in await fresh.opened(keys.session(fresh.pseudonym(kept)))


async def test_a_notice_to_somebody_who_blocked_the_bot_ends_their_news(
    fresh: Stack, console: Console
) -> None:
    await fresh.start_bot()
    [person] = await subscribed(fresh, HEIDELBERG)
    person.chat.blocked = True
    notice = await console.writes(HEIDELBERG)
    await console.runs("manage.py", "notice", notice)
    await ended(fresh, notice)
    assert not await fresh.redis.exists(keys.NOTICE_SUBSCRIBERS)


async def test_reports_reach_the_database_though_the_console_was_away(fresh: Stack, console: Console) -> None:
    await fresh.start_bot()
    person = fresh.person(language="uk")
    await person.asks("/start")

    async def reports(reason: str) -> None:
        person.press_data(f"report:{reason}:im1")
        await person.reply()

    def stored() -> list[str]:
        query = "SELECT reason FROM outreach_report WHERE listing = 'im1' ORDER BY received_at"
        return [reason for (reason,) in console.rows(query)]

    await reports("phone")
    assert fresh.pseudonym(person).encode() not in (await fresh.redis.dump(keys.REPORTS) or b"")
    with console.served():
        await until(lambda: stored() == ["phone"], DEADLINE_S, "the console stores what waited")
    await reports("hours")
    with console.served():
        await until(lambda: stored() == ["phone", "hours"], DEADLINE_S, "it goes on after a restart")
    assert await fresh.redis.xlen(keys.REPORTS) == 0
