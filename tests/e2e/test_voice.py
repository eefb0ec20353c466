"""Voice messages over HTTP, with a real model: spoken, written down, read back, acted on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.conftest import a_stack
from tests.e2e.parts import Rows, Stack, closed_url, until
from tests.e2e.reading import assert_card_of
from tests.speech import speech_model, voice_message

HEIDELBERG = "08221"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def listening(tmp_path_factory: pytest.TempPathFactory, directory: Rows) -> AsyncIterator[Stack]:
    """A running bot that listens, without NLU."""
    model = speech_model(tmp_path_factory.mktemp("whisper"))
    folder = tmp_path_factory.mktemp("listening")
    async with a_stack(folder, directory, closed_url(), env={"VOICE_MODEL": str(model)}) as stack:
        await stack.start_bot()
        yield stack
        stack.assert_nothing_went_wrong()


async def test_a_spoken_place_is_read_back_and_leads_to_the_card(listening: Stack) -> None:
    person = listening.person(language="de")
    await person.asks("/start")
    await person.chooses("Integrationsmanagement")
    await person.sends_voice(voice_message("Ich wohne in Heidelberg und suche das Jobcenter.", "de"))
    answer = await person.reply(60)
    assert "Heidelberg" in answer
    assert "☎️" not in answer, "nothing is done before the person says that it is right"
    assert b"Heidelberg" not in await listening.everything()
    await assert_card_of(listening, await person.chooses("Ja"), HEIDELBERG)


async def test_a_spoken_cry_for_help_is_answered_at_once(listening: Stack) -> None:
    person = listening.person(language="de")
    await person.sends_voice(voice_message("Ich will nicht mehr leben.", "de"))
    answer = await person.reply(60)
    assert "112" in answer
    assert ("danger", {"kind": "crisis"}) in await listening.events(person)


async def test_while_it_is_written_down_the_person_sees_that_the_bot_is_busy(listening: Stack) -> None:
    person = listening.person(language="de")
    hold = listening.api.hold_next("getFile")
    await person.sends_voice(voice_message("Guten Tag, ich suche eine Ärztin.", "de"))
    await until(lambda: "typing" in person.chat.actions, 30, "the bot shows that it is busy")
    hold.release()
    assert (await person.reply(60)).labels


async def test_a_file_that_does_not_come_and_one_that_is_too_long_get_a_kind_answer(listening: Stack) -> None:
    person = listening.person(language="de")
    await person.sends_voice(b"no sound at all")
    assert "Mikrofon" in await person.reply(60)
    await person.sends_voice(b"sound", seconds=121)
    assert "zwei Minuten" in await person.reply()


async def test_a_wrong_folder_is_told_at_the_start_and_the_bot_goes_on(
    tmp_path: Path, directory: Rows
) -> None:
    async with a_stack(tmp_path, directory, closed_url(), env={"VOICE_MODEL": "/nowhere"}) as stack:
        await stack.start_bot()
        person = stack.person(language="de")
        await person.sends_voice(b"sound")
        assert "Sprachnachrichten kann ich nicht anhören" in await person.reply()
        assert "getfile" not in stack.api.calls
        assert "voice_off" in stack.bot.output
        assert "/nowhere has no model.bin" in stack.bot.output
