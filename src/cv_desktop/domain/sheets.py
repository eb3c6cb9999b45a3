"""Tables of plain cells and the columns found in them by the names of their headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

Cell = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells, from the first to the last line and column, counted from 0: the first cell holds the value."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file: its rows from the first line on, empty ones included.

    ``first`` is the number a person gives to the first row: 1, or 0 where the headers are no line of the file;
    ``commas`` says that the values were parted by commas, which decimals may be taken for; ``numbers`` are those of the
    rows where they do not follow one another.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[Span, ...] = ()
    first: int = 1
    commas: bool = False
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the opening of a file had to mend or to leave; ``column`` is a letter, as spreadsheets show."""

    line: int
    message: str
    sheet: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file opened whole: what it was (« xlsx », « csv »…), the encoding of its text, and what was remarked."""

    sheets: tuple[Sheet, ...]
    format: str
    encoding: str = ""
    remarks: tuple[Remark, ...] = ()


# Never written to again; a frozen one would take twice as long to make, and a list has thousands.
@dataclass(slots=True, unsafe_hash=True)
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
        position = self.table.positions.get(key)
        if position is None or position >= len(self.cells):
            return ""
        cell = self.cells[position]
        if isinstance(cell, str):
            return " ".join(cell.split())
        # What is no text has no space around, but between the day and the hour of a moment.
        return plain(cell) if cell is not None else ""

    @property
    def place(self) -> tuple[str, int]:
        """The sheet and the line."""
        return self.table.name, self.line

    @property
    def surplus(self) -> bool:
        """Whether the line holds more values than the headers: an unquoted decimal comma shifted it."""
        return len(self.cells) > len(self.table.headers)

    @property
    def shifted(self) -> bool:
        """The same, blank values at the end of the line left out."""
        width = len(self.table.headers)
        return len(self.cells) > width and any(plain(cell) for cell in self.cells[width:])

    @property
    def repeats_headers(self) -> bool:
        """Whether the line is the headers once more, as in exports glued one under the other."""
        same = False
        for header, cell in zip(self.table.headers, self.cells, strict=False):
            text = " ".join(plain(cell).split())
            if text and text != header:
                return False
            same = same or bool(text)
        return same

    def content(self) -> tuple[Cell, ...]:
        """All the cells, to compare two lines."""
        return tuple(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose headers were found, on ``header_line`` and, when ``depth`` is 2, the line above.

    ``positions`` gives the column of each recognised field, ``groups`` the label above each header, if any.
    """

    name: str
    header_line: int
    headers: tuple[str, ...]
    positions: Mapping[str, int]
    body: Sequence[Sequence[Cell]]
    groups: tuple[str, ...] = ()
    depth: int = 1
    numbers: tuple[int, ...] = ()

    def rows(self) -> Iterator[Row]:
        """The lines below the headers that hold something, with their number in the spreadsheet."""
        for line, cells in zip(self.numbers or count(self.header_line + 1), self.body, strict=False):
            for cell in cells:
                if cell is not None and cell != "" and plain(cell):
                    yield Row(self, line, cells)
                    break

    def header(self, key: str) -> str:
        """The name that the file gives to a field, empty when the column is absent."""
        position = self.positions.get(key)
        return self.label(position) if position is not None else ""

    def label(self, position: int) -> str:
        """The header of a column with its group: « Association > N° Siret »."""
        header = self.headers[position] if position < len(self.headers) else ""
        group = self.groups[position] if position < len(self.groups) else ""
        return f"{group} > {header}" if group and header else header or group


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
