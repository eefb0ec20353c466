"""What is not a plain text in a private chat: attachments, edits, forwards, groups, commands."""

import pytest

from bot.conversation.respond import COMMANDS_SHOWN
from tests.botapi import Person
from tests.e2e.parts import Stack, until
from tests.e2e.reading import words


@pytest.mark.parametrize(
    ("send", "answer"),
    [
        (Person.sends_voice, "I cannot listen to voice messages, and I do not keep them."),
        (Person.sends_sticker, "I can only read text, and I do not keep anything else."),
        (
            Person.sends_photo,
            "I cannot look at photos, and I do not keep them. Please do not send papers here.",
        ),
        (
            Person.sends_document,
            "I cannot open files, and I do not keep them. Please do not send papers here.",
        ),
    ],
)
async def test_what_cannot_be_read_is_said_to_be_unread_and_unkept(
    deaf: Stack, send: object, answer: str
) -> None:
    person = deaf.person(language="uk")
    await send(person)  # type: ignore[operator]
    assert words("uk", answer) in await person.reply()


async def test_a_contact_is_not_kept(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.sends_contact("+380671234567", "Сусідка")
    assert words("uk", "I do not need phone numbers, and I do not keep them.") in await person.reply()


async def test_a_caption_is_read_like_a_text(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.sends_photo("Гейдельберг")
    assert words("uk", "Noted: {place}. What do you need there?", place="Heidelberg") in await person.reply()


async def test_an_edited_message_and_a_forwarded_one_are_answered(deaf: Stack) -> None:
    person = deaf.person(language="uk")
    await person.says("Ульм")
    await person.reply()
    await person.edits("Гейдельберг")
    assert "Heidelberg" in await person.reply()
    await person.forwards("Фрайбург")
    assert "Freiburg" in await person.reply()


async def test_in_a_group_only_who_speaks_to_the_bot_gets_one_short_answer(deaf: Stack) -> None:
    person = deaf.person(language="uk", group="Сусіди")
    await person.says("хто знає гарного лікаря?")
    await person.sends_photo()
    await deaf.settled()
    assert len(person.unread()) == 0
    answer = await person.asks("@lotse_test_bot а ти знаєш?")
    assert len(answer) == 1
    assert len(answer.text) < 200
    assert all("url" in button for button in answer.last.buttons), "no button that others could press"


async def test_a_command_to_another_bot_in_the_group_is_not_ours(deaf: Stack) -> None:
    person = deaf.person(language="uk", group="Сусіди")
    await person.says("/start@another_bot")
    await deaf.settled()
    assert len(person.unread()) == 0


async def test_telegram_lists_the_commands_in_every_language(deaf: Stack) -> None:
    shown = deaf.api.methods.commands
    await until(lambda: {language for _, language in shown} == {"", "uk", "ru", "de"}, 10, "all are listed")
    assert shown["default", "de"][0] == {"command": "menu", "description": words("de", "Menu")}


@pytest.mark.parametrize("command", [name for name, _ in COMMANDS_SHOWN] + ["help", "no_such_command"])
async def test_every_command_answers(deaf: Stack, command: str) -> None:
    answer = await deaf.person(language="ru").asks(f"/{command}")
    assert answer.text
