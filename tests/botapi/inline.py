"""What Telegram demands of the results of an inline query."""

from __future__ import annotations

from typing import Any

from tests.botapi import keyboards
from tests.botapi.errors import bad_request
from tests.botapi.html import plain_text, utf16_length

MAX_RESULTS = 50
MAX_ID_BYTES = 64
MAX_MESSAGE = 4096


def checked(results: Any) -> list[dict[str, Any]]:
    """The results, if Telegram accepts them; each with `text`, the message as it would be read."""
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise bad_request("can't parse inline query results: expected an Array")
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results]
    if not all(1 <= len(id.encode()) <= MAX_ID_BYTES for id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    return [_article(result) for result in results]


def _article(result: dict[str, Any]) -> dict[str, Any]:
    if result.get("type") != "article":
        raise bad_request("RESULT_TYPE_INVALID")
    if not str(result.get("title", "")).strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content") or {}
    html = content.get("message_text", "")
    text = (plain_text(html) if content.get("parse_mode") else html).strip()
    if not 1 <= utf16_length(text) <= MAX_MESSAGE:
        raise bad_request("MESSAGE_TOO_LONG" if text else "MESSAGE_EMPTY")
    keyboards.checked(result.get("reply_markup"))
    return {**result, "text": text}
