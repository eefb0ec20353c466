"""The screens shown last, so that "back" and "again" have somewhere to lead.

A screen is remembered by the payload that shows it. An empty one as the last entry stands for an answer
that cannot be shown again, such as a word of thanks: from there, "back" leads to the screen before it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.answers import answers
from bot.conversation.context import Context, payload
from bot.conversation.local_office import office_wish
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session, Wish
from services_directory.snapshot import CATEGORIES, OFFICE_KINDS

LENGTH = 5
_BUTTONS = (
    *("menu", "offices", "place", "regions", "region", "human", "urgent", "privacy"),
    *("find", "offer", "topics", "ask", "guess", "speaks", "share", "news"),
)
"""Verbs of the buttons that show the same when they are pressed again, and change nothing."""
_COMMANDS = {"menu": "menu", "place": "place", "person": "human", "sos": "urgent", "privacy": "privacy"}
_INTENTS = (
    *("find_other_office", "ask_opening_hours", "ask_contact", "book_reminder"),
    *("ask_bot", "ask_privacy", "talk_to_human", "greet"),
)
_ABOUT_THE_CARD = ("guess:ask_opening_hours", "guess:ask_contact", "human", "share")


def left(ctx: Context, outcome: Outcome) -> Outcome:
    """The outcome with its screen put on the trail."""
    trail, screen = outcome.session.trail, _screen(ctx, outcome)
    if screen != (trail[-1] if trail else ""):
        trail = (*(known for known in trail if known), screen)
    return replace(outcome, session=replace(outcome.session, trail=trail[-LENGTH:]))


def current(session: Session) -> tuple[str, tuple[str, ...]]:
    """The screen to show again, and the trail before it; "" where there is none."""
    known = [screen for screen in session.trail if screen]
    return (known[-1], tuple(known[:-1])) if known else ("", ())


def before(session: Session) -> tuple[str, tuple[str, ...]]:
    """The screen before the one now seen, and the trail before that; "" where there is none."""
    screen, rest = current(session)
    if not screen or not session.trail[-1]:
        return screen, rest
    return (rest[-1], rest[:-1]) if rest else ("", ())


def looked_at(session: Session) -> Wish | None:
    """The offer or office that the person has before their eyes, also behind an answer."""
    verb, *arguments = (session.trail[-1] if session.trail else "").split(":")
    subject, kind = (*arguments, "", "")[:2]
    if verb in ("offer", "find") and subject in CATEGORIES:
        return Wish(subject, kind if kind in OFFICE_KINDS else "")
    if verb == "ask" and subject in answers():
        return office_wish(answers()[subject])
    if session.shown and session.trail and session.trail[-1].startswith(_ABOUT_THE_CARD):
        return Wish(session.shown.category, session.shown.office_kind)
    return None


def _screen(ctx: Context, outcome: Outcome) -> str:
    """The payload that shows the outcome again: from what happened, else from what the turn asked for."""
    if outcome.screen:
        return outcome.screen
    for event in reversed(outcome.events):
        if event.name == "person_wanted":
            return "human"
        if event.name == "answered":
            return payload("ask", event.data["intent"])
        if event.name == "offer_shown" and outcome.session.shown:
            shown = outcome.session.shown
            if shown.index:
                return payload("offer", shown.category, shown.office_kind, shown.index)
            return payload("find", shown.category, shown.office_kind)
    return _asked_for(ctx)


def _asked_for(ctx: Context) -> str:
    turn, understood = ctx.turn, ctx.understanding
    if turn.kind == "button":
        return turn.payload if turn.payload.split(":")[0] in _BUTTONS else ""
    if turn.kind == "command" and understood is None:
        return _COMMANDS.get(turn.payload, "")
    if understood is None or understood.danger or understood.certainty != "sure":
        return ""
    return payload("guess", understood.intent) if understood.intent in _INTENTS else ""
