"""Short moves ("back", "again", "another one") and corrections of the place."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import arrival, feedback, menu, offers, places, trail
from bot.conversation.buttons import press
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.types import Correction, Move, Place, PlaceMatch, PlaceResult, Understanding
from gazetteer.districts import District, districts

_FEW_WORDS = 7
"""A longer text says more than for whom it is."""


def repaired(ctx: Context, understanding: Understanding) -> Outcome | None:
    """The answer to a move or a correction; None where the text is neither."""
    if understanding.move:
        return _moved(ctx, understanding.move)
    if understanding.correction == "place" and ctx.place.kind == "none":
        return places.ask(ctx, ctx.session.wish or trail.looked_at(ctx.session))
    if understanding.correction in ("city", "district"):
        return _other_level(ctx, understanding.correction)
    if understanding.for_whom and understanding.certainty != "sure" and _is_short(ctx):
        return _for_them(ctx)
    return None


def _is_short(ctx: Context) -> bool:
    return len(ctx.turn.text.split()) <= _FEW_WORDS


def _for_them(ctx: Context) -> Outcome | None:
    """ "And for the children?": the offer looked at, for somebody else."""
    shown = ctx.session.shown
    wish = trail.looked_at(ctx.session) or (Wish(shown.category, shown.office_kind) if shown else None)
    return offers.find(ctx, wish) if wish else None


def _moved(ctx: Context, move: Move) -> Outcome:
    if move == "back":
        return _shown(ctx, *trail.before(ctx.session))
    if move == "again":
        return _shown(ctx, *trail.current(ctx.session))
    return _another(ctx) if move == "another" else menu.show_menu(ctx)


def _another(ctx: Context) -> Outcome:
    """Another offer; after an answer, another question."""
    verb, _, topic = (ctx.session.trail[-1] if ctx.session.trail else "").partition(":")
    return feedback.why(ctx, "question", topic) if verb == "ask" else offers.another(ctx)


def _shown(ctx: Context, screen: str, before: tuple[str, ...]) -> Outcome:
    """A screen of the trail once more; the menu where there is none."""
    ctx = ctx.with_session(trail=before)
    turn = replace(ctx.turn, kind="button", payload=screen or "menu")
    return replace(press(replace(ctx, turn=turn, understanding=None)), screen=turn.payload)


def _other_level(ctx: Context, level: Correction) -> Outcome | None:
    """From the town to the district of its name, or back. Where they do not share a name: the choice."""
    place = ctx.session.place
    if place is None:
        return None
    meant = _district_of(place) if level == "district" else _city_of(place)
    if meant is None:
        return places.ask(ctx, ctx.session.wish or trail.looked_at(ctx.session))
    if meant.ags == place.ags or _head(meant.name) == _head(place.name):
        return arrival.arrived(ctx, meant)
    options = PlaceResult("ambiguous", (PlaceMatch(place, 1.0), PlaceMatch(meant, 1.0)))
    return places.clarify(ctx, options, ctx.session.wish or trail.looked_at(ctx.session))


def _district_of(place: Place) -> Place | None:
    """The Landkreis that a town lies in or gives its name or seat to."""
    own = districts()[place.ags]
    if own.type == "Landkreis":
        return _whole(own)
    return next((_whole(other) for other in _landkreise() if other.seat == own.name_de), None)


def _city_of(place: Place) -> Place | None:
    """The town that a Landkreis has its seat in; a town is itself."""
    own = districts()[place.ags]
    if own.type == "Stadtkreis" or place.kind != "district":
        return place
    city = next((d for d in districts().values() if d.type == "Stadtkreis" and d.name_de == own.seat), None)
    return Place(city.name_de, city.ags) if city else Place(own.seat, own.ags)


def _whole(district: District) -> Place:
    return Place(district.name_de, district.ags, "district")


def _landkreise() -> list[District]:
    return [district for district in districts().values() if district.type == "Landkreis"]


def _head(name: str) -> str:
    return name.removeprefix("Landkreis ").removeprefix("Stadtkreis ")
