"""Passing an office on: a card to print, a link for others, and what opens behind such a link."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

from bot.conversation import arrival, knowledge, menu, offers
from bot.conversation.card import title
from bot.conversation.context import Context, payload
from bot.conversation.deeplink import DeepLink, offer_link, read
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.documents.pdf import as_pdf
from bot.documents.referral import referral_card
from bot.texts import N_
from bot.types import Button, Document, Event, Reply, Turn
from services_directory.snapshot import Listing

PDF = "application/pdf"
_IN_LATIN = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


def show(ctx: Context, listing_id: str) -> Outcome:
    """The ways to pass an office on: a card to print, a link to send."""
    listing = ctx.directory.get(listing_id)
    if listing is None:
        return _gone(ctx)
    rows: list[tuple[Button, ...]] = [(ctx.button(N_("📄 Card to print (PDF)"), payload("pdf", listing.id)),)]
    if ctx.username:
        rows.append((Button(ctx.t("📨 Send to somebody"), url=_send_url(ctx, listing)),))
    rows.append((_back_to_card(ctx, listing), *menu.back_row(ctx)))
    html = ctx.t("You can print this office or send it to somebody. Nothing about you is on it.")
    return ctx.say(Reply("\n\n".join((title(listing), html)), tuple(rows)))


def as_document(ctx: Context, listing_id: str) -> Outcome:
    """The card of an office as a file."""
    listing = ctx.directory.get(listing_id)
    if listing is None:
        return _gone(ctx)
    link = _link(ctx, listing).url(ctx.username) if ctx.username else ""
    content = base64.b64encode(as_pdf(referral_card(ctx, listing, link))).decode()
    document = Document(_file_name(listing), PDF, content)
    html = ctx.t("Show this card at the counter, or give it to somebody. The German sentence is on it.")
    rows = ((_back_to_card(ctx, listing), *menu.back_row(ctx)),)
    event = Event("card_made", {"listing": listing.id})
    return ctx.say(Reply(html, rows, document=document), events=(event,))


def draws(turn: Turn) -> bool:
    """Whether the answer to a turn is a drawn card, which takes tens of milliseconds."""
    return turn.kind == "button" and turn.payload.startswith("pdf:")


def start(ctx: Context) -> Outcome:
    """/start, alone or with a link: what the link leads to. A link nobody can read is as none."""
    link = read(ctx.turn.text)
    if link is None:
        return menu.start(ctx)
    ctx = ctx.with_session(wish=None, misunderstood=0)
    if link.language and not ctx.session.greeted:
        ctx = ctx.with_session(language=link.language)
    if place := link.place:
        ctx = ctx.with_session(place=place)
    if wish := link.wish or _wish_of(ctx, link.listing):
        return offers.find(ctx, wish) if ctx.session.place is None else _offer(ctx, wish, link.listing)
    if link.offer:
        return knowledge.answer(ctx, link.offer)
    return arrival.arrived(ctx, place) if place else menu.start(ctx)


def _offer(ctx: Context, wish: Wish, listing_id: str) -> Outcome:
    """The very office that was passed on, while the directory has it; else the best one."""
    return offers.show(ctx, wish, _index(ctx, wish, listing_id))


def _index(ctx: Context, wish: Wish, listing_id: str) -> int:
    place = ctx.session.place
    found = offers.search(ctx, wish, place) if place else []
    return next((n for n, match in enumerate(found) if match.listing.id == listing_id), 0)


def _wish_of(ctx: Context, listing_id: str) -> Wish | None:
    listing = ctx.directory.get(listing_id)
    return Wish(listing.category, listing.office_kind) if listing else None


def _link(ctx: Context, listing: Listing) -> DeepLink:
    """The link to a listing: its district where it has one, so that it says little about who sends it."""
    place = ctx.session.place
    area = listing.service_area[0][:5] if listing.service_area else ""
    return offer_link(
        _shown_for(ctx, listing), area or (place.ags if place else ""), ctx.language, listing.id
    )


def _shown_for(ctx: Context, listing: Listing) -> Wish:
    shown = ctx.session.shown
    if shown and shown.listing_id == listing.id:
        return Wish(shown.category, shown.office_kind)
    return Wish(listing.category, listing.office_kind)


def _send_url(ctx: Context, listing: Listing) -> str:
    """Telegram's own way to choose whom to send a text with a link."""
    link = _link(ctx, listing).url(ctx.username)
    return f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(listing.name, safe='')}"


def _back_to_card(ctx: Context, listing: Listing) -> Button:
    wish = _shown_for(ctx, listing)
    back = payload("offer", wish.category, wish.office_kind, _index(ctx, wish, listing.id))
    return ctx.button(N_("◀️ Back to the card"), back)


def _gone(ctx: Context) -> Outcome:
    return ctx.say(menu.menu(ctx, ctx.t("I no longer have this office. What do you need?")))


def _file_name(listing: Listing) -> str:
    """In Latin letters, as every system can store it."""
    plain = listing.name.translate(_IN_LATIN)
    words = re.findall(r"[A-Za-z0-9]+", plain)
    return "-".join(["Lotse", *words])[:60].rstrip("-") + ".pdf"
