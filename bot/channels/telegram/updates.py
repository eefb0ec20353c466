"""From Telegram's update (plain JSON) to an envelope, keeping only what answering needs.

Names, handles, phone numbers and files in an update are never read; of a voice message its id, where the
bot is to listen to it. The update is taken as plain
JSON, because one malformed update must not stop the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channels.base import MAX_TEXT
from bot.inbox import Envelope
from bot.types import Turn
from bot.vault import Vault
from bot.voice import MAX_BYTES, MAX_S

NAME = "telegram"

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "inline_query"]
_ATTACHMENTS = (
    *("voice", "audio", "video_note", "video", "photo", "animation", "sticker", "document"),
    *("contact", "poll", "dice", "story", "game", "invoice"),
)
_COMMAND = re.compile(r"/([a-z0-9_]{1,32})(@\w+)?(?:\s+|$)", re.IGNORECASE)
"""Telegram's own form of a command; anything else that begins with a slash is something a person says."""
Json = Mapping[str, Any]


class UpdateReader:
    """Reads updates of one bot."""

    def __init__(self, vault: Vault, username: str, *, hears: bool = False) -> None:
        """`username` is the bot's own, without @: in groups only messages addressed to it count.

        `hears`: whether the bot can listen to voice messages.
        """
        self._vault = vault
        self._hears = hears
        self._mention = f"@{username.lower()}"

    def read(self, update: Json) -> Envelope | None:
        """The envelope of an update, or None where there is nothing to answer.

        Raises KeyError, TypeError or ValueError for an update that is not shaped as Telegram's are.
        """
        if query := update.get("callback_query"):
            return self._button(query)
        if change := update.get("my_chat_member"):
            return self._membership(change)
        for key, kind in (("message", "text"), ("edited_message", "edited")):
            if message := update.get(key):
                return self._message(message, edited=kind == "edited")
        return None

    def _button(self, query: Json) -> Envelope | None:
        message = query.get("message") or {"chat": {"id": query["from"]["id"], "type": "private"}}
        payload = query.get("data")
        if not payload:
            return None
        turn = self._turn(message, query["from"], kind="button", payload=str(payload))
        address, pressed = str(int(message["chat"]["id"])), int(message.get("message_id") or 0)
        return Envelope(NAME, address, turn, callback=str(query["id"]), message_id=pressed)

    def _membership(self, change: Json) -> Envelope | None:
        """The person blocked the bot or let it in again; what happens to it in groups is not asked."""
        before, now = (change[key]["status"] for key in ("old_chat_member", "new_chat_member"))
        if change["chat"].get("type") != "private" or "kicked" not in (before, now):
            return None
        payload = "blocked" if now == "kicked" else "returned"
        turn = self._turn(change, change["from"], kind="member", payload=payload)
        return Envelope(NAME, str(int(change["chat"]["id"])), turn)

    def _message(self, message: Json, *, edited: bool) -> Envelope | None:
        sender = message.get("from") or {}
        if sender.get("is_bot"):
            return None
        content = self._content(message, edited)
        group = message["chat"].get("type") != "private"
        if not content or (group and not self._addressed(message, content)):
            return None
        content["text"] = content.get("text", "").replace(self._mention, "")
        file_id = "" if group else self._voice(message, content)
        turn = self._turn(message, sender, **content)
        return Envelope(NAME, str(int(message["chat"]["id"])), turn, file_id=file_id)

    def _turn(self, message: Json, sender: Json, **content: Any) -> Turn:
        chat = message["chat"]
        return Turn(
            conversation=self._vault.pseudonym(NAME, str(int(chat["id"]))),
            at=datetime.now(UTC),
            group=chat.get("type") != "private",
            client_language=str(sender.get("language_code") or "")[:16],
            **content,
        )

    def _content(self, message: Json, edited: bool) -> dict[str, Any]:
        attachment = next((name for name in _ATTACHMENTS if name in message), "")
        text = str(message.get("text") or message.get("caption") or "")[:MAX_TEXT]
        if (location := message.get("location")) and edited:
            return {}  # A live location moves every few seconds; the place was found with its first message.
        if location:
            latitude, longitude = float(location["latitude"]), float(location["longitude"])
            return {"kind": "location", "latitude": latitude, "longitude": longitude}
        if not edited and (command := _COMMAND.match(text)):
            return self._command(command, text)
        if text:
            return {"kind": "edited" if edited else "text", "text": text, "attachment": attachment}
        return {"kind": "attachment", "attachment": attachment} if attachment else {}

    def _voice(self, message: Json, content: dict[str, Any]) -> str:
        """The id of a voice message to listen to; of one that is too long only that it is."""
        if not self._hears or (content["kind"], content.get("attachment")) != ("attachment", "voice"):
            return ""
        voice = message["voice"]
        if int(voice.get("duration") or 0) > MAX_S or int(voice.get("file_size") or 0) > MAX_BYTES:
            content["spoken"] = "too_long"
            return ""
        return str(voice["file_id"])

    def _command(self, command: re.Match[str], text: str) -> dict[str, Any]:
        name, bot = command.groups()
        if bot and bot.lower() != self._mention:
            return {}
        return {"kind": "command", "payload": name.lower(), "text": text[command.end() :].strip()}

    def _addressed(self, message: Json, content: Mapping[str, Any]) -> bool:
        """Whether something in a group is meant for this bot: a command, its name, or an answer to it."""
        answered = (message.get("reply_to_message") or {}).get("from") or {}
        to_us = f"@{str(answered.get('username') or '').lower()}" == self._mention
        named = self._mention in str(content.get("text", "")).lower()
        return content["kind"] == "command" or to_us or named
