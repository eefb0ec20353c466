"""The public pages: the same facts as the bot's, for anybody, in three languages, without a trace."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError
from django.test import Client
from pypdf import PdfReader

from bot.answers import answers
from bot.conversation import deeplink
from bot.conversation.card import confirmation, has_door, pretty_phone
from bot.conversation.context import Context
from bot.conversation.respond import Core
from bot.conversation.session import Session
from bot.texts import texts
from bot.types import LANGUAGES, Language
from console.pages import answering, directory
from console.pages.codes import as_image
from console.pages.reader import reader
from console.pages.wording import wording
from gazetteer.districts import districts
from services_directory.hours import opening_state
from services_directory.search import DirectoryIndex
from services_directory.seeding import seed
from services_directory.snapshot import CATEGORIES, Listing
from tests.bot_factory import a_turn
from tests.directory_factory import HEIDELBERG, KONSTANZ, RHEIN_NECKAR, stored

pytestmark = pytest.mark.django_db

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
OF_EACH_KIND = ("", f"{HEIDELBERG}/", "helplines/", "questions/housing/", "99999/", "?q=Weil")
BEFORE_CHRISTMAS = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_directory_of_another_test(settings: Any) -> Iterator[None]:
    settings.TELEGRAM_BOT_USERNAME = "lotse_test_bot"
    settings.OPERATOR_NAME = "Testverein <e.V.>"
    directory.forget()
    yield
    directory.forget()


def plain(markup: str) -> str:
    """What one reads: without tags, with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def read(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def cards(page: str) -> dict[str, str]:
    """The text of each office on a page, by the listing's id, in their order."""
    found = re.findall(r'<article class="card" id="o-(\w+)">(.*?)</article>', page, re.DOTALL)
    return {listing: plain(markup) for listing, markup in found}


def categories(page: str) -> dict[str, list[str]]:
    """The listings that each category of a page shows or points to."""
    found = re.findall(r'<section aria-labelledby="(\w+)">\s*<h2 id="\1">(.*?)</section>', page, re.DOTALL)
    return {category: re.findall(r'(?:id="|href="#)o-(\w+)"', markup) for category, markup in found}


def poster_text(client: Client, path: str) -> str:
    pages = PdfReader(io.BytesIO(client.get(path).content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


# The same facts as the bot


def said_by_the_bot(index: DirectoryIndex, language: Language, ags: str, category: str) -> dict[str, str]:
    """The text of the bot's card of each offer it has for a district and a category, by the listing's id."""
    core = Core(lambda: index, "Testverein")
    session = Session(language, greeted=True, place=deeplink.place_of(ags))
    found: dict[str, str] = {}
    while True:
        pressed = a_turn(kind="button", payload=f"offer:{category}::{len(found)}", at=answering.present())
        outcome = core.respond(pressed, session, None)
        shown = outcome.session.shown
        if shown is None or shown.listing_id in found:
            return found
        found[shown.listing_id] = plain(outcome.replies[0].html)


def facts(ctx: Context, listing: Listing) -> list[str]:
    """What must stand on the bot's card and on the page alike."""
    return [
        listing.name,
        listing.organization,
        *(pretty_phone(phone) for phone in listing.phones),
        *([listing.street] if listing.street else []),
        plain(confirmation(ctx, listing)),
    ]


def test_a_districts_page_has_every_offer_of_the_bot_with_the_same_facts(client: Client) -> None:
    seed()
    index = directory.directory()
    assert len(index.snapshot.listings) > 100
    for number, ags in enumerate(districts()):
        language = LANGUAGES[number % len(LANGUAGES)]
        ctx = reader(language, index, answering.present(), ags)
        page = read(client, f"/{language}/{ags}/")
        shown, by_category = cards(page), categories(page)
        for category in CATEGORIES:
            bots = said_by_the_bot(index, language, ags, category)
            assert set(by_category.get(category, [])) == set(bots), (ags, category)
            for listing_id, card in bots.items():
                listing = index.get(listing_id)
                assert listing
                for fact in facts(ctx, listing):
                    assert plain(fact) in card, (ags, listing_id)
                    assert plain(fact) in shown[listing_id], (ags, listing_id)
                same_hours(ctx, listing, card, shown[listing_id])


def same_hours(ctx: Context, listing: Listing, bots: str, pages: str) -> None:
    unknown = plain(ctx.t("🕒 Opening hours are not known."))
    assert (unknown[:-1] in bots) == (unknown[:-1] in pages), listing.id
    if not listing.opening_hours or not has_door(listing):
        return
    begin = opening_state(listing.opening_hours, ctx.now, listing.exceptions).next_open
    assert begin
    assert ctx.texts.time(begin) in bots
    assert f"{ctx.texts.day(begin.date())}, {ctx.texts.time(begin)}" in pages


def test_the_offers_stand_in_the_bots_order_and_each_only_once(client: Client) -> None:
    seed()
    page = read(client, f"/de/{HEIDELBERG}/")
    assert list(categories(page)) == list(CATEGORIES)
    assert page.count('id="o-') == len(cards(page)) > 5
    assert page.index("tel:112") < page.index('id="o-')


def test_what_staff_have_not_released_is_not_shown(client: Client) -> None:
    stored(id="a1")
    stored(id="a2", name_de="Unsichere Stelle", confidence="low")
    assert list(cards(read(client, f"/de/{HEIDELBERG}/"))) == ["a1"]


def test_a_change_is_on_the_page_at_the_next_look(
    client: Client, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with django_capture_on_commit_callbacks(execute=True):
        item = stored()
    before = client.get(f"/de/{HEIDELBERG}/")
    assert "+49 6221 5810580" in before.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        phone = item.phones.get()
        phone.number = "+49622199"
        phone.save()
    after = client.get(f"/de/{HEIDELBERG}/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "+49 6221 5810580" not in after.content.decode()
    assert 'href="tel:+49622199"' in after.content.decode()


@pytest.mark.parametrize(
    ("language", "holiday"), [("de", "25. Dezember"), ("uk", "25 грудня"), ("ru", "25 декабря")]
)
def test_hours_are_named_with_their_day_and_holidays_as_closed(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: Language, holiday: str
) -> None:
    monkeypatch.setattr(answering, "present", lambda: BEFORE_CHRISTMAS)
    stored(opening_hours="Mo-Fr 08:00-12:00")
    said = texts(language)
    card = cards(read(client, f"/{language}/{HEIDELBERG}/"))["a1"]
    opening, closed = card.split(said.t("🚫 Closed on these days:"))
    assert said.day(BEFORE_CHRISTMAS.date()) + ", 08:00–12:00" in opening
    assert holiday not in opening
    assert holiday in closed
    assert "Erster Weihnachtstag" in closed
    assert said.t("Open now") not in card


def test_an_office_of_single_towns_says_which(client: Client) -> None:
    stored(ags=RHEIN_NECKAR, service_area="08226098")
    stored(id="a2", ags=RHEIN_NECKAR)
    shown = cards(read(client, f"/de/{RHEIN_NECKAR}/"))
    assert "Nur für: Wiesloch" in shown["a1"]
    assert "Nur für" not in shown["a2"]


def test_text_from_the_directory_stays_text(client: Client) -> None:
    stored(name_de='<script>alert("1")</script> Büro')
    page = read(client, f"/de/{HEIDELBERG}/")
    assert "<script" not in page
    assert '<script>alert("1")</script> Büro' in html.unescape(page)


# Finding one's district


@pytest.mark.parametrize(
    ("accepted", "path"),
    [
        ("de-DE,de;q=0.9,uk;q=0.8", "/de/"),
        ("ru", "/ru/"),
        ("en-GB,uk;q=0.5", "/uk/"),
        ("en", "/uk/"),
        ("", "/uk/"),
    ],
)
def test_the_start_is_in_the_browsers_language(client: Client, accepted: str, path: str) -> None:
    response = client.get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response["Location"]) == (302, path)
    assert "Accept-Language" in response["Vary"]


@EVERY_LANGUAGE
def test_all_districts_and_questions_are_one_step_away(client: Client, language: Language) -> None:
    page = read(client, f"/{language}/")
    for district in districts().values():
        assert f'<a href="/{language}/{district.ags}/">{html.escape(district.name(language))}</a>' in page
    assert page.count(f'href="/{language}/questions/') == len(answers())
    assert '<a href="/admin/">' in page
    assert "Testverein &lt;e.V.&gt;" in page


@pytest.mark.parametrize(
    ("text", "ags"),
    [
        ("Wiesloch", RHEIN_NECKAR),
        ("69115", HEIDELBERG),
        ("я в Гейдельберзі", HEIDELBERG),
        ("Констанц", KONSTANZ),
    ],
)
def test_a_town_leads_to_its_district(client: Client, text: str, ags: str) -> None:
    response = client.get("/uk/", {"q": text})
    assert (response.status_code, response["Location"]) == (302, f"/uk/{ags}/")
    assert response["Cache-Control"] == "no-store"


def test_of_several_places_of_that_name_the_person_chooses(client: Client) -> None:
    page = read(client, "/de/?q=Neuhausen")
    answer = page[page.index('role="status"') : page.index('role="search"')]
    assert re.findall(r'href="/de/(\d+)/"', answer) == ["08116", "08236", "08335"]
    assert "Neuhausen auf den Fildern" in answer


def test_for_a_place_outside_the_land_there_are_the_federal_ways(client: Client) -> None:
    page = read(client, "/ru/?q=Берлин")
    assert "https://www.germany4ukraine.de" in page
    assert texts("ru").t("These numbers work everywhere in Germany:") in page


def test_a_place_nobody_knows_keeps_the_words_and_says_how_to_go_on(client: Client) -> None:
    page = read(client, '/de/?q="><script>x')
    assert plain(wording("de")["not_found"]) in plain(page)
    assert "<script" not in page
    assert 'value="&quot;&gt;&lt;script&gt;x"' in page


@EVERY_LANGUAGE
@pytest.mark.parametrize("path", ["99999/", "quark/", "questions/quark/", "99999/poster.pdf"])
def test_what_does_not_exist_leads_on_in_the_same_language(
    client: Client, language: Language, path: str
) -> None:
    page = read(client, f"/{language}/{path}", 404)
    assert f"<h1>{wording(language)['missing']}</h1>" in page
    assert f'href="/{language}/{HEIDELBERG}/"' in page
    assert 'href="tel:112"' in page


def test_an_address_without_its_last_stroke_is_completed(client: Client) -> None:
    assert client.get(f"/de/{HEIDELBERG}")["Location"] == f"/de/{HEIDELBERG}/"


# When there is nothing to show


@EVERY_LANGUAGE
def test_an_empty_directory_is_admitted_beside_the_help_lines(client: Client, language: Language) -> None:
    for path in ("", f"{HEIDELBERG}/"):
        page = read(client, f"/{language}/{path}")
        assert wording(language)["empty"] in page
        assert "https://www.germany4ukraine.de" in page
        assert 'href="tel:+498001110111"' in page


def test_without_its_database_a_page_still_has_the_help_lines(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(directory, "_built", fails)
    page = read(client, f"/de/{HEIDELBERG}/")
    assert wording("de")["empty"] in page
    assert 'href="tel:112"' in page
    monkeypatch.undo()


# Questions and help lines


@EVERY_LANGUAGE
def test_every_answer_of_the_bot_has_its_page(client: Client, language: Language) -> None:
    for intent, answer in answers().items():
        page = plain(read(client, f"/{language}/questions/{intent.removeprefix('ask_')}/"))
        said = answer.wordings[language]
        for sentence in (said.title, said.short, *said.steps, *said.papers, said.changing):
            assert plain(sentence) in page, intent
        assert answer.sources[0] in page


@EVERY_LANGUAGE
def test_help_lines_are_never_said_to_be_open_now(client: Client, language: Language) -> None:
    page = read(client, f"/{language}/helplines/")
    assert texts(language).t("open now") not in plain(page).split()
    assert texts(language).t("day and night") in page
    assert 'href="tel:116111"' in page
    assert re.search(r"14:00–20:00", page)
    assert 'href="sms:+4915735993126"' in page, "a line that is written to is not called"


# Taking it along


@EVERY_LANGUAGE
def test_the_code_opens_the_bot_at_the_district(client: Client, language: Language) -> None:
    page = read(client, f"/{language}/{HEIDELBERG}/")
    [address] = set(re.findall(r'href="(https://t\.me/[^"]+)"', page))
    assert urlsplit(address).path == "/lotse_test_bot"
    link = deeplink.read(parse_qs(urlsplit(address).query)["start"][0])
    assert link and (link.ags, link.language) == (HEIDELBERG, language)
    assert as_image(address) in html.unescape(page)


def test_without_the_bots_name_there_is_no_code_but_the_way_to_the_preview(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TELEGRAM_BOT_USERNAME = ""
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    page = read(client, f"/de/{HEIDELBERG}/")
    assert "t.me" not in page
    assert 'href="/preview/"' in page
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:a")  # then the preview is for staff
    assert "/preview/" not in read(client, f"/de/{HEIDELBERG}/").replace("/static/preview/", "")


@EVERY_LANGUAGE
def test_the_poster_is_one_sheet_in_three_languages(client: Client, language: Language) -> None:
    path = f"/{language}/{HEIDELBERG}/poster.pdf"
    response = client.get(path)
    assert response["Content-Type"] == "application/pdf"
    said = poster_text(client, path)
    for other in LANGUAGES:
        assert texts(other).t("Help for people from Ukraine") in said
        assert districts()[HEIDELBERG].name(other) in said
    assert said.count("112") >= 3
    assert "+49 800 1110111" in said
    assert f"t.me/lotse_test_bot?start={HEIDELBERG}-{language}" in said
    assert f"testserver/{language}/{HEIDELBERG}" in said


def test_without_a_bot_the_poster_leads_to_the_page(client: Client, settings: Any) -> None:
    settings.TELEGRAM_BOT_USERNAME = ""
    said = poster_text(client, f"/de/{HEIDELBERG}/poster.pdf")
    assert f"testserver/de/{HEIDELBERG}" in said
    assert "Telegram" not in said


@pytest.mark.parametrize("ags", list(districts()))
def test_every_district_has_a_poster(client: Client, ags: str) -> None:
    assert districts()[ags].name_de in poster_text(client, f"/de/{ags}/poster.pdf")


# How the pages are sent


@EVERY_LANGUAGE
@pytest.mark.parametrize("path", OF_EACH_KIND)
def test_a_page_leaves_no_trace_and_loads_nothing_from_elsewhere(
    client: Client, language: Language, path: str
) -> None:
    stored()
    response = client.get(f"/{language}/{path}")
    page = response.content.decode()
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    loaded = re.findall(r'(?:\ssrc|rel="(?:icon|stylesheet)" href)="([^"]+)"', page)
    assert [address for address in loaded if not address.startswith(("/static/", "data:image/svg"))] == []


@EVERY_LANGUAGE
@pytest.mark.parametrize("path", OF_EACH_KIND)
def test_a_page_can_be_read_aloud(client: Client, language: Language, path: str) -> None:
    stored()
    page = client.get(f"/{language}/{path}").content.decode()
    assert f'<html lang="{language}">' in page
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("<header>", '<main id="content">', "<footer>", '<a class="skip" href="#content">'):
        assert page.count(landmark) == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    named = re.findall(r'aria-labelledby="([^"]+)"', page) + re.findall(r'<label for="([^"]+)"', page)
    assert set(named) <= set(ids)
    assert all(re.search(r'\salt="', image) for image in re.findall(r"<img[^>]*>", page))
    assert wording(language)["skip"] in page


def test_a_page_names_itself_in_the_other_languages(client: Client) -> None:
    page = read(client, f"/uk/{HEIDELBERG}/")
    for other in LANGUAGES:
        address = f"http://testserver/{other}/{HEIDELBERG}/"
        assert f'<link rel="alternate" hreflang="{other}" href="{address}">' in page
        assert f'<a href="/{other}/{HEIDELBERG}/" lang="{other}"' in page


@pytest.mark.parametrize("path", ["", f"{HEIDELBERG}/", f"{HEIDELBERG}/poster.pdf", "questions/work/"])
def test_who_has_a_page_already_is_not_sent_it_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(answering, "present", lambda: BEFORE_CHRISTMAS)
    first = client.get(f"/de/{path}")
    assert first["Cache-Control"] == "public, max-age=300"
    for name, value in (("If-None-Match", first["ETag"]), ("If-Modified-Since", first["Last-Modified"])):
        again = client.get(f"/de/{path}", headers={name: value})
        assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"/de/{path}").status_code == 200
    assert client.post(f"/de/{path}").status_code == 405


def test_search_engines_may_read_them(client: Client) -> None:
    assert "Disallow: /admin/" in client.get("/robots.txt").content.decode()
    assert "noindex" not in read(client, f"/de/{HEIDELBERG}/")
