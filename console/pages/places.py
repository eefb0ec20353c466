"""Districts to choose from, and the search for one's own by town or postal code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from bot.conversation.context import Context
from bot.conversation.labels import REGIONS
from bot.conversation.naming import district_name
from bot.conversation.places import choice, elsewhere, must_choose
from bot.types import Place, PlaceResult
from gazetteer.districts import District, districts
from gazetteer.resolver import Resolver

MAX_QUERY = 100


@dataclass(frozen=True, slots=True)
class DistrictLink:
    """A district to go to: its AGS and what it is called."""

    ags: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search says: a district to go to at once, or a question with districts, or ways elsewhere."""

    ags: str = ""
    question: str = ""
    choices: tuple[DistrictLink, ...] = ()
    elsewhere: str = ""
    """HTML, with line breaks."""


def regions(ctx: Context) -> list[tuple[str, list[DistrictLink]]]:
    """The four regions, each with its districts by name."""
    by_region = sorted(districts().values(), key=_region)
    grouped = {
        key: [DistrictLink(d.ags, d.name(ctx.language)) for d in of]
        for key, of in groupby(by_region, _region)
    }
    return [
        (ctx.t(label), sorted(grouped[key], key=lambda door: door.name)) for key, label in REGIONS.items()
    ]


def find(ctx: Context, text: str) -> Found:
    """Where a town, a postal code or a district lies, in any spelling; nothing for no place at all."""
    result = _resolver().resolve(text[:MAX_QUERY])
    if must_choose(result):
        return Found(question=choice(ctx, result), choices=tuple(_choices(ctx, result)))
    if result.kind == "found":
        return Found(ags=result.matches[0].place.ags)
    if result.kind == "outside":
        return Found(elsewhere=elsewhere(ctx, result.outside_name))
    return Found()


def _choices(ctx: Context, result: PlaceResult) -> Iterable[DistrictLink]:
    """The places of the Land among those named."""
    named: list[Place] = [*(match.place for match in result.matches), *result.beside]
    for place in named:
        if place.ags:
            name = district_name(ctx, place.ags)
            yield DistrictLink(place.ags, name if place.kind == "district" else f"{place.name} ({name})")


def _region(district: District) -> str:
    return district.region.lower().replace("ü", "ue")


@cache
def _resolver() -> Resolver:
    return Resolver.load()
