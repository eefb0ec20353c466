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

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Session:
        """Read what `to_dict` wrote, also in another version. Raises TypeError for anything else."""
        nested = {"place": Place, "wish": Wish, "shown": Shown}
        known = {field.name for field in fields(cls)}
        values = {
            name: nested[name](**value) if value and name in nested else value
            for name, value in data.items()
            if name in known
        }
        return cls(**values)
