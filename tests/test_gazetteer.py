"""Districts of Baden-Württemberg: complete, named in three languages, found by position."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from gazetteer.districts import district_at, districts, nearest_districts, places_in
from gazetteer.files import rows
from gazetteer.resolver import Resolver

DIRECTORY = Path(__file__).parents[1] / "services_directory" / "data"


def test_the_land_has_nine_city_districts_and_thirty_five_rural_ones() -> None:
    types = [district.type for district in districts().values()]
    assert (types.count("Stadtkreis"), types.count("Landkreis")) == (9, 35)


def test_every_district_has_a_name_of_its_own_in_each_language() -> None:
    for language in ("uk", "ru", "de"):
        names = {district.name(language) for district in districts().values()}
        assert len(names) == 44


def test_ukrainian_and_russian_names_keep_to_their_alphabets() -> None:
    for district in districts().values():
        assert not re.search(r"[ыёэъA-Za-z]", district.name_uk)
        assert not re.search(r"[іїєґA-Za-z]", district.name_ru)


def test_every_place_and_postal_code_lies_in_a_known_district() -> None:
    for name in ("places", "postal_codes", "aliases", "district_aliases"):
        assert {row["ags"] for row in rows(name)} <= set(districts())


def test_each_district_has_places_and_postal_codes() -> None:
    coded = {row["ags"] for row in rows("postal_codes")}
    assert coded == set(districts())
    assert all(places_in(ags) for ags in districts())


def test_places_of_a_district_come_biggest_first() -> None:
    assert places_in("08415")[0] == "Reutlingen"
    assert places_in("99999") == ()


@pytest.mark.parametrize(
    ("latitude", "longitude", "ags"),
    [
        (48.7758, 9.1829, "08111"),
        (49.4094, 8.6942, "08221"),
        (48.4914, 9.2043, "08415"),
        (47.6603, 9.1758, "08335"),
        (49.0069, 8.4037, "08212"),
    ],
)
def test_a_position_in_a_town_is_in_its_district(latitude: float, longitude: float, ags: str) -> None:
    found = district_at(latitude, longitude)
    assert found is not None
    assert found[0] == ags
    assert found[1] < 5


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(52.52, 13.405), (48.137, 11.575), (50.4501, 30.5234), (0.0, 0.0)]
)
def test_a_position_far_from_the_land_has_no_district(latitude: float, longitude: float) -> None:
    assert district_at(latitude, longitude) is None


def test_neighbours_are_ordered_by_distance_and_complete() -> None:
    near = nearest_districts("08212")
    assert len(near) == 43
    assert near[0] == "08215"
    assert "08212" not in near


def test_an_unknown_district_has_no_neighbours() -> None:
    with pytest.raises(KeyError):
        nearest_districts("00000")


def test_every_name_of_the_data_is_free_of_stray_spaces() -> None:
    for name in ("districts", "places", "postal_codes", "aliases", "outside", "not_places"):
        for row in rows(name):
            assert all(value == value.strip() for value in row.values())


def municipalities() -> list[dict[str, str]]:
    return [row for row in rows("places") if row["municipality_ags"]]


def test_the_key_of_a_municipality_begins_with_the_key_of_its_district() -> None:
    for row in municipalities():
        assert re.fullmatch(r"\d{8}", row["municipality_ags"])
        assert row["municipality_ags"][:5] == row["ags"]


def test_no_two_places_share_the_key_of_a_municipality() -> None:
    keys = [row["municipality_ags"] for row in municipalities()]
    assert len(keys) == len(set(keys)) == 1100


def test_a_city_district_is_its_own_only_municipality() -> None:
    keys = {row["municipality_ags"] for row in municipalities()}
    for district in districts().values():
        own = {key for key in keys if key.startswith(district.ags)}
        assert (own == {f"{district.ags}000"}) == (district.type == "Stadtkreis")


def test_every_municipality_an_office_serves_is_a_known_place() -> None:
    keys = {row["municipality_ags"] for row in municipalities()}
    with (DIRECTORY / "offices.csv").open(encoding="utf-8", newline="") as file:
        areas = [area for row in csv.DictReader(file) for area in re.findall(r"\d+", row["service_area"])]
    served = {area for area in areas if len(area) == 8}
    assert served
    assert served <= keys


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver.load()


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("Ройтлинген", "08415061"),
        ("Живу в Эсслингене", "08116019"),
        ("Stuttgart", "08111000"),
        ("Biberach bei Offenburg", "08317011"),
        ("Landkreis Reutlingen", ""),
        ("Ortenau", ""),
        ("Altheim (Alb)", ""),
        ("Ich wohne in Kornwestheim und Ludwigsburg", ""),
    ],
)
def test_a_found_town_brings_its_key_but_a_district_or_a_doubtful_name_none(
    resolver: Resolver, text: str, municipality: str
) -> None:
    result = resolver.resolve(text)
    assert result.kind == "found"
    assert result.matches[0].place.municipality_ags == municipality
