"""Which districts have which offers: the counts, the table and its files, the map."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from math import dist
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from console.overview.coverage import LAND, Cell, Level, coverage
from console.overview.drawing import as_png, draw
from console.overview.tiles import LABELS, places
from gazetteer.distance import kilometres
from gazetteer.districts import districts, nearest_districts
from services_directory.models import Service, ServiceAtLocation
from tests.directory_factory import HEIDELBERG, KONSTANZ, MANNHEIM, RHEIN_NECKAR, stored

PAGES = ("/overview/", "/overview/table.csv", "/overview/table.xlsx", "/overview/map/")
FILES = ("/overview/map.svg", "/overview/map.png")
SVG = "{http://www.w3.org/2000/svg}"


def cell(ags: str, category: str = "integration_management") -> Cell:
    return next(found for found in coverage() if (found.ags, found.category) == (ags, category))


def confirmed(listing: ServiceAtLocation, days_ago: int = 0) -> None:
    listing.verified_at = timezone.now() - timedelta(days=days_ago)
    listing.save()


def file_rows(client: Client, query: str = "") -> list[list[str]]:
    text = client.get(f"/overview/table.csv{query}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


# What is counted


@pytest.mark.django_db
def test_every_district_and_the_land_has_every_offer_once() -> None:
    cells = coverage()
    assert len({(found.ags, found.category) for found in cells}) == len(cells) == 45 * len(Service.Category)
    assert {found.level for found in cells} == {Level.NONE}
    assert all(found.touched is None for found in cells)


@pytest.mark.django_db
def test_a_listing_is_shown_then_confirmed_then_due_again() -> None:
    listing = stored()
    found = cell(HEIDELBERG)
    assert (found.level, found.shown, found.confirmed, found.due) == (Level.SHOWN, 1, 0, 1)
    confirmed(listing)
    found = cell(HEIDELBERG)
    assert (found.level, found.shown, found.confirmed, found.due) == (Level.CONFIRMED, 1, 1, 0)
    confirmed(listing, days_ago=91)
    found = cell(HEIDELBERG)
    assert (found.level, found.shown, found.confirmed, found.due) == (Level.SHOWN, 1, 1, 1)


@pytest.mark.django_db
def test_what_waits_for_staff_is_a_draft_and_what_is_gone_is_nothing() -> None:
    listing = stored(confidence="low")
    found = cell(HEIDELBERG)
    assert (found.level, found.shown, found.drafts, found.due) == (Level.DRAFT, 0, 1, 0)
    listing.state = ServiceAtLocation.State.WITHDRAWN
    listing.save()
    assert (cell(HEIDELBERG).level, cell(HEIDELBERG).drafts) == (Level.NONE, 0)
    closed = stored(id="b2", ags=MANNHEIM)
    closed.service.status = Service.Status.DEFUNCT
    closed.service.save()
    assert cell(MANNHEIM).level is Level.NONE


@pytest.mark.django_db
def test_the_switchboard_is_no_offer_of_the_districts_own() -> None:
    stored(category="other_office", office_kind="general", central_contact="yes", confidence="low")
    for category in ("integration_management", "initial_counselling", "other_office"):
        assert cell(HEIDELBERG, category).level is Level.CONTACT
    assert cell(HEIDELBERG, "trauma_consultation").level is Level.NONE
    assert cell(HEIDELBERG, "other_office").due == 1
    stored(id="b2")
    assert cell(HEIDELBERG).level is Level.SHOWN


@pytest.mark.django_db
def test_an_offer_for_some_municipalities_only_does_not_cover_the_district() -> None:
    stored(ags=RHEIN_NECKAR, service_area="08226095;08226096")
    assert (cell(RHEIN_NECKAR).level, cell(RHEIN_NECKAR).shown) == (Level.PART, 1)


@pytest.mark.django_db
def test_an_offer_counts_where_it_serves_whoever_keeps_it() -> None:
    stored(category="trauma_consultation", service_area=f"{HEIDELBERG};{RHEIN_NECKAR}")
    assert cell(HEIDELBERG, "trauma_consultation").elsewhere == 0
    beyond = cell(RHEIN_NECKAR, "trauma_consultation")
    assert (beyond.level, beyond.shown, beyond.elsewhere) == (Level.SHOWN, 1, 1)


@pytest.mark.django_db
def test_what_serves_the_whole_land_stands_in_a_row_of_its_own() -> None:
    stored(ags="", category="helper_training")
    assert cell(LAND, "helper_training").level is Level.SHOWN
    assert cell(HEIDELBERG, "helper_training").level is Level.NONE


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["listing", "phone", "removed phone", "service", "location"])
def test_a_change_of_any_part_of_a_listing_touches_it(part: str) -> None:
    listing = stored()
    histories = (listing, listing.service, listing.location, *listing.phones.all())
    long_ago = timezone.now() - timedelta(days=400)
    for changed in (*histories, *listing.schedules.all(), *listing.service.languages.all()):
        changed.history.update(history_date=long_ago)
    for area in listing.service.service_areas.all():
        area.history.update(history_date=long_ago)
    assert cell(HEIDELBERG).touched == timezone.localdate(long_ago)
    phone = listing.phones.get()
    changed = {"listing": listing, "service": listing.service, "location": listing.location}.get(part, phone)
    if part == "removed phone":
        changed.delete()
    else:
        changed.save()
    assert cell(HEIDELBERG).touched == timezone.localdate()


# The table


@pytest.mark.django_db
def test_the_table_can_be_narrowed_and_ordered_by_its_address(admin_client: Client) -> None:
    stored()
    stored(id="b2", ags=KONSTANZ, confidence="low")
    confirmed(stored(id="c3", ags=MANNHEIM))
    assert len(file_rows(admin_client)) == 225
    assert [row[1] for row in file_rows(admin_client, "?level=draft")] == ["Landkreis Konstanz"]
    assert [row[1] for row in file_rows(admin_client, "?due=on")] == ["Heidelberg"]
    assert {row[2] for row in file_rows(admin_client, f"?district={MANNHEIM}")} == {
        label for _, label in Service.Category.choices
    }
    assert {row[1] for row in file_rows(admin_client, "?district=land")} == {"Ganzes Land"}
    managed = file_rows(admin_client, "?category=integration_management&sort=level")
    assert [row[3] for row in managed][:4] == ["bestätigt", "gezeigt", "Entwurf", "nichts"]
    turned = file_rows(admin_client, "?category=integration_management&sort=-level")
    assert [row[3] for row in turned][-3:] == ["Entwurf", "gezeigt", "bestätigt"]
    assert len(file_rows(admin_client, "?district=99999&level=x&sort=nonsense")) == 225


@pytest.mark.django_db
def test_the_page_shows_the_same_rows_and_offers_them_as_files(admin_client: Client) -> None:
    stored()
    answer = admin_client.get("/overview/?level=shown&sort=-district")
    page = answer.content.decode()
    assert len(answer.context["rows"]) == 1
    assert 'aria-sort="descending"' in page
    assert "/overview/table.csv?level=shown&amp;sort=-district" in page
    assert "?level=shown&amp;sort=district" in page
    assert "serviceatlocation/?district=08221&amp;service__category__exact=integration_management" in page
    assert page.count("<caption") == 2
    assert "Dazu gibt es nichts" in admin_client.get("/overview/?level=confirmed").content.decode()


@pytest.mark.django_db
def test_the_xlsx_keeps_keys_as_text_and_days_as_days(admin_client: Client) -> None:
    stored()
    answer = admin_client.get(f"/overview/table.xlsx?district={HEIDELBERG}&level=shown")
    header, row = load_workbook(io.BytesIO(answer.content))["Tabelle"].iter_rows(values_only=True)
    assert header[:4] == ("AGS", "Kreis", "Angebot", "Stand")
    assert row[:4] == ("08221", "Heidelberg", "Integrationsmanagement", "gezeigt")
    assert row[-1].date() == timezone.localdate()


# The map


def test_every_district_has_a_tile_of_its_own_with_a_label_of_its_own() -> None:
    assert set(LABELS) == set(districts()) == set(places())
    assert len(set(places().values())) == len(set(LABELS.values())) == 44


def test_neighbours_roughly_stay_neighbours() -> None:
    tiles = places()
    apart = [dist(tiles[ags], tiles[nearest_districts(ags)[0]]) for ags in tiles]
    assert max(apart) < 3
    assert sum(step < 1.5 for step in apart) >= 40
    for ags, (column, row) in tiles.items():
        for other, (column2, row2) in tiles.items():
            one, two = districts()[ags], districts()[other]
            if kilometres(one, two) > 100:
                assert dist((column, row), (column2, row2)) > 1.5
            if one.latitude - two.latitude > 0.6:
                assert row < row2
            if two.longitude - one.longitude > 1.2:
                assert column < column2


@pytest.mark.django_db
def test_the_map_is_a_drawing_that_also_speaks(admin_client: Client) -> None:
    confirmed(stored())
    answer = admin_client.get("/overview/map.svg?category=integration_management")
    assert answer["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(answer.content)
    assert "Integrationsmanagement" in drawing.findtext(f"{SVG}title", "")
    assert "bestätigt: 1, gezeigt: 0" in drawing.findtext(f"{SVG}desc", "")
    tiles = {
        title.split(" (")[0]: [text.text for text in group.iter(f"{SVG}text")]
        for group in drawing.iter(f"{SVG}g")
        if (title := group.findtext(f"{SVG}title"))
    }
    assert len(tiles) == 44
    assert tiles["Heidelberg"] == ["HD", "bestätigt"]
    assert tiles["Landkreis Konstanz"] == ["KN", "nichts"]
    assert not list(drawing.iter(f"{SVG}style"))


@pytest.mark.django_db
def test_the_map_is_a_picture_whose_colours_follow_the_levels(admin_client: Client) -> None:
    answer = admin_client.get("/overview/map.png?category=trauma_consultation")
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size[0] > 1000
    colours = {}
    for level in Level:
        drawing = draw("Angebot", dict.fromkeys(districts(), level), timezone.localdate())
        picture = Image.open(io.BytesIO(as_png(drawing)))
        tile = next(group.boxes[0] for group in drawing.groups if group.title)
        colours[level] = picture.getpixel((2 * tile.x + 8, 2 * tile.y + 8))
    assert len(set(colours.values())) == len(Level)


@pytest.mark.parametrize("level", Level)
def test_letters_on_tiles_are_easy_to_read(level: Level) -> None:
    drawing = draw("Angebot", dict.fromkeys(districts(), level), timezone.localdate())
    tile = next(group for group in drawing.groups if group.title)
    bright, dark = sorted((luminance(tile.boxes[0].fill), luminance(tile.texts[0].fill)), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """After WCAG 2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.django_db
def test_the_maps_page_says_the_same_in_words(admin_client: Client) -> None:
    stored(category="trauma_consultation")
    answer = admin_client.get("/overview/map/?category=trauma_consultation")
    page = answer.content.decode()
    assert "<svg" in page
    assert "/overview/map.png?category=trauma_consultation" in page
    words = dict(answer.context["words"])
    assert words[Level.SHOWN] == ["Heidelberg"]
    assert len(words[Level.NONE]) == 43


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["map/?category=x", "map.svg?category=x", "map.gif", "table.pdf", "funding.pdf"]
)
def test_what_does_not_exist_is_not_found(admin_client: Client, address: str) -> None:
    assert admin_client.get(f"/overview/{address}").status_code == 404


# Who may see it


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_all_staff_see_it_and_nobody_else(client: Client, django_user_model: Any, address: str) -> None:
    assert client.get(address)["Location"] == f"/admin/login/?next={address}"
    client.force_login(django_user_model.objects.create_user("somebody"))
    assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_entries_are_linked_for_those_who_may_open_them(client: Client, django_user_model: Any) -> None:
    stored()
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    client.force_login(viewer)
    link = "serviceatlocation/?district="
    assert link not in client.get("/overview/").content.decode()
    viewer.user_permissions.add(Permission.objects.get(codename="view_serviceatlocation"))
    assert link in client.get("/overview/").content.decode()


@pytest.mark.django_db
def test_the_sidebar_leads_to_the_overview_and_to_what_one_may_open(
    client: Client, admin_client: Client, django_user_model: Any
) -> None:
    links = ("/overview/", "/overview/map/", "/overview/funding/", "/admin/services_directory/service/")
    page = admin_client.get("/admin/").content.decode()
    assert all(f'href="{link}"' in page for link in links)
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    page = client.get("/admin/").content.decode()
    assert [f'href="{link}"' in page for link in links] == [True, True, True, False]


@pytest.mark.django_db
def test_the_pages_may_load_what_the_theme_needs(admin_client: Client) -> None:
    policy = admin_client.get("/overview/")["Content-Security-Policy"]
    assert policy == admin_client.get("/admin/")["Content-Security-Policy"]
