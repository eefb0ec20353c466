"""Offers of the directory: from a wish and a place to the card of the right door."""

from __future__ import annotations

from bot.conversation import menu, places
from bot.conversation.card import address_lines, card, confirmation, contact_lines, has_door, map_url, title
from bot.conversation.context import Context, payload
from bot.conversation.labels import door
from bot.conversation.naming import described
from bot.conversation.outcome import Outcome
from bot.conversation.session import Shown, Wish
from bot.texts import N_
from bot.types import Button, Event, Place, Reply
from services_directory.search import Match


def find(ctx: Context, wish: Wish) -> Outcome:
    """Show the offer, or first find out where the person is. A place in the same message counts first."""
    named = ctx.place
    if named.kind == "ambiguous":
        return places.clarify(ctx, named, wish)
    if named.kind == "outside" and wish.office_kind != "consulate":
        return places.outside(ctx, named.outside_name, wish)
    if named.kind == "found":
        return show(ctx.with_session(place=named.matches[0].place), wish)
    if ctx.session.place is None:
        return places.ask(ctx, wish)
    return show(ctx, wish)


def show(ctx: Context, wish: Wish, index: int = 0) -> Outcome:
    """The card of the `index`-th offer for the session's place (counting round), with the ways on."""
    place = ctx.session.place
    if place is None:
        return places.ask(ctx, wish)
    matches = search(ctx, wish, place)
    if not matches:
        return _nothing(ctx, place)
    index %= len(matches)
    match = matches[index]
    shown = Shown(match.listing.id, wish.category, wish.office_kind, index)
    event = Event("offer_shown", {"category": wish.category, "ags": place.ags, "listing": match.listing.id})
    reply = Reply(_with_notes(ctx, wish, match), _buttons(ctx, wish, match, index, len(matches)))
    return ctx.say(reply, events=(event,), shown=shown, wish=None, asked="", misunderstood=0)


def search(ctx: Context, wish: Wish, place: Place) -> list[Match]:
    """What the directory has for this wish at this place, best first."""
    position = (place.latitude, place.longitude) if place.latitude and place.longitude else None
    return ctx.directory.search(
        place.ags, wish.category, place.municipality_ags, wish.office_kind, position=position
    )


def _with_notes(ctx: Context, wish: Wish, match: Match) -> str:
    """The card, headed by the place it is for and by what could not be found exactly."""
    place = ctx.session.place
    lines = [ctx.t("For: {place}", place=described(ctx, place))] if place else []
    if wish.office_kind and match.listing.office_kind != wish.office_kind:
        label = ctx.t(door(wish.category, wish.office_kind).label)
        lines.append(ctx.t("I do not have “{office}” of your district yet. Ask here:", office=label))
    elif match.listing.is_central_contact and wish.category != "other_office":
        lines.append(ctx.t("I do not know the exact office yet. The central contact connects you:"))
    return "\n\n".join(("\n".join(lines), *_own_door(ctx, match), card(ctx, match)))


def _own_door(ctx: Context, match: Match) -> list[str]:
    """Besides an offer elsewhere, the person's own district: its own door knows who offers it."""
    place = ctx.session.place
    if place is None or match.scope not in ("neighbour", "state"):
        return []
    own = [
        found.listing
        for found in search(ctx, Wish("integration_management"), place)
        if has_door(found.listing)
    ]
    if not own:
        return []
    heading = ctx.t("🏠 I know no such place in your own district yet. Ask here first:")
    lines = (title(own[0]), *address_lines(own[0]), *contact_lines(own[0]), confirmation(ctx, own[0]))
    return ["\n".join((heading, *lines))]


def _buttons(
    ctx: Context, wish: Wish, match: Match, index: int, count: int
) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    first: list[Button] = []
    if url := map_url(match.listing):
        first.append(Button(ctx.t("🗺 Map"), url=url))
    if count > 1:
        following = payload("offer", wish.category, wish.office_kind, (index + 1) % count)
        first.append(ctx.button(N_("➡️ Another one"), following))
    if first:
        rows.append(tuple(first))
    rows.append((_other_category(ctx, wish),))
    rows.append((ctx.button(N_("📍 Another place"), "place"), ctx.button(N_("🙋 Talk to a person"), "human")))
    rows.append((ctx.button(N_("⚠️ Wrong here?"), payload("wrong", match.listing.id)), *menu.back_row(ctx)))
    return tuple(rows)


def _other_category(ctx: Context, wish: Wish) -> Button:
    """The way to the other offer people most often need at the same place."""
    if wish.category == "integration_management":
        return ctx.button(N_("💛 Psychological help"), "find:trauma_consultation")
    return ctx.button(N_("🧭 Integration manager"), "find:integration_management")


def _nothing(ctx: Context, place: Place) -> Outcome:
    """The directory has nothing at all, or is not there yet: the ways that do not depend on it."""
    where = described(ctx, place)
    html = ctx.t(
        "I have no address for {place} right now. Ask at the town hall (Rathaus), or here:", place=where
    )
    return ctx.say(
        Reply(f"{html}\n\n{places.federal_links()}", menu.menu_rows(ctx)),
        events=(Event("nothing_found", {"ags": place.ags}),),
        wish=None,
        asked="",
    )


def another(ctx: Context) -> Outcome:
    """The next offer after the card last shown."""
    shown = ctx.session.shown
    if shown is None:
        return menu.show_menu(ctx)
    return show(ctx, Wish(shown.category, shown.office_kind), shown.index + 1)


def report_wrong(ctx: Context, listing_id: str) -> Outcome:
    """Something on the card is wrong: noted for the people who keep the directory."""
    event = Event("wrong_information", {"listing": listing_id[:12]})
    html = ctx.t("Thank you. I have noted that something is wrong here. Please check by phone before you go.")
    rows = ((ctx.button(N_("➡️ Another one"), "another"), *menu.back_row(ctx)),)
    return ctx.say(Reply(html, rows), events=(event,))
