"""Names written once over several merged lines."""

from __future__ import annotations

from collections.abc import Iterator

from cv_desktop.domain.sheets import Sheet, Table, plain


def spread_names(table: Table, sheet: Sheet) -> Iterator[tuple[int, str]]:
    """(line, name) of the lines below the first of each merged cell in the column of names."""
    at = table.positions.get("name")
    for span in sheet.merged:
        if at is None or not span.left <= at <= span.right or span.bottom - span.top > len(sheet.rows):
            continue
        if span.top + sheet.first > table.header_line and span.top < len(sheet.rows):
            cells = sheet.rows[span.top]
            name = plain(cells[span.left]) if span.left < len(cells) else ""
            for index in range(span.top + 1, min(span.bottom + 1, len(sheet.rows))):
                yield index + sheet.first, name
