"""What one turn leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.conversation.session import Session
from bot.types import Event, Reply


@dataclass(frozen=True, slots=True)
class Outcome:
    """Replies in order, the new session, and what happened (for the desk and the figures).

    `forget` deletes everything stored about the conversation once the replies are sent.
    """

    replies: tuple[Reply, ...]
    session: Session
    events: tuple[Event, ...] = ()
    forget: bool = False
    screen: str = ""
    """Payload that shows the same again, where neither the turn nor the events tell it."""

    def after(self, *replies: Reply) -> Outcome:
        """The same outcome with these replies sent before its own."""
        return replace(self, replies=(*replies, *self.replies))

    def then(self, following: Outcome) -> Outcome:
        """This outcome and after it another one, which began with this one's session."""
        return replace(
            following,
            replies=(*self.replies, *following.replies),
            events=(*self.events, *following.events),
            forget=self.forget or following.forget,
        )

    def also(self, *events: Event) -> Outcome:
        """The same outcome with these events besides its own."""
        return replace(self, events=(*self.events, *events))

    def without_buttons(self) -> Outcome:
        """The same outcome as plain text, for groups, where a button would be pressed by others."""
        return replace(self, replies=tuple(Reply(reply.html) for reply in self.replies))
