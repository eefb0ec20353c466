"""The vocabulary of a message's way, shared by channels, understanding and conversation.

Nothing here knows Telegram, Redis or HTTP. Everything is immutable; what travels through
Redis has `to_dict`/`from_dict` beside it in the module that stores it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Language = Literal["uk", "ru", "de"]
LANGUAGES: tuple[Language, ...] = ("uk", "ru", "de")

TurnKind = Literal["text", "button", "command", "location", "attachment", "edited", "due", "member"]
Unheard = Literal["too_long", "silent", "foreign", "failed"]
"""Why nothing was heard in a voice message."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person did, or the time of something the bot promised.

    `conversation` is a keyed pseudonym (hex), never a chat id. Which fields are set follows
    from `kind`: `text` for text, edited and command arguments; `payload` is a button's data or
    a command's name without its slash; `attachment` says what was sent ("voice", "photo", ...):
    the thing itself is never fetched, but for a voice message where the operator switched that on:
    then `spoken` tells what came of it, and `text` is what was heard. Two kinds are not the person's
    words: `due` is something the bot promised to say at this time (`payload` names it), `member` says
    that the person blocked the bot or came back (`payload` is "blocked" or "returned").
    `client_language` is the IETF tag of the person's app and is only looked at when the conversation begins.
    """

    conversation: str
    kind: TurnKind
    at: datetime
    text: str = ""
    payload: str = ""
    attachment: str = ""
    spoken: Literal["", "heard"] | Unheard = ""
    latitude: float | None = None
    longitude: float | None = None
    group: bool = False
    client_language: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the Land: a municipality, a postal-code area or a whole district."""

    name: str
    """German name, as on a map ("Reutlingen", "Landkreis Reutlingen")."""
    ags: str
    """Five digits: the Stadt- or Landkreis it lies in."""
    kind: Literal["municipality", "district", "postal_code"] = "municipality"
    municipality_ags: str = ""
    """Eight digits where known, else empty."""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    place: Place
    score: float
    """0 to 1; 1 is a letter-perfect name."""
    span: tuple[int, int] = (0, 0)
    """Where in the text it was found: [start, end)."""


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """What a text says about the place.

    `found`: `matches` has one entry. `ambiguous`: two or more, best first, all meant equally well.
    `outside`: a place is named that lies outside the Land; `outside_name` is its usual name.
    `none`: no place is named.
    """

    kind: Literal["found", "ambiguous", "outside", "none"]
    matches: tuple[PlaceMatch, ...] = ()
    outside_name: str = ""
    beside: tuple[Place, ...] = ()
    """With `found`: where the person works or learns, if named too. Outside the Land it has no `ags`."""


DangerKind = Literal["crisis", "report_violence"]
Move = Literal["", "back", "again", "another", "menu"]
"""A short move of the conversation: the screen before, the last one again, another offer, the menu."""
Correction = Literal["", "place", "city", "district"]
"""What a text corrects: which place, or whether the town or the district of that name is meant."""
ForWhom = Literal["", "self", "child", "other"]
Request = Literal[
    "",
    "reminders",
    "cancel_one",
    "cancel_all",
    "news",
    "no_news",
    "no_messages",
    "cost",
    "contact",
    "hours",
    "language",
    "safe",
    "better",
    "distress",
]
"""What a text asks of the bot itself, for which the NLU has no intent.

"safe" and "better" say that the danger is over, "distress" that somebody is sad, lonely or without sleep."""


@dataclass(frozen=True, slots=True)
class Guess:
    intent: str
    confidence: float
    """0 to 1, calibrated as well as the model allows."""


@dataclass(frozen=True, slots=True)
class FurtherWish:
    """A second thing wished in one message."""

    intent: str
    office_kind: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of one text.

    `certainty` is `sure` (act on `guesses[0]`), `unsure` (offer the guesses), `not_understood`
    (nothing fits) or `unavailable` (the NLU did not answer in time; language, place and danger
    are still filled in). `language` is None when the text does not tell.
    """

    language: Language | None
    certainty: Literal["sure", "unsure", "not_understood", "unavailable"]
    guesses: tuple[Guess, ...] = ()
    danger: DangerKind | None = None
    place: PlaceResult = field(default_factory=lambda: PlaceResult("none"))
    office_kind: str = ""
    """Which office the text names (`services_directory.snapshot.OFFICE_KINDS`), if any."""
    other_language: str = ""
    """ISO code when the text is confidently in a language the bot does not speak ("en")."""
    move: Move = ""
    """Set where the whole text is such a move; then it goes before the guesses."""
    correction: Correction = ""
    for_whom: ForWhom = ""
    """Whom the text asks for, where it says so."""
    request: Request = ""
    further: tuple[FurtherWish, ...] = ()
    """What is wished besides the best guess, in order. In danger: what can wait."""

    @property
    def intent(self) -> str:
        """The best guess, or an empty string where there is none."""
        return self.guesses[0].intent if self.guesses else ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a reply: exactly one of `payload`, `url` or `asks_location`."""

    label: str
    payload: str = ""
    """At most 64 bytes of UTF-8 (Telegram's limit on callback data)."""
    url: str = ""
    asks_location: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file sent with a reply (a calendar entry, a card to print)."""

    name: str
    """File name with its ending, in Latin letters."""
    media_type: str
    content: str
    """Base64, because replies wait in Redis as JSON."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the person: HTML with the tags b, i, a, code only, at most 4,096 characters.

    With a document the HTML is its caption, at most 1,024 characters.
    """

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    """Rows of buttons. A reply whose buttons ask for the location has no other kind of button
    but plain ones: they become a keyboard under the input field."""
    closes_keyboard: bool = False
    """Takes such a keyboard away again; only for a reply without buttons."""
    document: Document | None = None
    replaces: bool = False
    """May take the place of the message whose button was pressed (turning pages, going through a list),
    instead of adding one more below it. Where there is no such message it is sent as any other."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a conversation, without any words of the person."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
