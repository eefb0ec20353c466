"""The right door for a place: the most specific first, and always one that is responsible."""

from __future__ import annotations

import random
from time import perf_counter
from typing import Any

from services_directory.search import DirectoryIndex, Match
from services_directory.snapshot import Listing, Snapshot
from tests.directory_factory import HEIDELBERG, KARLSRUHE, KONSTANZ, MANNHEIM, RHEIN_NECKAR, listing

SINGEN = "08335075"
POSITIONS = {
    HEIDELBERG: (49.41, 8.69),
    RHEIN_NECKAR: (49.38, 8.85),
    MANNHEIM: (49.49, 8.47),
    KARLSRUHE: (49.01, 8.40),
    KONSTANZ: (47.66, 9.17),
}


def index(*listings: Listing) -> DirectoryIndex:
    return DirectoryIndex(Snapshot(1, "", listings), POSITIONS)


def found(matches: list[Match]) -> list[tuple[str, str]]:
    return [(match.listing.id, match.scope) for match in matches]


def switchboard(id: str, ags: str, **fields: Any) -> Listing:
    return listing(id, "other_office", ags, office_kind="general", is_central_contact=True, **fields)


def test_the_municipality_comes_before_the_district_the_neighbours_and_the_land() -> None:
    directory = index(
        listing("land"),
        listing("mannheim", "trauma_consultation", MANNHEIM),
        listing("kreis", "trauma_consultation", KONSTANZ),
        listing("singen", "trauma_consultation", SINGEN),
    )
    assert found(directory.search(KONSTANZ, "trauma_consultation", SINGEN)) == [
        ("singen", "municipality"),
        ("kreis", "district"),
        ("mannheim", "neighbour"),
        ("land", "state"),
    ]


def test_what_serves_another_municipality_only_is_left_out() -> None:
    directory = index(listing("singen", "trauma_consultation", SINGEN))
    assert directory.search(KONSTANZ, "trauma_consultation", "08335043") == []


def test_when_only_the_district_is_known_its_municipalities_offers_come_after_its_own() -> None:
    directory = index(
        listing("singen", "integration_management", SINGEN),
        listing("kreis", "integration_management", KONSTANZ),
    )
    assert found(directory.search(KONSTANZ, "integration_management")) == [
        ("kreis", "district"),
        ("singen", "municipality"),
    ]


def test_without_an_own_trauma_consultation_the_three_nearest_districts_are_named_then_the_land() -> None:
    districts = (KONSTANZ, KARLSRUHE, MANNHEIM, RHEIN_NECKAR)
    directory = index(listing("land"), *(listing(ags, "trauma_consultation", ags) for ags in districts))
    matches = directory.search(HEIDELBERG, "trauma_consultation")
    assert found(matches) == [
        (RHEIN_NECKAR, "neighbour"),
        (MANNHEIM, "neighbour"),
        (KARLSRUHE, "neighbour"),
        ("land", "state"),
    ]
    distances = [match.distance_km for match in matches[:3] if match.distance_km]
    assert distances == sorted(distances)
    assert round(distances[1]) == 18


def test_an_offer_for_several_districts_is_found_in_each_of_them_and_only_once() -> None:
    shared = listing("psz", "trauma_consultation", HEIDELBERG, MANNHEIM)
    assert found(index(shared).search(HEIDELBERG, "trauma_consultation")) == [("psz", "district")]
    assert found(index(shared).search(MANNHEIM, "trauma_consultation")) == [("psz", "district")]


def test_within_one_area_the_confirmed_come_first_then_those_with_a_phone_then_the_fuller() -> None:
    area = ("trauma_consultation", HEIDELBERG)
    directory = index(
        listing("a0bare", *area),
        listing("b1hours", *area, opening_hours="Mo 08:00-12:00", street="Weg 1"),
        listing("c2phone", *area, phones=("115",)),
        listing("d3full", *area, phones=("115",), street="Weg 1"),
        listing("e4sure", *area, verified_at="2026-11-01"),
    )
    order = [match.listing.id for match in directory.search(HEIDELBERG, "trauma_consultation")]
    assert order == ["e4sure", "d3full", "c2phone", "b1hours", "a0bare"]


def test_integration_management_is_followed_by_counselling_and_the_central_contact_but_no_neighbour() -> None:
    directory = index(
        switchboard("central", HEIDELBERG, verified_at="2026-11-01", phones=("115",)),
        listing("counsel", "initial_counselling", HEIDELBERG),
        listing("manager", "integration_management", HEIDELBERG),
        listing("other", "integration_management", MANNHEIM),
    )
    assert found(directory.search(HEIDELBERG, "integration_management")) == [
        ("manager", "district"),
        ("counsel", "district"),
        ("central", "district"),
    ]


def test_a_district_with_nothing_but_its_central_contact_leads_there() -> None:
    directory = index(switchboard("central", KONSTANZ), listing("other", "integration_management", MANNHEIM))
    assert found(directory.search(KONSTANZ, "integration_management")) == [("central", "district")]


def test_only_where_a_district_has_nothing_at_all_a_neighbours_management_is_named() -> None:
    directory = index(listing("other", "integration_management", MANNHEIM), switchboard("central", MANNHEIM))
    assert found(directory.search(HEIDELBERG, "integration_management")) == [("other", "neighbour")]


def test_initial_counselling_falls_back_on_integration_management_of_the_district() -> None:
    directory = index(
        listing("manager", "integration_management", HEIDELBERG),
        listing("counsel", "initial_counselling", MANNHEIM),
    )
    assert found(directory.search(HEIDELBERG, "initial_counselling")) == [
        ("manager", "district"),
        ("counsel", "neighbour"),
    ]


def test_a_named_authority_comes_before_the_switchboard_and_other_authorities_are_left_out() -> None:
    directory = index(
        switchboard("central", HEIDELBERG, verified_at="2026-11-01"),
        listing("abh", "other_office", HEIDELBERG, office_kind="auslaenderbehoerde"),
        listing("job", "other_office", HEIDELBERG, office_kind="jobcenter"),
        listing("abhma", "other_office", MANNHEIM, office_kind="auslaenderbehoerde"),
    )
    matches = directory.search(HEIDELBERG, "other_office", office_kind="auslaenderbehoerde")
    assert found(matches) == [("abh", "district"), ("central", "district")]


def test_an_authority_for_the_whole_land_comes_before_the_switchboard() -> None:
    directory = index(
        switchboard("central", HEIDELBERG), listing("consulate", "other_office", office_kind="consulate")
    )
    matches = directory.search(HEIDELBERG, "other_office", office_kind="consulate")
    assert found(matches) == [("consulate", "state"), ("central", "district")]


def test_where_neither_the_authority_nor_the_switchboard_is_known_the_own_integration_manager_is() -> None:
    directory = index(
        listing("manager", "integration_management", HEIDELBERG),
        listing("job", "other_office", MANNHEIM, office_kind="jobcenter"),
    )
    matches = directory.search(HEIDELBERG, "other_office", office_kind="jobcenter")
    assert found(matches) == [("manager", "district")]


def test_without_a_kind_all_offices_of_the_district_are_named_the_switchboard_last() -> None:
    directory = index(
        switchboard("central", HEIDELBERG, phones=("115",)),
        listing("job", "other_office", HEIDELBERG, office_kind="jobcenter"),
    )
    order = [match.listing.id for match in directory.search(HEIDELBERG, "other_office")]
    assert order == ["job", "central"]


def test_a_persons_own_position_decides_which_neighbour_is_near_and_how_far_an_office_is() -> None:
    directory = index(
        listing("own", "trauma_consultation", HEIDELBERG, latitude=49.40, longitude=8.68),
        listing("ma", "trauma_consultation", MANNHEIM),
        listing("rn", "trauma_consultation", RHEIN_NECKAR),
    )
    west_of_heidelberg = (49.45, 8.55)
    matches = directory.search(HEIDELBERG, "trauma_consultation", position=west_of_heidelberg)
    assert [match.listing.id for match in matches] == ["own", "ma", "rn"]
    assert matches[0].distance_km is not None
    assert 8 < matches[0].distance_km < 13


def test_a_neighbours_office_is_as_far_as_its_town_and_not_as_the_district_it_also_serves() -> None:
    serves_both = listing("psz", "trauma_consultation", MANNHEIM, KARLSRUHE, city="Karlsruhe")
    in_weinheim = listing("wh", "trauma_consultation", RHEIN_NECKAR, postal_code="69469")
    matches = index(serves_both, in_weinheim).search(HEIDELBERG, "trauma_consultation")
    assert [(match.listing.id, round(match.distance_km or 0, -1)) for match in matches] == [
        ("wh", 20.0),
        ("psz", 50.0),
    ]


def test_a_districts_switchboard_is_at_hand_for_offices_without_a_phone() -> None:
    directory = index(switchboard("central", HEIDELBERG), listing("land"))
    central = directory.central_contact(HEIDELBERG)
    assert central is not None
    assert central.id == "central"
    assert directory.central_contact(MANNHEIM) is None


def test_without_a_position_an_own_office_has_no_distance() -> None:
    directory = index(listing("own", "trauma_consultation", HEIDELBERG, latitude=49.4, longitude=8.7))
    assert directory.search(HEIDELBERG, "trauma_consultation")[0].distance_km is None


def test_unknown_districts_and_categories_find_what_serves_the_whole_land_or_nothing() -> None:
    directory = index(listing("land"), listing("own", "trauma_consultation", HEIDELBERG))
    assert found(directory.search("09162", "trauma_consultation")) == [("land", "state")]
    assert directory.search(HEIDELBERG, "hospital") == []


def test_a_listing_is_found_by_its_identifier() -> None:
    directory = index(listing("land"))
    assert directory.get("land") == listing("land")
    assert directory.get("gone") is None


def test_the_order_does_not_depend_on_the_order_of_the_snapshot() -> None:
    listings = [listing(f"id{n}", "trauma_consultation", ags) for n in range(30) for ags in POSITIONS]
    expected = index(*listings).search(HEIDELBERG, "trauma_consultation")
    random.Random(7).shuffle(listings)
    assert index(*listings).search(HEIDELBERG, "trauma_consultation") == expected


def test_a_directory_ten_thousand_times_as_large_is_searched_as_fast() -> None:
    listings = [
        listing(f"{ags}{n}", category, ags)
        for ags in POSITIONS
        for category in ("trauma_consultation", "integration_management")
        for n in range(4000)
    ]
    directory = index(*listings)
    started = perf_counter()
    for _ in range(1000):
        assert len(directory.search(HEIDELBERG, "trauma_consultation")) == 20
    assert (perf_counter() - started) / 1000 < 0.001
