"""Workbooks a French spreadsheet program opens rightly: real numbers, real dates, no formula from outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

Kind = Literal["text", "euros", "count", "decimal", "percent", "date"]

# Formats are written in the notation of the file, which is American; a French program shows 1 234,50 €.
_FORMATS: dict[str, str] = {
    "text": "@",
    "euros": "#,##0.00\u00a0[$€-40C]",
    "count": "#,##0",
    "decimal": "#,##0.0",
    "percent": "0.0\u00a0%",
    "date": "dd/mm/yyyy",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNDATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format has no zone; same rows, same bytes
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_CELL_LIMIT = 32767
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading, what its values are, its width in signs.

    ``euros`` takes int cents, ``percent`` a share (0.8 for 80 %), ``date`` a date; None leaves the cell empty.
    """

    title: str
    kind: Kind = "text"
    width: float = 14.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook; ``sums`` names the columns that a last line adds up, following the filters."""

    title: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[object]]
    sums: tuple[str, ...] = ()


def decisions_workbook(columns: Sequence[SheetColumn], rows: Sequence[Sequence[object]], *, title: str) -> bytes:
    """An xlsx of one sheet named ``title``: frozen header, filters, A4 landscape, header on every printed page.

    Same columns and rows, same bytes. Raises ValueError when a row has not as many values as there are columns.
    """
    return workbook([Sheet(title, columns, rows)], title=title)


def workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """An xlsx of several sheets, each as ``decisions_workbook`` makes its one; same sheets, same bytes."""
    book = Workbook()
    book.properties.title = title
    book.properties.creator = "CV Desktop"
    book.properties.language = "fr-FR"
    book.properties.created = UNDATED
    book.remove(book.active)
    for each in sheets:
        _fill(book.create_sheet(_named(each.title)), each)
    buffer = BytesIO()
    book.save(buffer)
    return repacked(buffer.getvalue())


def _named(title: str) -> str:
    """The name of a sheet, of 31 signs at most: a longer one ends with a whole word."""
    name = _SHEET_NAME.sub(" ", title).strip()
    if len(name) > 31:
        name = f"{' '.join(name[:31].split(' ')[:-1]) or name[:30]}…"
    return name or "Feuille"


def _fill(sheet: Any, asked: Sheet) -> None:
    _header(sheet, asked.columns)
    top = Alignment(vertical="top")
    wrapped = Alignment(vertical="top", wrap_text=True)
    for number, row in enumerate(asked.rows, 2):
        for index, (column, value) in enumerate(zip(asked.columns, row, strict=True), 1):
            if value is None or value == "":
                continue  # an empty text would count as filled
            cell = sheet.cell(number, index)
            _write(cell, column.kind, value)
            cell.alignment = wrapped if column.kind == "text" else top
    _print_setup(sheet, asked.columns, len(asked.rows))
    last = len(asked.rows) + 1
    if asked.sums and asked.rows:
        write_text(sheet.cell(last + 1, 2), "Total")
    for index, column in enumerate(asked.columns, 1):
        if column.title in asked.sums and asked.rows:
            letter = get_column_letter(index)
            cell = sheet.cell(last + 1, index, f"=SUBTOTAL(109,{letter}2:{letter}{last})")
            cell.number_format, cell.font = _FORMATS[column.kind], Font(bold=True)


def write_text(cell: Any, text: str) -> None:
    """Put a text in a cell, whatever it looks like: « =… » stays a text, also when somebody edits it."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)[:_CELL_LIMIT]
    cell.value = kept
    # openpyxl takes « =… » for a formula: the type is said again.
    cell.data_type = "s"
    cell.number_format = _FORMATS["text"]
    if kept.startswith(_FORMULA):
        cell.quotePrefix = True


def _write(cell: Any, kind: Kind, value: object) -> None:
    if isinstance(value, str) or kind == "text":
        write_text(cell, str(value))
        if kind != "text":
            cell.number_format = "General"
        return
    cell.value = _VALUES[kind](value)
    cell.number_format = _FORMATS[kind]


def _number(value: object) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, (int, float, Decimal)):
        return Decimal(str(value))
    raise TypeError(f"not a number: {value!r}")


def _cents(value: object) -> Decimal:
    return _number(value) / 100


def _whole(value: object) -> int:
    return int(_number(value))


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise TypeError(f"not a date: {value!r}")


_VALUES: dict[str, Callable[[object], object]] = {
    "euros": _cents,
    "count": _whole,
    "decimal": _number,
    "percent": _number,
    "date": _day,
}


def _header(sheet: Any, columns: Sequence[SheetColumn]) -> None:
    fill = PatternFill("solid", fgColor="0F5C73")
    font = Font(bold=True, color="FFFFFF")
    rule = Border(bottom=Side(style="medium", color="0B495C"))
    for index, column in enumerate(columns, 1):
        cell = sheet.cell(1, index)
        _write(cell, "text", column.title)
        cell.font, cell.fill, cell.border = font, fill, rule
        side = "left" if column.kind == "text" else "right"
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.row_dimensions[1].height = 30


def _print_setup(sheet: Any, columns: Sequence[SheetColumn], count: int) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(columns)))}{count + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "&P/&N"


def repacked(data: bytes) -> bytes:
    """The same archive without the time it was written."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{UNDATED:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()
