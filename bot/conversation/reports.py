"""Reports that something shown is wrong: which office or answer, and what. No free text is stored."""

from __future__ import annotations

import re

from bot.answers import answers
from bot.conversation import menu, offers
from bot.conversation.card import address_lines, confirmation, contact_lines
from bot.conversation.context import Context, payload
from bot.conversation.markup import escape
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Event, Reply
from services_directory.snapshot import Listing

LISTING_REASONS: dict[str, str] = {
    "phone": N_("☎️ The phone number"),
    "address": N_("📍 The address"),
    "hours": N_("🕒 The opening hours"),
    "closed": N_("🚪 Closed or moved"),
    "language": N_("🗣 The languages spoken there"),
    "other": N_("Something else"),
}
"""What can be wrong about an office, as it stands in the event `wrong_information`."""

TOPIC_REASONS: dict[str, str] = {
    "outdated": N_("📅 It is out of date"),
    "steps": N_("🧾 The steps or papers"),
    "address": N_("📍 The office named there"),
    "language": N_("🗣 The language or spelling"),
    "other": N_("Something else"),
}
"""What can be wrong about an answer."""

_LISTING_ID = re.compile(r"[a-z0-9]{1,12}")


def ask(ctx: Context, subject: str) -> Outcome:
    """What is wrong about this listing (its id) or this answer (its intent)?"""
    reasons = _reasons(subject)
    if not reasons:
        return menu.show_menu(ctx)
    html = ctx.t("What is wrong here?")
    if name := _name(ctx, subject):
        html += f"\n<b>{escape(name)}</b>"
    rows = tuple(
        (ctx.button(label, payload("report", reason, subject)),) for reason, label in reasons.items()
    )
    return ctx.say(Reply(html, (*rows, menu.back_row(ctx))))


def note(ctx: Context, reason: str, subject: str) -> Outcome:
    """Hand the report on, say what happens next and where to ask meanwhile."""
    reasons = _reasons(subject)
    if reason not in reasons:
        return ask(ctx, subject)
    is_topic = subject in answers()
    about = {"listing": "" if is_topic else subject, "topic": subject if is_topic else ""}
    event = Event("wrong_information", {**about, "reason": reason})
    thanks = ctx.t("Thank you. I have noted:") + f" <b>{ctx.t(reasons[reason])}</b>"
    blocks = [thanks, _next(ctx, is_topic)]
    if central := _central(ctx, subject):
        lines = (f"<b>{escape(central.organization)}</b>", *address_lines(central), *contact_lines(central))
        blocks.append("\n".join((ctx.t("Until then you can ask here:"), *lines, confirmation(ctx, central))))
    reply = Reply("\n\n".join(blocks), _ways_on(ctx, subject), replaces=True)
    return ctx.say(reply, events=(event,), misunderstood=0)


def _reasons(subject: str) -> dict[str, str]:
    """What may be wrong about the subject; nothing where it is neither an answer nor a listing's id."""
    if subject in answers():
        return TOPIC_REASONS
    return LISTING_REASONS if _LISTING_ID.fullmatch(subject) else {}


def _name(ctx: Context, subject: str) -> str:
    if subject in answers():
        return answers()[subject].wordings[ctx.language].title
    listing = ctx.directory.get(subject)
    return listing.name if listing else ""


def _next(ctx: Context, is_topic: bool) -> str:
    if is_topic:
        return ctx.t(
            "What happens next: the people who keep the answers see your report and check it. "
            "Until then, ask the office before you decide anything."
        )
    return ctx.t(
        "What happens next: the staff of the district see your report and check it. "
        "Until then, please check before you go there."
    )


def _central(ctx: Context, subject: str) -> Listing | None:
    """The switchboard of the district in question, unless it is what the report is about."""
    listing = ctx.directory.get(subject)
    area = listing.service_area if listing else ()
    place = ctx.session.place
    ags = place.ags if place else area[0][:5] if area else ""
    central = ctx.directory.central_contact(ags) if ags else None
    return central if central and central.id != subject else None


def _ways_on(ctx: Context, subject: str) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if following := _next_offer(ctx, subject):
        rows.append((ctx.button(N_("➡️ Another one"), following),))
    if found := answers().get(subject):
        rows += menu.related(ctx, found)
    return (*rows, menu.person_row(ctx))


def _next_offer(ctx: Context, subject: str) -> str:
    """The payload that shows the offer after this listing at the person's place; empty for none."""
    listing, place = ctx.directory.get(subject), ctx.session.place
    if listing is None or place is None:
        return ""
    shown = ctx.session.shown
    is_shown = shown is not None and shown.listing_id == subject
    wish = Wish(shown.category, shown.office_kind) if shown and is_shown else _wish(listing)
    ids = [match.listing.id for match in offers.search(ctx, wish, place)]
    if len(ids) < 2:
        return ""
    index = (ids.index(subject) + 1) % len(ids) if subject in ids else 0
    return payload("offer", wish.category, wish.office_kind, index)


def _wish(listing: Listing) -> Wish:
    return Wish(listing.category, listing.office_kind if listing.category == "other_office" else "")
