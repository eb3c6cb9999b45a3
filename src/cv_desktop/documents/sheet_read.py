"""Opens a list, whatever its kind: xlsx, xls, ods, CSV, JSON or a table of a web page in, plain tables out.

What the file is gets decided by its first bytes, not by its name, which people change.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from cv_desktop.documents import archive
from cv_desktop.documents.archive import (
    BROKEN,
    MAX_COLUMNS,
    NOT_A_SHEET,
    PROTECTED,
    TOO_BIG,
    TOO_LONG,
    TOO_WIDE,
    Examined,
)
from cv_desktop.documents.csv_read import MAX_LINES, MAX_VALUES, read_csv
from cv_desktop.documents.given_file import CLOSE_IT, given
from cv_desktop.documents.html_read import read_html
from cv_desktop.documents.json_read import read_json
from cv_desktop.domain.bulk import in_bulk
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Opened, Remark, Sheet, Span
from cv_desktop.domain.text import NBSP, counted, quote

# Ten thousand applications with their budgets weigh about 5 MB.
MAX_BYTES = 60_000_000
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".json", ".geojson"})
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"{\\rtf")
_HEAD = 2048
# What Excel 2003 wrote as XML, a page kept with its pictures, a flat OpenDocument.
_OLD_KINDS = (b"urn:schemas-microsoft-com:office:spreadsheet", b"MIME-Version:", b"urn:oasis:names:tc:opendocument")
_SAVE_AGAIN = (
    "Ce classeur est dans un format ancien, qui n’est pas lu. Ouvrez-le dans le tableur et enregistrez-le en xlsx."
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_workbook(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook, in order, every line from the first on; a CSV gives one sheet.

    Raises as ``open_list`` does.
    """
    return list(open_list(path).sheets)


@in_bulk()
def open_list(path: Path) -> Opened:
    """A file opened whole, with its format, its encoding, and what had to be mended to read it.

    Raises UserError when the file is missing, protected, too big, empty, or no list, and Unavailable when the machine
    refuses to give it.
    """
    content = _content(path)
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        opened = _workbook(path, archive.examine(path))
    elif content.startswith(_OLE):
        if _ENCRYPTED_STREAM in content:
            raise UserError(PROTECTED)
        opened = _workbook(path, Examined("xls"))
    elif content.startswith(_OTHER_KINDS):
        raise UserError(NOT_A_SHEET)
    elif _is_page(content):
        if any(sign in content[:_HEAD] for sign in _OLD_KINDS):
            raise UserError(_SAVE_AGAIN)
        opened = read_html(content, path.stem)
    elif _is_json(content, path):
        opened = read_json(content, path.stem)
    elif path.suffix.lower() in _TEXT_SUFFIXES or _is_text(content):
        opened = read_csv(content, path.stem)
    else:
        raise UserError(NOT_A_SHEET)
    if not any(cell not in ("", None) for sheet in opened.sheets for row in sheet.rows for cell in row):
        raise UserError("Ce fichier est vide.")
    for sheet in opened.sheets:
        _check_width(sheet)
    if sum(len(sheet.rows) for sheet in opened.sheets) > MAX_LINES:
        filled = sum(any(map(_holds, row)) for sheet in opened.sheets for row in sheet.rows)
        if filled > 2 * MAX_LINES:
            raise UserError(TOO_LONG)
    return opened


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise UserError(f"{quote(path.name)} est un dossier. Choisissez un fichier.")
    with given(path, CLOSE_IT):
        size = path.stat().st_size
        if size > MAX_BYTES:
            megabytes = f"{size // 1_000_000}{NBSP}Mo"
            raise UserError(f"Ce fichier pèse {megabytes}, le maximum est {MAX_BYTES // 1_000_000}{NBSP}Mo.")
        content = path.read_bytes()
    if not content.strip() or content.strip() in _MARKS:
        raise UserError("Ce fichier est vide.")
    return content


def _is_json(content: bytes, path: Path) -> bool:
    start = content[:64].removeprefix(_MARKS[0]).replace(b"\0", b"").removeprefix(b"\xff\xfe").lstrip()
    return start[:1] == b"{" or start[:1] == b"[" or path.suffix.lower() in (".json", ".geojson")


def _is_page(content: bytes) -> bool:
    start = content[:_HEAD].replace(b"\0", b"").removeprefix(_MARKS[0]).lstrip(b"\xff\xfe \t\r\n").lower()
    return start.startswith((b"<", b"mime-version:"))


def _is_text(content: bytes) -> bool:
    """Whether a file under a wrong name is a text that parts values."""
    sample = content[:4096]
    return b"\0" not in sample and any(sign in sample for sign in (b";", b"\t", b",")) and b"\n" in sample


def _check_width(sheet: Sheet) -> None:
    widest = 0
    for row in sheet.rows:
        if len(row) > MAX_COLUMNS and len(row) > widest:
            filled = next((at for at in range(len(row), 0, -1) if row[at - 1] not in ("", None)), 0)
            widest = max(widest, filled)
    if widest > MAX_COLUMNS:
        raise UserError(TOO_WIDE)


def _workbook(path: Path, examined: Examined) -> Opened:
    sheets: list[Sheet] = []
    told: list[Remark] = []
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for index, meta in enumerate(workbook.sheets_metadata):
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                page = workbook.get_sheet_by_name(meta.name)
                if meta.visible != SheetVisibleEnum.Visible:
                    _check_room(page)
                    told += _hidden(meta.name, page)
                    continue
                _check_room(page)
                rows = page.to_python(skip_empty_area=False)
                if examined.escapes:
                    _clean(rows, meta.name, told)
                sheets.append(Sheet(meta.name, rows, _merged(page)))
                remarks = examined.remarks[index] if index < len(examined.remarks) else ()
                told += [Remark(one.line, one.message, meta.name, one.column) for one in remarks]
    except PasswordError:
        raise UserError(PROTECTED) from None
    except (CalamineError, OverflowError, ValueError):
        raise UserError(BROKEN) from None
    return Opened(tuple(sheets), examined.kind, "", tuple(told))


def _holds(cell: Any) -> bool:
    return cell not in ("", None) and not (isinstance(cell, str) and cell.isspace())


def _check_room(page: Any) -> None:
    """Raises UserError for a sheet with more lines or values than a list has; blank ones do not count."""
    if page.height <= MAX_LINES and page.height * page.width <= MAX_VALUES:
        return
    lines = values = 0
    for row in page.iter_rows():
        filled = sum(map(_holds, row))
        values += filled
        lines += bool(filled)
        if lines > MAX_LINES:
            raise UserError(TOO_LONG)
        if values > MAX_VALUES:
            raise UserError(TOO_BIG)


def _hidden(name: str, page: Any) -> list[Remark]:
    filled = sum(any(cell not in ("", None) for cell in row) for row in page.to_python())
    what = f"La feuille masquée {quote(name)} n’est pas lue{NBSP}: {counted(filled, 'ligne')}."
    return [Remark(0, what, name)] if filled else []


def _clean(rows: list[list[Any]], name: str, told: list[Remark]) -> None:
    for line, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, str) and _CONTROLS.search(cell):
                row[at] = _CONTROLS.sub("", cell)
                told.append(Remark(line, "Des caractères de contrôle, invisibles, ont été retirés.", name))


def _merged(page: Any) -> tuple[Span, ...]:
    """What the sheet says is merged, inside the lines and columns it has."""
    height, width = page.height + page.start[0] if page.start else 0, page.width + page.start[1] if page.start else 0
    found = []
    for (top, left), (bottom, right) in page.merged_cell_ranges or ():
        if top < height and left < width and (bottom > top or right > left):
            found.append(Span(top, left, min(bottom, height - 1), min(right, width - 1)))
    return tuple(found[:100_000])
