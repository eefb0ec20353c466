"""What stands on a referral card: one office, in the reader's language and in German.

A person shows it at a counter or gives it to somebody else, so it holds nothing about the person.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from bot.conversation.card import confirmation, has_door, map_url, pretty_phone
from bot.conversation.context import Context
from bot.conversation.dated import hours
from bot.conversation.labels import Door, door
from bot.conversation.markup import escape
from bot.conversation.naming import described
from bot.texts import N_, Texts
from bot.types import Language
from services_directory.snapshot import Listing

_LONGEST_SITE = 60
"""Characters of a web address that fit on a line."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the card: headings in both languages, then lines in each, or facts that need none."""

    headings: tuple[str, str]
    facts: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: where it leads, and what it is called in both languages."""

    url: str
    labels: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ReferralCard:
    """The texts of a card. All but addresses of codes may hold the tag `a` and are escaped for markup."""

    languages: tuple[Language, Language]
    title: str
    organization: str
    """Who runs the office; empty where the title says so."""
    place: str
    """The place the card is for; empty where the office is not responsible for it."""
    sections: tuple[Section, ...]
    german_sentence: str
    sentence: str
    """The German sentence in the other language."""
    confirmation: tuple[str, str]
    made: tuple[str, str]
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same conversation in both languages of the card."""

    own: Context
    other: Context

    def say(self, message: str) -> tuple[str, str]:
        return self.own.t(message), self.other.t(message)

    def both(self, text: Callable[[Context], Iterable[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(text(self.own)), tuple(text(self.other))


def referral_card(ctx: Context, listing: Listing, link: str) -> ReferralCard:
    """The card of a listing; `link` is the address that opens it in the bot, or empty."""
    second: Language = "uk" if ctx.language == "de" else "de"
    pair = _Pair(ctx, ctx.with_session(language=second))
    found = door(listing.category, listing.office_kind)
    translated = pair.own if ctx.language != "de" else pair.other
    name, organization = escape(listing.name), escape(listing.organization)
    return ReferralCard(
        languages=(ctx.language, second),
        title=name,
        organization="" if organization in name else organization,
        place=_place(ctx, listing),
        sections=tuple(_sections(pair, listing, found)),
        german_sentence=found.german_sentence,
        sentence=translated.t(found.sentence),
        confirmation=(confirmation(pair.own, listing), confirmation(pair.other, listing)),
        made=(_made(pair.own), _made(pair.other)),
        codes=tuple(_codes(pair, listing, link)),
    )


def _sections(pair: _Pair, listing: Listing, found: Door) -> Iterable[Section]:
    yield Section(
        pair.say(N_("What they do here")), columns=pair.both(lambda ctx: [_does(ctx.texts, listing, found)])
    )
    contact = _contact(listing)
    if contact:
        yield Section(pair.say(N_("Contact")), contact)
    yield from _central(pair, listing)
    if listing.street or listing.city:
        yield Section(pair.say(N_("Address and way there")), _way(listing))
    if has_door(listing):
        headings = pair.say(N_("Next opening hours"))
        yield Section(headings, columns=pair.both(lambda ctx: hours(ctx.texts, listing, ctx.now)))
    if listing.languages:
        yield Section(
            pair.say(N_("Languages spoken there")), columns=pair.both(lambda c: [_spoken(c, listing)])
        )
    if found.papers:
        papers = pair.both(lambda ctx: [f"• {ctx.t(paper)}" for paper in found.papers])
        yield Section(pair.say(N_("Bring along if you have it")), columns=papers)


def _does(spoken: Texts, listing: Listing, found: Door) -> str:
    described_by_office = listing.descriptions.get(spoken.language)
    return escape(described_by_office) if described_by_office else spoken.t(found.does)


def _spoken(ctx: Context, listing: Listing) -> str:
    return ", ".join(ctx.texts.language_name(code) for code in listing.languages)


def _contact(listing: Listing) -> tuple[str, ...]:
    lines = [" · ".join(pretty_phone(phone) for phone in listing.phones)]
    lines += [escape(listing.email), _linked(listing.website, _LONGEST_SITE)]
    return tuple(line for line in lines if line)


def _central(pair: _Pair, listing: Listing) -> Iterable[Section]:
    """The district's switchboard, where the office itself can neither be called nor visited."""
    area = listing.service_area[0][:5] if listing.service_area else ""
    place = pair.own.session.place
    central = pair.own.directory.next_door(area or (place.ags if place else ""))
    if has_door(listing) or central is None or central.id == listing.id:
        return
    headings = pair.say(N_("I do not know a phone number of this office. Ask here for it:"))
    yield Section(headings, (escape(central.organization), *_contact(central), *_way(central)))
    yield Section(("", ""), columns=pair.both(lambda ctx: [confirmation(ctx, central)]))


def _way(listing: Listing) -> tuple[str, ...]:
    return tuple(line for line in (escape(listing.address), _linked(map_url(listing))) if line)


def _linked(url: str, longest: int = 200) -> str:
    """A link that can also be read from paper and typed: of a long one the site alone is shown."""
    if not url:
        return ""
    shown = unquote_plus(url.split("://", 1)[-1])
    shown = shown if len(shown) <= longest else shown.split("/", 1)[0]
    return f'<a href="{html.escape(url)}">{escape(shown)}</a>'


def _place(ctx: Context, listing: Listing) -> str:
    place = ctx.session.place
    if place is None:
        return ""
    serves = not listing.service_area or {place.ags, place.municipality_ags} & set(listing.service_area)
    return escape(described(ctx, place)) if serves else ""


def _made(ctx: Context) -> str:
    day = ctx.texts.source_date(ctx.now.date().isoformat())
    return ctx.t("Made on {day}. Opening hours can change.", day=day)


def _codes(pair: _Pair, listing: Listing, link: str) -> Iterable[Code]:
    if link:
        yield Code(link, pair.say(N_("Open in Telegram")))
    if url := map_url(listing):
        yield Code(url, pair.say(N_("Map")))
