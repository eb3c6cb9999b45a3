"""« Comparer »: two or three scenarios in columns, the files they treat differently, then what each gives in all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries.scenarios import ScenarioRow
from cv_desktop.domain.money import NBSP, figures, group
from cv_desktop.domain.text import counted
from cv_desktop.services.comparisons import MOST, Comparison, Difference, Sums
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.tables.columns import Band, Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

SAME = "Ces scénarios donnent les mêmes montants à tous les dossiers."
FEW = "Cochez deux ou trois scénarios pour les comparer. « + » duplique celui qui est affiché."

NONE = "Aucun dossier n’est traité autrement."

IN_LINE = 4  # boxes


class ComparePage(QWidget):
    """``chosen(keys)`` as boxes are ticked; ``put`` shows the answer. ``closed``: Échap leaves it."""

    chosen = Signal(list)
    closed = Signal()
    export_wanted = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ScenarioRow] = []
        self.boxes: dict[str, QCheckBox] = {}
        self._line = QGridLayout()
        self._line.setVerticalSpacing(6)
        self._line.setContentsMargins(12, 0, 12, 6)
        self._line.setHorizontalSpacing(16)
        self.told = QLabel()
        theme.set_type(self.told, "body", "secondary")
        self.export = QPushButton("Exporter la comparaison…")
        theme.set_kind(self.export, "link", small=True)
        icons.dress(self.export, "download", "accent")
        self.export.clicked.connect(lambda: self.export_wanted.emit(self.keys()))
        top = QHBoxLayout()
        top.setContentsMargins(12, 6, 12, 6)
        top.addWidget(QLabel("Scénarios comparés"))
        top.addStretch(1)
        top.addWidget(self.export)
        note = QHBoxLayout()
        note.setContentsMargins(12, 0, 12, 6)
        note.addWidget(self.told)
        self.tables = QSplitter()
        self.tables.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(self._line)
        layout.addLayout(note)
        layout.addWidget(rule())
        layout.addWidget(self.tables, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def keys(self) -> list[str]:
        """The scenarios ticked, in the order of their tabs."""
        return [row.id for row in self._rows if self.boxes[row.id].isChecked()]

    def offer(self, rows: Sequence[ScenarioRow], shown: str) -> None:
        """One box per scenario; the one shown and its neighbours are ticked the first time."""
        if [row.id for row in rows] != [row.id for row in self._rows]:
            ticked = set(self.keys()) & {row.id for row in rows} if self._rows else set()
            if len(ticked) < 2:
                others = [row.id for row in rows if row.id != shown]
                ticked = {shown, *others[: MOST - 1]}
            for box in self.boxes.values():
                box.deleteLater()
            self.boxes = {}
            for at, row in enumerate(rows):
                box = QCheckBox(row.label.replace("&", "&&"))
                # Long names in number are cut before they widen the window; the tooltip says them whole.
                box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                box.setChecked(row.id in ticked)
                box.toggled.connect(self._ticked)
                self._line.addWidget(box, at // IN_LINE, at % IN_LINE)
                self.boxes[row.id] = box
        self._rows = list(rows)
        for row in rows:
            self.boxes[row.id].setText(row.label.replace("&", "&&"))
            self.boxes[row.id].setAccessibleName(row.label)
        self._limit()

    def put(self, found: Comparison | None) -> None:
        """The answer, or nothing when too few are ticked."""
        while (old := self.tables.widget(0)) is not None:
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self.export.setEnabled(found is not None)
        if found is None:
            self.told.setText(FEW)
            return
        count = len(found.differences)
        plural = "s" if count > 1 else ""
        told = f"{counted(count, 'dossier')} sur {group(found.files)} traité{plural} autrement."
        self.told.setText(told if count else SAME)
        self.differences = _table(
            _difference_columns(found.labels), found.differences, "Dossiers traités autrement", NONE
        )
        self.sums = _table(_sum_columns(found.labels), _banded(found.sums), "Totaux", "Aucun dossier.")
        self.tables.addWidget(self.differences)
        self.tables.addWidget(self.sums)
        self.tables.setSizes([500, 500])

    def _ticked(self) -> None:
        self._limit()
        self.chosen.emit(self.keys())

    def _limit(self) -> None:
        full = len(self.keys()) >= MOST
        for box in self.boxes.values():
            box.setEnabled(box.isChecked() or not full)
            box.setToolTip(
                box.accessibleName() if box.isEnabled() else f"Trois scénarios au plus{NBSP}: décochez-en un."
            )


def _table(columns: list[Column[Any]], rows: Sequence[Any], name: str, empty: str) -> TableView:
    banded = any(isinstance(row, _Title) for row in rows)
    band: Callable[[Any], Band | None] | None = (
        (lambda row: Band(row.label) if isinstance(row, _Title) else None) if banded else None
    )
    model: RowsModel[Any] = RowsModel(columns, identity=lambda row: row.id, band=band)
    view = TableView(model, name=name, empty=empty)
    view.set_rows(list(rows))
    return view


class _Title:
    def __init__(self, label: str) -> None:
        self.id = self.label = label


def _banded(sums: Sequence[Sums]) -> list[Sums | _Title]:
    found: list[Sums | _Title] = []
    before = ""
    for each in sums:
        if each.dimension != before:
            found.append(_Title(f"Par {each.dimension.lower()}"))
            before = each.dimension
        found.append(each)
    return found


def _difference_columns(labels: Sequence[str]) -> list[Column[Any]]:
    def amount(at: int) -> Callable[[Difference], str]:
        return lambda d: figures(d.amounts[at])

    def order(at: int) -> Callable[[Difference], int]:
        return lambda d: d.amounts[at]

    return [
        Column("rank", "Rang", lambda d: d.ranked.brief, width=52,
               accessible=lambda d: f"Rang{NBSP}: {d.ranked.label}", sort=lambda d: d.ranked.rank or 10**6),
        Column("file", "Structure · action", lambda d: d.ranked.row.structure, width=180, stretch=True,
               second=lambda d: d.ranked.row.title, weight=500),
        Column("asked", "Demandé", lambda d: figures(d.ranked.row.asked_cents), width=74, align="right",
               sort=lambda d: d.ranked.row.asked_cents, yields=1),
        *(
            Column(f"amount{at}", label, amount(at), width=82, align="right", weight=600,
                   sort=order(at), tooltip=label)
            for at, label in enumerate(labels)
        ),
    ]  # fmt: skip


def _sum_columns(labels: Sequence[str]) -> list[Column[Any]]:
    def cell(at: int) -> Callable[[Any], str]:
        return lambda s: figures(s.totals[at].given_cents) if isinstance(s, Sums) else ""

    def served(at: int) -> Callable[[Any], str]:
        return lambda s: str(s.totals[at].served) if isinstance(s, Sums) else ""

    return [
        Column(
            "label",
            "Totaux",
            lambda s: s.label if isinstance(s, Sums) else "",
            width=160,
            stretch=True,
            strong=_whole,
        ),
        *(
            Column(f"given{at}", label, cell(at), width=92, align="right", weight=600, tooltip=label, strong=_whole)
            for at, label in enumerate(labels)
        ),
        *(
            Column(
                f"served{at}",
                f"Servis {_letter(label)}".strip(),
                served(at),
                width=68,
                align="right",
                tone="secondary",
                tooltip=f"Dossiers servis, {label}",
                yields=1,
                strong=_whole,
            )
            for at, label in enumerate(labels)
        ),
    ]


def _whole(row: Any) -> bool:
    """The sum of all the files, above its parts."""
    return isinstance(row, Sums) and not row.dimension


def _letter(label: str) -> str:
    """« A » of « A · Équilibre », empty for a name that begins otherwise."""
    first = label.partition(" ")[0]
    return first if len(first) == 1 else ""
