"""Conversation scripts: one file per conversation, in `tests/conversations`. Its README tells the format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from bot.types import LANGUAGES, Language

SCRIPTS = Path(__file__).resolve().parent.parent / "conversations"
ACTIONS = (
    *("writes", "presses", "commands", "edits", "forwards", "sends", "shares_location"),
    *("looks_up", "follows_link", "days_later"),
)
"""What a person does in a step; exactly one of these stands in each."""
EXPECTATIONS = ("sees", "does_not_see", "buttons", "no_buttons")
SENT_THINGS = ("voice", "photo", "document", "sticker", "contact")
_HEAD = ("title", "who", "language", "phone", "group", "steps")
_COMMAND = re.compile(r"/[a-z_]+")
_POSITION = re.compile(r"(-?\d+(?:\.\d+)?), *(-?\d+(?:\.\d+)?)")


class ScriptError(ValueError):
    """A script that is not written as the README says; names the file and, where it is one, the step."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A part of what is read: a text without regard to case and line breaks, or a /pattern/."""

    text: str

    def is_in(self, what: str) -> bool:
        flat = " ".join(what.split())
        return bool(self._pattern().search(flat))

    def _pattern(self) -> re.Pattern[str]:
        if len(self.text) > 2 and self.text[0] == self.text[-1] == "/":
            return re.compile(self.text[1:-1], re.IGNORECASE)
        return re.compile(re.escape(" ".join(self.text.split())), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """What the person does, and what has to come back."""

    number: int
    action: str
    value: str
    sees: tuple[Expected, ...] = ()
    does_not_see: tuple[Expected, ...] = ()
    buttons: tuple[Expected, ...] = ()
    no_buttons: tuple[Expected, ...] = ()
    file: str = ""
    """The ending of a file that comes along ("pdf"); empty: none is expected."""
    hears_nothing: bool = False

    def __str__(self) -> str:
        return f"step {self.number} ({self.action}: {self.value})"

    @property
    def position(self) -> tuple[float, float]:
        """Latitude and longitude of a shared location, in degrees."""
        match = _POSITION.fullmatch(self.value)
        if match is None:
            raise ValueError(f"no position: {self.value}")
        return float(match[1]), float(match[2])


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation of one person."""

    path: Path
    title: str
    who: str
    language: Language
    phone: str
    """The language the person's phone is set to."""
    group: str
    """The title of the group the person writes in; empty: alone with the bot."""
    steps: tuple[Step, ...]


def script_paths() -> list[Path]:
    """All scripts, in the order of their names."""
    return sorted(SCRIPTS.glob("*.yml"))


def load_script(path: Path) -> Script:
    """Read a script. Raises ScriptError where it is not written as the README says."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), _NoDuplicates)
    except yaml.YAMLError as error:
        raise ScriptError(f"{path.name}: {error}") from None
    try:
        return _script(path, data)
    except ValueError as error:
        raise ScriptError(f"{path.name}: {error}") from None


class _NoDuplicates(yaml.SafeLoader):
    """A key written twice is a mistake, not the last one's victory."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = []
        for key, _ in node.value:
            name = self.construct_object(key)
            if name in names:
                raise yaml.YAMLError(f"“{name}” stands twice, line {key.start_mark.line + 1}")
            names.append(name)
        return super().construct_mapping(node, deep)


def _script(path: Path, data: Any) -> Script:
    _check_keys(data, _HEAD, ("title", "who", "language", "steps"))
    language = data["language"]
    if language not in LANGUAGES:
        raise ValueError(f"language is {' or '.join(LANGUAGES)}, not {language!r}")
    if not isinstance(data["steps"], list) or not data["steps"]:
        raise ValueError("steps is a list with at least one step")
    steps = tuple(_numbered(number, step) for number, step in enumerate(data["steps"], 1))
    head = {name: str(data.get(name) or "") for name in ("title", "who", "group")}
    phone = str(data.get("phone") or language)
    return Script(path, language=cast(Language, language), phone=phone, steps=steps, **head)


def _numbered(number: int, data: Any) -> Step:
    try:
        return _step(number, data)
    except (ValueError, re.error) as error:
        raise ValueError(f"step {number}: {error}") from None


def _step(number: int, data: Any) -> Step:
    _check_keys(data, (*ACTIONS, *EXPECTATIONS, "file", "hears_nothing"))
    done = [name for name in ACTIONS if name in data]
    if len(done) != 1:
        raise ValueError(f"exactly one of {', '.join(ACTIONS)} stands in a step, not {done or 'none'}")
    action, value = done[0], str(data[done[0]])
    _check_value(action, value)
    expected = {name: _expected(name, data.get(name)) for name in EXPECTATIONS}
    hears_nothing = data.get("hears_nothing", False) is True
    if hears_nothing and any(expected.values()):
        raise ValueError("whoever hears nothing sees nothing either")
    return Step(
        number, action, value, file=str(data.get("file") or ""), hears_nothing=hears_nothing, **expected
    )


def _check_keys(data: Any, known: tuple[str, ...], needed: tuple[str, ...] = ()) -> None:
    if not isinstance(data, dict):
        raise ValueError(f"expected “name: value” lines, not {data!r}")
    if unknown := [str(name) for name in data if name not in known]:
        raise ValueError(f"unknown: {', '.join(unknown)}; known are {', '.join(known)}")
    if missing := [name for name in needed if not data.get(name)]:
        raise ValueError(f"missing: {', '.join(missing)}")


def _check_value(action: str, value: str) -> None:
    if not value.strip():
        raise ValueError(f"{action} is empty")
    if action == "sends" and value not in SENT_THINGS:
        raise ValueError(f"sends is one of {', '.join(SENT_THINGS)}, not {value}")
    if action == "commands" and not value.startswith("/"):
        raise ValueError(f"a command begins with a slash, not {value}")
    if action == "days_later" and not value.isdigit():
        raise ValueError(f"days_later is a number, not {value}")
    if action == "shares_location" and not _POSITION.fullmatch(value):
        raise ValueError(f"a location is “latitude, longitude”, not {value}")


def _expected(name: str, given: Any) -> tuple[Expected, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise ValueError(f"{name} is a list, each line beginning with a dash")
    return tuple(_part(str(item)) for item in given)


def _part(text: str) -> Expected:
    """What is expected; a pattern that cannot be read is found here and not while playing."""
    if text.startswith("/") != text.endswith("/") and not _COMMAND.fullmatch(text) and "://" not in text:
        raise ValueError(f"a pattern ends with a slash too, in quotation marks where it has a comma: {text}")
    part = Expected(text)
    part.is_in("")
    return part
