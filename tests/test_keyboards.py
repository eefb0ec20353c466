"""Keyboards that can be read with a large font: short labels, and side by side only what fits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.answers import answers
from bot.channels.messages import ROW_WIDTH, fitted, label_width
from bot.conversation.labels import INTENT_LABELS, OFFICE_DOORS, REGIONS
from bot.conversation.respond import COMMANDS_SHOWN
from bot.texts import texts
from bot.types import LANGUAGES, Button, Language, Reply
from gazetteer.districts import districts
from tests.test_conversation import GREETED, SETTLED, core, presses, sends

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
SCREENS = 3000


def row(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, "menu") for label in labels)


def labels_of_tables(language: Language) -> Iterator[str]:
    said = texts(language)
    for answer in answers().values():
        yield f"❓ {answer.wordings[language].title}"
    for door in OFFICE_DOORS.values():
        yield f"🏛 {said.t(door.label)}"
    for label in (*INTENT_LABELS.values(), *REGIONS.values()):
        yield said.t(label)
    for district in districts().values():
        yield district.name(language)


def screens(language: Language) -> Iterator[Reply]:
    """Everything that buttons lead to, beginning with the commands."""
    begun = [replace(session, language=language) for session in (GREETED, SETTLED)]
    waiting = deque(
        sends(session, kind="command", payload=name) for session in begun for name in ("start", *COMMANDS)
    )
    pressed: set[str] = set()
    while waiting:
        outcome = waiting.popleft()
        yield from outcome.replies
        for payload in {
            b.payload for reply in outcome.replies for r in reply.buttons for b in r if b.payload
        }:
            state = f"{payload} {outcome.session.place is None} {outcome.session.shown is None}"
            if payload.startswith("lang:") or state in pressed:
                continue
            pressed.add(state)
            waiting.append(presses(payload, outcome.session))
    assert 100 < len(pressed) < SCREENS


COMMANDS = tuple(name for name, _ in COMMANDS_SHOWN)


@EVERY_LANGUAGE
def test_every_name_that_stands_on_a_button_fits_its_row(language: Language) -> None:
    assert [label for label in labels_of_tables(language) if label_width(label) > ROW_WIDTH] == []


@EVERY_LANGUAGE
def test_every_screen_has_buttons_that_fit(language: Language) -> None:
    replies = list(screens(language))
    labels = {button.label for reply in replies for r in reply.buttons for button in r}
    assert [label for label in labels if label_width(label) > ROW_WIDTH] == []
    for reply in fitted(replies):
        for buttons in reply.buttons:
            assert all(label_width(one.label) <= ROW_WIDTH // len(buttons) for one in buttons)


def test_what_does_not_fit_side_by_side_stands_one_below_the_other() -> None:
    [reply] = fitted(
        [Reply("?", (row("☰ Меню", "🌐 Мова"), row("🤝 Ich helfe Geflüchteten", "🌐 Sprache")))]
    )
    assert [[button.label for button in r] for r in reply.buttons] == [
        ["☰ Меню", "🌐 Мова"],
        ["🤝 Ich helfe Geflüchteten"],
        ["🌐 Sprache"],
    ]


def test_the_languages_stand_in_one_row() -> None:
    [first] = fitted(sends(None, kind="command", payload="start").replies)
    assert len(first.buttons[0]) == 3


def test_an_emoji_is_wider_than_a_letter_and_what_is_not_seen_has_no_width() -> None:
    assert label_width("◀️ Назад") == 2 + 1 + 5
    assert label_width("👩‍👧") == 4


def test_nothing_is_lost_when_rows_are_divided() -> None:
    reply = Reply("?", (row("a" * 30, "b" * 30, "c"), row("d")))
    [shown] = fitted([reply])
    assert [b for r in shown.buttons for b in r] == [b for r in reply.buttons for b in r]


def test_the_directory_of_the_walk_has_something_to_show() -> None:
    assert core().directory().get("im1")
