"""The answer card: one office, with everything a person needs to get there."""

from __future__ import annotations

import html
from datetime import date, datetime, timedelta
from urllib.parse import quote_plus

import phonenumbers

from bot.conversation import openings
from bot.conversation.context import Context
from bot.conversation.labels import door
from bot.conversation.markup import escape
from bot.conversation.naming import district_name
from bot.types import Button
from services_directory.hours import OpeningState
from services_directory.search import Match
from services_directory.snapshot import CONFIRMATION_AGE, Listing

_EMBLEMS = {
    "integration_management": "🧭",
    "initial_counselling": "💬",
    "trauma_consultation": "💛",
    "helper_training": "🤝",
    "other_office": "🏛",
}


def card(ctx: Context, match: Match) -> str:
    """The card of a listing as HTML."""
    listing = match.listing
    blocks = [
        [title(listing), *scope_lines(ctx, match)],
        [does(ctx, listing)],
        [
            *address_lines(listing),
            *contact_lines(listing),
            *_hours(ctx, listing),
            *language_lines(ctx, listing),
        ],
        [*fallback_door(ctx, match)],
        [*paper_lines(ctx, listing), *counter_lines(ctx, listing)],
        [confirmation(ctx, listing)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def map_url(listing: Listing) -> str:
    """A map of the address without any mark of who asks; empty where the address is not known."""
    if not listing.street:
        return ""
    address = f"{listing.street}, {listing.postal_code} {listing.city}".strip()
    return f"https://www.openstreetmap.org/search?query={quote_plus(address)}"


def map_button(ctx: Context, listing: Listing) -> tuple[Button, ...]:
    """The button to the map, where there is one."""
    url = map_url(listing)
    return (Button(ctx.t("🗺 Map"), url=url),) if url else ()


def hours_lines(ctx: Context, listing: Listing) -> list[str]:
    """The opening state in words; says so where the hours are not known."""
    if not openings.are_known(listing):
        if not listing.phones:
            return [ctx.t("🕒 Opening hours are not known.")]
        return [ctx.t("🕒 Opening hours are not known. Please call before you go.")]
    return [f"🕒 {_state(ctx, openings.state(listing, ctx.now))}"]


def has_door(listing: Listing) -> bool:
    """Whether people can call there or go there; a web page or a mail form alone is not a door."""
    return bool(listing.phones or listing.street)


def pretty_phone(number: str) -> str:
    """E.164 with spaces, as Germans read it; the phone's dialler understands both."""
    try:
        parsed = phonenumbers.parse(number, "DE")
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def title(listing: Listing) -> str:
    """The office's German name as on its door, and who runs it where the name does not say so."""
    emblem = _EMBLEMS.get(listing.category, "🏛")
    name, organization = escape(listing.name), escape(listing.organization)
    title = f"{emblem} <b>{name}</b>"
    return title if organization in name else f"{title}\n{organization}"


def door_lines(ctx: Context, listing: Listing) -> list[str]:
    """An office in a few lines: who it is, where, how to reach it, and whether that is confirmed."""
    return [title(listing), *address_lines(listing), *contact_lines(listing), confirmation(ctx, listing)]


def scope_lines(ctx: Context, match: Match) -> list[str]:
    """Says so where the office is not one of the own district."""
    if match.scope == "neighbour":
        where = district_name(ctx, match.listing.service_area[0][:5]) if match.listing.service_area else ""
        distance = max(1, round(match.distance_km or 0))
        return [ctx.t("ℹ️ Not in your district: {district}, about {km} km away.", district=where, km=distance)]
    if match.scope == "state":
        return [ctx.t("ℹ️ For the whole of Baden-Württemberg.")]
    return []


def does(ctx: Context, listing: Listing) -> str:
    """What they do for people: the office's own words, else those of its kind."""
    described = listing.descriptions.get(ctx.language)
    return escape(described) if described else ctx.t(door(listing.category, listing.office_kind).does)


def address_lines(listing: Listing) -> list[str]:
    """Where it is; only the town where no street is known."""
    return [f"📍 {escape(listing.address)}"] if listing.address else []


def contact_lines(listing: Listing) -> list[str]:
    """Phone numbers, mail and web address."""
    lines = [f"☎️ {pretty_phone(phone)}" for phone in listing.phones]
    if listing.email:
        lines.append(f"✉️ {escape(listing.email)}")
    if listing.website:
        lines.append(f'🌍 <a href="{html.escape(listing.website)}">{escape(_short_url(listing.website))}</a>')
    return lines


def _hours(ctx: Context, listing: Listing) -> list[str]:
    return hours_lines(ctx, listing) if has_door(listing) else []


def _state(ctx: Context, state: OpeningState) -> str:
    upcoming = ctx.t("next: {when}", when=_span(ctx, state)) if state.next_open else ""
    if state.open and state.until:
        now = ctx.t("Open now until {time}", time=ctx.texts.time(state.until))
        return f"{now} · {upcoming}" if upcoming else now
    if state.open:
        return ctx.t("Open now")
    if upcoming:
        return ctx.t("Closed now") + " · " + upcoming
    return ctx.t("Closed now. The next opening is not known.")


def _span(ctx: Context, state: OpeningState) -> str:
    begin, end = state.next_open, state.next_close
    if begin is None:
        return ""
    hours = f"{ctx.texts.time(begin)}–{ctx.texts.time(end)}" if end else ctx.texts.time(begin)
    return f"{_day(ctx, begin)}, {hours}"


def _day(ctx: Context, moment: datetime) -> str:
    if moment.date() == ctx.now.date():
        return ctx.t("today")
    if moment.date() == ctx.now.date() + timedelta(days=1):
        return ctx.t("tomorrow")
    return ctx.texts.day(moment.date())


def language_lines(ctx: Context, listing: Listing) -> list[str]:
    """The languages spoken there, where known."""
    if not listing.languages:
        return []
    return ["🗣 " + ", ".join(ctx.texts.language_name(code) for code in listing.languages)]


def fallback_door(ctx: Context, match: Match) -> list[str]:
    """Where to ask instead of an office that can neither be called nor visited."""
    return [] if has_door(match.listing) else next_door(ctx, match.listing)


def next_door(ctx: Context, listing: Listing) -> list[str]:
    """Who in the district knows an office's phone number; nothing where nobody else is known."""
    area, place = listing.service_area, ctx.session.place
    home = area[0][:5] if area else (place.ags if place else "")
    other = ctx.directory.next_door(home)
    if other is None or other.id == listing.id:
        return []
    return [
        ctx.t("I do not know a phone number of this office. Ask here for it:"),
        f"🏛 {escape(other.organization)}",
        *address_lines(other),
        *contact_lines(other),
        confirmation(ctx, other),
    ]


def paper_lines(ctx: Context, listing: Listing) -> list[str]:
    """What to bring along."""
    papers = door(listing.category, listing.office_kind).papers
    if not papers:
        return []
    return [
        ctx.t("📄 Bring along if you have it: {papers}", papers="; ".join(ctx.t(paper) for paper in papers))
    ]


def counter_lines(ctx: Context, listing: Listing) -> list[str]:
    """The German sentence to show, and what it says."""
    found = door(listing.category, listing.office_kind)
    lines = [ctx.t("🪧 Show this there:"), f"<b>„{found.german_sentence}“</b>"]
    if ctx.language != "de":
        lines.append(f"<i>{ctx.t(found.sentence)}</i>")
    return lines


def confirmation(ctx: Context, listing: Listing) -> str:
    """Whether and when the office confirmed these details; it stands wherever they are shown."""
    if listing.verified_at and _is_recent(ctx, listing.verified_at):
        day = ctx.texts.source_date(listing.verified_at)
        return ctx.t("✅ The office confirmed these details on {day}.", day=day)
    return f"{_unconfirmed(ctx, listing)} {_before_going(ctx, listing)}"


def _is_recent(ctx: Context, day: str) -> bool:
    return ctx.now.date() - date.fromisoformat(day) <= CONFIRMATION_AGE


def _unconfirmed(ctx: Context, listing: Listing) -> str:
    if listing.verified_at:
        day = ctx.texts.source_date(listing.verified_at)
        return ctx.t("⚠️ The office last confirmed these details on {day}.", day=day)
    if listing.source_date:
        day = ctx.texts.source_date(listing.source_date)
        return ctx.t("⚠️ Not yet confirmed by the office (as of {day}).", day=day)
    return ctx.t("⚠️ Not yet confirmed by the office (date not known).")


def _before_going(ctx: Context, listing: Listing) -> str:
    return ctx.t("Please call before you go.") if listing.phones else ctx.t("Please check before you go.")


def _short_url(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")
