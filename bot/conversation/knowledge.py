"""Answers of the knowledge base: short answer, steps, papers, office of this district, source with date."""

from __future__ import annotations

import html

from bot.answers import Answer, Wording, answers
from bot.conversation import feedback, menu, places
from bot.conversation.context import Context, payload
from bot.conversation.labels import door
from bot.conversation.local_office import LocalOffice, local_office, office_wish
from bot.conversation.markup import escape
from bot.conversation.outcome import Outcome
from bot.texts import N_
from bot.types import Button, Event, Reply

_BETWEEN_PLACES = frozenset({"ask_transport", "ask_travel", "ask_return"})
"""Questions that name places one goes to: they say nothing about where the person lives."""
_FOR_HELPERS = "offer_help"
_SOURCES = 2
"""Sources named under an answer, the newest first; the files have them all."""


def answer(ctx: Context, intent: str) -> Outcome:
    """Answer a question intent; the menu of questions where there is no such answer."""
    found = answers().get(intent)
    if found is None:
        return menu.topics(ctx)
    ctx = _at_named_place(ctx, intent)
    wish = office_wish(found)
    office = local_office(ctx, wish)
    asks_place = office is None and _asks_place(ctx, intent)
    reply = Reply(_html(ctx, found, office, asks_place), _buttons(ctx, found, asks_place))
    return ctx.say(
        reply,
        events=(Event("answered", {"intent": intent}),),
        misunderstood=0,
        asked="answer",
        topic=intent,
        shown=office.shown if office else ctx.session.shown,
        wish=None if office else wish,
    )


def _at_named_place(ctx: Context, intent: str) -> Context:
    """The office is that of the place named beside the question, else of the place known before."""
    named = ctx.place
    if intent in _BETWEEN_PLACES or named.kind != "found" or places.must_choose(named):
        return ctx
    return ctx.with_session(place=named.matches[0].place)


def _asks_place(ctx: Context, intent: str) -> bool:
    """Whether several places are named, and the person has to say which one counts."""
    return intent not in _BETWEEN_PLACES and places.must_choose(ctx.place)


def _html(ctx: Context, found: Answer, office: LocalOffice | None, asks_place: bool) -> str:
    wording = found.wordings[ctx.language]
    blocks = [
        f"<b>{escape(wording.title)}</b>\n{escape(wording.short)}",
        "\n".join(f"{number}. {escape(step)}" for number, step in enumerate(wording.steps, 1)),
        _papers(ctx, wording),
        f"⏳ {escape(wording.changing)}" if wording.changing else "",
        office.html if office else _where(ctx, found, asks_place),
        sources(ctx, found),
        ctx.t("Was that it?"),
    ]
    return "\n\n".join(block for block in blocks if block)


def _where(ctx: Context, found: Answer, asks_place: bool) -> str:
    """In place of the office: what is still needed to name it."""
    if asks_place:
        return f"📍 {places.choice(ctx, ctx.place)}"
    if ctx.place.kind == "outside" and found.intent not in _BETWEEN_PLACES:
        return places.elsewhere(ctx, ctx.place.outside_name)
    if ctx.session.place:
        return ctx.t("📍 I know no office for this in your district. Ask at the town hall (Rathaus).")
    return ctx.t("📍 Write your town or postal code. Then I show the office for this question.")


def _papers(ctx: Context, wording: Wording) -> str:
    if not wording.papers:
        return ""
    return "\n".join((ctx.t("📄 Papers:"), *(f"• {escape(paper)}" for paper in wording.papers)))


def sources(ctx: Context, found: Answer) -> str:
    """Who says so and as of when, with the official pages: HTML, a line each."""
    names = ", ".join(found.sources[:_SOURCES])
    if len(found.sources) > _SOURCES:
        names += " " + ctx.t("and others")
    lines = [ctx.t("Your case may differ. The office or a counsellor knows for sure.")]
    if found.as_of:
        lines.append(
            ctx.t("Source: {names}; as of {day}.", names=names, day=ctx.texts.source_date(found.as_of))
        )
    else:
        lines.append(ctx.t("Source: {names}; date not known.", names=names))
    lines += [f'🌍 <a href="{html.escape(url)}">{escape(title)}</a>' for title, url in found.links]
    return "\n".join(lines)


def _buttons(ctx: Context, found: Answer, asks_place: bool) -> tuple[tuple[Button, ...], ...]:
    wish = office_wish(found)
    label = "🏛 " + ctx.t(door(wish.category, wish.office_kind).label)
    rows = [
        *(places.choice_rows(ctx, ctx.place) if asks_place else ()),
        (Button(label, payload("find", wish.category, wish.office_kind)),),
    ]
    if found.intent == _FOR_HELPERS:
        rows.append((ctx.button(N_("🎓 Training for helpers"), "find:helper_training"),))
    wrong = ctx.button(N_("⚠️ Wrong here?"), payload("wrong", found.intent))
    rows += [*menu.related(ctx, found), feedback.thumbs(ctx, found.intent), (wrong, *menu.back_row(ctx))]
    return (*rows, (ctx.button(N_("🙋 Talk to a person"), "human"),))
