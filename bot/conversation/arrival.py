"""The place is told, picked or shared: keep it and go on with what it was needed for."""

from __future__ import annotations

from bot.conversation import menu, offers, places
from bot.conversation.context import Context
from bot.conversation.naming import described, district_name
from bot.conversation.outcome import Outcome
from bot.types import Place, Reply, Turn
from gazetteer.districts import district_at, districts


def arrived(ctx: Context, place: Place) -> Outcome:
    """The place is known: go on with what it was needed for, or offer the menu."""
    wish = ctx.session.wish
    ctx = ctx.with_session(place=place, asked="", misunderstood=0)
    if wish:
        return offers.show(ctx, wish)
    known = ctx.t("Noted: {place}. What do you need there?", place=described(ctx, place))
    return ctx.say(menu.menu(ctx, known))


def from_text(ctx: Context) -> Outcome:
    """The text tells where the person is, or was meant to."""
    result = ctx.place
    if result.kind == "found":
        return arrived(ctx, result.matches[0].place)
    if result.kind == "ambiguous":
        return places.clarify(ctx, result, ctx.session.wish)
    if result.kind == "outside":
        return places.outside(ctx, result.outside_name, ctx.session.wish)
    return places.ask_again(ctx)


def chosen(ctx: Context, ags: str, name: str = "") -> Outcome:
    """A place was picked by button; `ags` has five or eight digits."""
    district = districts().get(ags[:5])
    if district is None:
        return places.regions(ctx)
    kind = "municipality" if name else "district"
    municipality = ags if len(ags) == 8 else ""
    return arrived(ctx, Place(name or district.name_de, ags[:5], kind, municipality))  # type: ignore[arg-type]


def located(ctx: Context) -> Outcome:
    """A location was shared: only the district stays."""
    position = _position(ctx.turn)
    found = district_at(*position) if position else None
    if found is None:
        done = Reply(
            ctx.t("This location is outside Baden-Württemberg. I do not keep it."), closes_keyboard=True
        )
        return places.outside(ctx, ctx.t("This location"), ctx.session.wish).after(done)
    name = district_name(ctx, found[0])
    done = Reply(
        ctx.t("You are in: {place}. I do not keep the location itself.", place=name), closes_keyboard=True
    )
    return chosen(ctx, found[0]).after(done)


def membership(ctx: Context) -> Outcome:
    """The person blocked the bot, or came back: nothing is said before they write."""
    return Outcome((), ctx.session)


def _position(turn: Turn) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, where they are a place on earth."""
    latitude, longitude = turn.latitude, turn.longitude
    if latitude is None or longitude is None:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
