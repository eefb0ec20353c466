"""Answers of the knowledge base: short answer, steps, papers, source with date, the local office."""

from __future__ import annotations

import html

from bot.answers import Answer, Wording, answers
from bot.conversation import menu
from bot.conversation.context import Context, payload
from bot.conversation.labels import door
from bot.conversation.markup import escape
from bot.conversation.outcome import Outcome
from bot.texts import N_
from bot.types import Button, Event, Reply
from services_directory.snapshot import CATEGORIES


def answer(ctx: Context, intent: str) -> Outcome:
    """Answer a question intent; the menu of questions where there is no such answer."""
    found = answers().get(intent)
    if found is None:
        return menu.topics(ctx)
    reply = Reply(_html(ctx, found), _buttons(ctx, found))
    return ctx.say(reply, events=(Event("answered", {"intent": intent}),), misunderstood=0, asked="")


def _html(ctx: Context, found: Answer) -> str:
    wording = found.wordings[ctx.language]
    blocks = [
        f"<b>{escape(wording.title)}</b>\n{escape(wording.short)}",
        "\n".join(f"{number}. {escape(step)}" for number, step in enumerate(wording.steps, 1)),
        _papers(ctx, wording),
        f"⏳ {escape(wording.changing)}" if wording.changing else "",
        _source(ctx, found),
    ]
    return "\n\n".join(block for block in blocks if block)


def _papers(ctx: Context, wording: Wording) -> str:
    if not wording.papers:
        return ""
    return "\n".join((ctx.t("📄 Papers:"), *(f"• {escape(paper)}" for paper in wording.papers)))


def _source(ctx: Context, found: Answer) -> str:
    names = ", ".join(found.sources)
    lines = [ctx.t("Your case may differ. The office or a counsellor knows for sure.")]
    if found.as_of:
        lines.append(
            ctx.t("Source: {names}; as of {day}.", names=names, day=ctx.texts.source_date(found.as_of))
        )
    else:
        lines.append(ctx.t("Source: {names}; date not known.", names=names))
    lines += [f'🌍 <a href="{html.escape(url)}">{escape(title)}</a>' for title, url in found.links]
    return "\n".join(lines)


def _buttons(ctx: Context, found: Answer) -> tuple[tuple[Button, ...], ...]:
    category, kind = (found.office, "") if found.office in CATEGORIES else ("other_office", found.office)
    office = Button("🏛 " + ctx.t(door(category, kind).label), payload("find", category, kind))
    related = [answers()[intent] for intent in found.related if intent in answers()]
    rows = [
        (Button("❓ " + other.wordings[ctx.language].title, payload("ask", other.intent)),)
        for other in related
    ]
    last = (ctx.button(N_("🙋 Talk to a person"), "human"), *menu.back_row(ctx))
    return ((office,), *rows, last)
