"""Playing conversation scripts: many people at the same time, each in their own chat."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from bot import keys
from bot.inbox import Envelope
from tests.botapi import Person
from tests.botapi.state import Changes, Sent
from tests.e2e.parts import Stack
from tests.e2e.script import Expected, Script, Step

_START = re.compile(r"[?&;]start=([\w-]{1,64})")
AT_ONCE = 16
"""So many people wait for an answer at the same time: more would only queue at the NLU."""
LOOK_S = 0.02
ANSWER_S = 60.0


@dataclass
class Turn:
    """One step as it went."""

    step: Step
    answer: tuple[Sent, ...] = ()
    misses: list[str] = field(default_factory=list)
    """What should have been otherwise."""

    @property
    def text(self) -> str:
        return "\n\n".join(message.text for message in self.answer)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for message in self.answer for button in message.buttons]

    @property
    def files(self) -> list[str]:
        """The names of the files that came."""
        return [message.file.name for message in self.answer if message.file]

    def __str__(self) -> str:
        said = f"{self.step.action}: {self.step.value}"
        rows = " ".join(f"[{label}]" for label in self.labels)
        return "\n".join((f"--- {self.step.number}. {said}", self.text, rows)).rstrip()


@dataclass
class Played:
    """A conversation as it went."""

    script: Script
    turns: list[Turn] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.turns))

    def report(self) -> str:
        """What came otherwise than the script says, and the conversation up to there; empty if nothing."""
        failed = next((turn for turn in self.turns if turn.misses), None)
        if failed is None:
            return ""
        until = self.turns[: self.turns.index(failed) + 1]
        lines = [f"{self.script.path.name}, {failed.step}:", *(f"  {miss}" for miss in failed.misses)]
        return "\n".join((*lines, "", "The conversation so far:", "", *map(str, until)))


class Attendance:
    """Knows who still waits for an answer, by looking into the bot's inbox."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._owners: dict[tuple[str, bytes], str] = {}
        self._waiting: set[str] = set()
        self._looks = 0
        self._changes = Changes()

    async def run(self) -> None:
        while True:
            await self._look()
            self._changes.notify()
            await asyncio.sleep(LOOK_S)

    async def answered(self, person: Person) -> None:
        """Return when the last thing this person did is answered completely. Raises TimeoutError."""
        pending, who = self._stack.api.delivery.pending, self._stack.pseudonym(person)
        await self._changes.until(lambda: person.last_update not in pending, ANSWER_S)
        begun = self._looks
        # A look that is under way may have begun before the update was stored.
        await self._changes.until(lambda: self._looks >= begun + 2 and who not in self._waiting, ANSWER_S)

    async def _look(self) -> None:
        waiting = set()
        for partition in range(keys.INBOX_PARTITIONS):
            stream = keys.inbox_stream(partition)
            rows: Any = await self._stack.redis.xrange(stream)
            waiting |= {self._owner(stream, entry_id, fields) for entry_id, fields in rows}
        self._waiting = waiting
        self._looks += 1

    def _owner(self, stream: str, entry_id: bytes, fields: dict[bytes, bytes]) -> str:
        entry = (stream, entry_id)
        if entry not in self._owners:
            envelope = Envelope.from_bytes(self._stack.vault.open(fields[b"sealed"], stream))
            self._owners[entry] = envelope.turn.conversation
        return self._owners[entry]


@asynccontextmanager
async def attendance(stack: Stack) -> AsyncIterator[Attendance]:
    """Look into the inbox for as long as the block runs."""
    found = Attendance(stack)
    looking = asyncio.create_task(found.run())
    try:
        yield found
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def play(stack: Stack, scripts: Iterable[Script]) -> dict[str, Played]:
    """Play all scripts side by side; the conversations by the name of their file."""
    turnstile = asyncio.Semaphore(AT_ONCE)
    async with attendance(stack) as present:
        players = [_Player(stack, present, turnstile, script) for script in scripts]
        await asyncio.gather(*(player.play() for player in players))
    return {player.played.script.path.stem: player.played for player in players}


class _Player:
    """Plays one script."""

    def __init__(
        self, stack: Stack, present: Attendance, turnstile: asyncio.Semaphore, script: Script
    ) -> None:
        self.played = Played(script)
        self._stack = stack
        self._present = present
        self._turnstile = turnstile
        self._person: Person = stack.person(language=script.phone, group=script.group)
        self._cards: list[Sent] = []
        """What was offered in another chat last."""

    async def play(self) -> None:
        """Play until the end, or until something cannot be done (a button that is not there)."""
        for step in self.played.script.steps:
            turn = Turn(step)
            self.played.turns.append(turn)
            try:
                async with self._turnstile:
                    turn.answer = await self._take(step)
            except (AssertionError, TimeoutError) as error:
                turn.misses.append(str(error) or f"no answer within {ANSWER_S:g} s")
                return
            turn.misses += list(_misses(turn))

    async def _take(self, step: Step) -> tuple[Sent, ...]:
        if step.action == "days_later":
            await _let_days_pass(self._stack, self._person, int(step.value))
            return ()
        if step.action == "looks_up":
            self._cards = [_as_message(card) for card in await self._person.inline(step.value)]
            return tuple(self._cards)
        before = {_looks(message) for message in self._person.chat.messages}
        await self._do(step)
        await self._present.answered(self._person)
        after = (replace(message) for message in self._person.chat.messages)
        return tuple(message for message in after if _looks(message) not in before)

    async def _do(self, step: Step) -> None:
        person = self._person
        if step.action in ("writes", "commands"):
            await person.says(step.value)
        elif step.action == "presses":
            await self._press(step.value)
        elif step.action == "edits":
            await person.edits(step.value)
        elif step.action == "forwards":
            await person.forwards(step.value)
        elif step.action == "shares_location":
            await person.shares(*step.position)
        elif step.action == "follows_link":
            await self._follow(step.value)
        else:
            await self._send(step.value)

    async def _send(self, thing: str) -> None:
        person = self._person
        if thing == "contact":
            return await person.sends_contact("+380440000000", "Сусідка")
        sending = {
            "voice": person.sends_voice,
            "sticker": person.sends_sticker,
            "photo": person.sends_photo,
            "document": person.sends_document,
        }
        await sending[thing]()

    async def _press(self, part: str) -> None:
        """The newest button with exactly this label, else the newest whose label contains it."""
        shown = [(m, b) for m in reversed(self._person.chat.messages) for b in m.buttons]
        exact = [(message, button) for message, button in shown if button["text"] == part]
        close = [(message, button) for message, button in shown if Expected(part).is_in(button["text"])]
        for message, button in (*exact, *close):
            if "callback_data" in button:
                return self._person.press_data(button["callback_data"], message)
        await self._person.presses(part)

    async def _follow(self, part: str) -> None:
        """A link opens the chat with the bot, from a group too."""
        parameter = self._start_parameter(part)
        if self.played.script.group:
            self._person = self._stack.person(language=self.played.script.phone)
        await self._person.says(f"/start {parameter}")

    def _start_parameter(self, part: str) -> str:
        """What the newest link into the bot hands over whose address contains `part`."""
        for message in (*self._cards, *reversed(self._person.chat.messages)):
            addresses = [message.html, *(button.get("url", "") for button in message.buttons)]
            for found in _START.findall(unquote(" ".join(addresses))):
                if part == "newest" or part in found:
                    return str(found)
        raise AssertionError(f"there is no link into the bot: {part}")


def _as_message(card: dict[str, Any]) -> Sent:
    """A card of inline mode as the message it becomes."""
    html = card["input_message_content"]["message_text"]
    return Sent(0, 0, card["text"], html, card.get("reply_markup"))


def _looks(message: Sent) -> tuple[int, str, str]:
    """A message as it is seen: one that was edited is a new sight."""
    return message.message_id, message.text, json.dumps(message.markup, sort_keys=True)


def _misses(turn: Turn) -> Iterable[str]:
    step = turn.step
    if step.action == "days_later":
        return
    if step.hears_nothing or not turn.answer:
        if bool(turn.answer) == step.hears_nothing:
            yield "should get no answer" if step.hears_nothing else "should get an answer"
        return
    yield from (f"should see: {one.text}" for one in step.sees if not one.is_in(turn.text))
    yield from (f"should not see: {one.text}" for one in step.does_not_see if one.is_in(turn.text))
    for one in step.buttons:
        if not any(one.is_in(label) for label in turn.labels):
            yield f"should have a button: {one.text}"
    if step.file and not any(name.endswith(f".{step.file}") for name in turn.files):
        yield f"should come with a file: {step.file}"
    for one in step.no_buttons:
        if any(one.is_in(label) for label in turn.labels):
            yield f"should have no button: {one.text}"


async def _let_days_pass(stack: Stack, person: Person, days: int) -> None:
    """Make what the bot remembers of this person older."""
    key = keys.session(stack.pseudonym(person))
    memory = json.loads(await stack.opened(key))
    seen = date.fromisoformat(memory["session"]["seen"]) - timedelta(days=days)
    memory["session"]["seen"] = seen.isoformat()
    sealed = stack.vault.seal(json.dumps(memory, ensure_ascii=False).encode(), key)
    await stack.redis.set(key, sealed, keepttl=True)
