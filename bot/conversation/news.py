"""News of the own district: agreeing to it, stopping it, and the news themselves."""

from __future__ import annotations

from bot.bulletin import LAND, MAX_A_WEEK, Bulletin
from bot.conversation import menu, places
from bot.conversation.card import door_lines
from bot.conversation.context import Context, payload
from bot.conversation.markup import escape
from bot.conversation.naming import district_name
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session, Wish
from bot.texts import N_
from bot.types import Button, Event, Reply
from gazetteer.districts import districts

WISH = "news"
"""Category of the wish that waits for the place until the person can be asked about news."""
LABEL = N_("🔔 News of my district")

_NO_MORE = N_("🔕 No more news")


def press(ctx: Context, arguments: list[str]) -> Outcome:
    """The buttons `news`, `news:yes:AGS` and `news:stop`."""
    verb, ags = (*arguments, "", "")[:2]
    if verb == "stop":
        return stop(ctx)
    if verb == "yes" and ags in districts():
        return subscribe(ctx, ags)
    return ask(ctx)


def ask(ctx: Context) -> Outcome:
    """Say what will come, how often and what is kept for it; first find out where the person lives."""
    place = ctx.session.place
    if place is None:
        return places.ask(ctx, Wish(WISH))
    ctx = ctx.with_session(wish=None)
    if ctx.session.notices == place.ags:
        name = district_name(ctx, place.ags)
        return ctx.say(Reply(ctx.t("🔔 You get the news of: {place}.", place=name), (_stop_row(ctx),)))
    answers = (ctx.button(N_("✅ Yes, send me news"), _yes(place.ags)), ctx.button(N_("No"), "menu"))
    running = (_stop_row(ctx),) if ctx.session.notices else ()
    return ctx.say(Reply(_explanation(ctx, place.ags), (answers, *running)), asked="news")


def agree(ctx: Context) -> Outcome:
    """A yes in words to the question of `ask`."""
    place = ctx.session.place
    return subscribe(ctx, place.ags) if place else ask(ctx)


def subscribe(ctx: Context, ags: str) -> Outcome:
    """From now on the news of this district, instead of any other's."""
    html = ctx.t("✅ Noted. You get the news of: {place}.", place=district_name(ctx, ags))
    return ctx.say(Reply(html, (_stop_row(ctx),)), events=(Event("news_on", {"ags": ags}),), notices=ags)


def stop(ctx: Context) -> Outcome:
    """No more news, at once; one tap leads back."""
    ags = ctx.session.notices
    back = (ctx.button(N_("🔔 Send me news again"), _yes(ags)),) if ags else (ctx.button(LABEL, "news"),)
    events = (Event("news_off", {"ags": ags}),) if ags else ()
    html = ctx.t("🔕 Done. You get no more news.")
    return ctx.say(Reply(html, (back, menu.back_row(ctx))), events=events, notices="")


def deliver(ctx: Context, argument: str) -> Outcome:
    """A notice of the staff, to somebody who still wants it, while it is still news."""
    bulletin = Bulletin.from_json(argument)
    if ctx.now >= bulletin.until or not bulletin.concerns(ctx.session.notices):
        return Outcome((), ctx.session)
    event = Event("notice_shown", {"notice": bulletin.id})
    return ctx.say(Reply(_notice(ctx, bulletin), (_stop_row(ctx),)), events=(event,))


def moved(ctx: Context, before: Session) -> tuple[Reply, ...]:
    """After another place was told: whether the news shall come from there too."""
    here, there = ctx.session.place, ctx.session.notices
    if here is None or not there or there == here.ags or (before.place and before.place.ags == here.ags):
        return ()
    html = ctx.t("🔔 You still get the news of: {place}. Change that?", place=district_name(ctx, there))
    change = Button(ctx.t("🔔 News of: {place}", place=district_name(ctx, here.ags)), _yes(here.ags))
    return (Reply(html, ((change,), _stop_row(ctx))),)


def row(ctx: Context) -> tuple[Button, ...]:
    """The way to the news, for other menus."""
    return (ctx.button(LABEL, "news"),)


def _explanation(ctx: Context, ags: str) -> str:
    lines = (
        ctx.t("🔔 <b>News of: {place}</b>", place=district_name(ctx, ags)),
        ctx.t(
            "Staff write here when something changes. For example: new consultation hours, or closed today."
        ),
        ctx.texts.tn("At most {n} message a week.", "At most {n} messages a week.", MAX_A_WEEK),
        ctx.t("For this I keep the address of this chat, encrypted, until you stop. One tap is enough."),
        ctx.t("If you write nothing here for 180 days, it ends by itself."),
    )
    return "\n".join(lines)


def _notice(ctx: Context, bulletin: Bulletin) -> str:
    where = "Baden-Württemberg" if bulletin.ags == LAND else district_name(ctx, bulletin.ags)
    parts = [ctx.t("🔔 <b>News of: {place}</b>", place=where)]
    if ctx.language not in bulletin.texts:
        parts.append(ctx.t("<i>There is no translation yet. This is the German text:</i>"))
    parts.append(escape(bulletin.text(ctx.language)))
    if listing := ctx.directory.get(bulletin.listing):
        parts.append("\n".join(door_lines(ctx, listing)))
    return "\n\n".join(parts)


def _yes(ags: str) -> str:
    return payload("news", "yes", ags)


def _stop_row(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button(_NO_MORE, "news:stop"), *menu.back_row(ctx))
