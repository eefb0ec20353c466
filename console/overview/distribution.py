"""An amount shared out over the 44 districts by population, as a table."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from console.overview.funding import shares
from console.overview.tables import Table, Value
from gazetteer.districts import districts

POPULATION_SOURCE = "Statistisches Bundesamt (Destatis), Gemeindeverzeichnis"
METHOD = (
    "Größte Reste (Hare-Niemeyer) nach Einwohnern; bei gleichem Rest zuerst der größere Kreis, dann der AGS"
)


def distribution(cents: int) -> Table:
    """The header, a row for each district in the official order, and the sum."""
    people = {ags: district.population for ags, district in districts().items()}
    everybody, parts = sum(people.values()), shares(cents, people)
    header: list[Value] = ["AGS", "Kreis", "Einwohner", "Einwohner am", "Anteil in Prozent", "Betrag in Euro"]
    rows: list[list[Value]] = [
        [
            ags,
            district.name_de,
            district.population,
            date.fromisoformat(district.population_date),
            _percent(district.population, everybody),
            euros(parts[ags]),
        ]
        for ags, district in districts().items()
    ]
    return [header, *rows, ["", "Summe", everybody, None, _percent(1, 1), euros(sum(parts.values()))]]


def about(cents: int) -> dict[str, Value]:
    """What an amount was shared out by."""
    return {
        "Betrag in Euro": euros(cents),
        "Verfahren": METHOD,
        "Quelle der Einwohnerzahlen": POPULATION_SOURCE,
        "Berechnet am": timezone.localdate(),
    }


def population_days() -> list[date]:
    """The days the population was counted or carried forward to, the oldest first."""
    return sorted({date.fromisoformat(district.population_date) for district in districts().values()})


def euros(cents: int) -> Decimal:
    """The amount with two places."""
    return Decimal(cents).scaleb(-2)


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.001"), ROUND_HALF_UP)
