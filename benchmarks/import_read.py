"""Seconds to read and check a workbook of 10 000 applications, against calamine's bare reading of it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from cv_desktop.documents.sheet_read import read_workbook
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.services import vocabulary

EXAMPLE = Path(__file__).parents[1] / "resources" / "demo" / "depots_fia_2026.xlsx"
APPLICATIONS = 10_000


def enlarge(path: Path) -> None:
    """The example repeated under new numbers until it holds APPLICATIONS lines on its first sheet."""
    book = openpyxl.Workbook(write_only=True)
    for sheet in read_workbook(EXAMPLE):
        page = book.create_sheet(sheet.name)
        page.append(sheet.rows[0])
        for repeat in range(-(-APPLICATIONS // 42)):
            for number, *cells in sheet.rows[1:]:
                index = repeat * 42 + int(number) - 20_170_000
                if index < APPLICATIONS:
                    page.append([30_000_000 + index, *cells])
    book.save(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "depots.xlsx"
        enlarge(path)
        start = time.perf_counter()
        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name).to_python()
        bare = time.perf_counter() - start
        start = time.perf_counter()
        sheets = read_workbook(path)
        opened = time.perf_counter() - start
        intake = read_deposits(sheets, vocabulary.deposits(), {})
        whole = time.perf_counter() - start
    print(f"{intake.rows} lines, {len(intake.deposits)} applications, {len(intake.problems)} problems")
    print(
        f"calamine alone {bare:.2f} s, opened {opened:.2f} s, read and checked {whole:.2f} s, ratio {whole / bare:.1f}"
    )


if __name__ == "__main__":
    main()
