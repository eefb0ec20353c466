"""The bot's manners: what takes the place of what, how it begins, who is left in peace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.base import Gone, Undeliverable
from bot.channels.telegram.updates import ALLOWED_UPDATES, UpdateReader
from bot.connection import redis_client
from bot.conversation.outcome import Outcome
from bot.conversation.session import Reminder, Session
from bot.handling import TurnHandler
from bot.inbox import Entry, Envelope
from bot.sessions import SessionStore
from bot.types import Language, Place, Reply, Turn, Understanding
from tests.bot_factory import a_vault, an_envelope
from tests.directory_factory import HEIDELBERG
from tests.test_conversation import (
    GREETED,
    SETTLED,
    core,
    payloads,
    presses,
    says,
    sends,
    text_of,
    understood,
)

PROMISED = replace(
    SETTLED,
    reminders=(Reminder("r1", "im1", "2026-11-26T09:00:00+01:00", "2026-11-25T09:00:00+01:00"),),
    notices=HEIDELBERG,
)
HOURS = timedelta(hours=2)


def member(payload: str, session: Session | None = PROMISED) -> Outcome:
    return sends(session, kind="member", payload=payload)


def replaces(outcome: Outcome) -> list[bool]:
    return [reply.replaces for reply in outcome.replies]


class TestListsTurnInTheirPlace:
    @pytest.mark.parametrize(
        "payload", ["topics:1", "topics:0", "region:stuttgart", "regions:list", "lang:de:list"]
    )
    def test_a_step_within_a_list(self, payload: str) -> None:
        assert replaces(presses(payload)) == [True]

    def test_the_steps_are_those_the_lists_offer(self) -> None:
        assert "topics:1" in payloads(presses("topics"))
        assert "topics:0" in payloads(presses("topics:1"))
        assert "regions:list" in payloads(presses("region:stuttgart"))
        assert "lang:de:list" in payloads(presses("lang"))

    @pytest.mark.parametrize(
        "payload",
        [
            "topics",
            "regions",
            "offices",
            "lang",
            "menu",
            "place",
            "human",
            "urgent",
            "find:trauma_consultation",
        ],
    )
    def test_the_way_into_a_list_leaves_what_was_read_there(self, payload: str) -> None:
        assert not any(replaces(presses(payload, SETTLED)))

    @pytest.mark.parametrize(
        "payload", ["ask:ask_housing", "guess:ask_housing", f"at:{HEIDELBERG}", "another"]
    )
    def test_answers_and_cards_stay(self, payload: str) -> None:
        assert not any(replaces(presses(payload, SETTLED)))

    def test_a_button_of_an_older_first_screen_leaves_it_there(self) -> None:
        assert replaces(presses("lang:de")) == [False]


class TestBeginning:
    @pytest.mark.parametrize("language", ["ru", "de"])
    def test_the_first_screen_is_said_in_the_chosen_language_in_its_own_place(
        self, language: Language
    ) -> None:
        outcome = presses(f"lang:{language}:start")
        assert replaces(outcome) == [True]
        assert outcome.session.language == language
        assert text_of(outcome) == text_of(sends(outcome.session, kind="command", payload="start"))

    def test_after_everything_was_deleted_it_comes_once(self) -> None:
        assert len(presses("lang:de:start", None).replies) == 1

    def test_before_an_answer_the_introduction_has_no_menu(self) -> None:
        introduction, *answer = says(understood("greet"), None).replies
        assert [button.payload for row in introduction.buttons for button in row] == [
            "lang:uk",
            "lang:ru",
            "lang:de",
        ]
        assert len(answer) == 1

    def test_who_comes_back_is_greeted_with_the_place_that_is_remembered(self) -> None:
        outcome = sends(SETTLED, kind="command", payload="start")
        assert len(outcome.replies) == 1
        assert "Heidelberg" in text_of(outcome)
        assert "/delete" in text_of(outcome)
        assert {"place", "find:integration_management"} <= set(payloads(outcome))
        assert outcome.session.place == SETTLED.place

    def test_a_place_named_in_danger_before_the_first_greeting_changes_nothing_of_the_beginning(self) -> None:
        unknown = replace(GREETED, greeted=False, place=Place("Heidelberg", HEIDELBERG))
        assert "Testverein" in text_of(sends(unknown, kind="command", payload="start"))


class TestBlockedAndReturning:
    def test_who_blocks_the_bot_is_promised_nothing_any_more(self) -> None:
        outcome = member("blocked")
        assert outcome.replies == ()
        assert not outcome.session.may_be_written_to
        assert outcome.session.place == SETTLED.place

    def test_nothing_is_said_to_who_comes_back_before_they_write(self) -> None:
        blocked = member("blocked").session
        assert member("returned", blocked) == Outcome((), blocked)

    @pytest.mark.parametrize("payload", ["blocked", "returned"])
    def test_a_stranger_who_does_so_gets_no_introduction(self, payload: str) -> None:
        assert member(payload, None).replies == ()

    @pytest.mark.parametrize("payload", ["blocked", "returned"])
    def test_who_deleted_everything_before_leaves_nothing_behind(self, payload: str) -> None:
        assert member(payload, None).forget
        assert not member(payload).forget

    @pytest.mark.parametrize(
        ("before", "now", "chat", "payload"),
        [
            ("member", "kicked", "private", "blocked"),
            ("kicked", "member", "private", "returned"),
            ("left", "member", "private", None),
            ("member", "kicked", "supergroup", None),
        ],
    )
    def test_telegram_tells_who_blocked_the_bot(
        self, before: str, now: str, chat: str, payload: str | None
    ) -> None:
        change: dict[str, Any] = {"chat": {"id": 77, "type": chat}, "from": {"id": 77, "language_code": "ru"}}
        change |= {"old_chat_member": {"status": before}, "new_chat_member": {"status": now}}
        envelope = UpdateReader(a_vault(), "lotse_bot").read({"update_id": 1, "my_chat_member": change})
        assert "my_chat_member" in ALLOWED_UPDATES
        assert (envelope.turn.payload if envelope else None) == payload
        assert envelope is None or envelope.turn.kind == "member"


def test_a_press_tells_which_message_was_pressed() -> None:
    query = {"id": "9", "from": {"id": 77}, "data": "topics:1"}
    message = {"message_id": 12, "chat": {"id": 77, "type": "private"}}
    reader = UpdateReader(a_vault(), "lotse_bot")
    shown = reader.read({"update_id": 1, "callback_query": {**query, "message": message}})
    unknown = reader.read({"update_id": 2, "callback_query": query})
    assert shown and unknown
    assert (shown.message_id, unknown.message_id) == (12, 0)


# From the turn to the channel


@dataclass
class Channel:
    """A channel that remembers what it was given, and refuses what it is told to."""

    refusing: dict[str, Exception] = field(default_factory=dict)
    sent: list[Reply] = field(default_factory=list)

    async def received(self, envelope: Envelope) -> None:
        pass

    async def busy(self, envelope: Envelope) -> None:
        pass

    async def send(self, envelope: Envelope, reply: Reply) -> None:
        if reply.html in self.refusing:
            raise self.refusing[reply.html]
        self.sent.append(reply)


class Deaf:
    """Understands nothing; buttons need no more."""

    async def understand(self, text: str, language: Language | None) -> Understanding:
        raise AssertionError("no text is sent here")


@dataclass
class Bot:
    store: SessionStore
    channel: Channel
    replies: tuple[Reply, ...] = ()
    ends_with: Session = PROMISED

    async def handle(self, entry_id: str = "1-0", **fields: Any) -> None:
        handler = TurnHandler(self.store, Deaf(), self.respond, self.respond, {"telegram": self.channel})  # type: ignore[arg-type]
        envelope = an_envelope(kind="button", payload="menu", **fields)
        await handler(Entry(0, entry_id, envelope))

    def respond(self, turn: Turn, session: Session | None, understanding: Understanding | None) -> Outcome:
        if turn.kind == "member":
            return core().respond(turn, session, understanding)
        return Outcome(self.replies, self.ends_with)


@pytest.fixture
async def bot(valkey: str) -> AsyncIterator[Bot]:
    async with redis_client(valkey) as redis:
        yield Bot(SessionStore(redis, a_vault()), Channel())


async def session_of(bot: Bot) -> Session:
    session = (await bot.store.load("c0ffee")).session
    assert session
    return session


async def test_only_the_first_reply_takes_the_place_of_what_was_pressed(bot: Bot) -> None:
    bot.replies = (Reply("1", replaces=True), Reply("2", replaces=True))
    await bot.handle()
    assert [reply.replaces for reply in bot.channel.sent] == [True, False]


async def test_a_text_in_two_parts_is_counted_part_by_part(bot: Bot) -> None:
    first, second = ("перша " * 600).strip(), ("друга " * 200).strip()
    bot.replies = (Reply(f"{first}\n\n{second}"),)
    bot.channel.refusing = {second: ConnectionError()}
    with pytest.raises(ConnectionError):
        await bot.handle()
    bot.channel.refusing = {}
    await bot.handle()
    assert [reply.html for reply in bot.channel.sent] == [first, second]


async def test_who_cannot_be_reached_any_more_is_promised_nothing(bot: Bot) -> None:
    bot.replies = (Reply("1"), Reply("2"))
    bot.channel.refusing = {"1": Gone("Forbidden")}
    await bot.handle()
    assert bot.channel.sent == []
    assert not (await session_of(bot)).may_be_written_to
    assert (await bot.store.load("c0ffee")).outbox is None


async def test_a_group_that_put_the_bot_out_leaves_nothing_behind(bot: Bot) -> None:
    bot.replies, bot.ends_with = (Reply("1"),), Session()
    bot.channel.refusing = {"1": Gone("Forbidden")}
    await bot.handle()
    assert (await bot.store.load("c0ffee")).session is None


async def test_a_reminder_that_waited_until_the_opening_began_is_not_said(bot: Bot) -> None:
    now = datetime.now(UTC)
    begun = Reminder("r1", "im1", (now - timedelta(minutes=5)).isoformat(), (now - HOURS).isoformat())
    session = replace(SETTLED, reminders=(begun,))
    await bot.store.save(an_envelope(), "1-0", None, Outcome((), session))
    handler = TurnHandler(bot.store, Deaf(), core().respond, core().apologise, {"telegram": bot.channel})  # type: ignore[arg-type]
    await handler(Entry(0, "2-0", an_envelope(kind="due", payload="reminder:r1", at=now - HOURS)))
    assert bot.channel.sent == []
    assert (await session_of(bot)).reminders == ()


async def test_one_refused_reply_does_not_end_what_was_promised(bot: Bot) -> None:
    bot.replies = (Reply("1"), Reply("2"))
    bot.channel.refusing = {"1": Undeliverable("refused")}
    await bot.handle()
    assert [reply.html for reply in bot.channel.sent] == ["2"]
    assert (await session_of(bot)).may_be_written_to
