"""Wishes that wait: a second one in the same message, one that needs the place, one put aside by danger."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import answers
from bot.conversation.buttons import press
from bot.conversation.context import Context, payload
from bot.conversation.intents import act
from bot.conversation.labels import INTENT_LABELS, door
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.types import Button, FurtherWish, Guess, Understanding
from services_directory.snapshot import CATEGORIES

_OFFERED = 3
_DROPPED_BY = ("menu", "start", "delete", "place", "regions", "region", "location", "at", "news")
"""Buttons and commands after which a waiting wish is not offered: they answer it, or begin anew."""


def in_turn(ctx: Context, understanding: Understanding) -> Outcome:
    """Answer what is wished, then what is wished besides; that waits while the first needs the place."""
    outcome = act(ctx, understanding.intent)
    for at, wish in enumerate(understanding.further):
        if outcome.session.asked == "place":
            pending = tuple(_payload(waiting) for waiting in understanding.further[at:])
            return replace(outcome, session=replace(outcome.session, further=pending))
        guessed = replace(understanding, guesses=(Guess(wish.intent, 1.0),), office_kind=wish.office_kind)
        outcome = outcome.then(act(replace(ctx, session=outcome.session, understanding=guessed), wish.intent))
    return outcome


def followed(ctx: Context, outcome: Outcome) -> Outcome:
    """After the place came and the first wish is answered: the ones that waited for it."""
    wish, pending = ctx.session.wish, ctx.session.further
    if not pending or outcome.session.wish is not None:
        return outcome
    outcome = replace(outcome, session=replace(outcome.session, further=()))
    for waiting in pending if wish and _answers(outcome, wish) else ():
        outcome = outcome.then(_press(replace(ctx, session=outcome.session), waiting))
    return outcome


def offered_again(ctx: Context, outcome: Outcome) -> Outcome:
    """Something else was asked while a wish waited for the place: the wish is not lost."""
    before, after = ctx.session, outcome.session
    verb = ctx.turn.payload.split(":")[0]
    if before.asked != "place" or before.wish is None or after.asked == "place" or verb in _DROPPED_BY:
        return outcome
    if not _understood(ctx) or outcome.forget or before.wish.category not in CATEGORIES:
        return outcome
    if _answers(outcome, before.wish):
        return outcome
    outcome = _with_buttons(ctx, outcome, (_of_wish(before.wish), *before.further))
    wish = before.wish if after.place is None else after.wish
    return replace(outcome, session=replace(outcome.session, wish=wish))


def put_aside(ctx: Context, outcome: Outcome) -> Outcome:
    """Danger is answered alone; what else was wished comes back once the person is fine."""
    further = ctx.understanding.further if ctx.understanding else ()
    wish = ctx.session.wish
    waiting = (
        *((_of_wish(wish),) if wish and wish.category in CATEGORIES else ()),
        *ctx.session.further,
        *(_payload(one) for one in further),
        *ctx.session.aside,
    )
    aside = tuple(dict.fromkeys(waiting))[:_OFFERED]
    return replace(outcome, session=replace(outcome.session, aside=aside, further=(), wish=None))


def taken_up(ctx: Context, outcome: Outcome) -> Outcome:
    """The person is fine: what waited is offered."""
    if not ctx.session.aside or all(event.name != "danger_denied" for event in outcome.events):
        return outcome
    outcome = _with_buttons(ctx, outcome, ctx.session.aside)
    return replace(outcome, session=replace(outcome.session, aside=()))


def _understood(ctx: Context) -> bool:
    return ctx.turn.kind == "button" or bool(ctx.understanding and ctx.understanding.certainty == "sure")


def _answers(outcome: Outcome, wish: Wish) -> bool:
    """Whether the outcome shows what was wished, or that there is nothing of the kind."""
    shown = outcome.session.shown
    names = [event.name for event in outcome.events]
    if "nothing_found" in names:
        return True
    return (
        "offer_shown" in names and shown is not None and (shown.category, shown.office_kind) == _parts(wish)
    )


def _parts(wish: Wish) -> tuple[str, str]:
    return wish.category, wish.office_kind


def _press(ctx: Context, waiting: str) -> Outcome:
    turn = replace(ctx.turn, kind="button", payload=waiting)
    return press(replace(ctx, turn=turn, understanding=None))


def _with_buttons(ctx: Context, outcome: Outcome, waiting: tuple[str, ...]) -> Outcome:
    """The outcome with a button for each of these above the last row of its last reply."""
    if not outcome.replies:
        return outcome
    ctx = replace(ctx, session=outcome.session)
    rows = tuple((Button(f"↩️ {label}", one),) for one in waiting if (label := _label(ctx, one)))
    *rest, last = outcome.replies
    buttons = (*last.buttons[:-1], *rows, *last.buttons[-1:])
    return replace(outcome, replies=(*rest, replace(last, buttons=buttons)))


def _payload(wish: FurtherWish) -> str:
    if wish.intent == "find_other_office" and wish.office_kind:
        return payload("find", "other_office", wish.office_kind)
    return payload("guess", wish.intent)


def _of_wish(wish: Wish) -> str:
    return payload("find", wish.category, wish.office_kind)


def _label(ctx: Context, waiting: str) -> str:
    verb, *arguments = waiting.split(":")
    if verb == "find":
        return ctx.t(door(arguments[0], arguments[1] if len(arguments) > 1 else "").label)
    intent = arguments[0]
    if intent in answers():
        return answers()[intent].wordings[ctx.language].title
    return ctx.t(INTENT_LABELS[intent]) if intent in INTENT_LABELS else ""
