"""Whose place and whose need it is: the person's own, their child's, or somebody else's they help."""

from __future__ import annotations

from bot.conversation.context import Context
from bot.conversation.naming import described
from bot.texts import N_
from bot.types import Button, Place
from services_directory.search import Match
from services_directory.snapshot import Listing

_CHILDREN = ("kind", "jugend")


def turned(ctx: Context) -> Context:
    """Take in whom the text asks for. Somebody else's place never overwrites the person's own."""
    session, understood = ctx.session, ctx.understanding
    said = understood.for_whom if understood else ""
    if said == "self" and session.helping:
        return own(ctx)
    if said == "other" and session.helping != "other":
        return ctx.with_session(helping="other", home=session.place)
    if said == "child" and not session.helping:
        return ctx.with_session(helping="child")
    if session.helping == "child" and not said and understood and _wishes_anew(understood.intent):
        return ctx.with_session(helping="")
    return ctx


def own(ctx: Context) -> Context:
    """From now on it is about the person themselves, at their own place."""
    if ctx.session.helping != "other":
        return ctx.with_session(helping="")
    return ctx.with_session(helping="", place=ctx.session.home, home=None)


def heading(ctx: Context, category: str, place: Place) -> str:
    """Whom and which place a card is for."""
    where = described(ctx, place)
    if ctx.session.helping == "other":
        return ctx.t("For the person you help: {place}", place=where)
    if ctx.session.helping == "child" and category == "trauma_consultation":
        return ctx.t("For your child: {place}", place=where)
    return ctx.t("For: {place}", place=where)


def back_row(ctx: Context) -> tuple[tuple[Button, ...], ...]:
    """The way back to the person's own place, while a card is for somebody else."""
    session = ctx.session
    if session.helping != "other":
        return ()
    if session.home is None:
        return ((ctx.button(N_("🏠 For myself"), "mine"),),)
    if session.home == session.place:
        return ()
    return ((Button(ctx.t("🏠 Back to {place}", place=described(ctx, session.home)), "mine"),),)


def for_children_first(ctx: Context, category: str, matches: list[Match]) -> list[Match]:
    """For a child the offers made for children come first, for a grown-up the own district's last."""
    if category != "trauma_consultation":
        return matches
    scopes = list(dict.fromkeys(_near(match) for match in matches))

    def order(match: Match) -> tuple[int, bool]:
        listing = match.listing
        if ctx.session.helping == "child":
            return scopes.index(_near(match)), not _is_for_children(listing)
        return scopes.index(_near(match)), _near(match) == "own" and _is_for_children_only(listing)

    return sorted(matches, key=order)


def childrens_hours(ctx: Context, category: str, listing: Listing) -> list[str]:
    """What to ask for where the directory does not say that an offer is for children."""
    if ctx.session.helping != "child" or category != "trauma_consultation" or _is_for_children(listing):
        return []
    return [ctx.t("🧒 Ask there whether they have hours for children.")]


def _near(match: Match) -> str:
    return "own" if match.scope in ("municipality", "district") else match.scope


def _is_for_children(listing: Listing) -> bool:
    said = f"{listing.name} {listing.descriptions.get('de', '')}".lower()
    return any(word in said for word in _CHILDREN)


def _is_for_children_only(listing: Listing) -> bool:
    """Where already the name says so."""
    return any(word in listing.name.lower() for word in _CHILDREN)


def _wishes_anew(intent: str) -> bool:
    return intent.startswith(("find_", "ask_")) and intent not in ("ask_opening_hours", "ask_contact")
