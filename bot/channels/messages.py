"""How replies become messages: within the limits of one message, and as plain text where HTML is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from unicodedata import category

from bot.channels.base import MAX_CAPTION, MAX_TEXT
from bot.types import Button, Reply

ROW_WIDTH = 36
"""Characters of a row of buttons that stay readable on a phone of 360 dp with a larger font: Telegram cuts
longer labels in the middle."""
_TAG = re.compile(r"<(/?)(\w+)[^<>]*>")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TOKEN = re.compile(r"<[^<>]*>|&#?\w+;|.", re.DOTALL)
_BREAKS = ("\n\n", "\n", " ")
"""Where a text is best divided: at the end of a paragraph, else of a line, else of a word."""


def fitted(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """The same replies as messages a channel can carry.

    A text that is too long is divided, a caption that is too long goes before its file. Buttons stay
    under the last part; those that would be cut side by side stand one below the other.
    """
    return tuple(part for reply in replies for part in _parts(_stacked(reply)))


def label_width(label: str) -> int:
    """Characters of a label as they are seen: an emoji is twice as wide as a letter."""
    return sum(_widths(label))


def plain_text(html: str) -> str:
    """The text without markup; a link shows its address."""
    return unescape(_TAG.sub("", _LINK.sub(r"\2 (\1)", html)))


def _widths(label: str) -> Iterator[int]:
    for letter in label:
        if category(letter) not in ("Mn", "Cf"):
            yield 2 if category(letter) == "So" else 1


def _stacked(reply: Reply) -> Reply:
    rows = tuple(part for row in reply.buttons for part in _fitting(row))
    return reply if rows == reply.buttons else replace(reply, buttons=rows)


def _fitting(row: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    share = ROW_WIDTH // max(len(row), 1)
    fits = all(label_width(button.label) <= share for button in row)
    return (row,) if fits else tuple((button,) for button in row)


def _parts(reply: Reply) -> tuple[Reply, ...]:
    texts = tuple(_divided(reply.html))
    if reply.document and _length(reply.html) > MAX_CAPTION:
        texts = (*texts, "")
    if len(texts) <= 1:
        return (reply,)
    *heads, last = texts
    first, *others = (Reply(text) for text in heads)
    return (replace(first, replaces=reply.replaces), *others, replace(reply, html=last, replaces=False))


def _divided(html: str) -> Iterator[str]:
    while _length(html) > MAX_TEXT:
        head = _head(html)
        tags = _open_tags(head)
        if head.strip():
            yield head.strip() + "".join(f"</{name}>" for name, _ in reversed(tags))
        html = "".join(tag for _, tag in tags) + html[len(head) :].lstrip()
    yield html


def _head(html: str) -> str:
    """As much of the text as one message holds, up to the best place to divide it."""
    room, end = MAX_TEXT, 0
    ends: dict[str, int] = {}
    for token in _TOKEN.finditer(html):
        room -= _length(token[0])
        if room < 0:
            break
        end = token.end()
        ends |= {mark: end for mark in _BREAKS if token[0].isspace() and html.endswith(mark, 0, end)}
    return html[: next((ends[mark] for mark in _BREAKS if mark in ends), end)]


def _open_tags(html: str) -> list[tuple[str, str]]:
    """Name and whole tag of what is opened in the text and not closed."""
    found: list[tuple[str, str]] = []
    for tag in _TAG.finditer(html):
        if not tag[1]:
            found.append((tag[2], tag[0]))
        elif found:
            found.pop()
    return found


def _length(html: str) -> int:
    """Telegram counts UTF-16 code units of what is left when the markup is read."""
    return len(unescape(_TAG.sub("", html)).encode("utf-16-le", "surrogatepass")) // 2
