"""Not sure, or not understood: guesses as buttons, never "please rephrase"."""

from __future__ import annotations

from bot.answers import answers
from bot.conversation import menu, person
from bot.conversation.context import Context, payload
from bot.conversation.labels import INTENT_LABELS
from bot.conversation.outcome import Outcome
from bot.texts import N_
from bot.types import Button, Event, Reply

OFFERED = 3
_PATIENCE = 2
"""After so many misunderstandings in a row a person is shown instead of another excuse."""


def offer(ctx: Context) -> Outcome:
    """The best guesses as buttons; none of them is acted upon before the person chooses."""
    understanding = ctx.understanding
    intents = [guess.intent for guess in understanding.guesses] if understanding else []
    buttons = [
        Button(label, payload("guess", intent)) for intent in intents if (label := _label(ctx, intent))
    ]
    if not buttons:
        return not_understood(ctx)
    rows = tuple((button,) for button in buttons[:OFFERED])
    event = Event("asked_back", {"guesses": intents[:OFFERED]})
    html = ctx.t("I am not sure what you mean. Is it one of these?")
    return ctx.say(
        Reply(html, (*rows, _ways_on(ctx))), events=(event,), misunderstood=ctx.session.misunderstood + 1
    )


def not_understood(ctx: Context) -> Outcome:
    """Say so honestly, with the menu and a person."""
    if ctx.session.misunderstood >= _PATIENCE:
        return person.talk(ctx)
    html = ctx.t(
        "I did not understand that. I know about offices and help for people from Ukraine. Choose here:"
    )
    return _with_menu(ctx, html, "not_understood")


def unavailable(ctx: Context) -> Outcome:
    """The part that understands sentences is away: the buttons still work."""
    html = ctx.t("I cannot understand sentences at the moment, something is broken. These buttons work:")
    return _with_menu(ctx, html, "nlu_unavailable")


def unreadable(ctx: Context) -> Outcome:
    """Voice, photo, sticker and so on: not stored, not looked at; what to do instead."""
    names = {
        "voice": N_("I cannot listen to voice messages, and I do not keep them."),
        "photo": N_("I cannot look at photos, and I do not keep them. Please do not send papers here."),
        "document": N_("I cannot open files, and I do not keep them. Please do not send papers here."),
        "contact": N_("I do not need phone numbers, and I do not keep them."),
    }
    default = N_("I can only read text, and I do not keep anything else.")
    sent = ctx.t(names.get(ctx.turn.attachment, default))
    html = ctx.t("{sent} Write me in a few words what you need, or choose:", sent=sent)
    return _with_menu(ctx, html, "attachment", misunderstood=0)


def _with_menu(ctx: Context, html: str, event: str, misunderstood: int | None = None) -> Outcome:
    count = ctx.session.misunderstood + 1 if misunderstood is None else misunderstood
    return ctx.say(menu.menu(ctx, html), events=(Event(event),), misunderstood=count)


def _label(ctx: Context, intent: str) -> str:
    if intent in answers():
        return answers()[intent].wordings[ctx.language].title
    return ctx.t(INTENT_LABELS[intent]) if intent in INTENT_LABELS else ""


def _ways_on(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button(N_("🙋 Talk to a person"), "human"), *menu.back_row(ctx))
