"""The offers of a district as a page shows them: all that the bot would name, with the words of its card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.card import (
    address_lines,
    confirmation,
    contact_lines,
    counter_lines,
    does,
    fallback_door,
    has_door,
    hours_lines,
    language_lines,
    map_url,
    paper_lines,
    pretty_phone,
    scope_lines,
    title,
)
from bot.conversation.context import Context
from bot.conversation.dated import hours
from bot.conversation.labels import CATEGORY_DOORS
from bot.conversation.offers import missing, search
from bot.conversation.openings import are_known, closures_in_words
from bot.conversation.session import Wish
from bot.texts import N_
from gazetteer.municipalities import municipality
from services_directory.search import Match
from services_directory.snapshot import CATEGORIES, Listing

OPENINGS = 6
"""Openings shown of an office: about a week's."""
CLOSURES_AHEAD = timedelta(days=21)
_OFFICES = N_("Offices")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call and as people read it."""

    number: str
    shown: str


@dataclass(frozen=True, slots=True)
class Card:
    """One office. Lines are HTML, escaped, with the tags a, b and i only."""

    id: str
    name: str
    """With the emblem of its category."""
    organization: str
    """Who runs it; empty where the name says so."""
    notes: tuple[str, ...]
    """For whom it is, and what it only stands in for."""
    does: str
    address: tuple[str, ...]
    map_url: str
    phones: tuple[Phone, ...]
    contact: tuple[str, ...]
    """Mail and web address."""
    hours: tuple[str, ...]
    """The next openings, each with its day; empty where they are not known or there is no door."""
    no_hours: tuple[str, ...]
    """Says that the hours are not known."""
    closures: tuple[str, ...]
    languages: tuple[str, ...]
    instead: tuple[str, ...]
    """Whom to ask where the office can neither be called nor visited."""
    papers: tuple[str, ...]
    counter: tuple[str, ...]
    """The German sentence to show there, and what it says."""
    confirmation: str


@dataclass(frozen=True, slots=True)
class Section:
    """One category. A card that stands further up on the page is only named here."""

    category: str
    label: str
    cards: tuple[Card, ...]
    above: tuple[tuple[str, str], ...]
    """(id, name) of offices that also help here and are shown before."""
    has_own: bool
    """Whether the district itself has such an offer."""


def sections(ctx: Context) -> tuple[Section, ...]:
    """The categories in the bot's order, with all offers the bot would show for the context's place."""
    place = ctx.session.place
    shown: set[str] = set()
    found = []
    for category in CATEGORIES:
        wish = Wish(category)
        matches = search(ctx, wish, place) if place else []
        new = [match for match in matches if match.listing.id not in shown]
        found.append(_section(ctx, wish, matches, new))
        shown |= {match.listing.id for match in new}
    return tuple(section for section in found if section.cards or section.above)


def _section(ctx: Context, wish: Wish, matches: list[Match], new: list[Match]) -> Section:
    label = CATEGORY_DOORS[wish.category].label if wish.category in CATEGORY_DOORS else _OFFICES
    above = [match.listing for match in matches if match not in new]
    return Section(
        category=wish.category,
        label=ctx.t(label),
        cards=tuple(_card(ctx, wish, match) for match in new),
        above=tuple((listing.id, listing.name) for listing in above),
        has_own=any(match.is_own for match in matches),
    )


def _card(ctx: Context, wish: Wish, match: Match) -> Card:
    listing = match.listing
    reachable, timed = has_door(listing), has_door(listing) and are_known(listing)
    name, _, organization = title(listing).partition("\n")
    return Card(
        id=listing.id,
        name=name,
        organization=organization,
        notes=(*missing(ctx, wish, match), *scope_lines(ctx, match), *_only_for(ctx, listing)),
        does=does(ctx, listing),
        address=tuple(address_lines(listing)),
        map_url=map_url(listing),
        phones=tuple(Phone(number, pretty_phone(number)) for number in listing.phones),
        contact=tuple(contact_lines(listing)[len(listing.phones) :]),
        hours=tuple(hours(ctx.texts, listing, ctx.now, OPENINGS)) if timed else (),
        no_hours=tuple(hours_lines(ctx, listing)) if reachable and not timed else (),
        closures=tuple(closures_in_words(ctx, listing, ctx.now + CLOSURES_AHEAD)) if timed else (),
        languages=tuple(language_lines(ctx, listing)),
        instead=tuple(fallback_door(ctx, match)),
        papers=tuple(paper_lines(ctx, listing)),
        counter=tuple(counter_lines(ctx, listing)),
        confirmation=confirmation(ctx, listing),
    )


def _only_for(ctx: Context, listing: Listing) -> list[str]:
    """Names the municipalities where the office does not serve the whole district."""
    known = [municipality(ags) for ags in listing.service_area if len(ags) == 8]
    if not known or len(known) < len(listing.service_area):
        return []
    names = ", ".join(place.name for place in known if place)
    return [ctx.t("ℹ️ Only for: {places}", places=names)] if names else []
