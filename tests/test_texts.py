"""What the three catalogues promise: complete, true to the message, polite, short, and in real words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from bot.conversation.menu import FIRST_SCREEN, QUESTION
from bot.texts import LOCALES, texts, warm_up
from bot.types import LANGUAGES, Language

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = (ROOT / "bot", ROOT / "console" / "pages")
"""The folders whose texts people see."""
KEYWORDS = {**DEFAULT_KEYWORDS, "t": None, "tn": (1, 2), "N_": None}
"""The marks that `make texts` collects by."""

PLURAL_FORMS: dict[Language, int] = {"uk": 3, "ru": 3, "de": 2}
LONGEST_OPERATOR = "Ukrainischer Verein Baden-Württemberg eV"

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
TAG = re.compile(r"<(/?)(\w+)[^<>]*>")
NUMBER = re.compile(r"\d+")
EMOJI = re.compile(r"[←-⯿\U0001F300-\U0001FAFF]")

FAMILIAR: dict[Language, str] = {
    "uk": r"ти|тебе|тобі|тобою|твій|тво(?:я|є|ї|го|єму|єї|їй|єю|їх|їм|їми|ю)",
    "ru": r"ты|тебя|тебе|тобой|твой|тво(?:я|ё|е|и|его|ему|ей|их|им|ими|ю)",
    "de": r"du|dir|dich|dein(?:e|em|en|er|es)?|euch|euer|eure\w*",
}
SMALL_POLITE: dict[Language, str] = {
    "uk": r"ви|вас|вам|вами|ваш\w*",
    "ru": r"вы|вас|вам|вами|ваш\w*",
    "de": r"ihnen|ihrem|ihren",
}
GENDERED_I: dict[Language, str] = {
    "uk": r"[Яя] (?:(?:не|вже|ще|Вас) )*\w+(?:в|ла|вся|лась|лася|ний|на)",
    "ru": r"[Яя] (?:(?:не|уже|ещё|Вас) )*\w+(?:л|ла|лся|лась)",
    "de": r"(?!)",
}
FOREIGN_LETTERS: dict[Language, str] = {"uk": "ыэъёЫЭЪЁ", "ru": "іїєґІЇЄҐ", "de": ""}
CYRILLIC = re.compile(r"[А-Яа-яІіЇїЄєҐґЁё]")
GERMAN_NAME = re.compile(r"\(([A-ZÄÖÜ][^)]{3,})\)")

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@cache
def messages_of_the_code() -> frozenset[str | tuple[str, ...]]:
    python = [("**.py", "python")]
    found = (extract_from_dir(folder, method_map=python, keywords=KEYWORDS) for folder in SPEAKING)
    return frozenset(message for messages in found for _, _, message, _, _ in messages)


def plain(messages: frozenset[str | tuple[str, ...]]) -> set[str]:
    return {message if isinstance(message, str) else message[0] for message in messages}


def path(language: Language) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "lotse.po"


@cache
def catalogue(language: Language) -> Catalog:
    with path(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def entries(language: Language) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(message: Message) -> list[str]:
    """What stands in the catalogue for a message: one text, or one for each plural form."""
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def pairs(language: Language) -> Iterator[tuple[str, str]]:
    """Each message with each of its translations; a plural form stands beside the English plural."""
    for message in entries(language):
        original = message.id if isinstance(message.id, str) else message.id[1]
        for form in forms(message):
            yield original, form


def said(language: Language) -> list[str]:
    return [translation for _, translation in pairs(language)]


def without_tags(text: str) -> str:
    return TAG.sub("", text)


def tags(text: str) -> list[str]:
    """The tags in their order; fails where one is not closed by its own end."""
    opened: list[str] = []
    for closing, name in TAG.findall(text):
        if closing:
            assert opened and opened.pop() == name, text
        else:
            opened.append(name)
    assert not opened, text
    return [closing + name for closing, name in TAG.findall(text)]


# Complete and current


def test_the_code_marks_its_texts() -> None:
    assert FIRST_SCREEN in plain(messages_of_the_code())
    assert len(messages_of_the_code()) > 100


@EVERY_LANGUAGE
def test_a_catalogue_has_every_text_of_the_code_and_no_other(language: Language) -> None:
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in entries(language)}
    wanted = plain(messages_of_the_code())
    assert wanted - known == set(), "missing: run make texts and translate"
    assert known - wanted == set(), "no longer used: run make texts"
    assert not catalogue(language).obsolete


@EVERY_LANGUAGE
def test_nothing_is_left_empty_or_uncertain(language: Language) -> None:
    assert [original for original, text in pairs(language) if not text.strip()] == []
    assert [message.id for message in entries(language) if message.fuzzy] == []
    assert not catalogue(language).fuzzy


@EVERY_LANGUAGE
def test_plural_forms_are_those_of_the_language(language: Language) -> None:
    assert catalogue(language).num_plurals == PLURAL_FORMS[language]
    for message in entries(language):
        if not isinstance(message.id, str):
            assert len(forms(message)) == PLURAL_FORMS[language], message.id


@EVERY_LANGUAGE
def test_the_header_names_the_project_and_keeps_no_placeholder(language: Language) -> None:
    header = path(language).read_text(encoding="utf-8").split("\n\n", 1)[0]
    assert '"Project-Id-Version: Lotse' in header
    assert f'"Language: {language}\\n"' in header
    assert '"Plural-Forms: ' in header
    assert not re.search(r"FULL NAME|EMAIL|ORGANIZATION|VERSION|@", header)


def test_all_catalogues_can_be_read_at_the_start() -> None:
    warm_up()


# True to the message


@EVERY_LANGUAGE
def test_placeholders_tags_and_line_breaks_are_those_of_the_message(language: Language) -> None:
    for original, text in pairs(language):
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(original)), text
        assert tags(text) == tags(original), text
        assert text.count("\n") == original.count("\n"), text
        assert (text[0].isspace(), text[-1].isspace()) == (original[0].isspace(), original[-1].isspace()), (
            text
        )


@EVERY_LANGUAGE
def test_numbers_and_signs_are_those_of_the_message(language: Language) -> None:
    for original, text in pairs(language):
        assert sorted(NUMBER.findall(text)) == sorted(NUMBER.findall(original)), text
        assert EMOJI.findall(text) == EMOJI.findall(original), text
        assert set(re.findall(r"/[a-z]+", without_tags(text))) == set(
            re.findall(r"/[a-z]+", without_tags(original))
        ), text


@EVERY_LANGUAGE
def test_the_german_name_of_an_office_or_paper_stays_beside_its_translation(language: Language) -> None:
    for original, text in pairs(language):
        for name in GERMAN_NAME.findall(original):
            assert name in text, text


# The words


@EVERY_LANGUAGE
def test_people_are_addressed_politely(language: Language) -> None:
    for text in said(language):
        assert not re.search(rf"\b(?:{FAMILIAR[language]})\b", text, re.IGNORECASE), text
        assert not re.search(rf"\b(?:{SMALL_POLITE[language]})\b", text), text


@EVERY_LANGUAGE
def test_the_bot_is_neither_he_nor_she(language: Language) -> None:
    assert [text for text in said(language) if re.search(rf"\b{GENDERED_I[language]}\b", text)] == []


@EVERY_LANGUAGE
def test_a_text_is_written_in_the_letters_of_its_language(language: Language) -> None:
    whole = "".join(said(language))
    assert not set(FOREIGN_LETTERS[language]) & set(whole)
    assert bool(CYRILLIC.search(whole)) == (language != "de")


@EVERY_LANGUAGE
def test_the_first_screen_is_short_whoever_runs_the_bot(language: Language) -> None:
    said = texts(language)
    shown = "\n\n".join((said.t(FIRST_SCREEN, operator=LONGEST_OPERATOR), said.t(QUESTION)))
    assert len(LONGEST_OPERATOR) == 40
    assert LONGEST_OPERATOR in shown
    assert len(shown) <= 500


@EVERY_LANGUAGE
def test_what_is_said_in_danger_names_the_emergency_numbers(language: Language) -> None:
    crisis = texts(language).t(
        "🆘 Danger to life, or someone needs a doctor at once: call <b>112</b> now. Free, day and night."
    )
    violence = texts(language).t(
        "In danger now: police <b>110</b>, ambulance <b>112</b>. Both are free, day and night."
    )
    assert "<b>112</b>" in crisis
    assert re.findall(r"<b>(\d+)</b>", violence) == ["110", "112"]
    assert "112" in texts(language).t(FIRST_SCREEN, operator="")


# Filling in


def test_what_is_filled_in_cannot_become_markup() -> None:
    assert "&lt;b&gt;&amp;" in texts("uk").t("For: {place}", place="<b>&")


@EVERY_LANGUAGE
@pytest.mark.parametrize("value", ["2025", "2025-11", "2025-11-14"])
def test_a_date_in_a_sentence_does_not_end_in_two_full_stops(language: Language, value: str) -> None:
    spoken = texts(language)
    for original, _ in pairs(language):
        if "{day}" in original:
            shown = spoken.t(original, day=spoken.source_date(value), names="Land")
            assert ".." not in shown


# Dates, times and names of languages


@pytest.mark.parametrize(
    ("language", "day"),
    [("uk", "четвер, 26 листопада"), ("ru", "четверг, 26 ноября"), ("de", "Donnerstag, 26. November")],
)
def test_a_day_is_said_with_its_weekday(language: Language, day: str) -> None:
    assert texts(language).day(date(2026, 11, 26)) == day


@EVERY_LANGUAGE
def test_the_time_of_day_has_24_hours(language: Language) -> None:
    assert texts(language).time(datetime(2026, 11, 26, 8, 5, tzinfo=UTC)) == "08:05"
    assert texts(language).time(datetime(2026, 11, 26, 17, 30, tzinfo=UTC)) == "17:30"


@pytest.mark.parametrize(
    ("language", "month", "day"),
    [
        ("uk", "листопад 2025", "14 листопада 2025 р."),
        ("ru", "ноябрь 2025", "14 ноября 2025 г."),
        ("de", "November 2025", "14. November 2025"),
    ],
)
def test_the_date_of_a_source_is_as_precise_as_it_is_known(language: Language, month: str, day: str) -> None:
    spoken = texts(language)
    assert spoken.source_date("2025") == "2025"
    assert spoken.source_date("2025-11") == month
    assert spoken.source_date("2025-11-14").replace("\u202f", " ").replace("\u00a0", " ") == day


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("uk", ["українська", "російська", "німецька", "англійська"]),
        ("ru", ["украинский", "русский", "немецкий", "английский"]),
        ("de", ["Ukrainisch", "Russisch", "Deutsch", "Englisch"]),
    ],
)
def test_a_language_is_called_by_its_name_in_the_reader_s_language(
    language: Language, names: list[str]
) -> None:
    assert [texts(language).language_name(code) for code in ("uk", "ru", "de", "en")] == names


def test_an_unknown_language_is_called_by_its_code() -> None:
    assert texts("uk").language_name("xx") == "xx"
