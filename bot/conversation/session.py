"""What the bot remembers of a conversation from one turn to the next."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from bot.types import FurtherWish, Guess, Language, Place, PlaceMatch, PlaceResult, Understanding

Asked = Literal["", "place", "delete", "answer", "reminder", "news", "danger"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants, waiting for the place: an offer of a category, or of an office."""

    category: str
    office_kind: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The card last shown: what "when are they open?" and "another one" refer to."""

    listing_id: str
    category: str
    office_kind: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class Reminder:
    """One promised reminder of an opening of an office."""

    id: str
    """Unique within the conversation; lower-case letters and digits."""
    listing_id: str
    begin: str
    """When the office opens, ISO 8601 with offset."""
    due: str
    """When to remind, ISO 8601 with offset."""
    office: str = ""
    """The office's German name, for the day it is no longer in the directory."""


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation's memory. It holds no words of the person, only what was resolved from them."""

    language: Language = "uk"
    greeted: bool = False
    place: Place | None = None
    wish: Wish | None = None
    shown: Shown | None = None
    asked: Asked = ""
    """The question the bot asked last and still waits for; "answer": whether an answer was the right one,
    "reminder" and "news": whether to promise them, "danger": whether to talk to a person."""
    pending: str = ""
    """Payload of the button a yes in words presses, while an agreement is asked for."""
    topic: str = ""
    """Intent of the answer shown last, as long as no office was shown since."""
    misunderstood: int = 0
    """Misunderstandings in a row."""
    helping: Literal["", "child", "other"] = ""
    """Whom the person asks for, where it is not themselves."""
    home: Place | None = None
    """The person's own place while `place` may be that of somebody they help."""
    trail: tuple[str, ...] = ()
    """Payloads of the screens shown last, newest last; see `bot/conversation/trail.py`."""
    further: tuple[str, ...] = ()
    """Payloads of further wishes that wait until `wish` is answered."""
    aside: tuple[str, ...] = ()
    """Payloads of the wishes that danger put aside."""
    seen: str = ""
    """ISO date of the last turn."""
    reminders: tuple[Reminder, ...] = ()
    notices: str = ""
    """AGS of the district whose news the person asked for; empty: none."""

    heard: Understanding | None = None
    """What was understood of a voice message, until the person says that it was heard right."""

    @property
    def may_be_written_to(self) -> bool:
        """Whether the person asked to be written to later, so that the chat's address must be kept."""
        return bool(self.reminders or self.notices)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Session:
        """Read what `to_dict` wrote, also in another version. Raises TypeError for anything else."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: _restored(name, value) for name, value in data.items() if name in known})


def _understanding(**data: Any) -> Understanding:
    guesses = tuple(Guess(**guess) for guess in data.pop("guesses"))
    further = tuple(FurtherWish(**wish) for wish in data.pop("further"))
    place = _place_result(**data.pop("place"))
    return Understanding(**data, guesses=guesses, further=further, place=place)


def _place_result(**data: Any) -> PlaceResult:
    matches = tuple(
        PlaceMatch(Place(**match["place"]), match["score"], tuple(match["span"]))
        for match in data.pop("matches")
    )
    beside = tuple(Place(**place) for place in data.pop("beside"))
    return PlaceResult(**data, matches=matches, beside=beside)


_NESTED: dict[str, Any] = {
    "place": Place,
    "home": Place,
    "wish": Wish,
    "shown": Shown,
    "reminders": Reminder,
    "heard": _understanding,
}


def _restored(name: str, value: Any) -> Any:
    """JSON knows neither dataclasses nor tuples."""
    if isinstance(value, list):
        return tuple(_restored(name, item) for item in value)
    return _NESTED[name](**value) if isinstance(value, dict) else value
