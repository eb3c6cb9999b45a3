"""Two versions of a règlement in two columns, the lines that changed marked."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import rules as queries
from cv_desktop.domain.comparison import Line, compare
from cv_desktop.domain.text import counted
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

CHANGED, SAME = "changé", "identique"


def _mark(line: Line) -> str:
    return "warning" if line.changed else ""


class ComparisonView(QWidget):
    """Only the changed lines at first; all of them on demand."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.lines: tuple[Line, ...] = ()
        self._numbers = ("", "")
        self.words = QLabel()
        theme.set_type(self.words, "body", weight=600)
        self.all = QPushButton("Montrer toutes les lignes")
        theme.set_kind(self.all, "link", small=True)
        self.all.setCheckable(True)
        self.all.toggled.connect(lambda _on: self._show())
        self.model: RowsModel[Line] = RowsModel(self._columns(), identity=lambda line: line.key)
        self.table = TableView(
            self.model,
            name="Comparaison de deux versions du règlement",
            empty="Les deux versions disent la même chose.",
        )
        top = QHBoxLayout()
        top.addWidget(self.words)
        top.addWidget(self.all)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)

    def show_versions(self, older: queries.VersionRow, newer: queries.VersionRow) -> None:
        self._numbers = (f"version {older.number}", f"version {newer.number}")
        self.lines = compare(
            self.context.read(queries.of_version, older.id), self.context.read(queries.of_version, newer.id)
        )
        self._show()

    def _show(self) -> None:
        changed = [line for line in self.lines if line.changed]
        older, newer = self._numbers
        self.words.setText(f"De la {older} à la {newer} : {counted(len(changed), 'ligne changée')}")
        self.all.setText("Ne montrer que les changements" if self.all.isChecked() else "Montrer toutes les lignes")
        self.table.set_rows(self.lines if self.all.isChecked() else changed)

    @staticmethod
    def _columns() -> list[Column[Line]]:
        return [
            Column("article", "Article", lambda line: line.article, width=90, tone="secondary"),
            Column("label", "Paramètre", lambda line: line.label, width=280, weight=500),
            Column("before", "Avant", lambda line: line.before, width=240, stretch=True),
            Column("after", "Après", lambda line: line.after, width=240, stretch=True, mark=_mark),
            Column(
                "state",
                "",
                lambda line: CHANGED if line.changed else SAME,
                width=110,
                badge=lambda line: Badge(CHANGED, "warning", tinted=True) if line.changed else None,
            ),
        ]
