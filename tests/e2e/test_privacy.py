"""Names, handles and words stay out of Redis and out of the log; deleting deletes."""

import pytest

from tests.e2e.parts import Stack
from tests.e2e.reading import words

NAME, HANDLE = "Канарейчуківна", "canary_handle_77"
TEXT = "канарковий-рядок-4711 Гейдельберг"
GOODBYE = (
    "Done. Everything I kept about this chat is deleted. "
    "The messages in Telegram itself only you can delete: open the chat's menu. "
    "If you write again, we begin anew."
)
CANARIES = (NAME, HANDLE, "канарковий-рядок-4711", "+380671112233", "Bescheid-canary.pdf")


async def everything_a_person_does(stack: Stack) -> None:
    person = stack.person(language="uk", first_name=NAME, username=HANDLE)
    await person.asks(TEXT)
    for send in (
        person.sends_contact("+380671112233", NAME),
        person.sends_document("Bescheid-canary.pdf"),
        person.forwards(TEXT),
        person.edits(TEXT),
    ):
        await send
        await person.reply()
    person.press_data("menu")
    await person.reply()


def assert_no_canary(place: str, found: bytes) -> None:
    for canary in CANARIES:
        assert canary.encode() not in found, f"{canary} in {place}"
        assert canary.encode("utf-16-le") not in found
        assert canary.encode("unicode_escape") not in found


async def test_no_name_no_handle_and_no_word_is_stored_or_logged(deaf: Stack) -> None:
    await everything_a_person_does(deaf)
    assert_no_canary("Redis", await deaf.everything())
    assert_no_canary("the log", deaf.bot.output.encode())


async def test_nothing_lies_open_while_an_update_waits_either(fresh: Stack) -> None:
    await fresh.start_bot()
    hold = fresh.api.hold_next("sendMessage")
    person = fresh.person(language="uk", first_name=NAME, username=HANDLE)
    await person.says(TEXT)
    await hold.reached.wait()
    assert await fresh.waiting() == 1
    stored = await fresh.everything()
    hold.release()
    await person.reply()
    assert_no_canary("Redis", stored)
    assert str(person.id).encode() not in stored


@pytest.mark.nlu
async def test_with_the_nlu_neither(talk: Stack) -> None:
    await everything_a_person_does(talk)
    assert_no_canary("Redis", await talk.everything())
    assert_no_canary("the log", talk.bot.output.encode())


async def test_the_log_names_neither_the_token_nor_a_chat(deaf: Stack) -> None:
    person = deaf.person()
    await person.asks("/start")
    assert deaf.api.token.split(":")[1] not in deaf.bot.output
    assert str(person.id) not in deaf.bot.output


async def test_deleting_leaves_nothing_of_the_conversation(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.asks("Гейдельберг")
    name = deaf.pseudonym(person).encode()
    assert name in await deaf.everything()
    await person.asks("/delete")
    answer = await person.chooses(words("uk", "🗑 Yes, delete everything"))
    assert words("uk", GOODBYE) in answer
    assert name not in await deaf.everything()


async def test_whoever_says_no_keeps_everything(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.asks("Гейдельберг")
    await person.asks("/delete")
    await person.chooses(words("uk", "No"))
    assert deaf.pseudonym(person).encode() in await deaf.everything()


async def test_privacy_is_explained_with_the_way_to_delete(deaf: Stack) -> None:
    answer = await deaf.person(language="de").asks("/privacy")
    assert "/delete" in answer
    assert words("de", "🗑 Delete everything") in answer.labels
