"""What the bot remembers of a conversation from one turn to the next."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from bot.types import Language, Place


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


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation's memory. It holds no words of the person, only what was resolved from them."""

    language: Language = "uk"
    greeted: bool = False
    place: Place | None = None
    wish: Wish | None = None
    shown: Shown | None = None
    asked: Literal["", "place", "delete"] = ""
    """The question the bot asked last and still waits for."""
    misunderstood: int = 0
    """Misunderstandings in a row."""
    reminders: tuple[Reminder, ...] = ()
    notices: str = ""
    """AGS of the district whose news the person asked for; empty: none."""

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


_NESTED: dict[str, Any] = {"place": Place, "wish": Wish, "shown": Shown, "reminders": Reminder}


def _restored(name: str, value: Any) -> Any:
    """JSON knows neither dataclasses nor tuples."""
    if isinstance(value, list):
        return tuple(_restored(name, item) for item in value)
    return _NESTED[name](**value) if isinstance(value, dict) else value
