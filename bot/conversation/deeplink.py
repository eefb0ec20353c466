"""Links that open the bot at a card: what stands behind `?start=`.

A payload is made of parts joined by hyphens, each at most once and known by its look, for example
`08221-trauma_consultation-uk`: a place (AGS of five or eight digits), an offer (a category, a kind of office
or a question of the knowledge base), the id of a listing behind `_`, a language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.answers import answers
from bot.conversation.session import Wish
from bot.types import LANGUAGES, Language, Place, Turn
from gazetteer.districts import districts
from gazetteer.municipalities import municipality
from services_directory.snapshot import CATEGORIES, OFFICE_KINDS

MAX_PAYLOAD = 64
"""Telegram's limit, and its letters: A-Z, a-z, 0-9, hyphen and underscore."""

_MADE = re.compile(r"(?=.*[-_])(?=.*[\d_])[A-Za-z0-9_-]{1,64}")
"""Looks like something a program wrote; one word in Latin letters may be a person's."""
_ALLOWED = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LISTING = re.compile(r"_[a-z0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class DeepLink:
    """Where a link leads. Every field may be empty, but not all of them."""

    ags: str = ""
    offer: str = ""
    """A category, a kind of office, or an intent of the knowledge base."""
    language: Language | Literal[""] = ""
    listing: str = ""

    @property
    def place(self) -> Place | None:
        """The district or municipality meant."""
        return place_of(self.ags)

    @property
    def wish(self) -> Wish | None:
        """The offer meant, where it is one of the directory."""
        if self.offer in CATEGORIES:
            return Wish(self.offer)
        return Wish("other_office", self.offer) if self.offer in OFFICE_KINDS else None

    def payload(self) -> str:
        """What stands behind `?start=`."""
        listing = f"_{self.listing}" if self.listing else ""
        return "-".join(part for part in (self.ags, self.offer, listing, self.language) if part)

    def url(self, username: str) -> str:
        """The whole address; `username` is the bot's own, without @."""
        return f"https://t.me/{username}?start={self.payload()}"


def offer_link(
    wish: Wish, ags: str = "", language: Language | Literal[""] = "", listing: str = ""
) -> DeepLink:
    """The link to an offer of the directory."""
    return DeepLink(ags, wish.office_kind or wish.category, language, listing)


def read(payload: str) -> DeepLink | None:
    """The link a payload stands for; None for anything malformed or unknown."""
    if not 0 < len(payload) <= MAX_PAYLOAD:
        return None
    found: dict[str, str] = {}
    for part in payload.split("-"):
        name = _field(part)
        if not name or name in found:
            return None
        found[name] = part.removeprefix("_")
    return DeepLink(**found)  # type: ignore[arg-type]


def opens(turn: Turn) -> bool:
    """Whether a turn opens a link, also one this version cannot read: no person wrote its text."""
    if turn.kind != "command" or turn.payload != "start":
        return False
    return read(turn.text) is not None or bool(_MADE.fullmatch(turn.text))


def is_like_one(text: str) -> bool:
    """Whether a text could be a payload by its letters."""
    return bool(_ALLOWED.fullmatch(text))


def place_of(ags: str) -> Place | None:
    """The district (five digits) or municipality (eight) of an AGS; None for an unknown one."""
    if len(ags) == 8:
        return municipality(ags)
    district = districts().get(ags)
    return Place(district.name_de, ags, "district") if district else None


def _field(part: str) -> str:
    """Which field of a link a part is; empty for none."""
    if place_of(part):
        return "ags"
    if part in CATEGORIES or part in OFFICE_KINDS or part in answers():
        return "offer"
    if part in LANGUAGES:
        return "language"
    return "listing" if _LISTING.fullmatch(part) else ""
