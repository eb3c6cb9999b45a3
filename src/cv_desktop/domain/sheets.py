"""Tables of plain cells and the columns found in them by the names of their headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cv_desktop.domain.columns import Field, match_headers

Cell = str | int | float | bool | date | datetime | time | timedelta | None

# Title rows, logos and notices stand above the headers; nobody writes more than this.
_HEADER_WITHIN = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file: its rows from the first line on, empty ones included."""

    name: str
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; ``row["asked"]`` is the raw cell of that field, None when there is none."""

    table: Table
    line: int
    cells: Sequence[Cell]

    def __getitem__(self, key: str) -> Cell:
        position = self.table.positions.get(key)
        return self.cells[position] if position is not None and position < len(self.cells) else None

    def text(self, key: str) -> str:
        """The cell as one line of text, without the spaces around."""
        return " ".join(plain(self[key]).split())

    @property
    def surplus(self) -> bool:
        """Whether the line holds more values than the headers: an unquoted decimal comma shifted it."""
        return len(self.cells) > len(self.table.headers)

    def content(self) -> tuple[str, ...]:
        """All the cells as texts, to compare two lines."""
        return tuple(plain(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose header line was found. ``positions`` gives the column of each recognised field."""

    name: str
    header_line: int
    headers: tuple[str, ...]
    positions: Mapping[str, int]
    body: Sequence[Sequence[Cell]]

    def rows(self) -> Iterator[Row]:
        """The lines below the headers that hold something, with their number in the spreadsheet."""
        for offset, cells in enumerate(self.body, start=self.header_line + 1):
            if any(cell is not None and cell != "" for cell in cells) and any(plain(cell) for cell in cells):
                yield Row(self, offset, cells)

    def header(self, key: str) -> str:
        """The name that the file gives to a field, empty when the column is absent."""
        position = self.positions.get(key)
        return self.headers[position] if position is not None else ""


def open_table(sheet: Sheet, fields: Sequence[Field], chosen: Mapping[str, str] | None = None) -> Table:
    """Finds the line of headers, that is the one where most fields are recognised, and the columns.

    ``chosen`` gives the field that a person chose for some (folded) headers; an empty field ignores the column.
    """
    index: int = 0
    positions: Mapping[str, int] = {}
    for candidate, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        found = match_headers([plain(cell) for cell in cells], fields, chosen or {})
        if len(found) > len(positions):
            index, positions = candidate, found
    headers = tuple(" ".join(plain(cell).split()) for cell in sheet.rows[index]) if sheet.rows else ()
    return Table(sheet.name, index + 1, headers, positions, sheet.rows[index + 1 :])


def plain(cell: Cell) -> str:
    """A cell as a person would have typed it: whole numbers without decimals, days as 31/03/2026."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Oui" if cell else "Non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)
