"""Coming back after days: say which place the answers are for, and nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.conversation.context import Context
from bot.conversation.naming import described
from bot.conversation.outcome import Outcome
from bot.texts import N_

PAUSE = timedelta(days=2)
"""Only the day of the last turn is kept: two days apart are more than 24 hours in any case."""
_ROOM = 3800
"""Characters a reply may have so that the line still fits."""


def reminded(ctx: Context, outcome: Outcome) -> Outcome:
    """The outcome, with a line on the place that is still remembered where it does not say so itself."""
    place = ctx.session.place
    if place is None or outcome.session.place != place or not _paused(ctx) or not outcome.replies:
        return outcome
    *rest, last = outcome.replies
    says_it = {"offer_shown", "danger"} & {event.name for event in outcome.events}
    if says_it or len(last.html) > _ROOM or last.document or last.closes_keyboard:
        return outcome
    line = ctx.t("📍 I still remember your place: {place}.", place=described(ctx, place))
    change = ctx.button(N_("📍 Another place"), "place")
    known = {button.payload for row in last.buttons for button in row}
    rows = last.buttons if "place" in known else (*last.buttons, (change,))
    return replace(outcome, replies=(*rest, replace(last, html=f"{last.html}\n\n{line}", buttons=rows)))


def seen(ctx: Context, outcome: Outcome) -> Outcome:
    """The outcome, with today as the day of the last turn."""
    return replace(outcome, session=replace(outcome.session, seen=ctx.now.date().isoformat()))


def _paused(ctx: Context) -> bool:
    last = ctx.session.seen
    return bool(last) and ctx.now.date() - date.fromisoformat(last) >= PAUSE
