"""Tables as files: CSV the way a German spreadsheet reads it, and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal
from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | Decimal | date | None
Table = Sequence[Sequence[Value]]
"""Rows of values; the first row is the header. A Decimal is shown with as many places as it has."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def german(value: Value) -> str:
    """The value as it is written in German: 1.234,50 and 24.12.2026."""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, int | Decimal):
        return str(format_decimal(value, format=_pattern(Decimal(value)), locale="de"))
    return value or ""


def csv_response(table: Table, name: str) -> HttpResponse:
    """A download with semicolons, decimal commas and a byte order mark; no points within numbers."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([_plain(value) for value in row] for row in table)
    return _download(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_response(table: Table, name: str, about: Mapping[str, Value]) -> HttpResponse:
    """A download with real numbers and days; what is said `about` it is on a second sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Tabelle"
    _fill(sheet, table)
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    _fill(book.create_sheet("Angaben"), list(about.items()))
    target = io.BytesIO()
    book.save(target)
    return _download(target.getvalue(), _XLSX, f"{name}.xlsx")


def _fill(sheet: Worksheet, table: Table) -> None:
    for number, row in enumerate(table, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column, value)
            if isinstance(value, int | Decimal):
                cell.number_format = _pattern(Decimal(value))
            elif isinstance(value, date):
                cell.number_format = "DD.MM.YYYY"
    for column, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _widths(table: Table) -> Iterable[int]:
    return (max(len(german(value)) for value in column) + 3 for column in zip(*table, strict=True))


def _pattern(value: Decimal) -> str:
    places = max(0, -int(value.as_tuple().exponent))
    return "#,##0" + ("." + "0" * places if places else "")


def _plain(value: Value) -> str:
    return str(value).replace(".", ",") if isinstance(value, int | Decimal) else german(value)


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
