"""Workbooks read back by two readers."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from cv_desktop.documents.sheet_write import SheetColumn, decisions_workbook

COLUMNS = (
    SheetColumn("N°", width=15),
    SheetColumn("Structure", width=40),
    SheetColumn("Attribué", "euros"),
    SheetColumn("Part", "percent"),
    SheetColumn("Note", "decimal"),
    SheetColumn("Habitants", "count"),
    SheetColumn("Séance", "date"),
)
ROWS = (
    ("FIA-2026-0009", "Cultivons le Circé", 240_000, Fraction(4, 5), 71.5, 120, date(2026, 2, 26)),
    ("FIA-2026-0010", "=1+2", 123_456_789, 0.8, 3, 12, date(2026, 2, 26)),
    ("FIA-2026-0011", "@SUM(A1)", -5, None, None, None, None),
    ("FIA-2026-0012", "+33 1 99 00 12 34", None, None, None, None, None),
    ("FIA-2026-0013", "-12 <b> & \x07", None, None, None, None, None),
    ("FIA-2026-0014", "\t=A1", None, None, None, None, None),
)


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    data = decisions_workbook(COLUMNS, ROWS, title="Décisions FIA 2026")
    (header, first, second, *_) = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert header == [column.title for column in COLUMNS]
    assert first == ["FIA-2026-0009", "Cultivons le Circé", 2400, 0.8, 71.5, 120, date(2026, 2, 26)]
    assert second[2] == 1_234_567.89
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    assert sheet.title == "Décisions FIA 2026"
    assert sheet["C2"].value == 2400
    assert sheet["C2"].number_format == "#,##0.00\u00a0[$€-40C]"
    assert sheet["G2"].value == datetime(2026, 2, 26)  # noqa: DTZ001
    assert sheet["G2"].number_format == "dd/mm/yyyy"


def test_text_that_looks_like_a_formula_stays_text() -> None:
    data = decisions_workbook(COLUMNS, ROWS, title="Décisions")
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    for cell, text in (("B3", "=1+2"), ("B4", "@SUM(A1)"), ("B5", "+33 1 99 00 12 34"), ("B7", "\t=A1")):
        assert sheet[cell].data_type == "s"
        assert sheet[cell].value == text
        assert sheet[cell].quotePrefix
    assert sheet["B6"].value == "-12 <b> & "
    assert not sheet["B2"].quotePrefix
    assert b"<f>" not in ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_a_heading_that_looks_like_a_formula_stays_text() -> None:
    sheet = load_workbook(BytesIO(decisions_workbook([SheetColumn("=A2")], [], title="x"))).active
    assert sheet is not None
    assert sheet["A1"].data_type == "s"


def test_the_sheet_is_ready_to_be_filtered_and_printed() -> None:
    sheet = load_workbook(BytesIO(decisions_workbook(COLUMNS, ROWS, title="Décisions"))).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G7"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.column_dimensions["B"].width == 40


def test_the_same_rows_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = decisions_workbook(COLUMNS, ROWS, title="Décisions")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert decisions_workbook(COLUMNS, ROWS, title="Décisions") == first
    stamps = {entry.date_time for entry in ZipFile(BytesIO(first)).infolist()}
    assert stamps == {(1980, 1, 1, 0, 0, 0)}
    properties = load_workbook(BytesIO(first)).properties
    assert properties.modified == properties.created == datetime(2000, 1, 1)  # noqa: DTZ001


def test_a_title_no_sheet_may_bear_is_mended() -> None:
    book = load_workbook(BytesIO(decisions_workbook(COLUMNS, ROWS, title="FIA 2026 : lot 1/2 [provisoire] du mois")))
    assert book.sheetnames == ["FIA 2026   lot 1 2  provisoire…"]


def test_a_long_title_ends_with_a_whole_word() -> None:
    for title, name in (
        ("Liste d’attente du 15\u00a0avril 2026", "Liste d’attente du 15\u00a0avril…"),
        ("x" * 40, "x" * 30 + "…"),
        ("y" * 31, "y" * 31),
    ):
        book = load_workbook(BytesIO(decisions_workbook([SheetColumn("A")], [], title=title)))
        assert book.sheetnames == [name]


def test_a_row_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        decisions_workbook(COLUMNS, [("FIA",)], title="x")
