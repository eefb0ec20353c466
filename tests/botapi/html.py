"""Telegram's HTML: which markup a message may carry, and the text that is left when it is read.

One rule is stricter than Telegram itself: a bare ampersand, which Telegram shows as it is although
its documentation asks for `&amp;`, is refused here, since it is always a text nobody escaped.
"""

from __future__ import annotations

import re
from html import unescape

from tests.botapi.errors import ApiError, bad_request

_TAGS = frozenset(
    (
        *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre"),
        *("span", "tg-spoiler", "tg-emoji", "tg-time", "blockquote"),
    )
)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_TAG = re.compile(r"<(/?)([^\s>]*)([^>]*)>")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z-]+)(?:=(\"[^\"<>]*\"|'[^'<>]*'|[\w.-]+))?")


def plain_text(html: str) -> str:
    """The text of a message sent with parse_mode HTML. Raises ApiError as Telegram does."""
    parts: list[str] = []
    open_tags: list[str] = []
    position = 0
    while (start := html.find("<", position)) >= 0:
        parts.append(_unescaped(html, position, start))
        match = _TAG.match(html, start)
        if match is None:
            raise _broken(f"Unclosed start tag at byte offset {_offset(html, start)}")
        _apply(match, open_tags, _offset(html, start))
        position = match.end()
    parts.append(_unescaped(html, position, len(html)))
    if open_tags:
        raise _broken(f'Can\'t find end tag corresponding to start tag "{open_tags[-1]}"')
    return "".join(parts)


def utf16_length(text: str) -> int:
    """Telegram counts UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _apply(match: re.Match[str], open_tags: list[str], offset: int) -> None:
    closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
    if closing:
        return _close((name + rest).rstrip(), open_tags, offset)
    if name not in _TAGS:
        raise _broken(f'Unsupported start tag "{name}" at byte offset {offset}')
    attributes = _attributes(name, rest, offset)
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    open_tags.append(name)


def _close(name: str, open_tags: list[str], offset: int) -> None:
    if not open_tags:
        raise _broken(f"Unexpected end tag at byte offset {offset}")
    expected = open_tags.pop()
    if name != expected:
        raise _broken(
            f'Unmatched end tag at byte offset {offset}, expected "</{expected}>", found "</{name}>"'
        )


def _attributes(name: str, rest: str, offset: int) -> dict[str, str]:
    found = {match.group(1): (match.group(2) or "").strip("\"'") for match in _ATTRIBUTE.finditer(rest)}
    if _ATTRIBUTE.sub("", rest).strip():
        raise _broken(f'Unexpected attribute in the tag "{name}" at byte offset {offset}')
    return found


def _unescaped(html: str, start: int, end: int) -> str:
    text = html[start:end]
    for ampersand in re.finditer("&", text):
        if not _ENTITY.match(text, ampersand.start()):
            raise _broken(f"Unescaped '&' at byte offset {_offset(html, start + ampersand.start())}")
    return unescape(text)


def _offset(html: str, position: int) -> int:
    return len(html[:position].encode("utf-8", "surrogatepass"))


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
