"""The place is told, picked or shared: keep it and go on with what it was needed for."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import menu, news, offers, places, trail, whom
from bot.conversation.context import Context, payload
from bot.conversation.naming import described, district_name
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.types import Button, Place, Reply, Turn
from gazetteer.districts import districts, districts_around
from gazetteer.municipalities import municipality


def arrived(ctx: Context, place: Place) -> Outcome:
    """The place is known: go on with what it was needed for or what is looked at, or offer the menu."""
    before, wish = ctx.session, ctx.session.wish or trail.looked_at(ctx.session) or _corrected(ctx)
    ctx = ctx.with_session(place=place, asked="", misunderstood=0)
    if wish and wish.category == news.WISH:
        return news.ask(ctx)
    outcome = offers.first(ctx, wish) if wish else _noted(ctx, place)
    return replace(outcome, replies=(*outcome.replies, *news.moved(ctx, before)))


def _corrected(ctx: Context) -> Wish | None:
    """Whoever corrects the place means the offer shown last, also when something else was said since."""
    shown, understood = ctx.session.shown, ctx.understanding
    if shown is None or understood is None or understood.correction != "place":
        return None
    return Wish(shown.category, shown.office_kind)


def _noted(ctx: Context, place: Place) -> Outcome:
    known = ctx.t("Noted: {place}. What do you need there?", place=described(ctx, place))
    reply = menu.menu(ctx, known)
    return ctx.say(replace(reply, buttons=(*reply.buttons, news.row(ctx))))


def from_text(ctx: Context) -> Outcome:
    """The text tells where the person is, or was meant to."""
    result = ctx.place
    if places.must_choose(result):
        return places.clarify(ctx, result, ctx.session.wish)
    if result.kind == "found":
        return arrived(ctx, result.matches[0].place)
    if result.kind == "outside":
        return places.outside(ctx, result.outside_name, ctx.session.wish)
    return places.ask_again(ctx)


def chosen(ctx: Context, ags: str, name: str = "") -> Outcome:
    """A place was picked by button; `ags` has five or eight digits."""
    district = districts().get(ags[:5])
    if district is None:
        return places.regions(ctx)
    if not name:
        return arrived(ctx, Place(district.name_de, ags[:5], "district"))
    known = municipality(ags)
    if known is None:
        return arrived(ctx, Place(name, ags[:5], "municipality", ags if len(ags) == 8 else ""))
    return arrived(ctx, replace(known, name=name))


def located(ctx: Context) -> Outcome:
    """A location was shared: only the district stays."""
    position = _position(ctx.turn)
    near = districts_around(*position) if position else ()
    if not near:
        done = Reply(
            ctx.t("This location is outside Baden-Württemberg. I do not keep it."), closes_keyboard=True
        )
        return places.outside(ctx, ctx.t("This location"), ctx.session.wish).after(done)
    name = district_name(ctx, near[0])
    done = Reply(
        ctx.t("You are in: {place}. I do not keep the location itself.", place=name), closes_keyboard=True
    )
    return (chosen(ctx, near[0]) if len(near) == 1 else _between(ctx, near)).after(done)


def _between(ctx: Context, near: tuple[str, ...]) -> Outcome:
    """Close to a border a position does not tell where somebody is registered."""
    html = ctx.t("The next district is very close.") + " " + places.which_registered(ctx)
    rows = tuple((Button(district_name(ctx, ags), payload("at", ags)),) for ags in near)
    return ctx.say(Reply(html, rows), asked="place")


def away(ctx: Context, name: str) -> Outcome:
    """The person is registered in a place outside the Land, picked by button."""
    return places.outside(ctx, name, ctx.session.wish)


def for_myself(ctx: Context) -> Outcome:
    """No longer for somebody else: what was shown last, at the person's own place."""
    wish = ctx.session.wish or trail.looked_at(ctx.session)
    ctx = whom.own(ctx).with_session(wish=wish)
    place = ctx.session.place
    return arrived(ctx, place) if place else places.ask(ctx, wish)


def membership(ctx: Context) -> Outcome:
    """The person blocked the bot, or came back: nothing is said before they write.

    Whoever blocked it wants no more messages, also none of those that were promised; what they agreed to
    before does not begin again when they come back. Where nothing is known, nothing is kept either: people
    delete their data and then block the bot.
    """
    if not ctx.session.greeted:
        return Outcome((), ctx.session, forget=True)
    if ctx.turn.payload == "blocked":
        return Outcome((), replace(ctx.session, reminders=(), notices=""))
    return Outcome((), ctx.session)


def _position(turn: Turn) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, where they are a place on earth."""
    latitude, longitude = turn.latitude, turn.longitude
    if latitude is None or longitude is None:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
