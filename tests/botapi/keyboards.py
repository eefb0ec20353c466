"""What Telegram demands of a `reply_markup`.

Stricter than Telegram in two points: an empty row is refused instead of dropped, and so is a
button with several actions, of which Telegram takes one without a word.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.botapi.errors import ApiError, bad_request

MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_ROW = 8
_ACTIONS = (
    *("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay"),
    *("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game"),
)
_KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")


def checked(markup: Any) -> dict[str, Any] | None:
    """The markup, if it is one Telegram accepts; None for none. Raises ApiError."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict) or sum(kind in markup for kind in _KINDS) != 1:
        raise bad_request("can't parse reply keyboard markup JSON object")
    for kind, check in (("inline_keyboard", _inline), ("keyboard", _key)):
        if kind in markup:
            for button in _buttons(markup[kind]):
                check(button)
    return markup


def _buttons(rows: Any) -> list[Any]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object: Field must be an Array of Arrays")
    if not rows or not all(rows):
        raise bad_request("can't parse reply keyboard markup JSON object: a row has no buttons")
    if max(map(len, rows)) > MAX_ROW or sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return [button for row in rows for button in row]


def _label(button: Any, kind: str) -> None:
    text = button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise _unparsable(kind, 'Field "text" must be a non-empty String')


def _inline(button: Any) -> None:
    _label(button, "inline keyboard button")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise _unparsable("inline keyboard button", "Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsable("inline keyboard button", f"exactly one action is allowed, found {actions}")
    if "callback_data" in button:
        _callback(button["callback_data"])
    if "url" in button:
        _url(button["url"])


def _callback(data: Any) -> None:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _url(url: Any) -> None:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        valid = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in url
        valid = valid or (parts.scheme == "tg" and bool(parts.netloc))
    except ValueError:
        valid = False
    if not valid:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _key(button: Any) -> None:
    if isinstance(button, str):
        button = {"text": button}
    _label(button, "keyboard button")
    asked = [name for name in ("request_location", "request_contact", "request_poll") if button.get(name)]
    if len(asked) > 1:
        raise _unparsable("keyboard button", f"exactly one request is allowed, found {asked}")


def _unparsable(kind: str, reason: str) -> ApiError:
    return bad_request(f"can't parse {kind}: {reason}")
