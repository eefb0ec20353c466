"""Where the person lives: asking, clarifying, choosing from a list. The answers go to `arrival`."""

from __future__ import annotations

from bot.conversation import menu
from bot.conversation.context import Context, payload
from bot.conversation.hotline_lines import hotline_line
from bot.conversation.labels import REGIONS
from bot.conversation.naming import district_name
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.hotlines import lines_for
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


def must_choose(result: PlaceResult) -> bool:
    """Whether only the person can say which of several places counts."""
    return result.kind == "ambiguous" or bool(result.beside)


def clarify(ctx: Context, result: PlaceResult, wish: Wish | None) -> Outcome:
    """Several places of that name, or several places named: let the person choose."""
    return ctx.say(Reply(choice(ctx, result), choice_rows(ctx, result)), wish=wish, asked="place")


def choice(ctx: Context, result: PlaceResult) -> str:
    """The question which place counts: of namesakes the meant one, of several places the registered one."""
    names = {match.place.name for match in result.matches} | {place.name for place in result.beside}
    if len(names) == 1:
        return ctx.t("Which place do you mean?")
    return which_registered(ctx)


def which_registered(ctx: Context) -> str:
    """The question that decides which district is responsible."""
    return ctx.t("Where are you registered (Anmeldung)? The office of that place is responsible for you.")


def choice_rows(ctx: Context, result: PlaceResult) -> tuple[tuple[Button, ...], ...]:
    """A button for each place."""
    named = [*(match.place for match in result.matches), *result.beside]
    return tuple((_place_button(ctx, place),) for place in named[:8])


def _place_button(ctx: Context, place: Place) -> Button:
    if place.ags:
        return Button(_described(ctx, place), at(place))
    return Button(ctx.t("{place} (not in Baden-Württemberg)", place=place.name), payload("away", place.name))


def outside(ctx: Context, name: str, wish: Wish | None) -> Outcome:
    """The named place is not in the Land: the federal ways on, and the choice of a place within."""
    rows = ((ctx.button(N_("📋 I live in Baden-Württemberg"), "place"),), menu.back_row(ctx))
    return ctx.say(Reply(elsewhere(ctx, name), rows), wish=wish, asked="")


def elsewhere(ctx: Context, name: str) -> str:
    """What helps everywhere in Germany, for a place that is not in the Land: pages and phone lines."""
    html = ctx.t(
        "{place} is not in Baden-Württemberg. I only know offices in this Land. "
        "These pages help everywhere in Germany:",
        place=name,
    )
    lines = [
        *lines_for(("crisis",), ctx.language, ctx.now)[:2],
        *lines_for(("women",), ctx.language, ctx.now)[:1],
    ]
    phones = (
        ctx.t("These numbers work everywhere in Germany:"),
        ctx.t("• <b>112</b> in danger, <b>110</b> police, <b>116117</b> doctor on duty"),
        *(f"• {hotline_line(ctx, line)}" for line in lines),
    )
    return "\n\n".join((html, federal_links(), "\n".join(phones)))


def federal_links() -> str:
    """The federal portals as a list of links."""
    return "\n".join(f'• <a href="{url}">{title}</a>' for title, url in FEDERAL_HELP)


def change(ctx: Context) -> Outcome:
    """Another place for what is wished, or for what was shown last."""
    shown = ctx.session.shown
    return ask(ctx, ctx.session.wish or (Wish(shown.category, shown.office_kind) if shown else None))


def regions(ctx: Context, *, turned: bool = False) -> Outcome:
    """First step of the list: the four Regierungsbezirke; `turned`: back from the second step."""
    rows = tuple((ctx.button(label, payload("region", key)),) for key, label in REGIONS.items())
    said = Reply(ctx.t("Choose the region:"), (*rows, menu.back_row(ctx)), replaces=turned)
    return ctx.say(said, asked="place")


def region(ctx: Context, key: str) -> Outcome:
    """Second step of the list: the districts of a region, by name."""
    found = [d for d in districts().values() if _region_key(d.region) == key]
    names = sorted((district_name(ctx, d.ags), d.ags) for d in found)
    rows = tuple((Button(name, payload("at", ags)),) for name, ags in names)
    back = (ctx.button(N_("◀️ Regions"), "regions:list"), *menu.back_row(ctx))
    said = Reply(ctx.t("Choose your district or city:"), (*rows, back), replaces=True)
    return ctx.say(said, asked="place")


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
