"""A person with Telegram on the phone: writes, presses, shares, and reads what comes back."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.botapi.server import BotApiServer
from tests.botapi.state import BOT, Chat, Sent
from tests.botapi.updates import entities

TIMEOUT_S = 15.0
_ids = count(50_000_001)
_numbers = count(1)
_queries = count(880_000_001)

Settled = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Answer:
    """The messages a person got for one thing they did, in order."""

    messages: tuple[Sent, ...]

    @property
    def text(self) -> str:
        """All messages, one below the other."""
        return "\n\n".join(message.text for message in self.messages)

    @property
    def last(self) -> Sent:
        return self.messages[-1]

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons."""
        return [button["text"] for message in self.messages for button in message.buttons]

    def __contains__(self, part: str) -> bool:
        return part in self.text

    def __len__(self) -> int:
        return len(self.messages)


class Person:
    """One person in a chat with the bot.

    `settled` waits until the bot has nothing left to answer; `reply` then returns all messages of
    an answer and not only those that were quick. Without it `reply` returns what is there when the
    first message came. Timeouts are in seconds and raise TimeoutError.
    """

    def __init__(
        self,
        server: BotApiServer,
        *,
        language: str = "uk",
        first_name: str = "Оксана",
        username: str = "oksana_test",
        group: str = "",
        settled: Settled | None = None,
    ) -> None:
        """`group`: the title of a group chat this person writes in, instead of a private chat."""
        self.id = next(_ids)
        self._server = server
        self._settled = settled
        self._user = {
            "id": self.id,
            "is_bot": False,
            "first_name": first_name,
            "last_name": f"{first_name}енко",
            "username": username,
            "language_code": language,
        }
        self.chat: Chat = server.chat(self._group(group) if group else self._private())
        self._read = 0
        self._edits_read = 0
        self.last_update = 0

    def _private(self) -> dict[str, Any]:
        names = {key: self._user[key] for key in ("first_name", "last_name", "username")}
        return {"id": self.id, "type": "private", **names}

    def _group(self, title: str) -> dict[str, Any]:
        return {"id": -1_000_000_000_000 - self.id, "type": "supergroup", "title": title}

    # Doing

    async def says(self, text: str, **extra: Any) -> None:
        """Write a message; `extra` goes into it as it is (forward_origin and the like)."""
        self.writes({"text": text, **entities(text), **extra})

    async def edits(self, text: str) -> None:
        """Change an earlier message."""
        message = self.message({"text": text, "edit_date": int(time.time())})
        self.last_update = self._server.push(edited_message=message)

    async def forwards(self, text: str) -> None:
        """Forward what somebody else wrote."""
        origin = {"type": "hidden_user", "sender_user_name": "Хтось Інший", "date": int(time.time()) - 60}
        self.writes({"text": text, "forward_origin": origin})

    async def presses(self, label: str) -> None:
        """Press the latest button whose label contains `label`."""
        message, button = self._button(label)
        if "callback_data" not in button:
            if "url" in button or button.get("request_location"):
                raise AssertionError(f"the button “{button['text']}” sends nothing to the bot")
            return await self.says(button["text"])
        self.press_data(button["callback_data"], message)

    def press_data(self, data: str, message: Sent | None = None) -> None:
        """Send a button's data, also that of a button which is nowhere to be seen."""
        query = str(next(_queries))
        self._server.methods.open_queries.add(query)
        shown = {"message_id": message.message_id if message else 1, "chat": self.chat.json}
        shown |= {"date": int(time.time()), "text": message.text if message else "…"}
        if message and message.markup:
            shown["reply_markup"] = message.markup
        callback = {"id": query, "from": self._user, "message": shown, "chat_instance": "42", "data": data}
        self.last_update = self._server.push(callback_query=callback)

    async def inline(self, text: str, timeout_s: float = TIMEOUT_S) -> list[dict[str, Any]]:
        """Write `@bot text` in some chat, and wait for what can be chosen."""
        query = self.writes_inline(text)
        found = self._server.methods.inline_answers
        await self._server.methods.inline_changes.until(lambda: found[query] is not None, timeout_s)
        return found[query] or []

    def writes_inline(self, text: str) -> str:
        """Write `@bot text` in some chat and go on; returns the query's id."""
        query = str(next(_queries))
        self._server.methods.inline_answers[query] = None
        sent = {"id": query, "from": self._user, "query": text, "offset": "", "chat_type": "private"}
        self.last_update = self._server.push(inline_query=sent)
        return query

    async def shares(self, latitude: float, longitude: float) -> None:
        """Share a location once."""
        self.writes({"location": {"latitude": latitude, "longitude": longitude}})

    async def sends_voice(self, sound: bytes = b"", seconds: int = 3) -> None:
        """A voice message; without `sound` one that cannot be fetched."""
        voice = {**_file("audio/ogg"), "duration": seconds}
        if sound:
            voice["file_size"] = len(sound)
            self._server.methods.files[voice["file_id"]] = sound
        self.writes({"voice": voice})

    async def sends_sticker(self) -> None:
        sticker = {**_file("image/webp"), "width": 512, "height": 512, "type": "regular", "emoji": "👍"}
        self.writes({"sticker": {**sticker, "is_animated": False, "is_video": False}})

    async def sends_photo(self, caption: str = "") -> None:
        photo = [{**_file("image/jpeg"), "width": 90, "height": 51}]
        self.writes({"photo": photo, **({"caption": caption} if caption else {})})

    async def sends_document(self, name: str = "Bescheid.pdf") -> None:
        self.writes({"document": {**_file("application/pdf"), "file_name": name}})

    async def sends_contact(self, phone: str, name: str) -> None:
        self.writes({"contact": {"phone_number": phone, "first_name": name, "user_id": self.id}})

    def writes(self, content: dict[str, Any]) -> None:
        """Send a message with this content."""
        self.last_update = self._server.push(message=self.message(content))

    def message(self, content: dict[str, Any]) -> dict[str, Any]:
        """A message of this person as Telegram shows it to the bot."""
        head = {"message_id": next(self._server.methods.message_ids), "from": self._user}
        return {**head, "chat": self.chat.json, "date": int(time.time()), **content}

    def blocks_the_bot(self) -> None:
        """Nothing sent to this person arrives any more."""
        self._becomes("member", "kicked")

    def unblocks_the_bot(self) -> None:
        """What the person's "Restart" button does before it sends /start."""
        self._becomes("kicked", "member")

    def _becomes(self, old: str, new: str) -> None:
        self.chat.blocked = new == "kicked"
        change = {"chat": self.chat.json, "from": self._user, "date": int(time.time())}
        change |= {"old_chat_member": {"user": BOT, "status": old, "until_date": 0}}
        change |= {"new_chat_member": {"user": BOT, "status": new, "until_date": 0}}
        self.last_update = self._server.push(my_chat_member=change)

    # Reading

    async def reply(self, timeout_s: float = TIMEOUT_S) -> Answer:
        """Wait for the answer: at least one new message, or an old one that reads otherwise now."""
        await self.chat.changes.until(
            lambda: len(self.chat.messages) > self._read or len(self.chat.edited) > self._edits_read,
            timeout_s,
        )
        if self._settled:
            await self._settled()
        return self.unread()

    async def hears(self, part: str = "", timeout_s: float = TIMEOUT_S) -> Sent:
        """Wait for the next message that contains `part`; what came before it counts as read."""

        def found() -> int:
            fresh = self.chat.messages[self._read :]
            return next((self._read + n + 1 for n, sent in enumerate(fresh) if part in sent.text), 0)

        await self.chat.changes.until(lambda: found() > 0, timeout_s)
        self._read = found()
        return self.chat.messages[self._read - 1]

    def unread(self) -> Answer:
        """What changed or came since the last time this person looked, possibly nothing."""
        changed, fresh = self.chat.edited[self._edits_read :], self.chat.messages[self._read :]
        self._edits_read, self._read = len(self.chat.edited), len(self.chat.messages)
        return Answer((*(message for message in changed if message not in fresh), *fresh))

    async def asks(self, text: str, timeout_s: float = TIMEOUT_S) -> Answer:
        """Write, and wait for the answer."""
        await self.says(text)
        return await self.reply(timeout_s)

    async def chooses(self, label: str, timeout_s: float = TIMEOUT_S) -> Answer:
        """Press a button, and wait for the answer."""
        await self.presses(label)
        return await self.reply(timeout_s)

    def _button(self, label: str) -> tuple[Sent, dict[str, Any]]:
        for message in reversed(self.chat.messages):
            for button in message.buttons:
                if label in button["text"]:
                    return message, button
        seen = [button["text"] for message in self.chat.messages[-3:] for button in message.buttons]
        raise AssertionError(f"there is no button “{label}”; there are {seen}")


def _file(mime: str) -> dict[str, Any]:
    number = next(_numbers)
    return {"file_id": f"file-{number}", "file_unique_id": f"u{number}", "mime_type": mime, "file_size": 4096}
