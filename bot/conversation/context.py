"""What every step of the conversation is given, and the small moves all of them share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.texts import Texts, texts
from bot.types import Button, Event, Language, PlaceResult, Reply, Turn, Understanding
from services_directory.search import DirectoryIndex

BERLIN = ZoneInfo("Europe/Berlin")
NO_PLACE = PlaceResult("none")


@dataclass(frozen=True, slots=True)
class Context:
    """One turn with everything the answer may depend on. Steps take it and return an Outcome."""

    turn: Turn
    session: Session
    understanding: Understanding | None
    directory: DirectoryIndex
    operator: str
    """Who runs this bot, as shown to people."""
    username: str = ""
    """The bot's own name in Telegram, without @; empty where it is not there."""
    hears: bool = False
    """Whether voice messages are listened to."""

    @property
    def texts(self) -> Texts:
        return texts(self.session.language)

    @property
    def language(self) -> Language:
        return self.session.language

    @property
    def now(self) -> datetime:
        """The time of the turn, on the clocks of the Land."""
        return self.turn.at.astimezone(BERLIN)

    @property
    def place(self) -> PlaceResult:
        """What the text of this turn says about the place."""
        return self.understanding.place if self.understanding else NO_PLACE

    def t(self, message: str, **values: object) -> str:
        return self.texts.t(message, **values)

    def with_session(self, **changes: Any) -> Context:
        return replace(self, session=replace(self.session, **changes))

    def say(self, *replies: Reply, events: tuple[Event, ...] = (), **changes: Any) -> Outcome:
        """Answer with these replies; `changes` go into the session."""
        return Outcome(replies, replace(self.session, **changes), events)

    def button(self, message: str, payload: str) -> Button:
        """A button whose label is a message of the catalogue."""
        return Button(self.t(message), payload)


def payload(*parts: object) -> str:
    """A button's payload: verb and arguments joined by colons, cut to Telegram's 64 bytes."""
    return ":".join(str(part) for part in parts).encode()[:64].decode(errors="ignore")
