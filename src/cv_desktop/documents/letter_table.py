"""A small table in the body of a letter: one strip a row, amounts to the right, a thin rule under each row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cv_desktop.documents.flow import Cell, Strip, bind
from cv_desktop.documents.reading_order import Path
from cv_desktop.documents.style import BODY, LABEL, MM, Style
from cv_desktop.documents.typeset import spans, wrap
from cv_desktop.domain.letters import Line, Table, plain

_BETWEEN, _ROW_GAP, _GAP = 4.0, 1.3, 2.7
_NARROWEST = 14.0
_NUMBER = re.compile(r"[−+-]?\d[\d\s.,]*(?:€|%)?")


def strips(table: Table, key: int, width: float) -> list[Strip]:
    """The head and the rows of a table as wide as ``width`` millimetres; its head stays with the first row."""
    head: tuple[Line, ...] = tuple(spans(title) for title in table.head)
    columns = _columns([head, *table.rows], width)
    numbers = [_numbers([row[place] for row in table.rows]) for place in range(len(head))]
    opening = _row(head, LABEL, columns, numbers, _GAP, (("Table", key), ("TR", -1)), "TH")
    body = [
        _row(row, BODY, columns, numbers, _ROW_GAP, (("Table", key), ("TR", place)), "TD")
        for place, row in enumerate(table.rows)
    ]
    return [*bind([opening]), *body]


def _row(
    cells: Sequence[Line],
    style: Style,
    columns: Sequence[tuple[float, float]],
    numbers: Sequence[bool],
    gap: float,
    part: Path,
    tag: str,
) -> Strip:
    placed = []
    for place, (line, (x, width), number) in enumerate(zip(cells, columns, numbers, strict=True)):
        rows = wrap(line, style, width * MM)
        placed.append(Cell(x, rows, style, "right" if number else "left", width, part=(*part, (tag, place))))
    height = max(len(cell.rows) for cell in placed) * style.line
    return Strip(tuple(placed), height, gap, ruled=True)


def _columns(rows: Sequence[Sequence[Line]], width: float) -> list[tuple[float, float]]:
    """Where each column begins and how wide it is: what its cells ask, the widest ones giving way when room lacks."""
    count = len(rows[0])
    room = width - _BETWEEN * (count - 1)
    asked = [max(_wide(row[place]) for row in rows) for place in range(count)]
    most = _most(asked, room)
    widths = [min(one, most) for one in asked]
    widest = max(range(count), key=widths.__getitem__)
    widths[widest] += room - sum(widths)
    columns, x = [], 0.0
    for one in widths:
        columns.append((x, one))
        x += one + _BETWEEN
    return columns


def _most(asked: Sequence[float], room: float) -> float:
    """The width that no column may pass for all of them to fit in ``room``."""
    left, rest = room, len(asked)
    for one in sorted(asked):
        if one > left / rest:
            return left / rest
        left, rest = left - one, rest - 1
    return max(asked)


def _wide(line: Line) -> float:
    """The width a cell asks on one row, in millimetres, set in bold as the head is."""
    return max(_NARROWEST, *(row.width / MM + 0.2 for row in wrap(line, LABEL, 1000 * MM)))


def _numbers(cells: Sequence[Line]) -> bool:
    texts = [plain(cell).strip() for cell in cells]
    return any(texts) and all(_NUMBER.fullmatch(text) for text in texts if text)
