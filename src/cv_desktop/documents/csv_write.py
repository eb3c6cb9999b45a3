"""Tables as CSV that a French spreadsheet program opens rightly: semicolons, UTF-8 with its mark, no formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    """The file of these rows, the first one being the headings; lines end as RFC 4180 says."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerows([_plain(value) for value in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _plain(value: object) -> str:
    text = "" if value is None else str(value)
    # A text that a spreadsheet program would run as a formula is kept as a text.
    return f"'{text}" if text.startswith(_FORMULA) else text
