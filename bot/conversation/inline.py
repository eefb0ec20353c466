"""Inline mode: from a few words in any chat to cards that can be sent there.

Neither who sends such a card nor who reads it is known here. It holds the office, its hours with their days,
and a link into the private chat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answers import answers
from bot.conversation import danger, offers
from bot.conversation.card import (
    address_lines,
    confirmation,
    contact_lines,
    fallback_door,
    pretty_phone,
    title,
)
from bot.conversation.context import Context
from bot.conversation.dated import hours
from bot.conversation.deeplink import DeepLink, offer_link
from bot.conversation.hotline_lines import hotline_line
from bot.conversation.labels import door
from bot.conversation.markup import escape
from bot.conversation.naming import described, district_name
from bot.conversation.session import Wish
from bot.hotlines import ALWAYS, lines_for
from bot.texts import N_
from bot.types import Button, Place
from services_directory.search import Match
from services_directory.snapshot import CATEGORIES

MAX_CARDS = 10
MAX_TITLE = 80
MAX_DESCRIPTION = 120
"""What a phone shows of them; Telegram itself allows more."""
_OF_A_CATEGORY = 2
"""Offers of each category where only a place is named."""
_LINES = 4
_PLACES = 3
"""Places of one name that are looked into."""
_INTENTS = {
    "find_integration_manager": "integration_management",
    "find_trauma_support": "trauma_consultation",
    "find_helper_training": "helper_training",
}
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class InlineCard:
    """One thing to choose, and the message it becomes."""

    title: str
    description: str
    """Both plain text."""
    html: str
    button: Button | None
    """A link into the private chat."""


def cards(ctx: Context, category: str) -> tuple[InlineCard, ...]:
    """What fits the words, best first, at most `MAX_CARDS`. In danger the lines that answer come first.

    `category` is the one that word lists find in the words, or empty.
    """
    kind = ctx.understanding.danger if ctx.understanding else None
    urgent = _emergency(
        ctx, danger.VIOLENCE_AUDIENCES if kind == "report_violence" else danger.CRISIS_AUDIENCES
    )
    found = [*_offers(ctx, category or _understood_category(ctx)), *_answer(ctx)]
    if kind:
        return (urgent, *found)[:MAX_CARDS]
    return tuple(found[:MAX_CARDS]) or (_how_to(ctx), urgent)


def _understood_category(ctx: Context) -> str:
    understood = ctx.understanding
    if understood and understood.office_kind:
        return "other_office"
    return _INTENTS.get(understood.intent, "") if understood and understood.certainty == "sure" else ""


def _offers(ctx: Context, category: str) -> list[InlineCard]:
    """The offers of the place; of a name that several places have, those of each."""
    found: dict[str, InlineCard] = {}
    for place in [match.place for match in ctx.place.matches[:_PLACES]]:
        for wish, count in _wishes(ctx, category, len(ctx.place.matches)):
            for match in offers.search(ctx, wish, place)[:count]:
                found.setdefault(match.listing.id, _office(ctx, wish, match, place))
    return list(found.values())


def _wishes(ctx: Context, category: str, places: int) -> list[tuple[Wish, int]]:
    """What to look for, and how many offers of it to show for each place."""
    if not category:
        return [(Wish(known), _OF_A_CATEGORY if places == 1 else 1) for known in CATEGORIES]
    kind = ctx.understanding.office_kind if ctx.understanding and category == "other_office" else ""
    return [(Wish(category, kind), MAX_CARDS // min(places, _PLACES))]


def _office(ctx: Context, wish: Wish, match: Match, place: Place) -> InlineCard:
    listing = match.listing
    label = ctx.t(door(listing.category, listing.office_kind).label)
    first = [pretty_phone(phone) for phone in listing.phones[:1]]
    blocks = (
        ctx.t("For: {place}", place=described(ctx, place)),
        "\n".join((title(listing), *_elsewhere(ctx, match))),
        "\n".join((*address_lines(listing), *contact_lines(listing))),
        "\n".join(fallback_door(ctx.with_session(place=place), match)),
        "\n".join(f"🕒 {line}" for line in hours(ctx.texts, listing, ctx.now, count=2)),
        confirmation(ctx, listing),
    )
    return InlineCard(
        listing.name[:MAX_TITLE],
        " · ".join(part for part in (label, *first, listing.city) if part)[:MAX_DESCRIPTION],
        "\n\n".join(block for block in blocks if block),
        _button(ctx, offer_link(wish, place.municipality_ags or place.ags, ctx.language, listing.id)),
    )


def _elsewhere(ctx: Context, match: Match) -> list[str]:
    """Says so where the office is one of another district."""
    if match.scope != "neighbour" or not match.listing.service_area:
        return []
    where = district_name(ctx, match.listing.service_area[0][:5])
    return [ctx.t("ℹ️ Not in this district: {district}. Ask first whether you may come.", district=where)]


def _answer(ctx: Context) -> list[InlineCard]:
    """The short answer to a question, where the words are one for sure."""
    understood = ctx.understanding
    answer = answers().get(understood.intent) if understood and understood.certainty == "sure" else None
    if answer is None:
        return []
    wording = answer.wordings[ctx.language]
    html = f"<b>{escape(wording.title)}</b>\n{escape(wording.short)}"
    button = _button(ctx, DeepLink(offer=answer.intent, language=ctx.language))
    return [InlineCard(wording.title[:MAX_TITLE], wording.short[:MAX_DESCRIPTION], html, button)]


def _how_to(ctx: Context) -> InlineCard:
    html = ctx.t(
        "I am Lotse, a program. I show who helps people from Ukraine in Baden-Württemberg: "
        "offices, counselling, psychological support."
    )
    example = ctx.t("Write what you need and the town, for example: psychologist Heidelberg")
    return InlineCard(
        ctx.t("What are you looking for?"),
        example,
        html,
        _button(ctx, DeepLink(language=ctx.language)),
    )


def _emergency(ctx: Context, audiences: tuple[str, ...]) -> InlineCard:
    """Lines that answer day and night: the message may be read at any hour."""
    lines = [line for line in lines_for(audiences, ctx.language, ctx.now) if line.hours == ALWAYS]
    head = ctx.t("🆘 Danger to life: call <b>112</b>. Police: <b>110</b>.")
    html = "\n".join((head, *(f"• {hotline_line(ctx, line)}" for line in lines[:_LINES])))
    return InlineCard(
        ctx.t("🆘 Urgent help"),
        _TAG.sub("", head)[:MAX_DESCRIPTION],
        html,
        _button(ctx, DeepLink(language=ctx.language)),
    )


def _button(ctx: Context, link: DeepLink) -> Button | None:
    return (
        Button(ctx.t(N_("➡️ More in the private chat")), url=link.url(ctx.username)) if ctx.username else None
    )
