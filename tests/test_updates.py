"""From Telegram's updates only what answering needs is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from bot.channels.telegram.updates import UpdateReader
from bot.inbox import Envelope
from tests.bot_factory import a_vault

SENDER = {"id": 77, "first_name": "Canary", "username": "canary_handle", "language_code": "uk"}
PRIVATE, GROUP = {"id": 77, "type": "private"}, {"id": -5, "type": "supergroup"}


def read(kind: str = "message", **message: Any) -> Envelope | None:
    update = {"update_id": 1, kind: {"message_id": 1, "from": SENDER, "chat": PRIVATE, **message}}
    return UpdateReader(a_vault(), "lotse_bot").read(update)


def turn(**message: Any) -> dict[str, Any]:
    envelope = read(**message)
    assert envelope is not None
    return asdict(envelope.turn)


def test_names_and_handles_are_not_kept() -> None:
    envelope = read(text="привіт")
    assert envelope is not None
    assert b"anary" not in envelope.to_bytes()


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/start", "start", ""),
        ("/START@lotse_bot", "start", ""),
        ("/start хочу померти", "start", "хочу померти"),
        ("/start\nхочу померти", "start", "хочу померти"),
    ],
)
def test_a_command_keeps_what_is_written_behind_it(text: str, command: str, rest: str) -> None:
    read_turn = turn(text=text)
    assert (read_turn["kind"], read_turn["payload"], read_turn["text"]) == ("command", command, rest)


@pytest.mark.parametrize("text", ["/не хочу жити", "/", "/ ", "//", "/" + "a" * 40])
def test_other_texts_with_a_slash_are_texts(text: str) -> None:
    assert turn(text=text)["kind"] == "text"


def test_a_live_location_counts_once() -> None:
    place = {"latitude": 48.7, "longitude": 9.1, "live_period": 900}
    assert turn(location=place)["kind"] == "location"
    assert read("edited_message", location=place) is None


def test_a_caption_is_read_like_a_text() -> None:
    assert turn(photo=[{}], caption="не хочу жити")["text"] == "не хочу жити"


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ({"text": "привіт усім"}, False),
        ({"text": "@Lotse_Bot де психолог"}, True),
        ({"text": "/start"}, True),
        ({"text": "/start@other_bot"}, False),
        ({"text": "а телефон?", "reply_to_message": {"from": {"username": "lotse_bot"}}}, True),
        ({"text": "а телефон?", "reply_to_message": {"from": {"username": "somebody"}}}, False),
    ],
)
def test_in_groups_only_what_is_meant_for_the_bot_counts(message: dict[str, Any], answered: bool) -> None:
    assert (read(chat=GROUP, **message) is not None) == answered
