"""The preview's page and its two addresses: what goes into the inbox, what comes out, who is refused."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import AsyncClient, Client
from pytest_django.fixtures import Settings
from redis.asyncio import Redis

from bot import keys
from bot.channels.preview import PreviewChannel
from bot.connection import redis_client
from bot.inbox import Entry, Envelope, Inbox
from bot.types import LANGUAGES, Button, Reply
from bot.vault import Vault
from console.preview import flood, stream
from console.preview.texts import page_texts
from tests.preview_server import served

PREVIEW = Path(__file__).resolve().parent.parent / "console" / "preview"
SECRET_KEY, TRANSCRIPT_KEY = "a secret key for tests", "a transcript key for tests, long enough"
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def environment(valkey: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL, settings.SECRET_KEY = valkey, SECRET_KEY
    monkeypatch.setenv("TRANSCRIPT_KEY", TRANSCRIPT_KEY)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)


class Bot:
    """The bot's side, without its head: reads the inbox and answers what the test tells it to."""

    def __init__(self, redis: Redis) -> None:
        vault = Vault(SECRET_KEY, TRANSCRIPT_KEY)
        self._inbox, self._channel = Inbox(redis, vault), PreviewChannel(redis, vault)

    async def turns(self) -> list[Envelope]:
        """The turns not read before."""
        found: list[Envelope] = []
        for partition in range(keys.INBOX_PARTITIONS):
            await self._inbox.prepare(partition)
            for entry in await self._inbox.next(partition, "test", 100, 1):
                assert isinstance(entry, Entry)
                found.append(entry.envelope)
        return found

    async def answer(self, envelope: Envelope, *sentences: str) -> None:
        for sentence in sentences:
            await self._channel.send(envelope, Reply(sentence))


@pytest.fixture
async def bot(valkey: str) -> AsyncIterator[Bot]:
    async with redis_client(valkey) as redis:
        yield Bot(redis)


async def visitor() -> AsyncClient:
    """A browser that has opened the page."""
    browser = AsyncClient()
    assert (await browser.get("/preview/")).status_code == 200
    return browser


def a_turn(**fields: Any) -> dict[str, Any]:
    return {"key": "key-00001", "kind": "text", "text": "я в Гейдельберзі", **fields}


async def post(browser: AsyncClient, turn: object, **headers: str) -> Any:
    body = turn if isinstance(turn, bytes) else json.dumps(turn)
    return await browser.post("/preview/turns", body, content_type="application/json", headers=headers)


async def stream_of(browser: AsyncClient, path: str = "/preview/replies", **headers: str) -> Any:
    """The parts of the stream of replies, as they are sent."""
    response: Any = await browser.get(path, headers=headers)
    assert response.status_code == 200
    return response.streaming_content


async def conversation_of(browser: AsyncClient, bot: Bot) -> Envelope:
    """Let the browser say something, so that the bot knows whom to answer."""
    assert (await post(browser, a_turn())).status_code == 202
    (envelope,) = await bot.turns()
    return envelope


async def read(browser: AsyncClient, *, after: str = "", last_event_id: str = "") -> list[tuple[str, str]]:
    """The replies that are there already: (event id, HTML) of everything before the event `ready`."""
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    parts = await stream_of(browser, f"/preview/replies?after={after}", **headers)
    found: list[tuple[str, str]] = []
    async for part in parts:
        event = dict(line.split(": ", 1) for line in part.decode().splitlines() if line)
        if event.get("event") == "ready":
            await parts.aclose()
            return found
        if event.get("event") == "reply":
            found.append((event["id"], json.loads(event["data"])["html"]))
    raise AssertionError("the stream ended before it was ready")


# --- The page


def test_a_browser_gets_a_conversation_that_no_script_and_no_other_site_can_read(client: Client) -> None:
    cookie = client.get("/preview/").cookies["preview_visitor"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/preview/")
    assert not cookie["max-age"], "the conversation must not outlive the browser on a shared computer"
    visitor = cookie.value.split(":")[0]
    assert client.get("/preview/").cookies["preview_visitor"].value.split(":")[0] == visitor
    client.cookies["preview_visitor"] = cookie.value + "x"
    assert client.get("/preview/").cookies["preview_visitor"].value.split(":")[0] != visitor


def test_beginning_anew_gives_another_conversation(client: Client) -> None:
    before = client.get("/preview/").cookies["preview_visitor"].value
    answer = client.post("/preview/anew")
    assert (answer.status_code, answer["Location"]) == (302, "/preview/")
    assert answer.cookies["preview_visitor"].value != before
    assert client.get("/preview/anew").status_code == 405


def test_the_page_runs_no_inline_script_and_names_no_other_host(client: Client) -> None:
    page = client.get("/preview/")
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]
    html = page.content.decode()
    assert "<noscript>" in html
    for script in re.findall(r"<script[^>]*>", html):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", html)
    own = [html, *(path.read_text() for path in (PREVIEW / "static").rglob("*.*"))]
    addresses = {address for text in own for address in re.findall(r"https?://[\w.]+", text)}
    assert addresses <= {"http://www.w3.org"}, "the name space of the icon is the only address"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru-RU,ru;q=0.9,de;q=0.8", "ru"),
        ("de-AT", "de"),
        ("uk", "uk"),
        ("fr,en;q=0.8,de;q=0.5", "de"),
        ("en-GB,en;q=0.9", "uk"),
        ("", "uk"),
        ("*;q=0", "uk"),
    ],
)
def test_the_page_speaks_the_browsers_language(client: Client, accepted: str, language: str) -> None:
    page = client.get("/preview/", headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in page.content.decode()
    assert page_texts(language)["tagline"] in page.content.decode()


def test_the_language_chosen_on_the_page_is_remembered(client: Client) -> None:
    client.get("/preview/?lang=ru", headers={"accept-language": "de"})
    assert '<html lang="ru">' in client.get("/preview/", headers={"accept-language": "de"}).content.decode()
    assert '<html lang="ru">' in client.get("/preview/?lang=xx").content.decode()


def test_every_sentence_exists_in_every_language() -> None:
    used = set()
    for path in (*(PREVIEW / "static").rglob("*.js"), *(PREVIEW / "templates").rglob("*.html")):
        source = path.read_text()
        used |= set(re.findall(r'data-(?:text|label|placeholder)="(\w+)"|texts\.(\w+)', source))
        used |= {(name, "") for name in re.findall(r'"((?:error|location|not|send|page)_\w+)"', source)}
        used |= {(name, "") for name in re.findall(r'text\("(\w+)"\)', source)}
    for path in PREVIEW.glob("*.py"):
        used |= {(f"error_{name}", "") for name in re.findall(r'Refused\(\d+, "(\w+)"', path.read_text())}
    names = {one or other for one, other in used}
    assert len(names) > 25
    for language in LANGUAGES:
        texts = page_texts(language)
        assert set(texts) == names
        assert all(text.strip() == text and text for text in texts.values())
        foreign = (
            r"[А-Яа-яЁёІіЇїЄєҐґ]"
            if language == "de"
            else r"[ыэъёЫЭЪЁ]"
            if language == "uk"
            else r"[іїєґІЇЄҐ]"
        )
        assert not [text for text in texts.values() if re.search(foreign, text)]


# --- Turns


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (a_turn(text="  потрібен психолог\n"), {"kind": "text", "text": "потрібен психолог"}),
        (a_turn(text="я" * 4096), {"kind": "text", "text": "я" * 4096}),
        (a_turn(text="🙏\ud83d"), {"kind": "text", "text": "🙏\ufffd"}),
        (a_turn(text="/Start ref"), {"kind": "command", "payload": "start", "text": "ref"}),
        (a_turn(text="/ ?"), {"kind": "text", "text": "/ ?"}),
        (a_turn(kind="command", payload="menu"), {"kind": "command", "payload": "menu", "text": ""}),
        (a_turn(kind="button", payload="lang:de"), {"kind": "button", "payload": "lang:de", "text": ""}),
        (
            a_turn(kind="location", lat=48.49, lon=9),
            {"kind": "location", "latitude": 48.49, "longitude": 9.0, "text": ""},
        ),
    ],
)
async def test_a_turn_reaches_the_bots_inbox(
    bot: Bot, sent: dict[str, Any], expected: dict[str, Any]
) -> None:
    answer = await post(await visitor(), sent, **{"accept-language": "ru"})
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    (envelope,) = await bot.turns()
    turn = envelope.turn
    assert {name: getattr(turn, name) for name in expected} == expected
    assert (envelope.channel, turn.client_language) == ("preview", "ru")


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, b""),
        (400, b"{"),
        (400, b"\xff\xfe"),
        (400, b"[" * 60_000),
        (400, ["text"]),
        (400, {}),
        (400, a_turn(key="")),
        (400, a_turn(key="short")),
        (400, a_turn(key="k" * 65)),
        (400, a_turn(key="key with: colon")),
        (400, a_turn(key=12345678)),
        (400, a_turn(kind="edited")),
        (400, a_turn(kind=["text"])),
        (400, a_turn(text="")),
        (400, a_turn(text=" \n")),
        (400, a_turn(text=None)),
        (400, a_turn(text={"a": 1})),
        (413, a_turn(text="я" * 4097)),
        (413, a_turn(text="a" * 70_000)),
        (400, a_turn(kind="button")),
        (400, a_turn(kind="button", payload="")),
        (400, a_turn(kind="button", payload="я" * 33)),
        (400, a_turn(kind="command", payload="/start")),
        (400, a_turn(kind="command", payload="start now")),
        (400, a_turn(kind="location")),
        (400, a_turn(kind="location", lat="48", lon="9")),
        (400, a_turn(kind="location", lat=True, lon=False)),
        (400, a_turn(kind="location", lat=90.1, lon=9)),
        (400, a_turn(kind="location", lat=48, lon=-181)),
        (400, b'{"key": "key-00001", "kind": "location", "lat": NaN, "lon": 9}'),
        (400, b'{"key": "key-00001", "kind": "location", "lat": 1e999, "lon": 9}'),
    ],
)
async def test_what_is_no_turn_is_refused_with_a_sentence(bot: Bot, status: int, sent: object) -> None:
    answer = await post(await visitor(), sent, **{"accept-language": "de"})
    assert answer.status_code == status
    assert answer.json()["error"] in page_texts("de").values()
    assert await bot.turns() == []


async def test_a_repeated_request_is_answered_once(bot: Bot) -> None:
    browser = await visitor()
    answers = [await post(browser, a_turn()) for _ in range(2)]
    assert [(one.status_code, one.json()["accepted"]) for one in answers] == [(202, True), (202, False)]
    assert len(await bot.turns()) == 1


async def test_a_page_of_another_site_cannot_send_turns(bot: Bot) -> None:
    browser = AsyncClient(enforce_csrf_checks=True)
    page = await browser.get("/preview/")
    assert (await post(browser, a_turn())).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token
    assert (await post(browser, a_turn(), **{"X-CSRFToken": token[1]})).status_code == 202
    assert len(await bot.turns()) == 1


async def test_a_request_without_a_conversation_is_told_to_open_the_page() -> None:
    stranger = AsyncClient(headers={"accept-language": "uk"})
    for answer in (await post(stranger, a_turn()), await stranger.get("/preview/replies")):
        assert (answer.status_code, answer.json()) == (
            400,
            {"error": page_texts("uk")["error_unknown_visitor"]},
        )


async def test_a_flood_is_stopped_and_others_are_still_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "TURNS_PER_WINDOW", 3)
    flooding, other = await visitor(), await visitor()
    answers = [await post(flooding, a_turn(key=f"key-{n:05}")) for n in range(5)]
    assert [one.status_code for one in answers] == [202, 202, 202, 429, 429]
    assert answers[-1]["Retry-After"] == "10"
    assert (await post(other, a_turn())).status_code == 202


async def test_a_full_inbox_is_said_honestly(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await visitor()
    monkeypatch.setattr(keys, "INBOX_MAX_ENTRIES", 1)
    assert (await post(browser, a_turn(key="key-00001"))).status_code == 202
    refused = await post(browser, a_turn(key="key-00002"), **{"accept-language": "de"})
    assert (refused.status_code, refused.json()) == (503, {"error": page_texts("de")["error_full"]})


async def test_without_redis_the_page_opens_and_says_that_the_bot_is_away(settings: Settings) -> None:
    settings.REDIS_URL = NOWHERE
    browser = await visitor()
    for answer in (await post(browser, a_turn()), await browser.get("/preview/replies")):
        assert (answer.status_code, answer.json()) == (503, {"error": page_texts("uk")["error_unreachable"]})


async def test_without_the_bots_key_nothing_is_accepted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TRANSCRIPT_KEY", " ")
    answer = await post(await visitor(), a_turn())
    assert (answer.status_code, "TRANSCRIPT_KEY" in answer.json()["error"]) == (503, True)
    assert "TRANSCRIPT_KEY is not set" in caplog.text


# --- Replies


async def test_a_reply_comes_with_its_buttons_as_an_event_named_by_its_place(bot: Bot, valkey: str) -> None:
    browser = await visitor()
    envelope = await conversation_of(browser, bot)
    reply = Reply(
        "<b>Рядок</b>\nдругий", ((Button("Меню", "menu"), Button("Карта", url="https://a.example")),)
    )
    async with redis_client(valkey) as redis:
        await PreviewChannel(redis, Vault(SECRET_KEY, TRANSCRIPT_KEY)).send(envelope, reply)
    response: Any = await browser.get("/preview/replies")
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-store"
    parts = response.streaming_content
    assert re.fullmatch(rb"retry: \d+\n\n", await anext(parts))
    event = (await anext(parts)).decode()
    await parts.aclose()
    head, data = event.removesuffix("\n\n").split("\ndata: ")
    assert re.fullmatch(r"id: \d+-\d+\nevent: reply", head)
    sent = json.loads(data)
    assert sent["html"] == reply.html
    assert [button["label"] for button in sent["buttons"][0]] == ["Меню", "Карта"]


async def test_a_visitor_never_sees_anothers_replies(bot: Bot) -> None:
    one, other = await visitor(), await visitor()
    one_turn = await conversation_of(one, bot)
    other_turn = await conversation_of(other, bot)
    assert one_turn.turn.conversation != other_turn.turn.conversation
    await bot.answer(one_turn, "for one")
    await bot.answer(other_turn, "for the other")
    assert [html for _, html in await read(one)] == ["for one"]
    assert [html for _, html in await read(other)] == ["for the other"]


async def test_who_comes_back_misses_nothing_and_sees_nothing_twice(bot: Bot) -> None:
    browser = await visitor()
    envelope = await conversation_of(browser, bot)
    await bot.answer(envelope, "1", "2")
    first = await read(browser)
    await bot.answer(envelope, "3", "4")
    middle = await read(browser, after="0-0", last_event_id=first[0][0])
    assert [html for _, html in middle] == ["2", "3", "4"], "the browser's own header counts, not the address"
    assert await read(browser, after=middle[-1][0]) == []
    assert [html for _, html in await read(browser)] == ["1", "2", "3", "4"], (
        "a reloaded page shows all again"
    )


async def test_a_reply_arrives_while_the_page_waits(bot: Bot) -> None:
    browser = await visitor()
    envelope = await conversation_of(browser, bot)
    parts = await stream_of(browser)
    assert b"event: ready" in [await anext(parts) for _ in range(2)][-1]
    await bot.answer(envelope, "now")
    assert b'"html": "now"' in await anext(parts)
    await parts.aclose()


async def test_a_quiet_stream_shows_that_it_lives_and_ends_after_some_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = await visitor()
    monkeypatch.setattr(stream, "READ_MS", 20)
    monkeypatch.setattr(stream, "KEEP_ALIVE_S", 0.02)
    monkeypatch.setattr(stream, "STREAM_S", 0.2)
    parts = [part async for part in await stream_of(browser)]
    assert set(parts[2:]) == {b": still here\n\n"}


def test_an_open_page_does_not_keep_the_server_from_stopping(valkey: str, tmp_path: Path) -> None:
    with (
        served(valkey, tmp_path / "console.sqlite3") as console,
        httpx.Client(base_url=console.address) as page,
    ):
        page.get("/preview/")
        with page.stream("GET", "/preview/replies") as replies:
            assert any("ready" in line for line in replies.iter_lines())
            console.process.terminate()
            console.process.wait(timeout=5)


@pytest.mark.parametrize("after", ["x", "-1", "1-1-1", "9" * 30 + "-0", "$"])
async def test_a_place_that_is_none_is_refused(after: str) -> None:
    assert (await (await visitor()).get("/preview/replies", {"after": after})).status_code == 400


async def test_replies_sealed_with_a_lost_key_are_said_to_be_unreadable(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await visitor()
    await bot.answer(await conversation_of(browser, bot), "sealed")
    monkeypatch.setenv("TRANSCRIPT_KEY", "quite another key for the transcripts")
    answer = await browser.get("/preview/replies", headers={"accept-language": "uk"})
    assert (answer.status_code, answer.json()["error"]) == (503, page_texts("uk")["error_unreadable"])


# --- With Telegram, the preview is for staff


@pytest.mark.django_db
def test_with_a_telegram_token_only_staff_may_use_the_preview(
    client: Client, admin_client: Client, django_user_model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/preview/")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:token")
    django_user_model.objects.create_user("nobody", password="a long password")
    for signed_in in (False, True):
        if signed_in:
            assert client.login(username="nobody", password="a long password")
        page = client.get("/preview/")
        assert (page.status_code, page["Location"]) == (302, "/admin/login/?next=/preview/")
        for answer in (
            client.post("/preview/turns", a_turn(), content_type="application/json"),
            client.get("/preview/replies"),
        ):
            assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert admin_client.get("/preview/").status_code == 200
    sent = admin_client.post("/preview/turns", a_turn(), content_type="application/json")
    assert sent.status_code == 202
