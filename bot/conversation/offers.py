"""Offers of the directory: from a wish and a place to the card of the right door."""

from __future__ import annotations

from bot.conversation import dates, menu, places, whom
from bot.conversation.card import card, contact_lines, door_lines, has_door, map_button
from bot.conversation.context import Context, payload
from bot.conversation.labels import door
from bot.conversation.markup import escape
from bot.conversation.naming import described
from bot.conversation.outcome import Outcome
from bot.conversation.session import Shown, Wish
from bot.texts import N_
from bot.types import Button, Event, Place, Reply
from services_directory.search import Match

NEAREST = 3
"""Offers of other districts named where the own district has none."""
STATEWIDE = 3
"""Offers for the whole Land named beside those of a district."""


def find(ctx: Context, wish: Wish) -> Outcome:
    """Show the offer, or first find out where the person is. A place in the same message counts first."""
    named = ctx.place
    if places.must_choose(named):
        return places.clarify(ctx, named, wish)
    if named.kind == "outside" and wish.office_kind != "consulate":
        return places.outside(ctx, named.outside_name, wish)
    if named.kind == "found":
        return first(ctx.with_session(place=named.matches[0].place), wish)
    if ctx.session.place is None:
        return places.ask(ctx, wish)
    return first(ctx, wish)


def first(ctx: Context, wish: Wish) -> Outcome:
    """What comes first for the place: the card, or the nearest offers where the district has none."""
    place = ctx.session.place
    if place is None:
        return places.ask(ctx, wish)
    matches = search(ctx, wish, place)
    if matches and matches[0].scope == "neighbour":
        return _elsewhere(ctx, wish, place, matches)
    return _shown(ctx, wish, place, matches)


def show(ctx: Context, wish: Wish, index: int = 0) -> Outcome:
    """The card of the `index`-th offer for the session's place (counting round), with the ways on."""
    place = ctx.session.place
    if place is None:
        return places.ask(ctx, wish)
    return _shown(ctx, wish, place, search(ctx, wish, place), index)


def _shown(ctx: Context, wish: Wish, place: Place, matches: list[Match], index: int = 0) -> Outcome:
    if not matches:
        return _nothing(ctx, place)
    index %= len(matches)
    match = matches[index]
    shown = Shown(match.listing.id, wish.category, wish.office_kind, index)
    event = Event("offer_shown", {"category": wish.category, "ags": place.ags, "listing": match.listing.id})
    statewide = _statewide(matches, besides=index) if wish.category == "helper_training" else []
    html = "\n\n".join((_with_notes(ctx, wish, match, matches), *_statewide_lines(ctx, statewide)))
    reply = Reply(html, _buttons(ctx, wish, match, index, len(matches), statewide))
    return ctx.say(reply, events=(event,), shown=shown, wish=None, asked="", topic="", misunderstood=0)


def search(ctx: Context, wish: Wish, place: Place) -> list[Match]:
    """What the directory has for this wish at this place, best first."""
    position = (place.latitude, place.longitude) if place.latitude and place.longitude else None
    found = ctx.directory.search(
        place.ags, wish.category, place.municipality_ags, wish.office_kind, position=position
    )
    return whom.for_children_first(ctx, wish.category, found)


def _with_notes(ctx: Context, wish: Wish, match: Match, matches: list[Match]) -> str:
    """The card, headed by the place it is for and by what could not be found exactly."""
    place = ctx.session.place
    lines = [whom.heading(ctx, wish.category, place)] if place else []
    lines += [*missing(ctx, wish, match), *whom.childrens_hours(ctx, wish.category, match.listing)]
    return "\n\n".join(("\n".join(lines), *_own_door(ctx, matches), card(ctx, match)))


def missing(ctx: Context, wish: Wish, match: Match) -> list[str]:
    """Says so where the office found only stands in for the one wished."""
    if wish.office_kind and match.listing.office_kind != wish.office_kind:
        label = ctx.t(door(wish.category, wish.office_kind).label)
        return [ctx.t("I do not have “{office}” of your district yet. Ask here:", office=label)]
    if match.listing.is_central_contact and wish.category != "other_office":
        return [ctx.t("I do not know the exact office yet. The central contact connects you:")]
    return []


def _elsewhere(ctx: Context, wish: Wish, place: Place, matches: list[Match]) -> Outcome:
    """The district has no such offer: its own door, the nearest offers in a line each, the Land's offers."""
    near = [(index, match) for index, match in enumerate(matches) if match.scope == "neighbour"]
    near = near[:NEAREST]
    statewide = _statewide(matches)
    blocks = (
        whom.heading(ctx, wish.category, place),
        *_own_door(ctx, matches),
        "\n".join((ctx.t("📍 The nearest offers in other districts:"), *_numbered(ctx, near))),
        _call_first(ctx, near),
        *_statewide_lines(ctx, statewide),
    )
    numbers = tuple(Button(str(number), _card_of(wish, index)) for number, (index, _) in enumerate(near, 1))
    rows = (
        numbers,
        *_statewide_rows(wish, statewide),
        (_other_category(ctx, wish),),
        *whom.back_row(ctx),
        _way_on(ctx),
        menu.back_row(ctx),
    )
    nearest = matches[0].listing.id
    event = Event("offer_shown", {"category": wish.category, "ags": place.ags, "listing": nearest})
    shown = Shown(nearest, wish.category, wish.office_kind)
    reply = Reply("\n\n".join(blocks), rows)
    return ctx.say(reply, events=(event,), shown=shown, wish=None, asked="", topic="", misunderstood=0)


def _call_first(ctx: Context, near: list[tuple[int, Match]]) -> str:
    unconfirmed = any(not match.listing.verified_at for _, match in near)
    note = ctx.t("⚠️ Not all of these offices have confirmed their details.") + " " if unconfirmed else ""
    return note + ctx.t("Please call first. Ask whether they take people from your district.")


def _numbered(ctx: Context, near: list[tuple[int, Match]]) -> list[str]:
    return [f"{number}. {_in_a_line(ctx, match)}" for number, (_, match) in enumerate(near, 1)]


def _in_a_line(ctx: Context, match: Match) -> str:
    """Name, who runs it, town, distance and the way to reach them."""
    listing = match.listing
    away = [] if match.distance_km is None else [ctx.t("about {km} km", km=max(1, round(match.distance_km)))]
    where = ", ".join((*([escape(listing.city)] if listing.city else []), *away))
    reach = contact_lines(listing)[:1] or [ctx.t("no phone known")]
    return f"<b>{escape(listing.name)}</b>{f' ({where})' if where else ''} {reach[0]}"


def _statewide(matches: list[Match], besides: int = -1) -> list[tuple[int, Match]]:
    """Offers for the whole Land, each with its index among all matches."""
    found = [(at, match) for at, match in enumerate(matches) if match.scope == "state" and at != besides]
    return found[:STATEWIDE]


def _statewide_lines(ctx: Context, statewide: list[tuple[int, Match]]) -> list[str]:
    if not statewide:
        return []
    names = "; ".join(f"{match.listing.name} ({match.listing.organization})" for _, match in statewide)
    return [ctx.t("🌐 Also for the whole of Baden-Württemberg: {names}.", names=names)]


def _statewide_rows(wish: Wish, statewide: list[tuple[int, Match]]) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(f"🌐 {match.listing.name}", _card_of(wish, at)),) for at, match in statewide)


def _card_of(wish: Wish, index: int) -> str:
    """The payload that opens the card of the `index`-th offer."""
    return payload("offer", wish.category, wish.office_kind, index)


def _own_door(ctx: Context, matches: list[Match]) -> list[str]:
    """Besides an offer elsewhere, where the own district has none: its own door knows who offers it."""
    place = ctx.session.place
    if place is None or any(match.is_own for match in matches):
        return []
    own = [
        found.listing
        for found in search(ctx, Wish("integration_management"), place)
        if has_door(found.listing)
    ]
    if not own:
        return []
    heading = ctx.t("🏠 I know no such place in your own district yet. Ask here first:")
    return ["\n".join((heading, *door_lines(ctx, own[0])))]


def _buttons(
    ctx: Context,
    wish: Wish,
    match: Match,
    index: int,
    count: int,
    statewide: list[tuple[int, Match]],
) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    first = [*map_button(ctx, match.listing)]
    if count > 1:
        first.append(ctx.button(N_("➡️ Another one"), _card_of(wish, (index + 1) % count)))
    if first:
        rows.append(tuple(first))
    share = ctx.button(N_("📤 Share, print"), payload("share", match.listing.id))
    rows.append((*dates.button(ctx, match.listing), share))
    rows += [*_statewide_rows(wish, statewide), (_other_category(ctx, wish),)]
    rows += [*whom.back_row(ctx), _way_on(ctx)]
    rows.append((ctx.button(N_("⚠️ Wrong here?"), payload("wrong", match.listing.id)), *menu.back_row(ctx)))
    return tuple(rows)


def _way_on(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button(N_("📍 Another place"), "place"), ctx.button(N_("🙋 Talk to a person"), "human"))


def _other_category(ctx: Context, wish: Wish) -> Button:
    """The way to the other offer people most often need at the same place."""
    if wish.category == "helper_training":
        return ctx.button(N_("🤝 How can I help?"), "ask:offer_help")
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
    """The next offer after the card last shown; says so where there is none, or after the last one."""
    shown, place = ctx.session.shown, ctx.session.place
    if shown is None or place is None:
        return menu.show_menu(ctx)
    wish = Wish(shown.category, shown.office_kind)
    matches = search(ctx, wish, place)
    count, following = len(matches), shown.index + 1
    if count == 1:
        rows = ((_other_category(ctx, wish),), *whom.back_row(ctx), _way_on(ctx), menu.back_row(ctx))
        return ctx.say(Reply(ctx.t("I know no other one."), rows), misunderstood=0)
    outcome = _shown(ctx, wish, place, matches, following)
    if following < count:
        return outcome
    return outcome.after(Reply(ctx.t("That was the last one. I begin again:")))
