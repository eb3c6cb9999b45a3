"""What a zipped workbook may cost, found out by reading it piece by piece before anything is built from it.

What the archive declares is never trusted: parts are unfolded in small pieces, counted, and thrown away.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Remark
from cv_desktop.domain.text import NBSP, counted, quote

# Ten thousand lines of forty columns unfold into 25 MB.
MAX_UNFOLDED_BYTES = 300_000_000
# A reader keeps the whole rectangle from the first cell to the last, blank ones too.
MAX_CELLS = 12_000_000
MAX_COLUMNS = 500
_MAX_PARTS = 5_000
_PIECE = 1 << 20
# Sheets unfold into ten to fifty times their size, bombs into a thousand.
_MAX_RATIO = 300
_ALWAYS_FAIR = 20_000_000
_XLSX, _ODS, _XLSB = "xl/workbook.xml", "content.xml", "xl/workbook.bin"
_READ = re.compile(r"xl/(?:workbook|sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml|content\.xml", re.IGNORECASE)
_DECLARATION = (b"<!DOCTYPE", b"<!ENTITY")
_ASTRIDE, _HEAD = 8, 4096
# A cell far from the others; only then is every filled cell looked at.
_FAR = re.compile(rb" r=[\"'](?:[A-Z]{1,3}\d{6}|[A-Z]{1,3}[2-9]\d{4}|(?:[A-Z]{3}|[D-Z][A-Z])\d)")
_FILLED = re.compile(rb"<(?:\w+:)?c\s[^<>]*?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]*(?<!/)>")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s[^<>]*?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]*>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HIDDEN = re.compile(rb"<(?:\w+:)?row\s(?=[^<>]*\bhidden=[\"'](?:1|true))[^<>]*?\br=[\"'](\d{1,7})[\"'][^<>]*(?<!/)>")
_FAILED = re.compile(rb"<(?:\w+:)?c\s(?=[^<>]*t=[\"']e[\"'])[^<>]*?r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_REPEATED_ROW = re.compile(
    rb"<table:table-row\b[^<>]*number-rows-repeated=\"(\d+)\"[^<>]*(?<!/)>(.*?)</table:table-row>", re.DOTALL
)
_REPEATED_CELL = re.compile(rb"<table:table-cell\b(?=[^<>]*value-type)[^<>]*number-columns-repeated=\"(\d+)\"")
_ENDS = (b"</c>", b"</row>", b"</table:table-row>")
_SHOWN = 200

PROTECTED = "Ce fichier est protégé par un mot de passe. Retirez le mot de passe dans le tableur, puis recommencez."
BROKEN = "Ce fichier est incomplet ou abîmé. Téléchargez-le de nouveau."
NOT_A_SHEET = "Ce fichier n’est pas un tableur. Choisissez un fichier xlsx, xls, ods ou csv."
TOO_BIG = "Ce fichier est trop grand une fois ouvert. Partagez-le en plusieurs fichiers."
TOO_LONG = (
    "Ce fichier a trop de lignes pour être lu d’un coup. Partagez-le en plusieurs fichiers, par exemple par année."
)
TOO_WIDE = f"Une feuille a plus de {MAX_COLUMNS} colonnes{NBSP}: ce n’est pas une liste. Retirez les colonnes en trop."
_ENTITIES = "Ce fichier contient des déclarations interdites dans un classeur. Enregistrez-le de nouveau en xlsx."


@dataclass(slots=True)
class Examined:
    """The format, « xlsx » or « ods », what is remarked on each sheet in order, and whether texts hold escapes."""

    kind: str
    remarks: list[list[Remark]] = field(default_factory=list)
    escapes: bool = False


def examine(path: Path) -> Examined:
    """What a zipped workbook is, without opening it.

    Raises UserError when it is protected, damaged, no spreadsheet, or would take too much room once unfolded.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            examined = Examined(_kind(archive, names, path))
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED_BYTES * 2:
                raise UserError(TOO_BIG)
            left = MAX_UNFOLDED_BYTES
            remarks: dict[str, list[Remark]] = {}
            for part in parts:
                if part.flag_bits & 1:
                    raise UserError(PROTECTED)
                if _READ.fullmatch(part.filename):
                    scan = _Scan(archive, part, examined.kind, left)
                    left -= scan.size
                    remarks[part.filename] = scan.remarks
                    examined.escapes = examined.escapes or scan.escapes
            if examined.kind == "xlsx":
                examined.remarks = [remarks.get(name, []) for name in _sheet_parts(archive, names)]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise UserError(BROKEN) from None
    return examined


def _sheet_parts(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    """The part of each sheet, in the order of the workbook."""
    links = "xl/_rels/workbook.xml.rels"
    if links not in names:
        return []
    targets = {}
    for link in re.findall(rb"<(?:\w+:)?Relationship\s[^<>]*>", archive.read(links)):
        found = dict(re.findall(rb"(\w+)=[\"']([^\"']*)[\"']", link))
        target = found.get(b"Target", b"").decode(errors="replace").lstrip("/")
        targets[found.get(b"Id", b"")] = target if target.startswith("xl/") else f"xl/{target}"
    book = archive.read(_XLSX)
    ids = re.findall(rb"<(?:\w+:)?sheet\s[^<>]*?\w+:id=[\"']([^\"']*)[\"']", book)
    return [targets.get(key, "") for key in ids]


def _kind(archive: zipfile.ZipFile, names: set[str], path: Path) -> str:
    if _XLSB in names:
        raise UserError(f"Le format xlsb n’est pas lu. Enregistrez ce fichier en xlsx{NBSP}: {quote(path.name)}.")
    if _XLSX not in names and _ODS not in names:
        raise UserError(NOT_A_SHEET)
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as part:
            if b"encryption-data" in part.read(_PIECE):
                raise UserError(PROTECTED)
    return "xlsx" if _XLSX in names else "ods"


class _Scan:
    """One part unfolded in pieces: its size, and what is remarked in it. Raises UserError past the limits."""

    def __init__(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo, kind: str, left: int) -> None:
        self.size = 0
        self.remarks: list[Remark] = []
        self.escapes = False
        hidden: list[int] = []
        is_sheet = kind == "xlsx" and part.filename.lower().startswith("xl/worksheets/")
        far = 0
        end = b""
        prefixed = False
        for piece in _pieces(archive, part):
            self.size += len(piece)
            if self.size > left or self.size > max(_ALWAYS_FAIR, part.compress_size * _MAX_RATIO):
                raise UserError(TOO_BIG)
            # One byte is looked for ten times quicker than a word, and most sheets have none of these two.
            if b"!" in piece and any(word in piece for word in _DECLARATION):
                raise UserError(_ENTITIES)
            # A declaration may also lie astride two pieces.
            if any(word in end + piece[:_ASTRIDE] for word in _DECLARATION):
                raise UserError(_ENTITIES)
            end = piece[-_ASTRIDE:]
            self.escapes = self.escapes or (b"_" in piece and b"_x00" in piece)
            if is_sheet:
                if _FAR.search(piece):
                    far = max(far, _reach(piece))
                if len(self.remarks) < _SHOWN:
                    # The first tag says whether the writer puts a prefix before each.
                    prefixed = prefixed or b":worksheet" in piece[:_HEAD]
                    self.remarks += _cells_without_value(piece, prefixed)
                if b"hidden=" in piece:
                    hidden += map(int, _HIDDEN.findall(piece))
            elif kind == "ods":
                _check_repeats(piece)
        if hidden:
            told = f"À partir d’ici, le tableur masque ou filtre {counted(len(hidden), 'ligne')}"
            self.remarks.append(Remark(hidden[0], f"{told}. Leur contenu est lu comme le reste."))
        if far > MAX_CELLS // MAX_COLUMNS:
            _check_extent(_pieces(archive, part))


def _reach(piece: bytes) -> int:
    """The farthest line with a value in a piece of a sheet. Raises UserError when a column is too far."""
    rows = 0
    for letters, digits in _FILLED.findall(piece):
        rows = max(rows, int(digits))
        if len(letters) > 1 and _number(letters) > MAX_COLUMNS:
            raise UserError(TOO_WIDE)
    return rows


def _check_extent(pieces: Iterator[bytes]) -> None:
    columns = rows = 1
    for piece in pieces:
        for letters, digits in _FILLED.findall(piece):
            columns, rows = max(columns, _number(letters)), max(rows, int(digits))
    if columns > MAX_COLUMNS:
        raise UserError(TOO_WIDE)
    if columns * rows > MAX_CELLS:
        raise UserError(TOO_BIG)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that never cut a cell: each ends where a cell or a row does."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            whole = rest + piece
            end = max(whole.rfind(tag) + len(tag) if tag in whole else -1 for tag in _ENDS)
            if end < 0 or len(whole) - end > _PIECE:
                # No cell ends here: a long text, or no sheet at all.
                yield whole
                rest = b""
                continue
            yield whole[:end]
            rest = whole[end:]
    if rest:
        yield rest


def _cells_without_value(piece: bytes, prefixed: bool) -> list[Remark]:
    found = []
    if (b":f" if prefixed else b"<f") in piece:
        found += [
            Remark(int(digits), "La formule n’a pas de valeur enregistrée. Ouvrez le fichier dans le tableur, "
                   "enregistrez-le, puis recommencez.", column=letters.decode())
            for letters, digits in _FORMULA.findall(piece)
        ]  # fmt: skip
    if b't="e"' in piece or (b"'" in piece and b"t='e'" in piece):
        found += [
            Remark(int(digits), "La formule donne une erreur (#REF!, #DIV/0!…).", column=letters.decode())
            for letters, digits in _FAILED.findall(piece)
        ]
    return found


def _check_repeats(piece: bytes) -> None:
    """OpenDocument writes a repeated cell or row once: small files may unfold into billions of cells."""
    repeated = sum(map(int, _REPEATED_CELL.findall(piece)))
    if any(int(count) > MAX_COLUMNS for count in _REPEATED_CELL.findall(piece)):
        raise UserError(TOO_WIDE)
    for count, inside in _REPEATED_ROW.findall(piece):
        if b"value-type" in inside:
            cells = inside.count(b"value-type") + sum(map(int, _REPEATED_CELL.findall(inside)))
            repeated += int(count) * cells
    if repeated > MAX_CELLS // 4:
        raise UserError(TOO_BIG)


def _number(letters: bytes) -> int:
    """27 for « AA »."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
