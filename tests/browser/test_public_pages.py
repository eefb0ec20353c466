"""The public pages in a real Chromium, as on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from console.pages.wording import wording
from tests.browser.test_preview_page import PHONE, chromium
from tests.directory_factory import HEIDELBERG
from tests.preview_server import run_python, served

pytestmark = pytest.mark.browser

__all__ = ["chromium"]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a console with the directory's data and without a Redis: the pages need none."""
    database = tmp_path_factory.mktemp("console") / "console.sqlite3"
    with served("redis://127.0.0.1:1/0", database) as console:
        assert run_python(console.environment, "manage.py", "seed").wait() == 0
        yield console.address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport=PHONE, locale="uk-UA") as context:  # type: ignore[arg-type]
        yield context.new_page()


def test_a_person_finds_the_offers_of_their_town_on_a_phone(page: Page, public: str, tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: _local(request.url, public) or complaints.append(request.url))

    page.goto(f"{public}/")
    assert page.url == f"{public}/uk/"
    _fits(page)
    page.get_by_role("searchbox").fill("Гейдельберг")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{public}/uk/{HEIDELBERG}/")
    _fits(page)
    page.screenshot(path=tmp_path / "district.png", full_page=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Гайдельберг")
    expect(page.locator(".urgent")).to_be_in_viewport(ratio=0.9)
    expect(page.locator("article").first.get_by_role("link").first).to_be_visible()

    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert page.url == f"{public}/de/{HEIDELBERG}/"
    page.goto(f"{public}/ru/questions/housing/")
    _fits(page)
    assert page.context.cookies() == []
    assert complaints == []


def test_the_keyboard_reaches_the_content_first(page: Page, public: str) -> None:
    page.goto(f"{public}/de/{HEIDELBERG}/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name=wording("de")["skip"])
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_on_paper_there_are_the_facts_and_nothing_to_press(page: Page, public: str) -> None:
    page.goto(f"{public}/de/{HEIDELBERG}/")
    page.emulate_media(media="print")
    expect(page.locator("article").first).to_be_visible()
    expect(page.locator(".urgent")).to_be_visible()
    expect(page.locator(".languages")).to_be_hidden()
    expect(page.get_by_role("link", name=wording("de")["staff"])).to_be_hidden()


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def _local(url: str, public: str) -> bool:
    return url.startswith((f"{public}/", "data:"))
