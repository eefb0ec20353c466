"""Places and districts as shown to the person."""

from __future__ import annotations

from bot.conversation.context import Context
from bot.types import Place
from gazetteer.districts import districts


def district_name(ctx: Context, ags: str) -> str:
    """The district's name in the person's language."""
    return districts()[ags].name(ctx.language)


def described(ctx: Context, place: Place) -> str:
    """A place as shown to the person: the German name, with its district where that says more."""
    return district_name(ctx, place.ags) if place.kind == "district" else place.name
