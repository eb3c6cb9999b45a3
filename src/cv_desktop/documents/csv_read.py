"""Reads a text table: its encoding and its separator are found out, never asked."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cv_desktop.documents.archive import TOO_BIG, TOO_LONG
from cv_desktop.documents.given_file import CLOSE_IT, given
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Cell, Opened, Remark, Sheet
from cv_desktop.domain.text import NBSP

_SEPARATORS = (";", "\t", ",", "|")
_SAMPLE_LINES = 200
_SAMPLE_BYTES = 1_000_000
# The register of associations of a department weighs some twenty megabytes.
MAX_STREAM_BYTES = 250_000_000
# Reading a line costs a tenth of a millisecond and two kilobytes.
MAX_LINES = 120_000
MAX_VALUES = 4_000_000
# What a sheet holds, blank lines too.
_MAX_ROWS = 1_048_576
_LONGEST_LINE = 5_000_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_CELL_LIMIT = 1_000_000
_HINT = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Encodings of one byte per sign, the likeliest first, and the signs that tell a French text from a wrong guess.
_BYTES = ("cp1252", "cp850", "mac_roman")
_FRENCH = frozenset("éèêëàâçîïôöùûüœÉÈÊÀÂÇÎÔÙÛŒ°’‘«»€–\u00a0")
_NOT_TEXT = "Ce fichier n’est pas un tableur. Choisissez un fichier xlsx, xls, ods ou csv."


def read_csv(content: bytes, name: str) -> Opened:
    """The table of a CSV or TSV, whatever its encoding and its separator.

    A line keeps its number of values: the reader of the table refuses one longer than the headers.
    Raises UserError when it is no text, or when a line cannot be decoded or cut.
    """
    text, encoding, remarks = decoded(content)
    if _CONTROLS.search(text):
        lines = text.split("\n")
        first = next(number for number, line in enumerate(lines, 1) if _CONTROLS.search(line))
        remarks.append(Remark(first, "Des caractères de contrôle, invisibles, ont été retirés."))
        text = _CONTROLS.sub("", text)
    separator, skipped = _separator(text)
    rows = _rows(text, separator, remarks)
    if rows and (inside := _lines_in_quotes(rows)):
        separator, skipped = _separator(inside)
        rows = _rows(inside, separator, remarks)
    if skipped:
        rows[0] = []
    return Opened((Sheet(name, rows, commas=separator == ","),), "csv", encoding, tuple(remarks))


def stream_csv(path: Path) -> tuple[str, Iterator[Sequence[Cell]]]:
    """The encoding of a text table and its lines one after the other, for registers too large to be held.

    Raises UserError when it is no text or is too big, Unavailable when the machine refuses to give it.
    """
    with given(path, CLOSE_IT), path.open("rb") as file:
        size = path.stat().st_size
        sample = file.read(_SAMPLE_BYTES)
    if size > MAX_STREAM_BYTES:
        most = MAX_STREAM_BYTES // 1_000_000
        raise UserError(f"Ce fichier pèse {size // 1_000_000}{NBSP}Mo, le maximum est {most}{NBSP}Mo.")
    if len(sample) == _SAMPLE_BYTES:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    text, encoding, _remarks = decoded(sample)
    separator, _skipped = _separator(text)
    return encoding, _lines_of(path, encoding, separator)


def _lines_of(path: Path, encoding: str, separator: str) -> Iterator[Sequence[Cell]]:
    csv.field_size_limit(_CELL_LIMIT)
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        try:
            yield from reader
        except csv.Error:
            message = (
                f"Ligne {reader.line_num}{NBSP}: un guillemet n’est pas à sa place. Corrigez la ligne dans le fichier."
            )
            raise UserError(message) from None


def decoded(content: bytes) -> tuple[str, str, list[Remark]]:
    """A text with the name of its encoding, and the lines that were written in another one.

    Raises UserError when it is no text, or names the line that no encoding reads.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16"), "utf-16", []
    if b"\0" in content:
        if wide := _wide(content):
            return _strictly(content, wide), "utf-16", []
        raise UserError(_NOT_TEXT)
    marked = content.startswith(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8-sig"), "utf-8-sig" if marked else "utf-8", []
    except UnicodeDecodeError:
        if marked or _is_mostly_utf8(content):
            return _line_by_line(content, "utf-8-sig" if marked else "utf-8")
    return _one_byte(content)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as failure:
        raise _unreadable(content[: failure.start].count(b"\n") + 1) from None


def _wide(content: bytes) -> str:
    """UTF-16 without its mark: every second byte of a French text is zero."""
    sample = content[:4096]
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) > 0.7 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether more lines hold accents in UTF-8 than in another encoding."""
    good = bad = 0
    for line in content.split(b"\n"):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return good > bad


def _line_by_line(content: bytes, encoding: str) -> tuple[str, str, list[Remark]]:
    lines, remarks = [], []
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                raise _unreadable(number) from None
            remarks.append(
                Remark(number, f"Cette ligne n’est pas en UTF-8 comme les autres{NBSP}: vérifiez ses accents.")
            )
    return "\n".join(lines), encoding, remarks


def _one_byte(content: bytes) -> tuple[str, str, list[Remark]]:
    """The encoding that gives most French letters; the first of the list where they are even."""
    signs = Counter(byte for byte in content if byte > 127)
    best, best_score = "", -1
    for encoding in _BYTES:
        score = 0
        for byte, count in signs.items():
            try:
                sign = bytes([byte]).decode(encoding)
            except UnicodeDecodeError:
                score = -1
                break
            score += count if sign in _FRENCH else 0
        if score > best_score:
            best, best_score = encoding, score
    if best_score * 2 < sum(signs.values()):
        # Half of the signs at least are no French: the bytes that the usual encoding does not know are shown.
        for number, line in enumerate(content.split(b"\n"), 1):
            try:
                line.decode("cp1252")
            except UnicodeDecodeError:
                raise _unreadable(number) from None
        best = "cp1252"
    return content.decode(best), best, []


def _lines_in_quotes(rows: Sequence[Sequence[Cell]]) -> str:
    """The text of a file whose every line was put between quotes as a single value; empty when it is no such file."""
    lines = [str(row[0]) for row in rows if len(row) == 1]
    filled = [line for line in lines if line]
    if len(lines) < len(rows) - rows.count([]) or not filled or any("\n" in line for line in filled):
        return ""
    return "\n".join(lines) if any(all(sign in line for line in filled) for sign in _SEPARATORS) else ""


def _unreadable(line: int) -> UserError:
    return UserError(f"Ligne {line}{NBSP}: des caractères sont illisibles. Enregistrez le fichier en CSV UTF-8.")


def _separator(text: str) -> tuple[str, bool]:
    """The sign that cuts most of the first lines into the same number of values, and whether the file names it."""
    lines = list(_first_lines(text))
    if lines and (hint := _HINT.match(lines[0])):
        return hint[1], True
    filled = [line for line in lines if line.strip()]
    return max(_SEPARATORS, key=lambda sign: _evenness(filled, sign)), False


def _first_lines(text: str) -> Iterator[str]:
    start = 0
    for _count in range(_SAMPLE_LINES):
        end = text.find("\n", start)
        if end < 0:
            yield text[start:][:_CELL_LIMIT]
            return
        yield text[start:end][:_CELL_LIMIT]
        start = end + 1


def _evenness(lines: Sequence[str], sign: str) -> float:
    csv.field_size_limit(_CELL_LIMIT)
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
    except csv.Error:
        return 0
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
    return 0.0 if width < 2 else count / sum(widths.values()) * width


def _rows(text: str, separator: str, remarks: list[Remark]) -> list[Sequence[Cell]]:
    csv.field_size_limit(_CELL_LIMIT)
    rows: list[Sequence[Cell]] = []
    try:
        _read(text, separator, rows, strict=True)
        return rows
    except csv.Error as failure:
        stopped = len(rows) + 1
        if "field larger" in str(failure):
            message = f"Ligne {stopped}{NBSP}: une valeur dépasse un million de signes, un guillemet n’est pas fermé."
            raise UserError(message) from None
    # A quote inside a name (« "Les Amis" de Melun ») is no damage, as long as it swallows no other line.
    lenient: list[Sequence[Cell]] = []
    _read(text, separator, lenient, strict=False)
    cut = [
        number
        for number, row in enumerate(lenient, 1)
        if any("\n" in str(cell) and separator in str(cell) for cell in row)
    ]
    if cut or len(lenient) <= stopped - 1:
        message = f"Ligne {stopped}{NBSP}: un guillemet n’est pas à sa place. Corrigez la ligne dans le fichier."
        raise UserError(message)
    remarks.append(Remark(stopped, "Un guillemet n’est pas à sa place dans cette ligne, lue sans lui."))
    return lenient


def _read(text: str, separator: str, rows: list[Sequence[Cell]], *, strict: bool) -> None:
    """Raises UserError past what a list may hold, csv.Error where a quote stands wrong."""
    # Line by line: a stream over the whole text would hold it a second time, four bytes for each sign.
    lines = (_bounded(found[0]) for found in _LINE.finditer(text))
    filled = values = 0
    for row in csv.reader(lines, delimiter=separator, strict=strict):
        rows.append(row)
        filled += any(row)
        values += len(row)
        if filled > MAX_LINES or len(rows) > _MAX_ROWS:
            raise UserError(TOO_LONG)
        if values > MAX_VALUES:
            raise UserError(TOO_BIG)


def _bounded(line: str) -> str:
    if len(line) > _LONGEST_LINE:
        raise UserError(TOO_BIG)
    return line
