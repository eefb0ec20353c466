"""The understanding benchmark: what it accepts, and that its figures mean what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.understanding import Answer, BadMessages, Row, measures, read_messages
from bot.types import DangerKind, Guess, Language, Understanding


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "messages.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_further_columns_are_ignored_and_an_intent_may_be_two(tmp_path: Path) -> None:
    path = write(tmp_path, 'text,lang,intent,source\n"привіт, я тут",uk,greet|inform_place,x\n')
    assert read_messages(path) == [Row("привіт, я тут", "uk", ("greet", "inform_place"))]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("text,lang\nhallo,de\n", "line 1"),
        ("", "line 1"),
        ("text,lang,intent\n", "line 2"),
        ("text,lang,intent\nhallo,de,greet\nhallo,de\n", "line 3"),
        ("text,lang,intent\nhallo,de,greet,more\n", "line 2"),
        ("text,lang,intent\nhallo,en,greet\n", "line 2"),
        ("text,lang,intent\nhallo,de,\n", "line 2"),
        ("text,lang,intent\nhallo,de,greet|\n", "line 2"),
        ('text,lang,intent\nhallo,de,greet\n"hallo,de,greet\n', "line 3"),
        (b"text,lang,intent\nhallo,de,greet\n\xff\xfe,de,greet\n", "line 3"),
    ],
)
def test_a_malformed_file_is_refused_with_the_line(
    tmp_path: Path, content: str | bytes, complaint: str
) -> None:
    with pytest.raises(BadMessages, match=complaint):
        read_messages(write(tmp_path, content))


def answer(
    intents: str,
    *guesses: str,
    sure: bool = True,
    danger: DangerKind | None = None,
    language: Language | None = "de",
) -> Answer:
    understood = Understanding(
        language, "sure" if sure else "not_understood", tuple(Guess(g, 0.5) for g in guesses), danger
    )
    return Answer(Row("", "de", tuple(intents.split("|"))), understood, 10.0)


def test_the_prediction_is_what_the_bot_acts_on() -> None:
    assert answer("crisis", "greet", danger="crisis").prediction == "crisis"
    assert answer("greet", "greet", sure=False).prediction == "out_of_scope"
    assert answer("greet", "greet", "thank").prediction == "greet"


def test_either_of_two_intents_is_right() -> None:
    assert measures([answer("greet|thank", "thank")])["accuracy"] == 1


def test_a_right_third_guess_counts_among_three_only() -> None:
    figures = measures([answer("deny", "greet", "thank", "deny"), answer("deny", "a", "b", "c", "deny")])
    assert (figures["accuracy"], figures["top3_accuracy"]) == (0, 0.5)


def test_macro_f1_weighs_every_intent_alike() -> None:
    answers = [
        answer("greet", "greet"),
        answer("greet", "greet"),
        answer("thank", "greet"),
        answer("deny", "deny"),
    ]
    assert measures(answers)["macro_f1"] == pytest.approx((0.8 + 0 + 1) / 3, abs=1e-4)


def test_danger_and_scope_are_counted_over_their_own_messages() -> None:
    figures = measures(
        [
            answer("crisis", "greet", danger="report_violence"),
            answer("crisis", "greet"),
            answer("greet", "greet", danger="crisis"),
            answer("thank", "thank", sure=False),
            answer("out_of_scope", "out_of_scope"),
            answer("out_of_scope", "greet"),
        ]
    )
    assert figures["crisis_recall"] == 0.5
    assert figures["crisis_false_alarm"] == 0.25
    assert figures["out_of_scope_recall"] == 0.5
    assert figures["in_scope_rejected"] == 0.25


def test_an_open_language_is_right_and_a_wrong_one_is_not() -> None:
    answers = [answer("greet", "greet", language=None), answer("greet", "greet", language="ru")]
    assert measures(answers)["language_accuracy"] == 0.5
