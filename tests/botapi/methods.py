"""The methods of the Bot API that the bot may use, each with what Telegram checks."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from tests.botapi import inline, keyboards
from tests.botapi.delivery import Delivery
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.html import plain_text, utf16_length
from tests.botapi.limits import SendingLimits
from tests.botapi.params import Params
from tests.botapi.state import BOT, Changes, Chat, File, Sent

MAX_TEXT = 4096
MAX_CAPTION = 1024
_ACTIONS = frozenset(
    (
        *("typing", "choose_sticker", "find_location", "upload_photo", "upload_video", "upload_voice"),
        *("upload_document", "upload_video_note", "record_video", "record_voice", "record_video_note"),
    )
)
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

Method = Callable[[Params], Awaitable[Any]]


@dataclass
class Methods:
    """The server's state, and one coroutine a method."""

    delivery: Delivery
    limits: SendingLimits
    insecure_webhooks: bool
    chats: dict[int, Chat] = field(default_factory=dict)
    open_queries: set[str] = field(default_factory=set)
    """Button presses whose spinner still turns."""
    inline_answers: dict[str, list[dict[str, Any]] | None] = field(default_factory=dict)
    """By inline query what can be chosen; None while the bot has not answered."""
    inline_changes: Changes = field(default_factory=Changes)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    """Descriptions set by the bot, by method and language."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What people sent that the bot may fetch, by the file's id."""
    menu_buttons: dict[int, Any] = field(default_factory=dict)
    listeners: list[Callable[[Sent], None]] = field(default_factory=list)
    message_ids: count[int] = field(default_factory=lambda: count(1))

    def table(self) -> dict[str, Method]:
        """By lower-case name: Telegram does not mind how a method is capitalised."""
        return {
            "getme": self.get_me,
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
            "sendmessage": self.send_message,
            "editmessagetext": self.edit_message_text,
            "editmessagereplymarkup": self.edit_message_reply_markup,
            "deletemessage": self.delete_message,
            "answercallbackquery": self.answer_callback_query,
            "answerinlinequery": self.answer_inline_query,
            "sendchataction": self.send_chat_action,
            "senddocument": self.send_document,
            "sendlocation": self.send_location,
            "sendvenue": self.send_venue,
            "getchat": self.get_chat,
            "getfile": self.get_file,
            "setmycommands": self.set_my_commands,
            "getmycommands": self.get_my_commands,
            "setmydescription": self.set_my_description,
            "getmydescription": self.get_my_description,
            "setmyshortdescription": self.set_my_short_description,
            "getmyshortdescription": self.get_my_short_description,
            "setchatmenubutton": self.set_chat_menu_button,
            "getchatmenubutton": self.get_chat_menu_button,
        }

    async def get_me(self, _: Params) -> Any:
        return {
            **BOT,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }

    # Receiving

    async def get_updates(self, params: Params) -> Any:
        limit = min(100, max(1, params.integer("limit", 100)))
        timeout_s = max(0, params.integer("timeout", 0))
        return await self.delivery.fetch(
            params.integer("offset", 0), limit, timeout_s, params.json("allowed_updates")
        )

    async def set_webhook(self, params: Params) -> Any:
        url = params.text("url")
        if not url:
            return await self.delete_webhook(params)
        secret = params.text("secret_token")
        if urlsplit(url).scheme != "https" and not self.insecure_webhooks:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        allowed = params.json("allowed_updates") or []
        await self.delivery.set_webhook({"url": url, "secret_token": secret, "allowed_updates": allowed})
        return True

    async def delete_webhook(self, params: Params) -> Any:
        await self.delivery.set_webhook({})
        if params.flag("drop_pending_updates"):
            self.delivery.pending.clear()
        return True

    async def get_webhook_info(self, _: Params) -> Any:
        return {
            "url": self.delivery.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.delivery.pending),
        }

    # Sending

    async def send_message(self, params: Params) -> Any:
        chat = self._chat(params)
        text = _text(params, "text", MAX_TEXT, "message")
        markup = keyboards.checked(params.json("reply_markup"))
        return self._send(chat, "sendMessage", text, params.text("text"), markup)

    async def send_document(self, params: Params) -> Any:
        chat = self._chat(params)
        file = params.file("document")
        if not file and not params.has("document"):
            raise bad_request("there is no document in the request")
        if file and not file.content:
            raise bad_request("file must be non-empty")
        caption = _text(params, "caption", MAX_CAPTION, "caption") if params.has("caption") else ""
        markup = keyboards.checked(params.json("reply_markup"))
        return self._send(chat, "sendDocument", caption, params.text("caption"), markup, file)

    async def send_location(self, params: Params) -> Any:
        chat = self._chat(params)
        _position(params)
        return self._send(chat, "sendLocation", "", "", keyboards.checked(params.json("reply_markup")))

    async def send_venue(self, params: Params) -> Any:
        chat = self._chat(params)
        _position(params)
        if not params.has("title") or not params.has("address"):
            raise bad_request("venue title and address must be non-empty")
        text = f"{params.text('title')}\n{params.text('address')}"
        return self._send(chat, "sendVenue", text, text, keyboards.checked(params.json("reply_markup")))

    async def edit_message_text(self, params: Params) -> Any:
        message = self._message(params, "edit")
        if message.method != "sendMessage":
            raise bad_request("there is no text in the message to edit")
        text = _text(params, "text", MAX_TEXT, "message")
        markup = keyboards.checked(params.json("reply_markup"))
        return self._edit(message, text, params.text("text"), markup)

    async def edit_message_reply_markup(self, params: Params) -> Any:
        message = self._message(params, "edit")
        markup = keyboards.checked(params.json("reply_markup"))
        return self._edit(message, message.text, message.html, markup)

    async def delete_message(self, params: Params) -> Any:
        message = self._message(params, "delete")
        self.chats[message.chat_id].messages.remove(message)
        return True

    async def send_chat_action(self, params: Params) -> Any:
        chat = self._chat(params)
        if params.text("action") not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        chat.actions.append(params.text("action"))
        return True

    async def answer_callback_query(self, params: Params) -> Any:
        query = params.text("callback_query_id")
        if query not in self.open_queries:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if utf16_length(params.text("text")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        self.open_queries.remove(query)
        return True

    async def answer_inline_query(self, params: Params) -> Any:
        query = params.text("inline_query_id")
        if query not in self.inline_answers:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self.inline_answers[query] = inline.checked(params.json("results"))
        self.inline_changes.notify()
        return True

    async def get_file(self, params: Params) -> Any:
        file_id = params.text("file_id")
        content = self.files.get(file_id)
        if content is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        shown = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}
        return {**shown, "file_path": f"voice/{file_id}.oga"}

    # The bot's face

    async def get_chat(self, params: Params) -> Any:
        return {**self._chat(params).json, "accent_color_id": 0, "max_reaction_count": 11}

    async def set_my_commands(self, params: Params) -> Any:
        commands = params.json("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad_request("can't parse commands: expected an Array of BotCommand")
        for command in commands:
            if not _COMMAND.fullmatch(str(command.get("command", ""))):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= utf16_length(str(command.get("description", ""))) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._scope(params)] = commands
        return True

    async def get_my_commands(self, params: Params) -> Any:
        return self.commands.get(self._scope(params), [])

    async def set_my_description(self, params: Params) -> Any:
        return self._describe("description", params, 512)

    async def get_my_description(self, params: Params) -> Any:
        return self._described("description", params)

    async def set_my_short_description(self, params: Params) -> Any:
        return self._describe("short_description", params, 120)

    async def get_my_short_description(self, params: Params) -> Any:
        return self._described("short_description", params)

    async def set_chat_menu_button(self, params: Params) -> Any:
        button = params.json("menu_button") or {"type": "default"}
        if button.get("type") not in ("default", "commands", "web_app"):
            raise bad_request("can't parse menu button: Unknown type")
        self.menu_buttons[params.integer("chat_id", 0)] = button
        return True

    async def get_chat_menu_button(self, params: Params) -> Any:
        return self.menu_buttons.get(params.integer("chat_id", 0), {"type": "default"})

    # What the methods share

    def _scope(self, params: Params) -> tuple[str, str]:
        scope = (params.json("scope") or {}).get("type", "default")
        return scope, params.text("language_code")

    def _describe(self, name: str, params: Params, limit: int) -> bool:
        if utf16_length(params.text(name)) > limit:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        self.texts[name, params.text("language_code")] = params.text(name)
        return True

    def _described(self, name: str, params: Params) -> dict[str, str]:
        return {name: self.texts.get((name, params.text("language_code")), "")}

    def _chat(self, params: Params) -> Chat:
        if not params.has("chat_id"):
            raise bad_request("chat_id is empty")
        chat = self.chats.get(params.integer("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _message(self, params: Params, purpose: str) -> Sent:
        message = self._chat(params).find(params.integer("message_id", 0))
        if message is None:
            raise bad_request(f"message to {purpose} not found")
        return message

    def _send(
        self,
        chat: Chat,
        method: str,
        text: str,
        html: str,
        markup: dict[str, Any] | None,
        file: File | None = None,
    ) -> dict[str, Any]:
        self.limits.count(chat.id)
        sent = Sent(chat.id, next(self.message_ids), text, html, markup, method, file)
        chat.messages.append(sent)
        chat.changes.notify()
        for listener in self.listeners:
            listener(sent)
        return message_json(chat, sent)

    def _edit(self, message: Sent, text: str, html: str, markup: dict[str, Any] | None) -> dict[str, Any]:
        self.limits.count(message.chat_id)
        if message.markup and "inline_keyboard" not in message.markup:
            raise bad_request("message can't be edited")
        if markup and "inline_keyboard" not in markup:
            raise bad_request("inline keyboard expected")
        if (text, markup) == (message.text, message.markup):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message"
            )
        chat = self.chats[message.chat_id]
        message.text, message.html, message.markup = text, html, markup
        chat.edited.append(message)
        chat.changes.notify()
        return {**message_json(chat, message), "edit_date": int(time.time())}


def message_json(chat: Chat, sent: Sent) -> dict[str, Any]:
    """A message of the bot as Telegram shows it."""
    message = {
        "message_id": sent.message_id,
        "from": BOT,
        "chat": chat.json,
        "date": int(time.time()),
        "caption" if sent.method == "sendDocument" else "text": sent.text,
    }
    if sent.markup and "inline_keyboard" in sent.markup:
        message["reply_markup"] = sent.markup
    return message


def _text(params: Params, name: str, limit: int, what: str) -> str:
    """The text left after entity parsing, checked for length as Telegram does."""
    raw = params.text(name)
    mode = params.text("parse_mode")
    if mode and mode.upper() != "HTML":
        raise bad_request("unsupported parse_mode")
    text = (plain_text(raw) if mode else raw).strip()
    if not text:
        raise bad_request(f"{what} text is empty")
    if utf16_length(text) > limit:
        raise bad_request(f"{what} is too long")
    return text


def _position(params: Params) -> None:
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
