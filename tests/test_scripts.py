"""The conversation scripts are written as their README says; what is not is reported with file and step."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.types import LANGUAGES
from tests.e2e.script import ACTIONS, EXPECTATIONS, SCRIPTS, Expected, ScriptError, load_script, script_paths

A_LANGUAGE = 15
HEAD = "title: A\nwho: B\nlanguage: uk\nsteps:\n"


def written(folder: Path, steps: str, head: str = HEAD) -> Path:
    path = folder / "uk_a.yml"
    path.write_text(head + steps, encoding="utf-8")
    return path


def test_there_are_enough_of_them_in_every_language() -> None:
    counted = Counter(load_script(path).language for path in script_paths())
    assert all(counted[language] >= A_LANGUAGE for language in LANGUAGES)


@pytest.mark.parametrize("path", script_paths(), ids=lambda path: path.stem)
def test_a_script_can_be_read_and_expects_something(path: Path) -> None:
    script = load_script(path)
    assert path.stem.startswith(f"{script.language}_"), "the file's name begins with the language"
    assert any(step.sees or step.buttons for step in script.steps)


def test_the_readme_names_everything_a_step_can_have() -> None:
    readme = (SCRIPTS / "README.md").read_text(encoding="utf-8")
    assert [
        name for name in (*ACTIONS, *EXPECTATIONS, "file", "hears_nothing") if f"`{name}`" not in readme
    ] == []


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ("  - writes: a\n    presses: b\n", "step 1: exactly one of"),
        ("  - sees: [a]\n", "step 1: exactly one of"),
        ("  - writes: a\n  - sings: b\n", "step 2: unknown: sings"),
        ("  - writes: a\n    sees: b\n", "step 1: sees is a list"),
        ("  - writes: a\n    sees: ['/(/']\n", "step 1: "),
        ("  - writes: a\n    sees: [/a, b/]\n", "step 1: a pattern ends with a slash too"),
        ("  - writes: a\n    sees: [a]\n    sees: [b]\n", "“sees” stands twice, line 7"),
        ("  - sends: money\n", "step 1: sends is one of voice"),
        ("  - commands: start\n", "step 1: a command begins with a slash"),
        ("  - shares_location: Ulm\n", "step 1: a location is “latitude, longitude”"),
        ("  - days_later: soon\n", "step 1: days_later is a number"),
        ("  - writes: ''\n", "step 1: writes is empty"),
        ("  - writes: a\n    hears_nothing: true\n    sees: [b]\n", "step 1: whoever hears nothing"),
        ("  - just words\n", "step 1: expected “name: value” lines"),
        ("  []\n", "missing: steps"),
        ("  - writes: 'a\n", "uk_a.yml: while scanning"),
    ],
)
def test_a_mistake_is_reported_with_file_and_step(tmp_path: Path, steps: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as error:
        load_script(written(tmp_path, steps))
    assert str(error.value).startswith("uk_a.yml: ")
    assert complaint in str(error.value)


def test_an_unknown_language_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="language is uk or ru or de, not 'fr'"):
        load_script(written(tmp_path, "  - writes: a\n", HEAD.replace("uk", "fr")))


def test_what_is_expected_does_not_mind_case_and_line_breaks_and_may_be_a_pattern() -> None:
    assert Expected("guten tag").is_in("Guten\nTag!")
    assert Expected("/psy(ch|kh)/").is_in("Psychologe")
    assert Expected("/delete").is_in("Alles löschen: /delete")
    assert not Expected("112").is_in("12")
