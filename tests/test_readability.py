"""Plain words: how hard the bot's texts are to read, measured in each language.

Two measures. No sentence has more than twenty words. And the readability index LIX: words in a sentence, plus
the share of long words (more than six letters) in per cent. It needs no syllables, so no dictionary, and it
reads all three languages alike. Source: C. H. Björnsson, Läsbarhet, 1968; for other languages "Readability of
Newspapers in 11 Languages", Reading Research Quarterly 18, 1983. On its scale a text below 30 is very easy,
below 40 easy, below 50 middling, below 60 hard, and above it written as authorities write.

Ukrainian and Russian words are longer than the Swedish ones the scale was made for (endings, no articles), so
their limits are higher. Not counted are names that stay German on purpose, and the name of the Land. In an
answer the words of its own title are not counted as long: whoever asks for a translation knows the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po

from bot.answers import answers
from bot.texts import LOCALES
from bot.types import LANGUAGES, Language

LONGEST_SENTENCE = 20
SHORTEST_TEXT = 15
"""Words. In fewer the share of long words says little."""
HARDEST_TEXT: dict[Language, float] = {"uk": 55, "ru": 55, "de": 45}
HARDEST_ON_AVERAGE: dict[Language, float] = {"uk": 40, "ru": 40, "de": 35}
MEAN_SENTENCE = 10
STEM = 5
"""Letters by which a word is known again in its other forms."""

SENTENCE_END = re.compile(r"(?<=[.!?…:;])\s+|\n+")
MARKUP = re.compile(r"<[^<>]*>|\{[^{}]*\}|https?://\S+|/[a-z]+")
GERMAN_IN_BRACKETS = re.compile(r"\([^()]*[A-Za-zÄÖÜäöüß]{3}[^()]*\)")
LAND = re.compile(r"(?:Баден-Вюртемберг|Баден-Вюртемберз|Baden-Württemberg)\w*")
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
LATIN = re.compile(r"[A-Za-zÄÖÜäöüß]")

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def plain(text: str, language: Language) -> str:
    text = LAND.sub("", MARKUP.sub(" ", text))
    return text if language == "de" else GERMAN_IN_BRACKETS.sub(" ", text)


def words(text: str, language: Language) -> list[str]:
    found = WORD.findall(text)
    return found if language == "de" else [word for word in found if not LATIN.match(word)]


def sentences(text: str, language: Language) -> list[list[str]]:
    """The words of each sentence; a line or a colon ends one, too."""
    found = (words(sentence, language) for sentence in SENTENCE_END.split(plain(text, language)))
    return [sentence for sentence in found if sentence]


def lix(text: str, language: Language, known: str = "") -> float:
    """0 to 100 and more; the higher, the harder. Words that begin as one of the `known` do are not long."""
    found = sentences(text, language)
    every = [word for sentence in found for word in sentence]
    stems = tuple(word[:STEM].lower() for word in words(known, language) if len(word) >= STEM)
    long = sum(len(word) > 6 and not word.lower().startswith(stems) for word in every)
    return len(every) / len(found) + 100 * long / len(every)


def length(text: str, language: Language) -> int:
    return sum(map(len, sentences(text, language)))


@cache
def said(language: Language) -> tuple[str, ...]:
    """What the catalogue says; of plural forms the last."""
    with (LOCALES / language / "LC_MESSAGES" / "lotse.po").open("rb") as source:
        found = [message.string for message in read_po(source, locale=language) if message.id]
    return tuple(text if isinstance(text, str) else text[-1] for text in found)


def answered(language: Language) -> Iterator[tuple[str, str]]:
    """Each topic of the knowledge base: its title and its whole text."""
    for answer in answers().values():
        text = answer.wordings[language]
        yield text.title, "\n".join((text.short, *text.steps, *text.papers, text.changing))


def too_long(text: str) -> list[str]:
    """Sentences of too many words; here every word counts, and a colon does not end the sentence."""
    found = re.split(r"(?<=[.!?…])\s+|\n+", MARKUP.sub("x", text))
    return [s for s in found if sum(bool(re.search(r"\w", word)) for word in s.split()) > LONGEST_SENTENCE]


@EVERY_LANGUAGE
def test_no_sentence_has_more_than_twenty_words(language: Language) -> None:
    every = [*said(language), *(text for _, text in answered(language))]
    assert [sentence for text in every for sentence in too_long(text)] == []


@EVERY_LANGUAGE
def test_what_the_bot_says_is_easy_on_average(language: Language) -> None:
    whole = "\n".join(said(language))
    assert lix(whole, language) <= HARDEST_ON_AVERAGE[language]


@EVERY_LANGUAGE
def test_no_single_message_is_hard_to_read(language: Language) -> None:
    long_enough = [text for text in said(language) if length(text, language) >= SHORTEST_TEXT]
    found = {text: round(lix(text, language)) for text in long_enough}
    assert len(found) > 10
    assert {text: value for text, value in found.items() if value > HARDEST_TEXT[language]} == {}


@EVERY_LANGUAGE
def test_no_answer_is_hard_to_read(language: Language) -> None:
    found = {title: round(lix(text, language, title)) for title, text in answered(language)}
    assert {title: value for title, value in found.items() if value > HARDEST_TEXT[language]} == {}


@EVERY_LANGUAGE
def test_the_sentences_of_an_answer_are_short_on_average(language: Language) -> None:
    for title, text in answered(language):
        found = sentences(text, language)
        assert sum(map(len, found)) / len(found) <= MEAN_SENTENCE, title


# The measure itself


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das Amt hilft Ihnen. Rufen Sie dort an."),
        ("uk", "Там Вам допоможуть. Спершу подзвоніть."),
        ("ru", "Там Вам помогут. Сначала позвоните."),
    ],
)
def test_plain_words_are_easier_than_the_language_of_authorities(language: Language, text: str) -> None:
    official: dict[Language, str] = {
        "de": "Die Inanspruchnahme von Beratungsleistungen setzt eine vorherige Terminvereinbarung voraus.",
        "uk": "Отримання консультаційних послуг передбачає попереднє погодження терміну відвідування.",
        "ru": "Получение консультационных услуг предполагает предварительное согласование времени посещения.",
    }
    assert lix(text, language) + 25 < lix(official[language], language)


def test_one_long_word_in_four_words_is_twenty_five_per_cent() -> None:
    assert lix("Rufen Sie dort vormittags.", "de") == 4 + 25


def test_names_that_stay_german_make_no_text_harder() -> None:
    text = "Спитайте в установі. Вона допоможе Вам."
    with_names = "Спитайте в установі (Ausländerbehörde). Вона допоможе Вам у Баден-Вюртемберзі Landratsamt."
    assert length(text, "uk") + 1 == length(with_names, "uk")


def test_a_sentence_of_twenty_one_words_is_seen() -> None:
    assert too_long(" ".join(["слово"] * 21) + ".")
    assert too_long(" ".join(["слово"] * 20) + ".") == []
