"""Opens a spreadsheet, whatever its kind: xlsx, xls, ods or CSV in, plain tables out.

What the file is gets decided by its first bytes, not by its name, which people change.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from cv_desktop.documents.csv_read import read_csv
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.sheets import Sheet
from cv_desktop.domain.text import NBSP, quote

# Ten thousand applications with their budgets weigh about 5 MB.
MAX_BYTES = 60_000_000
# A small archive may unfold into gigabytes.
MAX_UNFOLDED_BYTES = 800_000_000
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})

_PROTECTED = "Ce fichier est protégé par un mot de passe. Retirez le mot de passe dans le tableur, puis recommencez."
_NOT_A_SHEET = f"Ce fichier n’est pas un tableur. Choisissez un fichier xlsx, xls, ods ou csv{NBSP}: {{name}}."
_BROKEN = "Ce fichier est incomplet ou abîmé. Téléchargez-le de nouveau."


def read_workbook(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook, in order, every line from the first on; a CSV gives one sheet.

    Raises UserError when the file is missing, protected, too big, empty, or no spreadsheet, and Unavailable when
    the machine refuses to give it.
    """
    content = _content(path)
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        _check_archive(path)
        sheets = _sheets(path)
    elif content.startswith(_OLE):
        if _ENCRYPTED_STREAM in content:
            raise UserError(_PROTECTED)
        sheets = _sheets(path)
    elif path.suffix.lower() in _TEXT_SUFFIXES:
        sheets = [read_csv(content, path.stem)]
    else:
        raise UserError(_NOT_A_SHEET.format(name=quote(path.name)))
    if not any(cell not in ("", None) for sheet in sheets for row in sheet.rows for cell in row):
        raise UserError("Ce fichier est vide.")
    return sheets


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise UserError(f"{quote(path.name)} est un dossier. Choisissez un fichier.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            megabytes = f"{size // 1_000_000}{NBSP}Mo"
            raise UserError(f"Ce fichier pèse {megabytes}, le maximum est {MAX_BYTES // 1_000_000}{NBSP}Mo.")
        content = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"Le fichier {quote(path.name)} est introuvable. A-t-il été déplacé{NBSP}?") from None
    except OSError:
        message = f"Le fichier {quote(path.name)} ne peut pas être lu. Fermez le tableur ou vérifiez vos droits."
        raise Unavailable(message) from None
    if not content.strip():
        raise UserError("Ce fichier est vide.")
    return content


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in parts else b""
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        raise UserError(_BROKEN) from None
    if not _WORKBOOK_PARTS & parts.keys():
        raise UserError(_NOT_A_SHEET.format(name=quote(path.name)))
    if b"encryption-data" in manifest:
        raise UserError(_PROTECTED)
    if sum(parts.values()) > MAX_UNFOLDED_BYTES:
        raise UserError("Ce fichier est trop grand une fois ouvert. Partagez-le en plusieurs fichiers.")


def _sheets(path: Path) -> list[Sheet]:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return [
                Sheet(meta.name, workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False))
                for meta in workbook.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
            ]
    except PasswordError:
        raise UserError(_PROTECTED) from None
    except CalamineError:
        raise UserError(_BROKEN) from None
