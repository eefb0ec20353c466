"""Two wishes in one message: where it may be cut, and which parts ask for something.

Whether the parts are wishes of their own is for the NLU to say; see `understand.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.types import Guess
from bot.understanding.normalise import normalise, printable

MOST_PARTS = 3
SURE_PART = 0.6
"""A part of a message is understood worse than a whole one, so more is asked of it."""
SURE_BEHIND_AND = 0.85
"""With these two values a second wish is seen in 0.3 % of the messages of `nlu/eval` that have one wish."""
_FILE = Path(__file__).parent / "lexicon" / "wishes.yml"
_LEAST_WORDS = 2
_ACTIONABLE = ("find_", "ask_")
_ACTIONABLE_TOO = ("talk_to_human", "offer_help")
_ABOUT_WHAT_WAS_SHOWN = ("ask_opening_hours", "ask_contact", "ask_bot", "ask_privacy")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|[?!\n;]+")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a text that each ask for something, and how sure the NLU must be of them."""

    texts: tuple[str, ...] = ()
    sure: float = SURE_PART


def parts(text: str) -> Parts:
    """Two or three parts that each ask for something; none where the text cannot be cut so.

    What is joined to a part that asks ("and also a language course") asks, too. A mere "and" joins much
    else: it counts only where nothing clearer cuts the text, and then the NLU must be surer.
    """
    clear, weak = _asking(text, _joints("joints")), _asking(text, _joints("weak_joints"))
    if 2 <= len(clear) <= MOST_PARTS:
        return Parts(tuple(clear))
    if len(clear) < 2 and len(weak) == 2 and all(len(_words(piece)) > 1 for piece in weak):
        return Parts(tuple(weak), SURE_BEHIND_AND)
    return Parts()


def beside_danger(text: str) -> Parts:
    """What a text in danger asks for besides: one part is enough."""
    return Parts(tuple(_asking(text, _joints("joints"))[:MOST_PARTS]))


def wish(guesses: tuple[Guess, ...] | None, sure: float) -> str:
    """The intent of a part, where it is sure and something the bot can do by itself; else ""."""
    if not guesses or guesses[0].confidence < sure:
        return ""
    intent = guesses[0].intent
    if intent in _ABOUT_WHAT_WAS_SHOWN:
        return ""
    return intent if intent.startswith(_ACTIONABLE) or intent in _ACTIONABLE_TOO else ""


def _asking(text: str, joints: re.Pattern[str]) -> list[str]:
    asking: list[str] = []
    for sentence in _SENTENCES.split(printable(text)):
        # The space lets a joint at the beginning of the sentence count, too.
        pieces = [piece.strip(" ,;-–—") for piece in joints.split(f" {sentence}")]
        pieces = [piece for piece in pieces if piece] or [""]
        joined = _asks(pieces[0])
        asking += [piece for piece in pieces if (_words(piece) if joined else _asks(piece))]
    return asking


def _asks(part: str) -> bool:
    words = _words(part)
    return len(words) >= _LEAST_WORDS and any(_requests(word) for word in words)


def _words(part: str) -> list[str]:
    return _WORD.findall(normalise(part))


def _requests(word: str) -> bool:
    return word in _word_list("asking") or word.startswith(_word_list("wishing"))


@cache
def _word_list(name: str) -> tuple[str, ...]:
    return tuple(_lexicon()[name].split())


@cache
def _joints(name: str) -> re.Pattern[str]:
    joints = _lexicon()[name].replace(" ", r"\s+").replace("е", "[её]")
    return re.compile(rf",?\s+(?:{joints})\b", re.IGNORECASE)


@cache
def _lexicon() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found
