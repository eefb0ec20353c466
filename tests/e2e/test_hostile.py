"""Whatever arrives: nobody else waits because of it, and nothing the bot sends is refused."""

from typing import Any

import pytest

from tests.e2e.parts import Stack

HOSTILE = {
    "as long as Telegram allows": "довго " * 682 + "кінц",
    "markup": "<b>жирний</i> <script>alert(1)</script> & &amp; &nbsp; <",
    "a place in markup": "<b>Heidelberg</b> & <Ulm>",
    "control characters": "\x00\x01\x02\x1b[31m\u202e\u200b\ufeff\ud800",
    "emoji alone": "😭😭😭🏳️‍🌈👨‍👩‍👧‍👦",
    "combining marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "blanks": " \n\t ",
    "a format string": "{place} {0} %s {operator.__class__}",
    "slashes": "/ /// /; DROP TABLE",
    "digits": "9" * 4096,
    "a command with a tail": "/start " + "x" * 4000,
    "right to left": "مرحبا، أين الطبيب؟",
}

MALFORMED: list[Any] = [
    {},
    [],
    None,
    "update",
    7,
    {"update_id": "seven", "message": {}},
    {"update_id": 1, "message": []},
    {"update_id": 2, "message": {"text": "no chat"}},
    {"update_id": 3, "message": {"chat": "not a chat", "text": "x"}},
    {"update_id": 4, "message": {"chat": {"id": "words", "type": "private"}, "text": "x"}},
    {"update_id": 5, "message": {"chat": {"id": 10**400, "type": "private"}, "text": 7}},
    {"update_id": 6, "message": {"chat": {"id": 1, "type": "private"}, "from": "nobody", "text": "x"}},
    {"update_id": 7, "message": {"chat": {"id": 1, "type": "private"}, "location": {"latitude": "north"}}},
    {"update_id": 8, "message": {"chat": {"id": 1, "type": "private"}, "location": None}},
    {"update_id": 9, "callback_query": {"id": "1"}},
    {"update_id": 10, "callback_query": {"id": "1", "from": {"id": 1}, "data": {"no": "text"}}},
    {"update_id": 11, "callback_query": {"id": "1", "from": {}, "message": None, "data": "menu"}},
    {"update_id": 12, "my_chat_member": {"chat": {"id": 1}}},
    {"update_id": 13, "message": {"chat": {"id": 1}, "from": {"is_bot": True}, "text": "I am a bot"}},
]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_every_text_is_answered(deaf: Stack, text: str) -> None:
    answer = await deaf.person(language="uk").asks(text)
    assert answer.last.buttons


@pytest.mark.parametrize("position", [(float("nan"), 9.0), (float("inf"), 9.0), (48.0, 1e300)])
async def test_an_impossible_location_is_answered(deaf: Stack, position: tuple[float, float]) -> None:
    person = deaf.person(language="uk")
    await person.shares(*position)
    assert (await person.reply()).text


async def test_malformed_updates_stop_nobody(fresh: Stack) -> None:
    await fresh.start_bot()
    person = fresh.person(language="uk")
    for update in MALFORMED:
        fresh.api.push_raw(update)
    await person.says("Гейдельберг")
    assert "Heidelberg" in await person.reply()
    assert fresh.bot.runs
    # The ids of malformed updates are their own; ours comes after them and confirms them all.
    assert fresh.api.confirmed
