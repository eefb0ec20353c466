"""What every answer of the knowledge base promises its reader, whoever wrote it and in whatever language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.types import LANGUAGES
from services_directory.snapshot import CATEGORIES, OFFICE_KINDS

FOLDER = Path(__file__).resolve().parent.parent / "locales" / "answers"

TOPICS = (
    "ask_arrival",
    "ask_residence_permit",
    "ask_social_benefits",
    "ask_child_benefit",
    "ask_housing",
    "ask_work",
    "ask_qualification_recognition",
    "ask_language_course",
    "ask_school",
    "ask_childcare",
    "ask_university",
    "ask_healthcare",
    "ask_disability_care",
    "ask_pension",
    "ask_driving_licence",
    "ask_vehicle",
    "ask_transport",
    "ask_bank_account",
    "ask_phone_internet",
    "ask_translation",
    "ask_documents",
    "ask_family_reunification",
    "ask_travel",
    "ask_return",
    "ask_legal_advice",
    "ask_pets",
    "ask_food_clothing",
    "ask_leisure",
    "offer_help",
)

KEYS = {"intent", "office", "as_of", "sources", "links", "related", *LANGUAGES}
TEXT_KEYS = {"title", "short", "steps", "papers"}
DATE = re.compile(r"20\d\d(-(0[1-9]|1[0-2]))?")
GERMAN_MONTH = r"Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
SENTENCE_END = re.compile(rf"(?<=[.!?…])\s+(?!(?:{GERMAN_MONTH})\b)")
AMOUNT = re.compile(r"\d\s*(?:€|Euro|євро|евро)")
YEAR = re.compile(r"\b20\d\d\b")
IN_LATIN = re.compile(r"\([^)]*[A-Za-zÄÖÜäöüß][^)]*\)")

IMPOLITE = {
    "uk": r"ти|тебе|тобі|тобою|твій|твоя|твоє|твої|твого|твоєї|твоїх|твоєму|твою",
    "ru": r"ты|тебя|тебе|тобой|твой|твоя|твоё|твое|твои|твоего|твоей|твоих|твоему|твою",
    "de": r"du|dir|dich|dein|deine|deinem|deinen|deiner|deines",
}
UNCAPITALISED = {"uk": r"ви|вас|вам|вами|ваш\w*", "ru": r"вы|вас|вам|вами|ваш\w*", "de": r"(?!)"}
FOREIGN_LETTERS = {"uk": "ыэъёЫЭЪЁ", "ru": "іїєґІЇЄҐ", "de": ""}
CYRILLIC = re.compile(r"[А-Яа-яІіЇїЄєҐґЁё]")


def load(topic: str) -> dict[str, Any]:
    path = FOLDER / f"{topic}.yml"
    assert path.is_file(), f"no answer for {topic}"
    answer = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(answer, dict), f"{topic} is not a mapping"
    return answer


def body(text: dict[str, Any]) -> list[str]:
    """The strings of one language that a person reads below the headline."""
    changing = [text["changing"]] if "changing" in text else []
    return [text["short"], *text["steps"], *text["papers"], *changing]


def sentences(text: str) -> list[str]:
    return SENTENCE_END.split(text)


def count_words(sentence: str) -> int:
    return sum(1 for token in sentence.split() if re.search(r"\w", token))


def all_strings(node: object) -> Iterator[object]:
    """Every scalar of the file, keys left out."""
    if isinstance(node, dict):
        for value in node.values():
            yield from all_strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from all_strings(value)
    else:
        yield node


def test_the_folder_holds_the_known_topics_and_nothing_else() -> None:
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(TOPICS)
    assert [path.name for path in FOLDER.iterdir() if path.suffix != ".yml"] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_an_answer_has_the_agreed_keys_and_only_text(topic: str) -> None:
    answer = load(topic)
    assert set(answer) == KEYS
    assert answer["intent"] == topic
    assert answer["office"] in {*OFFICE_KINDS, *CATEGORIES} - {"other", "other_office"}
    for value in all_strings(answer):
        assert isinstance(value, str), f"{value!r} is not text"
        assert value == value.strip()
        assert "\n" not in value


@pytest.mark.parametrize("topic", TOPICS)
def test_every_language_says_the_same_number_of_things(topic: str) -> None:
    texts = [load(topic)[language] for language in LANGUAGES]
    for text in texts:
        assert set(text) - {"changing"} == TEXT_KEYS
        assert all(body(text))
        assert 2 <= len(text["steps"]) <= 5
    assert len({len(text["steps"]) for text in texts}) == 1
    assert len({len(text["papers"]) for text in texts}) == 1
    assert len({"changing" in text for text in texts}) == 1


@pytest.mark.parametrize("topic", TOPICS)
def test_sources_and_links_are_secure_addresses_that_somebody_stands_for(topic: str) -> None:
    answer = load(topic)
    assert 1 <= len(answer["sources"]) <= 5
    assert len(answer["links"]) <= 3
    for source in answer["sources"]:
        assert set(source) == {"name", "url", "date"}
    for link in answer["links"]:
        assert set(link) == {"title", "url", "languages"}
        assert link["languages"]
        assert all(re.fullmatch("[a-z]{2}", language) for language in link["languages"])
    for entry in [*answer["sources"], *answer["links"]]:
        assert entry.get("name") or entry.get("title")
        assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]{2,}(/\S*)?", entry["url"]), entry["url"]
    for entries in (answer["sources"], answer["links"]):
        assert len({entry["url"] for entry in entries}) == len(entries)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_date_shown_is_the_newest_among_the_sources(topic: str) -> None:
    answer = load(topic)
    dates = [source["date"] for source in answer["sources"] if source["date"]]
    assert all(DATE.fullmatch(date) for date in dates)
    assert answer["as_of"] == max(dates, default="")


@pytest.mark.parametrize("topic", TOPICS)
def test_the_way_on_leads_to_two_or_three_other_topics(topic: str) -> None:
    related = load(topic)["related"]
    assert 2 <= len(related) <= 3
    assert len(set(related)) == len(related)
    assert set(related) <= set(TOPICS) - {topic}
    assert all((FOLDER / f"{other}.yml").is_file() for other in related)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_the_text_is_short_enough_for_a_tired_reader(topic: str, language: str) -> None:
    text = load(topic)[language]
    assert 1 <= count_words(text["title"]) <= 4
    assert len(text["title"]) <= 40
    assert len(text["short"]) <= 300
    assert len(sentences(text["short"])) <= 3
    assert len(sentences(text.get("changing", ""))) == 1
    assert sum(map(len, body(text))) <= 1500
    for sentence in (sentence for part in body(text) for sentence in sentences(part)):
        assert count_words(sentence) <= 20, sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_step_is_one_sentence_that_is_finished(topic: str, language: str) -> None:
    for step in load(topic)[language]["steps"]:
        assert len(sentences(step)) == 1, step
        assert step[-1] in ".!?", step


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_people_are_addressed_politely_in_their_own_letters(topic: str, language: str) -> None:
    text = load(topic)[language]
    whole = " ".join([text["title"], *body(text)])
    assert not re.search(rf"\b(?:{IMPOLITE[language]})\b", whole, re.IGNORECASE)
    assert not re.search(rf"\b(?:{UNCAPITALISED[language]})\b", whole)
    assert not set(FOREIGN_LETTERS[language]) & set(whole)
    assert bool(CYRILLIC.search(whole)) == (language != "de")


@pytest.mark.parametrize("language", ["uk", "ru"])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_paper_carries_the_german_name_that_the_office_uses(topic: str, language: str) -> None:
    for paper in load(topic)[language]["papers"]:
        assert IN_LATIN.search(paper), paper


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_no_sum_of_money_is_named_without_its_year(topic: str, language: str) -> None:
    for part in body(load(topic)[language]):
        assert not AMOUNT.search(part) or YEAR.search(part), part


def test_an_answer_about_health_names_the_emergency_numbers_first() -> None:
    for language in LANGUAGES:
        short = load("ask_healthcare")[language]["short"]
        assert short.index("112") < short.index("116117")
