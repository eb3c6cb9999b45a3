"""Reads the tables of a web page: portals write one and name it « .xls »."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from cv_desktop.documents.archive import MAX_COLUMNS, NOT_A_SHEET, TOO_BIG, TOO_WIDE
from cv_desktop.documents.csv_read import decoded
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.sheets import Cell, Opened, Remark, Sheet, Span
from cv_desktop.domain.text import NBSP

# A page costs far more than a CSV of the same size: every tag is an event.
MAX_PAGE_BYTES = 20_000_000
_MAX_CELLS = 1_000_000
_MAX_NESTED = 20
_BREAKS = frozenset({"br", "p", "div", "li"})
_UNSEEN = frozenset({"script", "style", "title"})
_CELLS = frozenset({"td", "th"})


def read_html(content: bytes, name: str) -> Opened:
    """Each table of a page that has two lines or more as a sheet, cells over several columns or lines as merged ones.

    Raises UserError when the page is too big or too wide, or holds no table.
    """
    if len(content) > MAX_PAGE_BYTES:
        raise UserError(TOO_BIG)
    text, encoding, remarks = decoded(content)
    page = _Page()
    page.feed(text.replace("\0", ""))
    page.close()
    tables = [table for table in page.finish() if len(table.rows) > 1]
    if not tables:
        raise UserError(NOT_A_SHEET)
    sheets = tuple(
        Sheet(name if len(tables) == 1 else f"{name} ({rank})", table.rows, tuple(table.spans))
        for rank, table in enumerate(tables, 1)
    )
    told = f"Ce fichier est une page web, pas un classeur{NBSP}: son tableau est lu."
    return Opened(sheets, "html", encoding, (Remark(0, told), *remarks))


@dataclass(slots=True)
class _Table:
    rows: list[list[Cell]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    # Last line, counted from 0, down to which a cell above covers each column.
    covered: dict[int, int] = field(default_factory=dict)
    cell: list[str] | None = None
    number: float | None = None

    def open_row(self) -> None:
        self.close_cell()
        self.rows.append([])

    def open_cell(self, width: int, height: int, number: float | None) -> None:
        self.close_cell()
        if not self.rows:
            self.rows.append([])
        line, row = len(self.rows) - 1, self.rows[-1]
        while self.covered.get(len(row), -1) >= line:
            row.append("")
        left = len(row)
        if left + width > MAX_COLUMNS:
            raise UserError(TOO_WIDE)
        row.extend([""] * width)
        if height > 1:
            self.covered.update(dict.fromkeys(range(left, left + width), line + height - 1))
        if width > 1 or height > 1:
            self.spans.append(Span(line, left, line + height - 1, left + width - 1))
        self.cell, self.number = [], number

    def close_cell(self) -> None:
        if self.cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self.cell).split("\n"))
        written = "\n".join(filter(None, lines))
        row = self.rows[-1]
        at = self.spans[-1].left if self.spans and self._opened_by(self.spans[-1]) else len(row) - 1
        row[at] = written if self.number is None else self.number
        self.cell = None

    def _opened_by(self, span: Span) -> bool:
        """Whether the cell being closed is the one that opened those merged cells."""
        return span.top == len(self.rows) - 1 and span.right == len(self.rows[-1]) - 1


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Table] = []
        self._done: list[_Table] = []
        self._count = 0
        self._unseen = 0

    def finish(self) -> list[_Table]:
        """The tables in the order they ended; those left open are closed."""
        while self._open:
            self._close_table()
        return self._done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            if len(self._open) >= _MAX_NESTED:
                raise UserError(NOT_A_SHEET)
            self._open.append(_Table())
        elif not self._open:
            return
        elif tag == "tr":
            self._open[-1].open_row()
        elif tag in _CELLS:
            self._count += 1
            if self._count > _MAX_CELLS:
                raise UserError(TOO_BIG)
            said = dict(attrs)
            width, height = _span(said.get("colspan")), _span(said.get("rowspan"))
            self._open[-1].open_cell(width, height, _number(said.get("x:num")))
        elif tag in _BREAKS and self._open[-1].cell is not None:
            self._open[-1].cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._open:
            self._close_table()
        elif tag in _CELLS and self._open:
            self._open[-1].close_cell()

    def handle_data(self, data: str) -> None:
        if self._open and not self._unseen and (cell := self._open[-1].cell) is not None:
            cell.append(data.replace("\n", " "))

    def _close_table(self) -> None:
        table = self._open.pop()
        table.close_cell()
        self._done.append(table)


def _span(written: str | None) -> int:
    digits = (written or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    return max(1, min(int(digits[:6]), 100_000))


def _number(written: str | None) -> float | None:
    """What Excel keeps of a number that it writes in a page as it shows it."""
    try:
        return float(written) if written else None
    except ValueError:
        return None
