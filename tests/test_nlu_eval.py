"""The evaluation set is kept apart from what the model learns from."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz, process

from bot.types import LANGUAGES
from bot.understanding.normalise import normalise

NLU = Path(__file__).parent.parent / "nlu"
PARTS = {"faq", "phone", "near_miss", "danger", "out_of_scope"}
SHARED_WORDS = 2
"""Greetings, yes and no are the same in every set; from three words on a message must be new."""


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", normalise(text)).strip()


@cache
def training() -> tuple[str, ...]:
    files = (yaml.safe_load(path.read_text()) for path in (NLU / "data").glob("*/*.yml"))
    blocks = (block["examples"] for file in files for block in file["nlu"])
    return tuple({plain(line.removeprefix("- ")) for block in blocks for line in block.splitlines()})


def evaluation(language: str) -> list[dict[str, str]]:
    with (NLU / "eval" / f"{language}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_of_the_evaluation_was_learnt(language: str) -> None:
    known = training()
    learnt = [
        row["text"]
        for row in evaluation(language)
        if len(text := plain(row["text"])) > 0
        and len(text.split()) > SHARED_WORDS
        and process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=90)
    ]
    assert not learnt


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_there_and_every_label_is_known(language: str) -> None:
    domain = set(yaml.safe_load((NLU / "domain.yml").read_text())["intents"])
    rows = evaluation(language)
    named = {name for row in rows for name in row["intent"].split("|")}
    assert named == domain
    assert {row["part"] for row in rows} == PARTS
    assert {row["lang"] for row in rows} == {language}
