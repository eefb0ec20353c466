"""Danger: fixed texts, the lines that answer now, and a way on. Never generated, never a lecture.

Order and tone: one caring sentence, 112, lines open now (in the person's language first), the
district's trauma consultation, and the offer that a person answers. The text also fits somebody
who writes about another person. The texts need review by clinicians and native speakers before
a real service starts (see docs/architecture.md).
"""

from __future__ import annotations

from bot.conversation.card import confirmation, pretty_phone
from bot.conversation.context import Context
from bot.conversation.hotline_lines import hotline_line
from bot.conversation.offers import search
from bot.conversation.outcome import Outcome
from bot.conversation.session import Asked, Wish
from bot.hotlines import lines_for
from bot.texts import N_
from bot.types import Button, DangerKind, Event, Reply

CRISIS_AUDIENCES = ("crisis",)
VIOLENCE_AUDIENCES = ("women", "victims", "trafficking")
_LINES_SHOWN = 4


def answer(ctx: Context, kind: DangerKind) -> Outcome:
    """The fixed answer to danger. The conversation stays open and is flagged, without any words."""
    ctx = _at_named_place(ctx)
    reply = _crisis(ctx) if kind == "crisis" else _violence(ctx)
    asked: Asked = "" if ctx.turn.group else "danger"
    return ctx.say(reply, events=(Event("danger", {"kind": kind}),), asked=asked, misunderstood=0)


def _at_named_place(ctx: Context) -> Context:
    """A place named beside the danger is where help is needed; it need not be asked again."""
    if ctx.session.place or ctx.turn.group or ctx.place.kind != "found":
        return ctx
    return ctx.with_session(place=ctx.place.matches[0].place)


def urgent(ctx: Context) -> Outcome:
    """The menu's button: the person says what it is about."""
    rows = (
        (ctx.button(N_("I feel very bad, I do not want to live"), "danger:crisis"),),
        (ctx.button(N_("Someone hurts or threatens me"), "danger:report_violence"),),
        (ctx.button(N_("☰ Menu"), "menu"),),
    )
    html = ctx.t(
        "🆘 Danger to life: call <b>112</b>. Police: <b>110</b>.\n"
        "Both are free, day and night.\n\nWhat is happening?"
    )
    return ctx.say(Reply(html, rows))


def fine(ctx: Context) -> Outcome:
    """A false alarm costs one tap."""
    html = ctx.t("Good that you write. I am here. What do you need?")
    rows = ((ctx.button(N_("☰ Menu"), "menu"),),)
    return ctx.say(Reply(html, rows), events=(Event("danger_denied"),))


def still_there(ctx: Context) -> Outcome:
    """Right after danger something came that a program cannot answer: people can."""
    html = ctx.t(
        "I am a program and do not understand everything. But you are not alone. "
        "People answer at the numbers above.\n\n"
        "In danger: call <b>112</b>, police <b>110</b>. Do you want to talk to a person near you?"
    )
    return ctx.say(Reply(html, _ways_on(ctx, trauma=True)), asked="danger")


def _crisis(ctx: Context) -> Reply:
    blocks = [
        ctx.t("I am very sorry that it is so hard right now. Nobody has to carry this alone."),
        ctx.t(
            "🆘 Danger to life, or someone needs a doctor at once: call <b>112</b> now. Free, day and night."
        ),
        _lines(
            ctx,
            CRISIS_AUDIENCES,
            ctx.t("I am a program. Here people answer now, also if you worry about someone else:"),
        ),
        _trauma_hour(ctx),
        "" if ctx.turn.group else ctx.t("Do you want to talk to a person near you? Press the button."),
    ]
    return Reply("\n\n".join(block for block in blocks if block), _ways_on(ctx, trauma=True))


def _violence(ctx: Context) -> Reply:
    blocks = [
        ctx.t("What you write is serious. You are not to blame."),
        ctx.t("In danger now: police <b>110</b>, ambulance <b>112</b>. Both are free, day and night."),
        _lines(ctx, VIOLENCE_AUDIENCES, ctx.t("Advice, confidential:")),
        _lines(ctx, ("missing_child",), ctx.t("If a child is missing, call 110 first. Then:")),
        "" if ctx.turn.group else ctx.t("If someone reads your phone: delete this chat."),
    ]
    return Reply("\n\n".join(block for block in blocks if block), _ways_on(ctx, trauma=False))


def _lines(ctx: Context, audiences: tuple[str, ...], heading: str) -> str:
    found = lines_for(audiences, ctx.language, ctx.now)[:_LINES_SHOWN]
    if not found:
        return ""
    return "\n".join((heading, *(f"• {hotline_line(ctx, line)}" for line in found)))


def _trauma_hour(ctx: Context) -> str:
    place = ctx.session.place
    matches = search(ctx, Wish("trauma_consultation"), place) if place else []
    reachable = [match.listing for match in matches if match.listing.phones]
    if not reachable:
        return ""
    listing = reachable[0]
    phone = pretty_phone(listing.phones[0])
    line = ctx.t("💛 For later, near you: {name}, {phone}", name=listing.name, phone=phone)
    return f"{line}\n{confirmation(ctx, listing)}"


def _ways_on(ctx: Context, *, trauma: bool) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = [(ctx.button(N_("🙋 Talk to a person near me"), "human"),)]
    if trauma:
        rows.append((ctx.button(N_("💛 Psychological help near me"), "find:trauma_consultation"),))
    rows.append((ctx.button(N_("I am fine, go on"), "fine"),))
    return tuple(rows)
