"""The bot's face in Telegram: set in three languages, only where it changed, and never in the bot's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.face import DESCRIPTION, SHORT_DESCRIPTION, show_face
from bot.conversation.respond import COMMANDS_SHOWN
from bot.texts import texts
from bot.types import LANGUAGES
from tests.botapi import BotApiServer

OPERATOR = "Verein <Hilfe> & Co"
PARTS = ("mycommands", "mydescription", "myshortdescription", "chatmenubutton")


@dataclass
class Face:
    api: BotApiServer
    bot: Bot

    async def show(self, operator: str = OPERATOR) -> None:
        await show_face(self.bot, operator)

    def changes(self) -> int:
        return sum(self.api.calls[f"set{part}"] for part in PARTS)


@pytest.fixture
async def face(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Face]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with (
        BotApiServer() as api,
        Bot(api.token, base_url=f"{api.url}/bot", request=HTTPXRequest(read_timeout=2)) as bot,
    ):
        yield Face(api, bot)


async def test_everything_is_said_in_three_languages_and_to_everybody_else(face: Face) -> None:
    await face.show()
    methods = face.api.methods
    for language in LANGUAGES:
        said = texts(language)
        assert methods.texts["short_description", language] == said.t(SHORT_DESCRIPTION)
        description = methods.texts["description", language]
        assert OPERATOR in description, "plain text, nothing escaped"
        assert description.startswith(said.t(DESCRIPTION)[:20])
        assert [one["command"] for one in methods.commands["default", language]] == [
            name for name, _ in COMMANDS_SHOWN
        ]
    assert methods.texts["description", ""] == methods.texts["description", "uk"]
    assert methods.commands["default", ""] == methods.commands["default", "uk"]
    assert methods.menu_buttons == {0: {"type": "commands"}}
    assert face.api.refusals == []


async def test_a_restart_changes_nothing_that_is_right(face: Face) -> None:
    await face.show()
    before = face.changes()
    await face.show()
    assert (before, face.changes()) == (13, 13)
    await face.show("Anderer Verein")
    assert face.changes() == before + 4, "the descriptions alone"


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("status", [400, 404])
async def test_a_part_that_telegram_does_not_tell_is_set_all_the_same(
    face: Face, part: str, status: int
) -> None:
    face.api.fail_next(f"get{part}", status, "Bad Request: something new", times=4)
    await face.show()
    assert face.changes() == 13


@pytest.mark.parametrize("part", PARTS)
async def test_a_refused_part_costs_none_of_the_others(face: Face, part: str) -> None:
    face.api.fail_next(f"set{part}", 400, "Bad Request: something new", times=4)
    await face.show()
    assert face.changes() == 13
    for other in set(PARTS) - {part}:
        assert face.api.calls[f"set{other}"]


async def test_a_telegram_that_asks_to_wait_is_not_asked_on(face: Face) -> None:
    face.api.fail_next("setMyCommands", 429, retry_after=3600)
    await face.show()
    assert face.api.calls["setmycommands"] == 1
    await face.show()
    assert len(face.api.methods.commands) == 4, "the next start goes on"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_within_telegrams_limits(language: str) -> None:
    said = texts(language)  # type: ignore[arg-type]
    assert len(said.t(DESCRIPTION, operator="W" * 40)) <= 512
    assert len(said.t(SHORT_DESCRIPTION)) <= 120
    assert all(1 <= len(said.t(label)) <= 256 for _, label in COMMANDS_SHOWN)
    assert "112" in said.t(DESCRIPTION)
