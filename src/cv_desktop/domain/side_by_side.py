"""Lists printed in two or three columns of tables: « Association | Montant |  | Association | Montant »."""

from __future__ import annotations

from collections.abc import Mapping

from cv_desktop.domain.sheets import Cell, Sheet, Table, plain
from cv_desktop.domain.text import fold

_MOST = 6


def stacked(sheet: Sheet, table: Table) -> Sheet:
    """The sheet with the tables that stand side by side put one under the other, each line keeping its number.

    The sheet itself when it holds one table: the columns of a second one bear the same headers in the same order.
    """
    period = _period(table)
    if not period:
        return sheet
    head = table.header_line - sheet.first + 1
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    for index, cells in enumerate(sheet.rows[:head]):
        rows.append(list(cells[:period]) if index == head - 1 else list(cells))
        numbers.append(index + sheet.first)
    for block in range(_MOST):
        left, right = block * period, (block + 1) * period
        if not any(plain(cell) for cells in sheet.rows[head - 1 : head] for cell in cells[left:right]):
            break
        for index, cells in enumerate(sheet.rows[head:], head):
            rows.append(list(cells[left:right]))
            numbers.append(index + sheet.first)
    spans = tuple(span for span in sheet.merged if span.right < period)
    return Sheet(sheet.name, rows, spans, sheet.first, sheet.commas, tuple(numbers))


def _period(table: Table) -> int:
    """After how many columns the headers come again, 0 when they do not."""
    labels = [fold(header) for header in table.headers]
    name = table.positions.get("name")
    if name is None or table.groups:
        return 0
    again = next((at for at in range(name + 1, len(labels)) if labels[at] == labels[name]), None)
    if again is None:
        return 0
    period = again - name
    first: Mapping[int, str] = {at: label for at, label in enumerate(labels[:period]) if label}
    known = [at for at in table.positions.values() if at < period]
    repeated = [at for at in first if at + period < len(labels) and labels[at + period] == first[at]]
    return period if len(first) > 1 and len(repeated) == len(first) and len(known) > 1 else 0
