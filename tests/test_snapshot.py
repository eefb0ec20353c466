"""What the console writes, the bot reads; anything else is refused as a whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_directory.snapshot import FORMAT, Listing, Snapshot, SnapshotError

FULL = Listing(
    id="a1",
    category="integration_management",
    name="Integrationsmanagement",
    organization="Stadt Heidelberg",
    service_area=("08221",),
    descriptions={"uk": "Допомагає з листами", "de": "Hilft"},
    latitude=49.4,
    longitude=8.7,
    phones=("+4962215810580", "115"),
    opening_hours="Mo-Fr 08:00-12:00",
    languages=("uk", "de"),
    verified_at="2026-11-01",
    is_central_contact=True,
)


def test_a_snapshot_comes_back_as_it_was_written() -> None:
    snapshot = Snapshot(7, "2026-11-22T10:00:00+00:00", (FULL, Listing("b", "other_office", "Amt", "Stadt")))
    assert Snapshot.from_json(snapshot.to_json()) == snapshot
    assert Snapshot.from_json(snapshot.to_json().encode()) == snapshot


def test_the_version_stands_in_the_first_bytes_where_redis_compares_it() -> None:
    assert f'"version": {2**53 - 1}' in Snapshot(2**53 - 1, "").to_json()[:64]


def test_fields_of_a_later_version_are_passed_over_and_missing_ones_have_their_defaults() -> None:
    row = {"id": "a", "category": "other_office", "name": "Amt", "organization": "Stadt", "mood": "sunny"}
    data = {"format": FORMAT, "version": 1, "published_at": "", "listings": [row]}
    assert Snapshot.from_json(json.dumps(data)).listings == (Listing("a", "other_office", "Amt", "Stadt"),)


def test_another_format_is_refused_by_its_number() -> None:
    with pytest.raises(SnapshotError, match="snapshot format 99"):
        Snapshot.from_json('{"format": 99}')


@given(
    st.binary(max_size=60) | st.text(max_size=60) | st.sampled_from(["", "[]", "{}", "null", '{"format": 1}'])
)
def test_anything_else_is_refused_in_one_way(raw: str | bytes) -> None:
    with pytest.raises(SnapshotError):
        Snapshot.from_json(raw)
