"""The bot's manners over HTTP: lists that turn in place, typing, who blocked it, what Telegram refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from aiohttp import web

from bot.conversation.menu import FIRST_SCREEN
from tests.e2e.conftest import a_stack
from tests.e2e.parts import Rows, Stack, until
from tests.e2e.reading import assert_card_of, words

OPERATOR = "Lotse (Testbetrieb)"


async def test_turning_pages_adds_no_messages(deaf: Stack) -> None:
    person = deaf.person(language="de")
    await person.asks("/menu")
    first = (await person.chooses(words("de", "❓ Questions"))).last
    titles = [button["text"] for button in first.buttons]
    count = len(person.chat.messages)
    second = await person.chooses("▶️")
    assert [message.message_id for message in second.messages] == [first.message_id]
    assert not set(titles) & {label for label in second.labels if label not in (words("de", "☰ Menu"), "▶️")}
    assert titles == (await person.chooses("◀️")).labels
    assert len(person.chat.messages) == count


async def test_the_first_screen_changes_its_language_where_it_stands(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.asks("/start")
    answer = await person.chooses("Deutsch")
    assert words("de", FIRST_SCREEN, operator=OPERATOR) in answer
    assert words("de", "🆘 Urgent help") in answer.labels
    assert len(person.chat.messages) == 1


async def test_a_card_to_print_arrives_as_a_file_with_its_words_and_buttons(deaf: Stack) -> None:
    person = deaf.person(language="de")
    person.press_data("find:integration_management")
    await person.reply()
    listing = await assert_card_of(deaf, await person.asks("Ulm"), "08421")
    person.press_data(f"pdf:{listing.id}")
    message = (await person.reply()).last
    assert message.file
    assert (message.file.media_type, message.file.content[:5]) == ("application/pdf", b"%PDF-")
    assert message.text
    assert message.buttons


async def test_a_page_that_can_no_longer_be_changed_is_sent_anew(fresh: Stack) -> None:
    await fresh.start_bot()
    person = fresh.person(language="de")
    await person.asks("/menu")
    page = (await person.chooses(words("de", "❓ Questions"))).last
    fresh.api.fail_next("editMessageText", 400, "Bad Request: message can't be edited")
    answer = await person.chooses("▶️")
    assert answer.last.message_id > page.message_id
    assert "◀️" in answer.labels


async def test_who_blocked_the_bot_and_comes_back_finds_the_place_remembered(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.asks("/start")
    await person.asks("Гейдельберг")
    person.blocks_the_bot()
    await deaf.settled()
    person.unblocks_the_bot()
    await deaf.settled()
    assert len(person.unread()) == 0
    answer = await person.asks("/start")
    assert "Heidelberg" in answer
    assert words("uk", FIRST_SCREEN, operator=OPERATOR) not in answer
    assert len(answer) == 1


@pytest_asyncio.fixture(loop_scope="session")
async def hanging_nlu() -> AsyncIterator[str]:
    """The address of an NLU that takes questions and never answers."""

    async def hang(request: web.Request) -> web.Response:
        await request.read()
        await stop.wait()
        return web.Response(status=503)

    stop = asyncio.Event()
    app = web.Application()
    app.router.add_post("/model/parse", hang)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    stop.set()
    await runner.cleanup()


async def test_whoever_waits_sees_that_the_bot_is_busy(
    tmp_path: Path, directory: Rows, hanging_nlu: str
) -> None:
    async with a_stack(tmp_path, directory, hanging_nlu) as stack:
        await stack.start_bot()
        person = stack.person(language="de")
        await person.asks("/start")
        assert stack.api.calls["sendchataction"] == 0, "what is answered at once needs no sign"
        sentence = "wie geht das nun weiter mit meinen ganzen Papieren"
        stack.api.fail_next("sendChatAction", 500, "Internal Server Error")
        assert len(await person.asks(sentence)) == 1, "a refused sign is nobody's business"
        assert person.chat.actions == []
        answer = await person.asks(sentence)
        assert person.chat.actions == ["typing"]
        assert (
            words(
                "de", "I cannot understand sentences at the moment, something is broken. These buttons work:"
            )
            in answer
        )


async def test_a_refused_face_never_stops_the_bot(fresh: Stack) -> None:
    for part in ("MyCommands", "MyDescription", "MyShortDescription", "ChatMenuButton"):
        fresh.api.fail_next(f"get{part}", 400, "Bad Request: not today", times=4)
        fresh.api.fail_next(f"set{part}", 404, "Not Found", times=4)
    await fresh.start_bot()
    assert await fresh.person().asks("/start")
    await until(lambda: fresh.bot.output.count("face_not_shown") == 13, 10, "every refusal is noted")


async def test_refused_markup_arrives_as_plain_text(fresh: Stack) -> None:
    await fresh.start_bot()
    person = fresh.person(language="de")
    await person.asks("/start")
    fresh.api.fail_next("sendMessage", 400, "Bad Request: can't parse entities: something new")
    answer = await person.asks("/sos")
    assert "112" in answer
    assert answer.last.html == answer.last.text, "no markup"
    assert answer.labels
