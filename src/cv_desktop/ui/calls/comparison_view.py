"""Two versions of a règlement or of a grid in two columns, the lines that changed marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.comparison import Line
from cv_desktop.domain.text import counted
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

CHANGED, SAME = "changé", "identique"


def _mark(line: Line) -> str:
    return "warning" if line.changed else ""


class ComparisonView(QWidget):
    """Only the changed lines at first; all of them on demand. ``place`` and ``thing`` title the first two columns.

    ``older_chosen(key)`` when another former version is asked, where there are several.
    """

    older_chosen = Signal(str)

    def __init__(self, of_what: str, *, place: str, thing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self._numbers = (0, 0)
        self.words = QLabel()
        theme.set_type(self.words, "body", weight=600)
        self.older = QComboBox()
        self.older.setAccessibleName("Version à comparer")
        self.older.activated.connect(lambda _index: self.older_chosen.emit(self.older.currentData()))
        self.older.hide()
        self.all = QPushButton("Montrer toutes les lignes")
        theme.set_kind(self.all, "link", small=True)
        self.all.setCheckable(True)
        self.all.toggled.connect(lambda _on: self._show())
        self.model: RowsModel[Line] = RowsModel(self._columns(place, thing), identity=lambda line: line.key)
        self.table = TableView(
            self.model,
            name=f"Comparaison de deux versions {of_what}",
            empty="Les deux versions disent la même chose.",
        )
        top = QHBoxLayout()
        top.addWidget(self.words)
        top.addWidget(self.older)
        top.addWidget(self.all)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)

    def offer(self, former: Sequence[tuple[str, int]]) -> None:
        """The versions that may stand on the left, the newest first: keys and numbers. One alone is not asked."""
        self.older.clear()
        for key, number in former:
            self.older.addItem(f"avec la version {number}", key)
        self.older.setVisible(len(former) > 1)

    def show_versions(self, older: int, newer: int, lines: tuple[Line, ...]) -> None:
        """The lines that two numbered versions say."""
        self._numbers, self.lines = (older, newer), lines
        self.older.setCurrentText(f"avec la version {older}")
        self._show()

    def _show(self) -> None:
        changed = [line for line in self.lines if line.changed]
        older, newer = self._numbers
        self.words.setText(
            f"De la version {older} à la version {newer}\u00a0: {counted(len(changed), 'ligne changée')}"
        )
        self.all.setText("Ne montrer que les changements" if self.all.isChecked() else "Montrer toutes les lignes")
        self.table.set_rows(self.lines if self.all.isChecked() else changed)

    @staticmethod
    def _columns(place: str, thing: str) -> list[Column[Line]]:
        return [
            Column("place", place, lambda line: line.place, width=90, tone="secondary"),
            Column("label", thing, lambda line: line.label, width=210, weight=500, wrap=True),
            Column("before", "Avant", lambda line: line.before, width=210, stretch=True, wrap=True),
            Column("after", "Après", lambda line: line.after, width=210, stretch=True, wrap=True, mark=_mark),
            Column(
                "state",
                "",
                lambda line: CHANGED if line.changed else SAME,
                width=100,
                badge=lambda line: Badge(CHANGED, "warning", tinted=True) if line.changed else None,
            ),
        ]
