"""What the bot promised to say at a later time. A due turn's payload is `kind:argument`."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversation import news, reminding
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome

_KINDS: dict[str, Callable[[Context, str], Outcome]] = {
    "notice": news.deliver,
    "reminder": reminding.remind,
    "recheck": reminding.recheck,
}


def deliver(ctx: Context) -> Outcome:
    """Say it, if it still holds. What the dialogue was about stays as it is."""
    if not ctx.session.greeted:
        # Deleted while the turn was on its way: it must not begin a conversation anew.
        return Outcome((), ctx.session, forget=True)
    kind, _, argument = ctx.turn.payload.partition(":")
    step = _KINDS.get(kind)
    return step(ctx, argument) if step else Outcome((), ctx.session)
