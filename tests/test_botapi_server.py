"""The local Bot API refuses what Telegram refuses, in Telegram's words and shapes."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from tests.botapi import BotApiServer, Person
from tests.botapi.html import plain_text


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(insecure_webhooks=True) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def person(server: BotApiServer) -> Person:
    return Person(server)


class Caller:
    """Calls methods with a JSON body and returns status and answer."""

    def __init__(self, server: BotApiServer, http: aiohttp.ClientSession) -> None:
        self._server, self._http = server, http

    async def __call__(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        url = f"{self._server.url}/bot{self._server.token}/{method}"
        async with self._http.post(url, json=params) as response:
            return response.status, await response.json()


@pytest.fixture
def call(server: BotApiServer, http: aiohttp.ClientSession) -> Caller:
    return Caller(server, http)


async def refused(call: Caller, person: Person, **params: Any) -> str:
    """The description of the 400 that sending this message meets."""
    status, answer = await call("sendMessage", **{"chat_id": person.id, "text": "x", **params})
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    return str(answer["description"])


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def test_an_unknown_method_is_not_found(call: Caller) -> None:
    assert await call("sendMassage") == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_a_wrong_token_is_unauthorized(server: BotApiServer, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{server.url}/bot1:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize("shape", ["query", "form", "multipart", "json"])
async def test_parameters_come_in_every_shape(
    server: BotApiServer, http: aiohttp.ClientSession, person: Person, shape: str
) -> None:
    url = f"{server.url}/bot{server.token}/sendMessage"
    markup = keyboard([{"text": "A", "callback_data": "a"}])
    params = {"chat_id": str(person.id), "text": "Добрий день", "reply_markup": json.dumps(markup)}
    if shape == "query":
        response = await http.get(url, params=params)
    elif shape == "form":
        response = await http.post(url, data=params)
    elif shape == "multipart":
        response = await http.post(url, data=aiohttp.FormData(params, default_to_multipart=True))
    else:
        response = await http.post(url, json={**params, "chat_id": person.id, "reply_markup": markup})
    assert response.status == 200
    assert person.unread().last.buttons == [{"text": "A", "callback_data": "a"}]


async def test_a_text_may_be_neither_empty_nor_over_4096_characters(call: Caller, person: Person) -> None:
    assert await refused(call, person, text="") == "Bad Request: message text is empty"
    assert await refused(call, person, text=" \n ") == "Bad Request: message text is empty"
    assert await refused(call, person, text="<b></b>", parse_mode="HTML") == (
        "Bad Request: message text is empty"
    )
    assert await refused(call, person, text="я" * 4097) == "Bad Request: message is too long"
    status, _ = await call("sendMessage", chat_id=person.id, text=f"<b>{'я' * 4096}</b>", parse_mode="HTML")
    assert status == 200


@pytest.mark.parametrize(
    "html",
    [
        "<h1>no such tag</h1>",
        "a < b",
        "<b>unclosed",
        "<b",
        "</b>",
        "<b><i>wrong order</b></i>",
        "<span>not a spoiler</span>",
        '<a href="x" onclick>y</a onclick>',
        "Müller & Söhne",
        "&nbsp;",
        "<",
    ],
)
async def test_broken_markup_is_refused(call: Caller, person: Person, html: str) -> None:
    description = await refused(call, person, text=html, parse_mode="HTML")
    assert description.startswith("Bad Request: can't parse entities: ")


def test_markup_is_read_as_telegram_reads_it() -> None:
    html = '<b>A &amp; <i>B</i></b> &lt;c&gt; <a href="https://a.example/?x=1&amp;y=2">link</a> &#8364; > '
    assert plain_text(html) == "A & B <c> link € > "


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        (keyboard([{"text": "A", "callback_data": "я" * 33}]), "BUTTON_DATA_INVALID"),
        (keyboard([{"text": "A", "callback_data": ""}]), "BUTTON_DATA_INVALID"),
        (keyboard([{"text": "A"}]), "Text buttons are unallowed in the inline keyboard"),
        (keyboard([{"text": "A", "callback_data": "a", "url": "https://a.example"}]), "exactly one"),
        (keyboard([{"text": "", "callback_data": "a"}]), "non-empty"),
        (keyboard([{"text": "A", "url": "not an address"}]), "is invalid: Wrong HTTP URL"),
        (keyboard([{"text": "A", "url": "tel:+49110"}]), "is invalid: Wrong HTTP URL"),
        (keyboard([]), "a row has no buttons"),
        (keyboard(), "a row has no buttons"),
        (keyboard([{"text": "A", "callback_data": "a"}] * 9), "reply markup is too long"),
        ({"inline_keyboard": {"text": "A"}}, "can't parse reply keyboard markup JSON object"),
        ({"buttons": []}, "can't parse reply keyboard markup JSON object"),
        ([], "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_a_keyboard_of_the_wrong_shape_is_refused(
    call: Caller, person: Person, markup: Any, complaint: str
) -> None:
    assert complaint in await refused(call, person, reply_markup=markup)


async def test_only_chats_that_wrote_can_be_written_to(call: Caller, person: Person) -> None:
    assert await refused(call, person, chat_id=1) == "Bad Request: chat not found"
    person.blocks_the_bot()
    status, answer = await call("sendMessage", chat_id=person.id, text="x")
    assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")


async def test_more_than_thirty_messages_a_second_are_too_many(call: Caller, server: BotApiServer) -> None:
    people = [Person(server) for _ in range(31)]
    answers = [await call("sendMessage", chat_id=one.id, text="x") for one in people]
    assert [status for status, _ in answers] == [200] * 30 + [429]
    assert answers[-1][1]["parameters"] == {"retry_after": 1}


async def test_bursts_in_one_chat_can_be_limited(http: aiohttp.ClientSession) -> None:
    async with BotApiServer(chat_burst=3) as server:
        call, person, other = Caller(server, http), Person(server), Person(server)
        statuses = [(await call("sendMessage", chat_id=person.id, text="x"))[0] for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        assert (await call("sendMessage", chat_id=other.id, text="x"))[0] == 200


async def test_a_button_press_is_answered_once(call: Caller, server: BotApiServer, person: Person) -> None:
    person.press_data("menu")
    (query,) = server.methods.open_queries
    assert (await call("answerCallbackQuery", callback_query_id=query))[0] == 200
    status, answer = await call("answerCallbackQuery", callback_query_id=query)
    assert status == 400
    assert "query is too old" in answer["description"]


async def test_updates_stay_until_a_later_offset_confirms_them(call: Caller, person: Person) -> None:
    await person.says("раз")
    await person.says("два")
    first = (await call("getUpdates"))[1]["result"]
    assert [update["message"]["text"] for update in first] == ["раз", "два"]
    assert (await call("getUpdates"))[1]["result"] == first
    rest = (await call("getUpdates", offset=first[0]["update_id"] + 1))[1]["result"]
    assert rest == first[1:]
    assert (await call("getUpdates", offset=first[1]["update_id"] + 1))[1]["result"] == []


async def test_a_long_poll_returns_as_soon_as_somebody_writes(call: Caller, person: Person) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await person.says("привіт")
    async with asyncio.timeout(5):
        assert len((await poll)[1]["result"]) == 1


async def test_updates_of_kinds_nobody_wants_are_not_delivered(call: Caller, person: Person) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    await person.says("не прийде")
    person.press_data("menu")
    (update,) = (await call("getUpdates"))[1]["result"]
    assert update["callback_query"]["data"] == "menu"


async def test_a_second_poller_ends_the_first_with_a_conflict(call: Caller, server: BotApiServer) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await server.delivery.changes.until(lambda: server.delivery.polls == 1, 5)
    second = asyncio.create_task(call("getUpdates", timeout=30))
    status, answer = await first
    assert (status, answer["error_code"]) == (409, 409)
    assert "terminated by other getUpdates" in answer["description"]
    second.cancel()


async def test_polling_conflicts_with_a_webhook(call: Caller) -> None:
    assert (await call("setWebhook", url="http://127.0.0.1:9/hook"))[0] == 200
    assert (await call("getWebhookInfo"))[1]["result"]["url"] == "http://127.0.0.1:9/hook"
    status, answer = await call("getUpdates")
    assert status == 409
    assert "webhook is active" in answer["description"]
    await call("deleteWebhook")
    assert (await call("getUpdates"))[0] == 200


async def test_a_webhook_needs_https(http: aiohttp.ClientSession) -> None:
    async with BotApiServer() as server:
        status, answer = await Caller(server, http)("setWebhook", url="http://bot.example/")
        assert (status, answer["description"]) == (
            400,
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        )


async def test_a_webhook_gets_every_update_with_the_secret_until_it_takes_it(
    call: Caller, server: BotApiServer, person: Person
) -> None:
    seen: list[tuple[str, str]] = []
    statuses = [500, 200, 200]

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        seen.append((update["message"]["text"], request.headers["X-Telegram-Bot-Api-Secret-Token"]))
        return web.Response(status=statuses.pop(0))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    await call("setWebhook", url=f"http://127.0.0.1:{port}/hook", secret_token="s3cret")
    await person.says("раз")
    await person.says("два")
    await server.delivery.changes.until(lambda: server.confirmed, 5)
    assert seen == [("раз", "s3cret"), ("раз", "s3cret"), ("два", "s3cret")]
    await runner.cleanup()


async def test_messages_can_be_edited_and_deleted(call: Caller, person: Person) -> None:
    sent = (await call("sendMessage", chat_id=person.id, text="раз"))[1]["result"]
    target = {"chat_id": person.id, "message_id": sent["message_id"]}
    assert (await call("editMessageText", **target, text="два"))[0] == 200
    assert person.chat.messages[-1].text == "два"
    status, answer = await call("editMessageText", **target, text="два")
    assert status == 400
    assert "message is not modified" in answer["description"]
    markup = keyboard([{"text": "A", "callback_data": "a"}])
    assert (await call("editMessageReplyMarkup", **target, reply_markup=markup))[0] == 200
    assert (await call("deleteMessage", **target))[0] == 200
    assert (await call("deleteMessage", **target))[1]["description"] == (
        "Bad Request: message to delete not found"
    )


async def test_only_a_text_with_buttons_of_its_own_can_be_edited(call: Caller, person: Person) -> None:
    async def refusal(**params: Any) -> str:
        status, answer = await call("editMessageText", chat_id=person.id, text="x", **params)
        assert status == 400
        return str(answer["description"])

    keys = {"keyboard": [["Надіслати"]]}
    plain = (await call("sendMessage", chat_id=person.id, text="раз"))[1]["result"]["message_id"]
    keyed = (await call("sendMessage", chat_id=person.id, text="раз", reply_markup=keys))[1]["result"]
    file = (await call("sendDocument", chat_id=person.id, document="file-1"))[1]["result"]["message_id"]
    assert await refusal(message_id=99) == "Bad Request: message to edit not found"
    assert await refusal(message_id=keyed["message_id"]) == "Bad Request: message can't be edited"
    assert await refusal(message_id=plain, reply_markup=keys) == "Bad Request: inline keyboard expected"
    assert await refusal(message_id=file) == "Bad Request: there is no text in the message to edit"


async def test_edits_count_as_messages(call: Caller, person: Person) -> None:
    sent = (await call("sendMessage", chat_id=person.id, text="0"))[1]["result"]["message_id"]
    target = {"chat_id": person.id, "message_id": sent}
    statuses = [(await call("editMessageText", **target, text=str(n)))[0] for n in range(1, 31)]
    assert statuses == [200] * 29 + [429]


async def test_a_person_sees_an_edit_as_an_answer(call: Caller, person: Person) -> None:
    sent = (await call("sendMessage", chat_id=person.id, text="раз"))[1]["result"]["message_id"]
    assert len(person.unread()) == 1
    await call("editMessageText", chat_id=person.id, message_id=sent, text="два")
    assert [message.text for message in (await person.reply()).messages] == ["два"]
    assert len(person.unread()) == 0


async def test_a_file_is_uploaded_with_its_name(
    server: BotApiServer, http: aiohttp.ClientSession, person: Person
) -> None:
    url = f"{server.url}/bot{server.token}/sendDocument"

    async def upload(content: bytes, field: str, **params: str) -> int:
        form = aiohttp.FormData({"chat_id": str(person.id), **params})
        form.add_field(field, content, filename="termin.ics", content_type="text/calendar")
        async with http.post(url, data=form) as response:
            return response.status

    assert await upload(b"BEGIN:VCALENDAR", "document") == 200
    assert await upload(b"BEGIN:VCALENDAR", "part", document="attach://part") == 200
    assert await upload(b"", "document") == 400
    files = [message.file for message in person.unread().messages]
    assert [(file.name, file.media_type, file.content) for file in files if file] == [
        ("termin.ics", "text/calendar", b"BEGIN:VCALENDAR")
    ] * 2


async def test_blocking_and_coming_back_are_updates(call: Caller, person: Person) -> None:
    person.blocks_the_bot()
    person.unblocks_the_bot()
    updates = (await call("getUpdates"))[1]["result"]
    changes = [update["my_chat_member"] for update in updates]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    assert (await call("sendMessage", chat_id=person.id, text="x"))[0] == 200


async def test_other_things_can_be_sent(call: Caller, person: Person) -> None:
    here = {"chat_id": person.id, "latitude": 49.4, "longitude": 8.7}
    assert (await call("sendLocation", **here))[0] == 200
    assert (await call("sendVenue", **here, title="Rathaus", address="Marktplatz"))[0] == 200
    assert (await call("sendDocument", chat_id=person.id, document="file-1", caption="x" * 1025))[0] == 400
    assert (await call("sendDocument", chat_id=person.id, document="file-1"))[0] == 200
    assert (await call("sendChatAction", chat_id=person.id, action="typing"))[0] == 200
    assert (await call("sendChatAction", chat_id=person.id, action="dancing"))[0] == 400
    assert (await call("getChat", chat_id=person.id))[1]["result"]["first_name"] == "Оксана"


async def test_the_bots_face_is_kept_and_checked(call: Caller, server: BotApiServer) -> None:
    commands = [{"command": "menu", "description": "Меню"}]
    assert (await call("setMyCommands", commands=commands, language_code="uk"))[0] == 200
    assert (await call("getMyCommands", language_code="uk"))[1]["result"] == commands
    bad = [{"command": "Menü", "description": "Menü"}]
    assert (await call("setMyCommands", commands=bad))[1]["description"] == "Bad Request: BOT_COMMAND_INVALID"
    assert (await call("setMyDescription", description="x" * 513))[0] == 400
    assert (await call("setMyShortDescription", short_description="Лоцман", language_code="uk"))[0] == 200
    assert (await call("setChatMenuButton", menu_button={"type": "commands"}))[0] == 200
    assert server.methods.texts == {("short_description", "uk"): "Лоцман"}
    assert (await call("setMyShortDescription", short_description="x" * 121))[0] == 400
    shown = (await call("getMyShortDescription", language_code="uk"))[1]["result"]
    assert shown == {"short_description": "Лоцман"}
    assert (await call("getMyDescription"))[1]["result"] == {"description": ""}
    assert (await call("getChatMenuButton"))[1]["result"] == {"type": "commands"}


class TestTheFieldsClient:
    """python-telegram-bot takes the server for Telegram, its errors included."""

    @pytest.fixture
    async def bot(self, server: BotApiServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
        monkeypatch.setenv("PTB_TIMEDELTA", "true")
        request = HTTPXRequest(read_timeout=1)
        async with Bot(server.token, base_url=f"{server.url}/bot", request=request) as bot:
            yield bot

    async def test_it_sends_and_receives(self, bot: Bot, person: Person) -> None:
        await person.says("/start")
        (update,) = await bot.get_updates()
        assert update.message and update.message.from_user
        assert (update.message.text, update.message.from_user.language_code) == ("/start", "uk")
        button = InlineKeyboardButton("Меню", callback_data="menu")
        await bot.send_message(
            person.id, "<b>Вітаю</b>", parse_mode="HTML", reply_markup=InlineKeyboardMarkup([[button]])
        )
        assert (await person.hears("Вітаю")).html == "<b>Вітаю</b>"
        await person.presses("Меню")
        (pressed,) = await bot.get_updates(offset=update.update_id + 1)
        assert pressed.callback_query and pressed.callback_query.data == "menu"
        await pressed.callback_query.answer()

    async def test_it_raises_its_own_errors(self, bot: Bot, server: BotApiServer, person: Person) -> None:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(1, "x", parse_mode="HTML")
        server.fail_next("sendMessage", 429, retry_after=3)
        with pytest.raises(RetryAfter):
            await bot.send_message(person.id, "x")
        server.fail_next("sendMessage", 502)
        with pytest.raises(NetworkError):
            await bot.send_message(person.id, "x")
        person.blocks_the_bot()
        with pytest.raises(Forbidden):
            await bot.send_message(person.id, "x")

    async def test_it_knows_a_wrong_token(self, server: BotApiServer) -> None:
        with pytest.raises(InvalidToken):
            async with Bot("1:wrong", base_url=f"{server.url}/bot"):
                pass

    async def test_a_dropped_connection_delivers_nothing(
        self, bot: Bot, server: BotApiServer, person: Person
    ) -> None:
        server.drop_next("sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(person.id, "x")
        assert len(person.unread()) == 0

    async def test_a_lost_answer_does_not_undo_the_message(
        self, bot: Bot, server: BotApiServer, person: Person
    ) -> None:
        server.drop_next("sendMessage", after=True)
        with pytest.raises(NetworkError):
            await bot.send_message(person.id, "x")
        assert len(person.unread()) == 1

    async def test_a_caller_that_gives_up_delivers_nothing(
        self, bot: Bot, server: BotApiServer, person: Person
    ) -> None:
        hold = server.hold_next("sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(person.id, "x")
        async with asyncio.timeout(5):
            await hold.abandoned.wait()
        assert len(person.unread()) == 0
