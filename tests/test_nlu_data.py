"""The training data is complete, unambiguous and free of people; the model is rebuilt when it changes."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.types import LANGUAGES
from bot.understanding.danger import DangerLexicon
from bot.understanding.normalise import normalise

NLU = Path(__file__).resolve().parent.parent / "nlu"
INTENTS = set(yaml.safe_load((NLU / "domain.yml").read_text())["intents"])
LEAST_PER_LANGUAGE = 15


def load(name: str, path: Path) -> ModuleType:
    """A module of the NLU project, which is no package of this environment."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def messages(lang: str) -> list[tuple[str, str]]:
    """All (intent, message) of a language."""
    blocks = [
        block
        for path in sorted((NLU / "data" / lang).glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    ]
    return [
        (b["intent"], line.strip()[2:]) for b in blocks for line in b["examples"].splitlines() if line.strip()
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_intent_has_enough_messages_in_every_language(lang: str) -> None:
    counts = Counter(intent for intent, _ in messages(lang))
    assert set(counts) == INTENTS
    assert {intent: n for intent, n in counts.items() if n < LEAST_PER_LANGUAGE} == {}


def test_no_words_stand_for_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for lang in LANGUAGES:
        for intent, text in messages(lang):
            if any(map(str.isalpha, text)):
                intents.setdefault(normalise(text), set()).add(intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_of_an_example_block_is_one_message(lang: str) -> None:
    for path in sorted((NLU / "data" / lang).glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            bad = [
                line
                for line in block["examples"].splitlines()
                if not line.startswith("- ") or not line[2:].strip()
            ]
            assert bad == [], f"{path.name}, {block['intent']}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_carries_an_address_of_a_person(lang: str) -> None:
    private = re.compile(r"[\w.]+@[\w.]+\.\w+|\+?\d[\d /-]{8,}\d|@\w{4,}")
    assert [text for _, text in messages(lang) if private.search(text)] == []


def test_the_lexicon_leaves_training_messages_without_danger_alone() -> None:
    lexicon = DangerLexicon.load()
    harmless = [
        text
        for lang in LANGUAGES
        for intent, text in messages(lang)
        if intent not in ("crisis", "report_violence")
    ]
    alarms = [text for text in harmless if lexicon.check(text)]
    assert len(alarms) <= 0.005 * len(harmless), alarms


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_bot_and_model_normalise_alike(text: str) -> None:
    assert load("nlu_text", NLU / "components" / "text.py").normalise(text) == normalise(text)


def test_one_sound_is_one_key_in_every_alphabet() -> None:
    key = load("nlu_text", NLU / "components" / "text.py").phonetic_key
    assert key("анмельдунг") == key("anmeldung")
    assert key("психолог") == key("psykholog") == key("psiholog")
    assert key("житло") == key("zhytlo")
    assert key("шпрахкурс")[:2] == key("sprachkurs")[:2]


@pytest.mark.parametrize("part", ["data/uk/new.yml", "domain.yml", "components/new.py", "config.yml"])
def test_a_change_to_what_the_model_is_made_of_changes_its_fingerprint(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(NLU))
    train = load("nlu_train", NLU / "train.py")
    for name in ("data/uk", "components"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("domain.yml", "config.yml", "requirements.txt"):
        (tmp_path / name).write_text("- name: components.new.Part")
    monkeypatch.setattr(train, "PROJECT", tmp_path)
    monkeypatch.setattr(train, "DATA", tmp_path / "data")
    monkeypatch.setattr(train, "DOMAIN", tmp_path / "domain.yml")
    before = train.fingerprint(tmp_path / "config.yml")
    assert train.fingerprint(tmp_path / "config.yml") == before
    (tmp_path / part).write_text("- name: components.other.Part")
    assert train.fingerprint(tmp_path / "config.yml") != before
