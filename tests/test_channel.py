"""What the channel makes of replies: messages within the limits, files, edits, and who is gone."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.base import MAX_CAPTION, MAX_TEXT, Gone, Undeliverable
from bot.channels.messages import fitted, plain_text
from bot.channels.telegram.sending import TelegramChannel
from bot.connection import redis_client
from bot.inbox import Envelope
from bot.rate import SendingRate
from bot.types import Button, Document, Reply
from bot.worker import TryAgain
from tests.bot_factory import a_turn
from tests.botapi import BotApiServer, Person
from tests.botapi.html import plain_text as as_read
from tests.botapi.html import utf16_length

BUTTONS = ((Button("Далі", "topics:1"),),)
CALENDAR = Document("termin.ics", "text/calendar", base64.b64encode("BEGIN:VCALENDAR ї".encode()).decode())


class TestMessages:
    def test_what_fits_stays_as_it_is(self) -> None:
        reply = Reply("я" * MAX_TEXT, BUTTONS, replaces=True)
        assert fitted([reply]) == (reply,)

    def test_a_long_text_is_divided_at_the_end_of_a_paragraph(self) -> None:
        paragraphs = [f"{number} " + "слово " * 90 for number in range(20)]
        parts = fitted([Reply("\n\n".join(paragraphs), BUTTONS, replaces=True)])
        assert len(parts) > 2
        assert all(part.html[0].isdigit() for part in parts), "each begins with a paragraph"
        assert "".join("".join(part.html.split()) for part in parts) == "".join("".join(paragraphs).split())
        assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
        assert [part.replaces for part in parts] == [True] + [False] * (len(parts) - 1)

    @pytest.mark.parametrize(
        "html",
        [
            "слово " * 3000,
            "😀" * 5000,
            "я" * 9000,
            "&lt;&amp;" * 5000,
            "<b>" + "рядок\n" * 2000 + "</b>",
            "<b>a <i>"
            + "слово " * 2000
            + "</i></b>"
            + '<a href="https://a.example/?x=1&amp;y=2">тут</a> ' * 2000,
        ],
    )
    def test_every_part_is_a_message_of_its_own(self, html: str) -> None:
        parts = fitted([Reply(html)])
        read = [as_read(part.html) for part in parts]
        assert all(0 < utf16_length(text) <= MAX_TEXT for text in read)
        assert "".join("".join(read).split()) == "".join(as_read(html).split())

    def test_a_caption_that_is_too_long_goes_before_its_file(self) -> None:
        text, file = fitted([Reply("я" * (MAX_CAPTION + 1), BUTTONS, document=CALENDAR)])
        assert (text.document, text.buttons) == (None, ())
        assert (file.html, file.document, file.buttons) == ("", CALENDAR, BUTTONS)

    def test_a_short_caption_stays_with_its_file(self) -> None:
        reply = Reply("я" * MAX_CAPTION, document=CALENDAR)
        assert fitted([reply]) == (reply,)

    def test_plain_text_keeps_words_and_addresses(self) -> None:
        html = '<b>A &amp; B</b> &lt;1&gt;: <a href="https://a.example/?x=1&amp;y=2">site</a>'
        assert plain_text(html) == "A & B <1>: site (https://a.example/?x=1&y=2)"


@dataclass
class Line:
    """One person at the other end of a real channel."""

    api: BotApiServer
    person: Person
    channel: TelegramChannel
    envelope: Envelope

    async def send(self, reply: Reply, **envelope: Any) -> None:
        await self.channel.send(replace(self.envelope, **envelope), reply)

    def texts(self) -> list[str]:
        return [message.text for message in self.person.chat.messages]


@pytest.fixture
async def line(valkey: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    monkeypatch.setattr("bot.rate.CHAT_INTERVAL_MS", 1)
    async with (
        BotApiServer() as api,
        redis_client(valkey) as redis,
        Bot(api.token, base_url=f"{api.url}/bot", request=HTTPXRequest(read_timeout=2)) as bot,
    ):
        person = Person(api)
        envelope = Envelope("telegram", str(person.id), a_turn("…"))
        yield Line(api, person, TelegramChannel(bot, SendingRate(redis)), envelope)


class TestFiles:
    async def test_a_file_arrives_with_its_name_its_words_and_its_buttons(self, line: Line) -> None:
        await line.send(Reply("<b>Нагадування</b>", BUTTONS, document=CALENDAR))
        message = line.person.unread().last
        assert message.file
        assert (message.file.name, message.file.media_type) == ("termin.ics", "text/calendar")
        assert message.file.content.decode() == "BEGIN:VCALENDAR ї"
        assert message.text == "Нагадування"
        assert message.buttons == [{"text": "Далі", "callback_data": "topics:1"}]

    async def test_a_file_without_words_arrives(self, line: Line) -> None:
        await line.send(Reply("", document=CALENDAR))
        assert line.person.unread().last.file

    async def test_a_file_never_takes_the_place_of_a_message(self, line: Line) -> None:
        await line.send(Reply("1"))
        await line.send(Reply("2", document=CALENDAR, replaces=True), message_id=1)
        assert line.texts() == ["1", "2"]


class TestReplacing:
    async def test_a_step_in_a_list_takes_the_place_of_the_one_before(self, line: Line) -> None:
        await line.send(Reply("сторінка 1", BUTTONS))
        [page] = line.person.chat.messages
        await line.send(Reply("<b>сторінка 2</b>", replaces=True), message_id=page.message_id)
        assert line.texts() == ["сторінка 2"]
        assert page.buttons == []

    async def test_the_same_step_twice_is_done_and_sends_nothing(self, line: Line) -> None:
        await line.send(Reply("сторінка 1", BUTTONS))
        await line.send(Reply("сторінка 1", BUTTONS, replaces=True), message_id=1)
        assert line.texts() == ["сторінка 1"]

    async def test_what_can_no_longer_be_edited_is_sent_anew(self, line: Line) -> None:
        await line.send(Reply("сторінка 2", BUTTONS, replaces=True), message_id=99)
        assert line.texts() == ["сторінка 2"]

    async def test_a_server_that_knows_no_edits_gets_new_messages(self, line: Line) -> None:
        await line.send(Reply("1"))
        line.api.fail_next("editMessageText", 404, "Not Found")
        await line.send(Reply("2", replaces=True), message_id=1)
        assert line.texts() == ["1", "2"]

    async def test_without_a_pressed_message_it_is_sent(self, line: Line) -> None:
        await line.send(Reply("1"))
        await line.send(Reply("2", replaces=True))
        assert line.texts() == ["1", "2"]

    async def test_a_keyboard_under_the_input_field_needs_a_new_message(self, line: Line) -> None:
        await line.send(Reply("1"))
        share = ((Button("Надіслати", asks_location=True),),)
        await line.send(Reply("2", share, replaces=True), message_id=1)
        assert line.texts() == ["1", "2"]
        assert line.api.refusals == []

    async def test_edits_keep_the_limits_of_messages(self, line: Line) -> None:
        await line.send(Reply("1"))
        for number in range(40):
            await line.send(Reply(f"сторінка {number}", replaces=True), message_id=1)
        assert line.api.calls["editmessagetext"] == 40
        assert line.api.limits.refused == 0

    async def test_telegram_asking_to_wait_keeps_the_turn(self, line: Line) -> None:
        await line.send(Reply("1"))
        line.api.fail_next("editMessageText", 429, retry_after=1)
        with pytest.raises(TryAgain):
            await line.send(Reply("2", replaces=True), message_id=1)
        assert line.texts() == ["1"]


class TestRefusals:
    @pytest.mark.parametrize("html", ["<b>1 < 2</b> &amp; ще", "<h1>Заголовок</h1>", "<b>до кінця"])
    async def test_refused_markup_is_sent_once_more_without_markup(self, line: Line, html: str) -> None:
        await line.send(Reply(html, BUTTONS))
        [message] = line.person.chat.messages
        assert "<b>" not in message.text
        assert message.buttons
        assert line.api.calls["sendmessage"] == 2

    async def test_what_is_refused_as_plain_text_too_is_given_up(self, line: Line) -> None:
        line.api.fail_next("sendMessage", 400, "Bad Request: can't parse entities: x", times=2)
        with pytest.raises(Undeliverable):
            await line.send(Reply("<b>1</b>"))
        assert line.api.calls["sendmessage"] == 2

    async def test_another_refusal_is_not_tried_again(self, line: Line) -> None:
        line.api.fail_next("sendMessage", 400, "Bad Request: something new")
        with pytest.raises(Undeliverable):
            await line.send(Reply("1"))
        assert line.api.calls["sendmessage"] == 1

    async def test_who_blocked_the_bot_is_gone(self, line: Line) -> None:
        line.person.blocks_the_bot()
        with pytest.raises(Gone):
            await line.send(Reply("1"))

    async def test_whose_account_is_deleted_is_gone(self, line: Line) -> None:
        with pytest.raises(Gone):
            await line.send(Reply("1"), address="1")


class TestTyping:
    async def test_it_is_shown_and_not_repeated_at_once(self, line: Line) -> None:
        for _ in range(3):
            await line.channel.busy(line.envelope)
        assert line.person.chat.actions == ["typing"]

    async def test_a_refusal_is_nobodys_business(self, line: Line) -> None:
        line.api.fail_next("sendChatAction", 429, retry_after=60)
        await line.channel.busy(line.envelope)
        await line.channel.busy(line.envelope)
        assert line.api.calls["sendchataction"] == 1
        await line.send(Reply("1"))
        assert line.texts() == ["1"]
