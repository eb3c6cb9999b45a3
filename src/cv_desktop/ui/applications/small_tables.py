"""Short lists typed in a table that always has one empty line at its end: partners, indicators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cv_desktop.domain import consortium, form
from cv_desktop.domain.approval import Approval
from cv_desktop.domain.consortium import Partner
from cv_desktop.domain.dates import short_date, typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_siret, parse_siret
from cv_desktop.domain.indicators import Planned
from cv_desktop.domain.money import group
from cv_desktop.domain.text import NBSP
from cv_desktop.ui import theme
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

ROW, HEAD = 30, 34
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Line:
    place: int
    value: Any


class SmallTable(QWidget):
    """``written(values)``: the whole list, when a cell changed. Emptying a first cell takes its line away.

    ``walk`` makes Entrée go from cell to cell, then out of the table from its empty line.
    """

    written = Signal(object)

    def __init__(self, name: str, blank: Any, columns: Callable[[Any], list[Column[Line]]]) -> None:
        super().__init__()
        self._blank, self.open = blank, True
        self._values: list[Any] = []
        self.table = TableView(RowsModel(columns(self), identity=lambda line: line.place), name=name, density="normal")
        self.table.horizontalHeader().setSectionsClickable(False)
        self.table.setMinimumHeight(px(HEAD + 2 * ROW))
        self.doubt = QLabel()
        self.doubt.setWordWrap(True)
        theme.set_type(self.doubt, "secondary", "danger", 500)
        self.doubt.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table)
        layout.addWidget(self.doubt)

    def walk(self) -> None:
        self.table.cells.walks = True
        self.table.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Entrée on a cell that is not being typed in: the next one; the line that is empty ends the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
            bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if bare and watched is self.table:
                self._next()
                return True
        return super().eventFilter(watched, event)

    def _next(self) -> None:
        at, rows = self.table.currentIndex(), self.table.rows
        if not at.isValid() or at.row() >= len(self._values):
            self.focusNextChild()
            return
        last = at.column() == rows.columnCount() - 1
        self.table.setCurrentIndex(rows.index(at.row() + last, 0 if last else at.column() + 1))

    def set_values(self, values: Sequence[Any], *, open: bool = True) -> None:
        self._values, self.open = list(values), open
        lines = [*self._values, *([self._blank] if open else [])]
        self.table.set_rows([Line(place, value) for place, value in enumerate(lines)])
        self.table.setFixedHeight(px(HEAD + ROW * max(2, min(8, len(lines)))) + 4)

    def values(self) -> tuple[Any, ...]:
        return tuple(self._values)

    def change(self, line: Line, **fields: Any) -> None:
        """Write one cell: a new line at the end, none when its first cell is emptied."""
        changed = replace(line.value, **fields)
        first = next(iter(fields))
        values = list(self._values)
        if first in ("name", "label") and not fields[first]:
            if line.place < len(values):
                del values[line.place]
        elif line.place < len(values):
            values[line.place] = changed
        elif not (getattr(changed, "name", "") or getattr(changed, "label", "")):
            raise UserError("Commencez par le nom.")
        else:
            values.append(changed)
        if values != self._values:
            self.written.emit(tuple(values))

    def say(self, doubt: str) -> None:
        self.doubt.setText(doubt)
        self.doubt.setVisible(bool(doubt))


def partners_table() -> SmallTable:
    """Name, SIRET, role and share of each partner besides the lead."""

    def columns(of: SmallTable) -> list[Column[Line]]:
        return [
            Column("name", "Partenaire", lambda x: x.value.name, width=220, stretch=True,
                   edit=lambda x, t: of.change(x, name=t.strip()), editable=lambda _x: of.open, filterable=False),
            Column("siret", "SIRET", lambda x: display_siret(x.value.siret) if x.value.siret else "", width=150,
                   edit=lambda x, t: of.change(x, siret=parse_siret(t) if t.strip() else ""),
                   editable=lambda _x: of.open, filterable=False),
            Column("role", "Rôle dans l’action", lambda x: x.value.role, width=180,
                   edit=lambda x, t: of.change(x, role=t.strip()), editable=lambda _x: of.open, filterable=False),
            Column("share", "Part (%)", lambda x: form.shown("lead_share", x.value.share), width=80, align="right",
                   edit=lambda x, t: of.change(x, share=form.read("lead_share", t)), editable=lambda _x: of.open,
                   filterable=False),
        ]  # fmt: skip

    return SmallTable("Partenaires", Partner("", ""), columns)


def indicators_table() -> SmallTable:
    """The indicators of the association's own."""

    def columns(of: SmallTable) -> list[Column[Line]]:
        return [
            Column("label", "Indicateur", lambda x: x.value.label, width=300, stretch=True,
                   edit=lambda x, t: of.change(x, label=t.strip()), editable=lambda _x: of.open, filterable=False),
            Column("planned", "Prévu", lambda x: "" if x.value.planned is None else group(x.value.planned), width=90,
                   align="right", edit=lambda x, t: of.change(x, planned=_number(t)), editable=lambda _x: of.open,
                   filterable=False),
            Column("unit", "Unité", lambda x: x.value.unit, width=120,
                   edit=lambda x, t: of.change(x, unit=t.strip()), editable=lambda _x: of.open, filterable=False),
        ]  # fmt: skip

    return SmallTable("Indicateurs propres", Planned("", ""), columns)


def approvals_table() -> SmallTable:
    """The agréments that the form declares: which, by whom, when."""

    def columns(of: SmallTable) -> list[Column[Line]]:
        return [
            Column("label", "Agrément", lambda x: x.value.label, width=260, stretch=True,
                   edit=lambda x, t: of.change(x, label=t.strip()), editable=lambda _x: of.open, filterable=False),
            Column("authority", "Attribué par", lambda x: x.value.authority, width=220,
                   edit=lambda x, t: of.change(x, authority=t.strip()), editable=lambda _x: of.open, filterable=False),
            Column("granted_on", "En date du", lambda x: short_date(x.value.granted_on) if x.value.granted_on else "",
                   width=110, edit=lambda x, t: of.change(x, granted_on=typed_date(t) if t.strip() else None),
                   editable=lambda _x: of.open, filterable=False),
        ]  # fmt: skip

    return SmallTable("Agréments", Approval(""), columns)


def shares(lead: int | None, partners: Sequence[Partner]) -> str:
    return consortium.doubt(lead, partners)


def _number(text: str) -> int | None:
    bare = "".join(text.split()).replace(NBSP, "")
    if not bare:
        return None
    if not (bare.isascii() and bare.isdecimal()):
        raise UserError(f"«{NBSP}{text.strip()}{NBSP}» n’est pas un nombre. Exemple{NBSP}: 24.")
    return int(bare)
