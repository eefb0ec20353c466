"""Sharing out an amount: the method on its own, and the page with its files."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from console.overview.funding import MAX_CENTS, AmountError, cents_of, shares
from console.overview.tables import german
from gazetteer.districts import districts

AMOUNTS = st.integers(0, MAX_CENTS)
WEIGHTS = st.dictionaries(
    st.text(min_size=1, max_size=5), st.integers(0, 10**7), min_size=1, max_size=60
).filter(lambda weights: sum(weights.values()) > 0)
PAGE = "/overview/funding/"


# The method


@given(AMOUNTS, WEIGHTS)
def test_the_shares_add_up_to_the_amount_and_nobody_is_a_cent_away_from_the_exact_share(
    cents: int, weights: dict[str, int]
) -> None:
    found = shares(cents, weights)
    total = sum(weights.values())
    assert sum(found.values()) == cents
    assert list(found) == list(weights)
    assert all(abs(found[key] - Fraction(cents * weights[key], total)) < 1 for key in weights)


@given(AMOUNTS, WEIGHTS)
def test_a_larger_weight_never_gets_less_and_none_gets_nothing(cents: int, weights: dict[str, int]) -> None:
    found = shares(cents, weights)
    by_weight = sorted(weights, key=lambda key: (weights[key], found[key]))
    assert [found[key] for key in by_weight] == sorted(found.values())
    assert all(found[key] == 0 for key in weights if weights[key] == 0)


@given(AMOUNTS, WEIGHTS, st.randoms())
def test_the_order_of_the_weights_does_not_matter(
    cents: int, weights: dict[str, int], chance: Random
) -> None:
    shuffled = list(weights.items())
    chance.shuffle(shuffled)
    assert shares(cents, dict(shuffled)) == shares(cents, weights)


@given(st.integers(0, MAX_CENTS - 1), WEIGHTS)
def test_one_cent_more_changes_no_share_by_more_than_a_cent(cents: int, weights: dict[str, int]) -> None:
    less, more = shares(cents, weights), shares(cents + 1, weights)
    assert all(abs(more[key] - less[key]) <= 1 for key in weights)


@pytest.mark.parametrize(
    ("cents", "weights", "expected"),
    [
        (100, {"b": 1, "a": 1, "c": 1}, {"b": 33, "a": 34, "c": 33}),
        (1, {"small": 1, "large": 3}, {"small": 0, "large": 1}),
        # Both remainders are a half: the larger one first.
        (2, {"a": 1, "b": 3}, {"a": 0, "b": 2}),
        (10, {"a": 7, "b": 0}, {"a": 10, "b": 0}),
        (0, {"a": 1, "b": 2}, {"a": 0, "b": 0}),
    ],
)
def test_what_is_left_goes_to_the_largest_remainders(
    cents: int, weights: dict[str, int], expected: dict[str, int]
) -> None:
    assert shares(cents, weights) == expected


@pytest.mark.parametrize(
    ("cents", "weights"), [(-1, {"a": 1}), (1, {}), (1, {"a": 0}), (1, {"a": -1, "b": 2})]
)
def test_what_cannot_be_shared_out_is_an_error(cents: int, weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="shared out"):
        shares(cents, weights)


# Reading an amount


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("8.000.000", 800_000_000),
        ("8000000", 800_000_000),
        (" 8\u00a0000\u202f000,00 € ", 800_000_000),
        ("€ 1.250,5", 125_050),
        ("0,01 Euro", 1),
        ("1'000 EUR", 100_000),
        ("0", 0),
        ("007", 700),
        ("9.999.999.999.999,99", MAX_CENTS),
    ],
)
def test_amounts_are_read_as_they_are_written_in_german(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@given(AMOUNTS)
def test_every_amount_is_read_as_it_is_shown(cents: int) -> None:
    assert cents_of(german(Decimal(cents).scaleb(-2))) == cents


WRONG = [
    ("", "Bitte einen Betrag eingeben"),
    (" € ", "Bitte einen Betrag eingeben"),
    ("-5", "nicht negativ"),
    ("− 5 €", "nicht negativ"),
    ("acht Millionen", "in Ziffern"),
    ("1,234", "höchstens zwei Stellen"),
    ("8,000,000", "in Ziffern"),
    ("8000000.50", "in Ziffern"),
    ("80.00", "in Ziffern"),
    ("8 00", "in Ziffern"),
    ("1,", "in Ziffern"),
    ("1e6", "in Ziffern"),
    ("5€5", "in Ziffern"),
    ("٣", "in Ziffern"),
    ("10.000.000.000.000", "zu groß"),
]


@pytest.mark.parametrize(("text", "complaint"), WRONG)
def test_what_is_no_amount_is_refused_in_plain_german(text: str, complaint: str) -> None:
    with pytest.raises(AmountError, match=complaint):
        cents_of(text)


# The page


@pytest.mark.django_db
def test_the_page_shares_out_eight_million_unless_told_otherwise(admin_client: Client) -> None:
    page = admin_client.get(PAGE).content.decode()
    assert "8.000.000,00 € für 44 Stadt- und Landkreise" in page
    assert page.count('<th scope="row">') == 45
    assert "31.12.2018" in page
    assert "Destatis" in page
    assert "Hare-Niemeyer" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "complaint"), [*WRONG, ("1" * 41, "höchstens 40 Zeichen"), ('"><b>', "in Ziffern")]
)
def test_a_wrong_amount_stays_in_its_field_with_the_reason_beside_it(
    admin_client: Client, text: str, complaint: str
) -> None:
    answer = admin_client.get(PAGE, {"amount": text})
    page = answer.content.decode()
    assert complaint in page
    assert 'aria-describedby="id_amount_error"' in page
    assert 'id="id_amount_error"' in page
    assert "<tbody>" not in page
    assert answer.context["form"]["amount"].value() == text
    assert "<b>" not in page
    back = admin_client.get("/overview/funding.csv", {"amount": text}, follow=True)
    assert complaint in back.content.decode()
    assert back.context["form"]["amount"].value() == text


@pytest.mark.django_db
def test_the_csv_is_one_a_german_spreadsheet_reads(admin_client: Client) -> None:
    answer = admin_client.get("/overview/funding.csv", {"amount": "1.000.000,01"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer["Content-Disposition"]
    header, *rows, total = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert header == ["AGS", "Kreis", "Einwohner", "Einwohner am", "Anteil in Prozent", "Betrag in Euro"]
    assert len(rows) == 44
    assert rows[0][:4] == ["08111", "Stuttgart", "634830", "31.12.2018"]
    assert sum(Decimal(row[-1].replace(",", ".")) for row in rows) == Decimal("1000000.01")
    assert total[-1] == "1000000,01"


@pytest.mark.django_db
def test_the_xlsx_has_numbers_and_says_what_it_is(admin_client: Client) -> None:
    answer = admin_client.get("/overview/funding.xlsx", {"amount": "9.999.999.999.999,99"})
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book["Tabelle"].iter_rows(min_row=2, max_row=45))
    assert sum(Decimal(str(row[5].value)) for row in rows) == Decimal("9999999999999.99")
    assert [cell.number_format for cell in rows[0]][2:] == ["#,##0", "DD.MM.YYYY", "#,##0.000", "#,##0.00"]
    assert {row[0].value: row[2].value for row in rows} == {k: d.population for k, d in districts().items()}
    assert "Destatis" in str(dict(book["Angaben"].iter_rows(values_only=True))["Quelle der Einwohnerzahlen"])


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(client: Client) -> None:
    for address in (PAGE, "/overview/funding.csv", "/overview/funding.xlsx"):
        assert client.get(address)["Location"].startswith("/admin/login/?next=/overview/funding")
