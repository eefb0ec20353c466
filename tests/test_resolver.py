"""From what a person writes to the district they live in."""

from __future__ import annotations

import csv
import random
import statistics
import time
from pathlib import Path

import pytest

from bench.places import MalformedCases, main, measure, read_cases
from bot.types import PlaceResult
from gazetteer.districts import districts
from gazetteer.fold import cyrillic_key, german_keys, typed_latin_key
from gazetteer.resolver import Resolver

CASES = Path(__file__).parent / "data" / "places_dev.csv"


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver.load()


def found(result: PlaceResult) -> set[str]:
    return {match.place.ags for match in result.matches}


# Names


@pytest.mark.parametrize("ags", sorted(districts()))
def test_each_district_is_found_by_its_name_in_every_language(resolver: Resolver, ags: str) -> None:
    district = districts()[ags]
    for name in (district.name_de, district.name_uk, district.name_ru):
        result = resolver.resolve(name)
        assert (result.kind, found(result)) == ("found", {ags}), name


@pytest.mark.parametrize(
    "spelling", ["Гейдельберг", "Хайдельберг", "Гайдельберг", "Хейдельберг", "Heidelberg", "Khaydelberg"]
)
def test_all_traditions_of_transliteration_name_the_same_town(resolver: Resolver, spelling: str) -> None:
    assert found(resolver.resolve(spelling)) == {"08221"}


def test_the_phonetic_key_is_the_same_in_all_alphabets() -> None:
    keys = {cyrillic_key(word) for word in ("гёппинген", "геппинген", "ґеппінґен", "гьоппінген")}
    assert keys == {typed_latin_key("geppingen")} <= set(german_keys("göppingen"))


@pytest.mark.parametrize(
    ("text", "ags"),
    [
        ("Karlsruhe", "08212"),
        ("Stadt Karlsruhe", "08212"),
        ("місто Карлсруе", "08212"),
        ("Landkreis Karlsruhe", "08215"),
        ("район Карлсруе", "08215"),
        ("Карлсруйський район", "08215"),
        ("Heilbronn", "08121"),
        ("Kreis Heilbronn", "08125"),
        ("Landkreis Ulm", "08425"),
        ("Kreis Pforzheim", "08236"),
    ],
)
def test_town_and_district_of_one_name_are_told_apart(resolver: Resolver, text: str, ags: str) -> None:
    assert found(resolver.resolve(text)) == {ags}


def test_a_match_says_where_in_the_text_it_was_found(resolver: Resolver) -> None:
    text = "Добрий день, живу у Гейдельберзі вже рік"
    match = resolver.resolve(text).matches[0]
    start, end = match.span
    assert text[start:end] == "Гейдельберзі"
    assert match.place.name == "Heidelberg"
    assert 0.9 < match.score <= 1


def test_a_letter_perfect_name_scores_one_and_a_typo_less(resolver: Resolver) -> None:
    assert resolver.resolve("Reutlingen").matches[0].score == 1
    assert resolver.resolve("Reutlngen").matches[0].score < 1


def test_a_postal_code_is_a_place(resolver: Resolver) -> None:
    place = resolver.resolve("72764").matches[0].place
    assert (place.kind, place.ags, place.name) == ("postal_code", "08415", "72764 Reutlingen")


@pytest.mark.parametrize("text", ["0711 21600", "+49 7221 93 1200", "15000 євро", "номер 123456", "24"])
def test_other_numbers_are_not_postal_codes(resolver: Resolver, text: str) -> None:
    assert resolver.resolve(text).kind == "none"


# What is meant


@pytest.mark.parametrize(
    ("text", "ags"),
    [
        ("Я из Фельбаха, до Штутгарта 20 минут", "08119"),
        ("бежали из Мариуполя, живём в Балингене", "08417"),
        ("Моя сестра живе в Ульмі, а я в Аалені", "08136"),
        ("раніше жили в Ульмі, тепер у Біберасі", "08426"),
        ("wir wohnen in Plochingen, mein Mann arbeitet in Stuttgart", "08116"),
        ("Umverteilung von Thüringen nach Reutlingen", "08415"),
        ("Wald bei Pfullendorf", "08437"),
        ("Weingarten (Baden)", "08215"),
        ("Вайнгартен, район Карлсруэ", "08215"),
        ("Нойхаузен на Фильдерах", "08116"),
    ],
)
def test_the_words_around_decide_where_the_person_is(resolver: Resolver, text: str, ags: str) -> None:
    result = resolver.resolve(text)
    assert (result.kind, found(result)) == ("found", {ags})


@pytest.mark.parametrize(
    ("text", "ags"),
    [
        ("Weingarten", {"08436", "08215"}),
        ("Мальш", {"08215", "08226"}),
        ("Karlsruhe oder Pforzheim", {"08212", "08231"}),
        ("або Ульм, або Есслінген", {"08421", "08116"}),
    ],
)
def test_the_bot_must_ask_where_two_places_are_meant(resolver: Resolver, text: str, ags: set[str]) -> None:
    result = resolver.resolve(text)
    assert (result.kind, found(result)) == ("ambiguous", ags)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("з Лейпцига", "Leipzig"),
        ("я живу в Нюрнберге", "Nürnberg"),
        ("Людвигсхафен-на-Рейне", "Ludwigshafen am Rhein"),
        ("Neu-Ulm", "Neu-Ulm"),
        ("живу в Неу-Ульмі", "Neu-Ulm"),
        ("живу в Людвигсхафене, работаю в Мангейме", "Ludwigshafen am Rhein"),
        ("Київ", "Kyjiw"),
        ("Postleitzahl 10115", "10115"),
    ],
)
def test_places_outside_the_land_are_named(resolver: Resolver, text: str, name: str) -> None:
    result = resolver.resolve(text)
    assert (result.kind, result.outside_name, result.matches) == ("outside", name, ())


@pytest.mark.parametrize("text", ["ми з Харкова", "я из Украины", "мама осталась в Польше"])
def test_where_somebody_comes_from_is_not_where_they_are(resolver: Resolver, text: str) -> None:
    assert resolver.resolve(text).kind == "none"


@pytest.mark.parametrize(
    "text",
    [
        "Au, das tut weh",
        "Weil ich krank bin",
        "Singen Sie gern?",
        "wir gehen im Wald spazieren",
        "нас поселили в горах",
        "Вера там, в марте",
        "Баден-Вюртемберг",
        "в Шварцвальде",
        "mein Mann schlägt mich vor den Kindern",
    ],
)
def test_words_that_only_look_like_places_are_none(resolver: Resolver, text: str) -> None:
    assert resolver.resolve(text).kind == "none"


@pytest.mark.parametrize(("text", "ags"), [("ich wohne in Singen", "08335"), ("Кель", "08317")])
def test_such_words_are_places_where_the_text_says_so(resolver: Resolver, text: str, ags: str) -> None:
    assert found(resolver.resolve(text)) == {ags}


# Figures and bad input


def test_the_development_cases_hold(resolver: Resolver) -> None:
    cases = read_cases(CASES)
    figures = measure(cases, lambda text: frozenset(found(resolver.resolve(text))))
    assert len(cases) >= 600
    assert sum(not case.districts for case in cases) >= 100
    assert figures["accuracy"] >= 0.99  # type: ignore[operator]
    assert figures["false_positive_rate"] <= 0.01  # type: ignore[operator]
    assert min(figures["by_lang"].values()) >= 0.985  # type: ignore[attr-defined]


def test_a_message_is_resolved_in_well_under_a_millisecond(resolver: Resolver) -> None:
    times = []
    for case in read_cases(CASES):
        began = time.perf_counter()
        resolver.resolve(case.text)
        times.append(time.perf_counter() - began)
    assert statistics.median(times) < 0.001


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "а" * 4096,
        "ґ'" * 2048,
        "🙂" * 4096,
        "\x00\u200b\ufeff" * 1000,
        "heidelberg " * 400,
        "Бад " * 1024,
        "12345 " * 680,
        "\ud800",
        "Z\u0351\u036b" * 500,
        "ſtuttgart İstanbul ŉ ß",
    ],
)
def test_any_text_gets_an_answer_in_bounded_time(resolver: Resolver, text: str) -> None:
    began = time.perf_counter()
    assert resolver.resolve(text).kind in {"found", "ambiguous", "outside", "none"}
    assert time.perf_counter() - began < 1


def test_random_characters_never_raise(resolver: Resolver) -> None:
    chance = random.Random(7)
    letters = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяäöüßabcdefghijklmnopqrstuvwxyz -.,0123456789'’\n"
    for _ in range(500):
        resolver.resolve("".join(chance.choice(letters) for _ in range(chance.randrange(120))))


def test_all_letters_of_unicode_never_raise(resolver: Resolver) -> None:
    for start in range(0, 0x30000, 997):
        resolver.resolve("".join(map(chr, range(start, start + 40))) + " in Ulm")


# The benchmark


def test_the_benchmark_prints_its_figures_as_the_last_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("text,lang,ags,kind\nUlm,de,08421,exact\nHallo,de,,none\nМальш,ru,08215;08226,\n")
    assert main([str(cases), "--peer"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith('{"n": 3, "accuracy": 1.0, "by_lang": {"uk": null, "ru": 1.0, "de": 1.0}')
    assert '"peer": {"n": 3' in last


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("text,lang\nUlm,de\n", "line 1: no column ags"),
        ("", "line 1: no column text, lang, ags"),
        ("text,lang,ags\nUlm,de,08421\nUlm,de\n", "line 3: 2 fields, the header has 3"),
        ("text,lang,ags\nUlm,en,08421\n", "line 2: language 'en'"),
        ("text,lang,ags\nUlm,de,Ulm\n", "line 2: 'Ulm' is not the AGS"),
        ('text,lang,ags\n"Ulm,de,08421\n', "unexpected end of data"),
        ("text,lang,ags\n", "line 2: no cases"),
    ],
)
def test_malformed_cases_are_refused_with_the_line(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(content)
    with pytest.raises(MalformedCases, match=complaint.replace("(", r"\(")):
        read_cases(path)


def test_a_missing_file_is_one_clear_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_development_cases_are_well_formed() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert all(texts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("integrationsmanagement kehl", "Kehl"),
        ("lahr jobcenter", "Lahr/Schwarzwald"),
        ("jobcenter in singen", "Singen"),
        ("інтеграційний менеджер Кель", "Kehl"),
        ("ich bin aus lahr", "Lahr/Schwarzwald"),
    ],
)
def test_a_town_named_like_a_word_is_a_place_beside_an_office(text: str, name: str) -> None:
    result = Resolver.load().resolve(text)
    assert [match.place.name for match in result.matches] == [name]


@pytest.mark.parametrize(
    "text", ["war beim jobcenter weil ich geld brauche", "tafel essen holen", "wir singen im chor"]
)
def test_a_word_beside_an_office_stays_a_word(text: str) -> None:
    assert Resolver.load().resolve(text).kind == "none"
