"""Inline queries: answered in the process that receives them, at once or not at all.

A phone sends one with nearly every letter typed. Nothing of them is stored or logged, no session is looked
at, and no other update waits for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self

import structlog
from telegram import (
    Bot,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.telegram.keyboards import markup
from bot.conversation.inline import InlineCard
from bot.conversation.respond import client_language
from bot.logs import where
from bot.tasks import end
from bot.types import Language, Reply, Turn, Understanding
from bot.understanding.offices import category

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Queries answered side by side."""
WAITING = 32
"""Queries of different people that may wait; beyond that the oldest is dropped."""
NLU_S = 0.7
"""A card that comes later is for words already typed over."""
MAX_QUERY = 256
"""Telegram's own limit."""
_CACHE_S = 30
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Understands(Protocol):
    """What `bot.understanding.understand.Understander` offers."""

    def glance(self, text: str, current: Language | None) -> Understanding: ...

    async def understand(self, text: str, current: Language | None) -> Understanding: ...


class MakesCards(Protocol):
    """What `bot.conversation.respond.Core` offers."""

    def cards(self, turn: Turn, understanding: Understanding, category: str) -> tuple[InlineCard, ...]: ...


@dataclass(frozen=True, slots=True)
class _Query:
    id: str
    text: str
    client_language: str


class InlineQueries:
    """Takes queries without ever waiting. Use as an async context manager; leaving it ends what runs."""

    def __init__(self, bot: Bot, understander: Understands, core: MakesCards) -> None:
        self._bot = bot
        self._understander = understander
        self._core = core
        self._waiting: dict[int, _Query] = {}
        self._answering: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end(tuple(self._answering))

    def take(self, query: Mapping[str, Any]) -> None:
        """Answer a query soon. A newer one of the same person takes the place of one that still waits.

        Raises KeyError, TypeError, ValueError or AttributeError for one that is not shaped as Telegram's are.
        """
        sender = query["from"]
        read = _Query(
            str(query["id"]),
            str(query.get("query") or "")[:MAX_QUERY],
            str(sender.get("language_code") or ""),
        )
        person = int(sender["id"])
        self._waiting.pop(person, None)
        self._waiting[person] = read
        if len(self._waiting) > WAITING:
            del self._waiting[next(iter(self._waiting))]
        if len(self._answering) < AT_ONCE:
            task = asyncio.create_task(self._answer_waiting())
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer_waiting(self) -> None:
        while self._waiting:
            query = self._waiting.pop(next(iter(self._waiting)))
            try:
                await self._answer(query)
            except TelegramError as error:
                # Mostly a query that is too old: the next letter brings a new one.
                log.info("inline_unanswered", error=type(error).__name__)
            except Exception as error:
                log.error("inline_failed", error=type(error).__name__, where=where(error))

    async def _answer(self, query: _Query) -> None:
        turn = Turn(
            "", "text", datetime.now(UTC), text=query.text, client_language=query.client_language[:16]
        )
        understanding = await self._understood(turn)
        # In a thread: ten offices whose hours nobody asked for today take a while.
        cards = await asyncio.to_thread(self._core.cards, turn, understanding, category(query.text))
        await self._bot.answer_inline_query(
            query.id,
            [_article(str(number), card) for number, card in enumerate(cards)],
            cache_time=_CACHE_S,
            # Words that do not tell their language are answered in that of the person's app.
            is_personal=True,
        )

    async def _understood(self, turn: Turn) -> Understanding:
        """At a glance where that is enough; else also by the NLU, if it answers in time."""
        language = client_language(turn)
        seen = self._understander.glance(turn.text, language)
        is_plain = seen.danger or seen.office_kind or category(turn.text) or seen.certainty != "unavailable"
        if is_plain or not turn.text.strip():
            return seen
        try:
            async with asyncio.timeout(NLU_S):
                return await self._understander.understand(turn.text, language)
        except TimeoutError:
            return seen


def _article(number: str, card: InlineCard) -> InlineQueryResultArticle:
    content = InputTextMessageContent(card.html, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW)
    keyboard: Any = markup(Reply(card.html, ((card.button,),))) if card.button else None
    return InlineQueryResultArticle(
        number, card.title, content, description=card.description, reply_markup=keyboard
    )
