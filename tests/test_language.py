"""Which language a text is in, and when the bot should not change the one it speaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.types import LANGUAGES, Language
from bot.understanding.language import LanguageDetector

detector = LanguageDetector()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("де знайти лікаря", "uk"),
        ("шукаю роботу, підкажіть куди звернутись", "uk"),
        ("п'ять років тому", "uk"),
        ("где найти врача", "ru"),
        ("мужу нужна справка о доходах", "ru"),
        ("wann habt ihr offen", "de"),
        ("Ich brauche Hilfe bei einem Antrag", "de"),
        ("Öffnungszeiten?", "de"),
    ],
)
def test_a_message_tells_its_language_without_any_history(text: str, language: Language) -> None:
    assert detector.detect(text, None) == (language, "")


@pytest.mark.parametrize("current", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    ["", "   ", "72764", "😀😀", "...", "Ravensburg", "Jobcenter Reutlingen", "Baden-Baden", "\x00\u200b"],
)
def test_what_says_nothing_about_the_language_changes_nothing(text: str, current: Language) -> None:
    assert detector.detect(text, current) == (current, "")
    assert detector.detect(text, None) == (None, "")


@pytest.mark.parametrize("current", ["uk", "ru"])
def test_a_word_of_both_languages_stays_in_the_one_spoken(current: Language) -> None:
    assert detector.detect("психолог", current) == (current, "")


@pytest.mark.parametrize("current", ["uk", "ru"])
@pytest.mark.parametrize(
    "text", ["danke", "Ausländerbehörde", "Fiktionsbescheinigung", "ok danke", "Termin Bürgeramt"]
)
def test_german_words_everybody_uses_do_not_switch_to_german(text: str, current: Language) -> None:
    assert detector.detect(text, current) == (current, "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Мені прийшов Bescheid від Jobcenter", "uk"),
        ("что такое Wohnsitzauflage", "ru"),
        ("Ich suche einen психолог für mein Kind", "de"),
    ],
)
def test_in_a_mixed_text_the_language_of_the_sentence_counts(text: str, language: Language) -> None:
    for current in LANGUAGES:
        assert detector.detect(text, current) == (language, "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("potriben psykholog dlya dytyny", "uk"),
        ("dopomozhit znaity zhytlo", "uk"),
        ("gde najti vracha", "ru"),
        ("mne nuzhno poluchit spravku", "ru"),
    ],
)
def test_latin_typed_ukrainian_and_russian_are_recognised(text: str, language: Language) -> None:
    for current in LANGUAGES:
        assert detector.detect(text, current) == (language, "")


@pytest.mark.parametrize("current", LANGUAGES)
def test_it_follows_a_person_who_switches(current: Language) -> None:
    assert detector.detect("Де можна отримати довідку про реєстрацію?", current)[0] == "uk"
    assert detector.detect("Где можно получить справку о регистрации?", current)[0] == "ru"
    assert detector.detect("Wo bekomme ich eine Meldebescheinigung?", current)[0] == "de"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Where can I find a doctor for my child?", "en"),
        ("gdzie jest urząd, proszę", "pl"),
        ("مرحبا أحتاج مساعدة", "ar"),
        ("کمک می‌خواهم، چه کار کنم؟", "fa"),
        ("დახმარება მჭირდება", "ka"),
        ("我需要帮助", "zh"),
    ],
)
def test_a_foreign_language_is_named_and_the_spoken_one_kept(text: str, code: str) -> None:
    assert detector.detect(text, "uk") == ("uk", code)


@given(st.text(max_size=300), st.sampled_from([None, *LANGUAGES]))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_result(text: str, current: Language | None) -> None:
    language, other = detector.detect(text, current)
    assert language in (None, *LANGUAGES)
    assert other == "" or other.isalpha()


@pytest.mark.parametrize("text", ["a" * 4096, "я" * 4096, "\ud800" * 10, "zh" * 2048, "'" * 4096])
def test_hostile_text_gets_a_result(text: str) -> None:
    assert detector.detect(text, "ru")[0] in LANGUAGES
