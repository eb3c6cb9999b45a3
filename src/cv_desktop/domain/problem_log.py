"""Problems found while a workbook is read, and cells read with their problem noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import SEVERITIES, TO_CHECK, Problem
from cv_desktop.domain.sheets import Cell, Row, Table, plain

T = TypeVar("T")
_SHOWN = 120


class ProblemLog:
    """Collects problems; ``sorted`` gives them by gravity, then in the order they were found."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def on_row(self, severity: str, message: str, row: Row, key: str = "", number: str = "") -> None:
        """Notes a problem of a line, in the column of the field ``key`` if any."""
        column = row.table.header(key) if key else ""
        value = "" if key in ("", "iban") else row.text(key)[:_SHOWN]
        self._problems.append(Problem(row.line, column, severity, message, number, row.table.name, value))

    def on_cell(self, severity: str, message: str, row: Row, column: str, value: str) -> None:
        """Notes a problem of a line under a header as the file writes it."""
        self._problems.append(Problem(row.line, column, severity, message, "", row.table.name, value[:_SHOWN]))

    def at(self, severity: str, message: str, row: Row, position: int, number: str) -> None:
        """Notes a problem of a line in a column that feeds no field of its own."""
        value = plain(row.cells[position])[:_SHOWN] if position < len(row.cells) else ""
        self._problems.append(
            Problem(row.line, row.table.label(position), severity, message, number, row.table.name, value)
        )

    def on_table(self, severity: str, message: str, table: Table, column: str = "") -> None:
        """Notes a problem of a whole sheet, on its line of headers."""
        self._problems.append(Problem(table.header_line, column, severity, message, "", table.name))

    def on_file(self, severity: str, message: str) -> None:
        """Notes a problem of the whole file."""
        self._problems.append(Problem(0, "", severity, message))

    def extend(self, other: ProblemLog) -> None:
        """Takes the problems of another log after its own."""
        self._problems.extend(other._problems)

    def read(self, row: Row, key: str, reader: Callable[[Cell], T | None], number: str) -> T | None:
        """The value of a cell, or None and a problem « à vérifier » when the cell cannot be read."""
        try:
            return reader(row[key])
        except UserError as refusal:
            self.on_row(TO_CHECK, refusal.message, row, key, number)
            return None

    def sorted(self) -> tuple[Problem, ...]:
        return tuple(sorted(self._problems, key=lambda problem: SEVERITIES.index(problem.severity)))
