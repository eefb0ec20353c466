"""Passing an office on: the screen, the link for others, and the card to print."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest
from pypdf import PdfReader

from bot.conversation import deeplink
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.conversation.respond import Core
from bot.conversation.session import Session
from bot.documents.pdf import as_pdf
from bot.documents.referral import referral_card
from bot.texts import texts
from bot.types import LANGUAGES, Document, Language, Place
from services_directory.publish import build_snapshot
from services_directory.search import DirectoryIndex
from services_directory.seeding import seed
from services_directory.snapshot import Listing, Snapshot
from tests.bot_factory import MONDAY_MORNING, a_turn
from tests.directory_factory import HEIDELBERG, MANNHEIM
from tests.test_conversation import LISTINGS, MANAGER, SETTLED, events, payloads

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
LINK = "https://t.me/lotse_bot?start=08221-integration_management-_im1-uk"


def bot(username: str = "lotse_bot") -> Core:
    index = DirectoryIndex(Snapshot(1, "2026-11-23", LISTINGS), {})
    return Core(lambda: index, "Testverein", username)


def presses(payload: str, session: Session = SETTLED, username: str = "lotse_bot") -> Outcome:
    return bot(username).respond(a_turn(kind="button", payload=payload), session, None)


def urls(outcome: Outcome) -> list[str]:
    return [button.url for reply in outcome.replies for row in reply.buttons for button in row if button.url]


def document_of(outcome: Outcome) -> Document:
    document = outcome.replies[-1].document
    assert document is not None
    return document


def text_of(pdf: bytes) -> str:
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def printed(listing: Listing, language: Language = "uk", link: str = LINK, **session: object) -> str:
    index = DirectoryIndex(Snapshot(1, "", (*LISTINGS, listing)), {})
    known = replace(SETTLED, language=language, **session)  # type: ignore[arg-type]
    ctx = Context(a_turn(), known, None, index, "Testverein", "lotse_bot")
    return text_of(as_pdf(referral_card(ctx, listing, link)))


class TestTheScreen:
    def test_a_card_leads_to_it_and_it_leads_back(self) -> None:
        card = presses("offer:integration_management::0")
        assert "share:im1" in payloads(card)
        screen = presses("share:im1", card.session)
        assert "pdf:im1" in payloads(screen)
        assert "offer:integration_management::0" in payloads(screen)

    def test_the_way_back_is_to_the_same_card_also_when_another_was_shown_since(self) -> None:
        assert "offer:integration_management::1" in payloads(presses("share:im2"))

    def test_the_link_to_send_opens_the_same_office_and_says_no_town_of_the_sender(self) -> None:
        town = replace(SETTLED, place=Place("Heidelberg", HEIDELBERG, "municipality", "08221000"))
        [address] = urls(presses("share:im2", town))
        shared = parse_qs(urlsplit(address).query)
        assert address.startswith("https://t.me/share/url?")
        link = deeplink.read(parse_qs(urlsplit(shared["url"][0]).query)["start"][0])
        assert link is not None
        assert (link.ags, link.listing, link.language) == (HEIDELBERG, "im2", "uk")

    def test_where_the_bot_has_no_name_in_telegram_there_is_no_link(self) -> None:
        outcome = presses("share:im1", username="")
        assert not urls(outcome)
        assert "pdf:im1" in payloads(outcome)

    @pytest.mark.parametrize("payload", ["share:gone", "pdf:gone"])
    def test_an_office_that_is_gone_leads_to_the_menu(self, payload: str) -> None:
        assert "find:integration_management" in payloads(presses(payload))


class TestTheFile:
    def test_is_a_pdf_with_a_name_in_latin_letters_and_a_short_caption(self) -> None:
        outcome = presses("pdf:im1")
        document = document_of(outcome)
        assert document.media_type == "application/pdf"
        assert re.fullmatch(r"[A-Za-z0-9-]+\.pdf", document.name)
        assert base64.b64decode(document.content).startswith(b"%PDF-")
        assert len(outcome.replies[-1].html) <= 1024

    def test_is_made_without_a_name_in_telegram_too(self) -> None:
        assert "+49 6221 5810580" in text_of(
            base64.b64decode(document_of(presses("pdf:im1", username="")).content)
        )

    def test_leaves_in_the_events_which_office_and_nothing_else(self) -> None:
        outcome = presses("pdf:im1")
        assert events(outcome) == ["card_made"]
        assert outcome.events[0].data == {"listing": "im1"}

    def test_is_the_same_for_the_same_card(self) -> None:
        assert document_of(presses("pdf:im1")) == document_of(presses("pdf:im1"))


class TestTheCard:
    @EVERY_LANGUAGE
    def test_holds_everything_in_two_languages(self, language: Language) -> None:
        text = printed(MANAGER, language)
        second: Language = "uk" if language == "de" else "de"
        for one in (language, second):
            for message in ("What they do here", "Next opening hours", "Bring along if you have it", "Map"):
                assert texts(one).t(message) in text
            assert texts(one).day(MONDAY_MORNING.date()) in text, "the next opening with its day"
            assert texts(one).source_date(MANAGER.source_date) in text, "since when these details are known"
        assert "Bergheimer Straße 69, 69115 Heidelberg" in text
        assert "+49 6221 5810580" in text
        assert "„Guten Tag, ich komme aus der Ukraine und brauche Hilfe vom Integrationsmanagement.“" in text
        assert "openstreetmap.org" in text

    def test_has_the_letters_of_all_languages(self) -> None:
        words = "Ґанок, єдність, їжа, ірис; ёлка, подъезд, мышь, эхо; Äpfel, Öl, Übung, Maß"
        assert words in printed(replace(MANAGER, id="x", descriptions={"uk": words}))

    def test_says_nothing_relative_to_the_day_it_was_made(self) -> None:
        for word in ("сьогодні", "завтра", "зараз", "heute", "morgen", "jetzt"):
            assert not re.search(rf"\b{word}\b", printed(MANAGER), re.IGNORECASE)

    def test_names_the_place_only_where_the_office_serves_it(self) -> None:
        office = replace(MANAGER, id="x", name="Amt", city="", organization="Kreis")
        assert "Kreis · Eberbach" in printed(office, place=Place("Eberbach", HEIDELBERG))
        assert "Käfertal" not in printed(office, place=Place("Käfertal", MANNHEIM))

    def test_an_office_nobody_answers_at_comes_with_the_central_contact(self) -> None:
        assert "+49 6221 5810" in printed(LISTINGS[1])

    def test_markup_in_the_directory_is_only_text(self) -> None:
        assert "<b>A & B</i>" in printed(replace(MANAGER, id="x", name="<b>A & B</i>"))

    def test_a_quotation_mark_in_an_address_stays_part_of_it(self) -> None:
        website = 'https://example.org/?a="color="red'
        office = replace(MANAGER, id="x", website=website)
        index = DirectoryIndex(Snapshot(1, "", (*LISTINGS, office)), {})
        ctx = Context(a_turn(), SETTLED, None, index, "Testverein", "lotse_bot")
        reader = PdfReader(io.BytesIO(as_pdf(referral_card(ctx, office, LINK))))
        links = [str(note.get_object()["/A"].get("/URI")) for note in reader.pages[0]["/Annots"]]
        assert website in links

    def test_a_very_long_office_still_fits_on_the_page(self) -> None:
        long = dict.fromkeys(LANGUAGES, "Дуже довгий опис роботи. " * 40)
        office = replace(
            MANAGER, id="x", name="Fachdienst " * 12, descriptions=long, phones=("+4962211",) * 6
        )
        text = printed(office)
        assert "erstellt" in text.lower()

    def test_emblems_that_the_letters_lack_are_left_out(self) -> None:
        assert "⚠" not in printed(MANAGER)

    @pytest.mark.django_db
    def test_every_office_of_the_directory_fits_on_one_page_in_every_language(self) -> None:
        seed()
        index = DirectoryIndex(build_snapshot(1), {})
        assert len(index.snapshot.listings) > 100
        for number, (listing, language) in enumerate(product(index.snapshot.listings, LANGUAGES)):
            ctx = Context(a_turn(), Session(language), None, index, "Testverein", "lotse_bot")
            pdf = as_pdf(referral_card(ctx, listing, LINK))
            assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
            if number % 7 == 0:  # Reading the text takes longer than drawing it: some in each language do.
                text = text_of(pdf).replace(" ", "")
                assert "".join(listing.name.split()) in text
                assert all(phone[-4:] in text for phone in listing.phones)
