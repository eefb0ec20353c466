"""Voice messages: what was heard is read back, and acted on only after a yes.

The words are in the message that reads them back and nowhere else. What is kept until the person answers is
what was understood of them.
"""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import guesses, menu
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.texts import N_
from bot.types import Event, Reply, Understanding

YES, NO = "heard:yes", "heard:no"

_UNHEARD = {
    "too_long": N_("This voice message is too long for me. I listen to two minutes at most."),
    "silent": N_("I heard no words in this voice message."),
    "foreign": N_("I do not know this language. I understand Ukrainian, Russian and German."),
    "failed": N_("I could not listen to this voice message now. I do not keep it."),
}


def as_said(ctx: Context) -> Context:
    """The turn as it is to be answered: a yes to what was read back stands for what was said.

    Anything else but a yes or a no lets go of it.
    """
    heard, ctx = ctx.session.heard, ctx.with_session(heard=None)
    answer = _answer(ctx) if heard else ""
    if not answer:
        return ctx
    turn = replace(ctx.turn, attachment="", spoken="", text="")
    if answer == YES:
        return replace(ctx, turn=replace(turn, kind="text", payload=""), understanding=heard)
    return replace(ctx, turn=replace(turn, kind="button", payload=NO), understanding=None)


def answer(ctx: Context) -> Outcome:
    """A voice message: read back what was heard, or say why nothing was."""
    understood = ctx.understanding
    if ctx.turn.spoken != "heard" or understood is None:
        return guesses.instead(ctx, ctx.t(_UNHEARD.get(ctx.turn.spoken, _UNHEARD["failed"])))
    said = ctx.t("🎙 I heard: “{said}”", said=ctx.turn.text)
    if _says_nothing(understood) and not ctx.session.asked:
        outcome = guesses.not_understood(ctx)
        first, *others = outcome.replies
        return replace(outcome, replies=(replace(first, html=f"{said}\n\n{first.html}"), *others))
    rows = ((ctx.button(N_("✅ Yes"), YES), ctx.button(N_("No, I will write"), NO)), menu.back_row(ctx))
    question = ctx.t("Is that right?")
    return ctx.say(Reply(f"{said}\n\n{question}", rows), events=(Event("heard"),), heard=understood)


def misheard(ctx: Context) -> Outcome:
    """What was read back is not what was said; or it is, but nothing is known of it any more."""
    if ctx.turn.payload == YES:
        return guesses.instead(ctx, ctx.t("I do not know any more what you said, because I do not keep it."))
    html = ctx.t("Then I misheard you. You can say it once more: slowly, and where it is quiet.")
    return replace(guesses.instead(ctx, html), events=(Event("misheard"),))


def _answer(ctx: Context) -> str:
    """The answer to what was read back, by button or in words; empty where it is none."""
    understood = ctx.understanding
    if understood is None:
        return ctx.turn.payload if ctx.turn.kind == "button" and ctx.turn.payload in (YES, NO) else ""
    if understood.certainty != "sure" or ctx.place.kind != "none":
        return ""
    return {"affirm": YES, "deny": NO}.get(understood.intent, "")


def _says_nothing(understood: Understanding) -> bool:
    """Whether a yes would lead nowhere."""
    says = understood.place.matches or understood.move or understood.correction or understood.other_language
    return understood.certainty == "not_understood" and not says and understood.place.kind == "none"
