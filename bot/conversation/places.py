"""Where the person lives: asking, clarifying, choosing from a list. The answers go to `arrival`."""

from __future__ import annotations

from bot.conversation import menu
from bot.conversation.context import Context, payload
from bot.conversation.labels import REGIONS
from bot.conversation.naming import district_name
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Place, PlaceResult, Reply
from gazetteer.districts import districts

FEDERAL_HELP = (
    ("Germany4Ukraine", "https://www.germany4ukraine.de"),
    ("Handbook Germany", "https://handbookgermany.de"),
    ("BAMF-NAvI", "https://bamf-navi.bamf.de"),
)
"""Ways on for people outside the Land: portals of the federation and its partners."""


def ask(ctx: Context, wish: Wish | None, html: str = "") -> Outcome:
    """Ask for the place and keep what it is needed for."""
    question = html or ctx.t("In which town or district do you live? Write its name or the postal code.")
    rows = (
        (ctx.button(N_("📋 Choose from a list"), "regions"),),
        (ctx.button(N_("📍 Share location"), "location"),),
        menu.back_row(ctx),
    )
    return ctx.say(Reply(question, rows), wish=wish, asked="place")


def ask_again(ctx: Context) -> Outcome:
    """No place was found in the answer to our question."""
    html = ctx.t(
        "I did not find this place in Baden-Württemberg. "
        "Try the postal code (5 digits) or choose from the list."
    )
    return ask(ctx, ctx.session.wish, html)


def clarify(ctx: Context, result: PlaceResult, wish: Wish | None) -> Outcome:
    """Several places of that name, or several places named: let the person choose."""
    rows = tuple((Button(_described(ctx, match.place), at(match.place)),) for match in result.matches[:8])
    return ctx.say(Reply(ctx.t("Which place do you mean?"), rows), wish=wish, asked="place")


def outside(ctx: Context, name: str, wish: Wish | None) -> Outcome:
    """The named place is not in the Land: the federal ways on, and the choice of a place within."""
    html = ctx.t(
        "{place} is not in Baden-Württemberg. I only know offices in this Land. "
        "These pages help everywhere in Germany:",
        place=name,
    )
    rows = ((ctx.button(N_("📋 I live in Baden-Württemberg"), "place"),), menu.back_row(ctx))
    return ctx.say(Reply(f"{html}\n\n{federal_links()}", rows), wish=wish)


def federal_links() -> str:
    """The federal portals as a list of links."""
    return "\n".join(f'• <a href="{url}">{title}</a>' for title, url in FEDERAL_HELP)


def change(ctx: Context) -> Outcome:
    """Another place for what is wished, or for what was shown last."""
    shown = ctx.session.shown
    return ask(ctx, ctx.session.wish or (Wish(shown.category, shown.office_kind) if shown else None))


def regions(ctx: Context) -> Outcome:
    """First step of the list: the four Regierungsbezirke."""
    rows = tuple((ctx.button(label, payload("region", key)),) for key, label in REGIONS.items())
    return ctx.say(Reply(ctx.t("Choose the region:"), (*rows, menu.back_row(ctx))), asked="place")


def region(ctx: Context, key: str) -> Outcome:
    """Second step of the list: the districts of a region, by name."""
    found = [d for d in districts().values() if _region_key(d.region) == key]
    names = sorted((district_name(ctx, d.ags), d.ags) for d in found)
    rows = tuple((Button(name, payload("at", ags)),) for name, ags in names)
    back = (ctx.button(N_("◀️ Regions"), "regions"), *menu.back_row(ctx))
    return ctx.say(Reply(ctx.t("Choose your district or city:"), (*rows, back)), asked="place")


def ask_location(ctx: Context) -> Outcome:
    """Offer the phone's own button for sharing the location."""
    html = ctx.t("Press the button below. I use the location once to find your district and do not keep it.")
    share = Button(ctx.t("📍 Share location"), asks_location=True)
    return ctx.say(Reply(html, ((share,),)), asked="place")


def at(place: Place) -> str:
    """The payload that chooses a place."""
    return payload(
        "at", place.municipality_ags or place.ags, *([place.name] if place.kind != "district" else [])
    )


def _described(ctx: Context, place: Place) -> str:
    name = district_name(ctx, place.ags)
    return name if place.kind == "district" else f"{place.name} ({name})"


def _region_key(region: str) -> str:
    return region.lower().replace("ü", "ue")
