"""The danger lexicon: it finds the words of danger in every spelling, and never fails."""

from __future__ import annotations

import re
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.types import LANGUAGES, DangerKind
from bot.understanding.danger import DangerLexicon, LexiconError

lexicon = DangerLexicon.load()

MESSAGES = [
    yaml.safe_load((Path(__file__).parent / "data" / f"danger_{lang}.yml").read_text(encoding="utf-8"))
    for lang in LANGUAGES
]
"""By language: `danger`, each message with its kind, and its look-alikes without danger, `harmless`."""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("не хочу більше жити", "crisis"),
        ("НЕ ХОЧУ БІЛЬШЕ ЖИТИ!!!", "crisis"),
        ("не  хочу\u200b больше\nжить", "crisis"),
        ("хочу умереть", "crisis"),
        ("ich will nicht mehr leben", "crisis"),
        ("Ich möchte sterben", "crisis"),
        ("муж меня бьёт", "report_violence"),
        ("чоловік мене бʼє", "report_violence"),
        ("чоловік мене б’є", "report_violence"),
        ("mein mann schlägt mich", "report_violence"),
    ],
)
def test_words_of_danger_are_found(text: str, kind: DangerKind) -> None:
    assert lexicon.check(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "вбивча спека сьогодні",
        "вмираю від зубного болю",
        "ich sterbe vor Hunger",
        "убила полдня на анмельдунг",
        "де знайти психолога в Ульмі",
        "",
        "72764",
    ],
)
def test_near_misses_are_left_alone(text: str) -> None:
    assert lexicon.check(text) is None


@pytest.mark.parametrize("messages", MESSAGES, ids=LANGUAGES)
def test_every_family_of_danger_is_found_under_its_kind(messages: dict[str, Any]) -> None:
    wrong = [m for m in messages["danger"] if lexicon.check(m["text"]) != m["kind"]]
    assert wrong == []


@pytest.mark.parametrize("messages", MESSAGES, ids=LANGUAGES)
def test_look_alikes_of_danger_are_left_alone(messages: dict[str, Any]) -> None:
    assert [text for text in messages["harmless"] if lexicon.check(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "вмираю від голоду; пігулки вже лежать рядочком на столі, порахувала",
        "умираю от голода; верёвка есть, балка крепкая",
        "ich sterbe vor Hunger; die Pillen liegen hier, abgezählt",
    ],
)
def test_signs_in_any_order_count_after_a_harmless_phrase(text: str) -> None:
    assert lexicon.check(text) == "crisis"


def test_danger_beside_a_harmless_phrase_is_still_found() -> None:
    assert lexicon.check("ich sterbe vor Hunger und ich will nicht mehr leben") == "crisis"


def test_danger_at_the_end_of_the_longest_message_is_found() -> None:
    assert lexicon.check("слово " * 670 + " не хочу больше жить") == "crisis"


def test_a_life_at_risk_goes_before_violence() -> None:
    assert lexicon.check("муж меня бьет, я хочу умереть") == "crisis"


@given(st.text(max_size=500))
@settings(max_examples=100, deadline=None)
def test_any_text_gets_a_result(text: str) -> None:
    assert lexicon.check(text) in (None, "crisis", "report_violence")


@pytest.mark.parametrize(
    "unit", ["a", "я", "не ", "не хочу ", "бʼє ", "ich ", "ich will ", " ", "\ud800", "ﷺ", "муж ", "mich "]
)
def test_4096_characters_of_anything_are_read(unit: str) -> None:
    assert lexicon.check((unit * 4096)[:4096]) in (None, "crisis", "report_violence")


def test_no_pattern_can_run_away() -> None:
    """An unbounded repeat within an unbounded repeat takes exponential time on the wrong text."""
    patterns = [*lexicon.harmless, *(p for some in lexicon.patterns.values() for p in some)]
    assert [p.pattern for p in patterns if _nested_repeat(_parser.parse(p.pattern), inside=False)] == []


def _nested_repeat(tree: Any, inside: bool) -> bool:
    for operation, argument in tree:
        unbounded = operation in (codes.MAX_REPEAT, codes.MIN_REPEAT) and argument[1] == codes.MAXREPEAT
        if unbounded and inside:
            return True
        if any(_nested_repeat(part, inside or unbounded) for part in _parts(argument)):
            return True
    return False


def _parts(argument: Any) -> list[Any]:
    """The sub-patterns of a parsed operation."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, list | tuple):
        return [part for item in argument for part in _parts(item)]
    return []


def test_a_broken_pattern_is_named_when_the_lexicon_is_loaded(tmp_path: Path) -> None:
    for lang in ("uk", "ru", "de"):
        (tmp_path / f"{lang}.yml").write_text('crisis: ["(a"]\nreport_violence: ["b"]\n')
    with pytest.raises(LexiconError, match=re.escape("uk.yml, crisis: '(a'")):
        DangerLexicon.load(tmp_path)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"uk\.yml"):
        DangerLexicon.load(tmp_path)
    (tmp_path / "uk.yml").write_text("harmless: []\n")
    with pytest.raises(LexiconError, match="needs the keys"):
        DangerLexicon.load(tmp_path)
