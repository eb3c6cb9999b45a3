"""Reads a CSV: its encoding and its separator are found out, never asked."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Cell, Sheet
from cv_desktop.domain.text import NBSP

_SEPARATORS = (";", "\t", ",", "|")
_SAMPLE_LINES = 50


def read_csv(content: bytes, name: str) -> Sheet:
    """The table of a CSV in UTF-8 (with or without mark), UTF-16 with its mark, or Windows-1252.

    A line keeps its number of values: the reader of the table refuses one longer than the headers.
    Raises UserError when it is no text, or when a line cannot be decoded or cut.
    """
    text = _decoded(content)
    rows: list[Sequence[Cell]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True))
    except csv.Error:
        message = f"Ligne {len(rows) + 1}{NBSP}: un guillemet n’est pas à sa place. Corrigez la ligne dans le fichier."
        raise UserError(message) from None
    return Sheet(name, rows)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise UserError("Ce fichier n’est pas un tableur. Choisissez un fichier xlsx, xls, ods ou csv.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    failed_at = 0
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as failure:
            failed_at = failure.start
    line = content.count(b"\n", 0, failed_at) + 1
    raise UserError(f"Ligne {line}{NBSP}: des caractères sont illisibles. Enregistrez le fichier en CSV UTF-8.")


def _separator(text: str) -> str:
    """The sign that cuts most of the first lines into most values."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    return max(_SEPARATORS, key=lambda sign: _usual_width(lines, sign))


def _usual_width(lines: Sequence[str], sign: str) -> int:
    widths = sorted(len(row) for row in csv.reader(lines, delimiter=sign))
    return widths[len(widths) // 2] if widths else 0
