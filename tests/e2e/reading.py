"""Reading the bot's answers: which card, which buttons, which sentence of the catalogue."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from bot import keys
from bot.texts import LOCALES, texts
from bot.types import Language
from services_directory.snapshot import Listing, Snapshot
from tests.botapi import Answer
from tests.botapi.html import plain_text
from tests.botapi.state import Sent
from tests.e2e.parts import Stack


@cache
def _messages() -> frozenset[str]:
    with (LOCALES / "lotse.pot").open("rb") as template:
        ids = [message.id for message in read_po(template)]
    return frozenset(part for found in ids for part in ([found] if isinstance(found, str) else found))


def words(language: Language, message: str, **values: object) -> str:
    """A message of the catalogue as it stands in a chat. It has to be one of the bot's."""
    assert message in _messages(), f"the bot says no such thing: {message}"
    return plain_text(texts(language).t(message, **values)).strip()


def opening(language: Language, message: str) -> str:
    """The first line of a message, for those that go on with what is not fixed."""
    return words(language, message).splitlines()[0]


def card_id(message: Sent) -> str:
    """The id of the listing a message is the card of; empty where it is none."""
    payloads = [button.get("callback_data", "") for button in message.buttons]
    return next((data.removeprefix("wrong:") for data in payloads if data.startswith("wrong:")), "")


async def card_in(stack: Stack, answer: Answer) -> Listing:
    """The listing whose card ends an answer, from the directory the bot reads."""
    raw: Any = await stack.redis.get(keys.DIRECTORY_SNAPSHOT)
    listings = {listing.id: listing for listing in Snapshot.from_json(raw).listings}
    found = listings.get(card_id(answer.last))
    assert found, f"this is no card: {answer.text}"
    return found


async def assert_card_of(stack: Stack, answer: Answer, ags: str) -> Listing:
    """The answer ends at a card of a listing that serves this district; returns the listing."""
    listing = await card_in(stack, answer)
    assert any(area[:5] == ags for area in listing.service_area), (
        f"{listing.name} serves {listing.service_area}, not {ags}:\n{answer.text}"
    )
    return listing
