"""A notice of the staff on its way to people: the form in which it passes from the console to the bot.

Plain Python: the console writes it to Redis, the bot reads it. It holds nothing about those who get it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.types import Language

LAND = "08"
"""Baden-Württemberg in the Amtlicher Gemeindeschlüssel."""
MAX_TEXT = 1000
"""Characters of one language's text: news, not a letter. Leaves room for the heading and an address."""
MAX_A_WEEK = 3
"""How many notices a person gets within seven days at most. The console keeps it, the bot promises it."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What is told to those who asked for news."""

    id: str
    """Lower-case letters and digits, at most 12."""
    ags: str
    """The district it is for, or `LAND`."""
    texts: dict[str, str]
    """Plain text by language. German is always there."""
    until: datetime
    """When it stops being news; with offset."""
    listing: str = ""
    """Id of the listing it is about, if any."""

    def text(self, language: Language) -> str:
        """The text in this language, else in German."""
        return self.texts.get(language) or self.texts["de"]

    def concerns(self, district: str) -> bool:
        """Whether somebody gets it who asked for the news of this district; empty: asked for none."""
        return bool(district) and self.ags in (LAND, district)

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "until": self.until.isoformat()}, ensure_ascii=False)

    @classmethod
    def from_json(cls, raw: str | bytes) -> Bulletin:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            data = json.loads(raw)
            bulletin = cls(**{**data, "until": datetime.fromisoformat(data["until"])})
            if not bulletin.texts["de"] or bulletin.until.tzinfo is None:
                raise ValueError("without German text or offset")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a bulletin: {type(error).__name__}") from None
        return bulletin
