"""The answer of « Essayer d’autres règles » where the amounts are: who enters and leaves, then what it moves in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.domain.text import counted
from cv_desktop.domain.what_if import WhatIf, summary
from cv_desktop.services.what_ifs import Pair, doubts, told
from cv_desktop.ui import icons, look, theme
from cv_desktop.ui.arbitration.panel import paragraph
from cv_desktop.ui.arbitration.what_if_columns import Title, moved_columns, sum_columns, titled
from cv_desktop.ui.card import rule
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.tables.columns import Band
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

TITLE = "Essai d’autres règles"
WORKING = "La campagne est répartie deux fois, avec son règlement puis avec vos valeurs…"
SAME = "Ces règles ne changent aucun montant."
OUTDATED = "Des dossiers ou le règlement ont changé depuis cet essai. Rejouez la campagne."
HIDE, SHOW = "Masquer les valeurs", "Montrer les valeurs"
LESS = "Réduire"
SUMS, FILES = "Voir les totaux", "Voir les dossiers"
STRONG = 4  # more than plain figures take, in the line of the whole
SIDE_BY_SIDE = 940  # two tables of readable words


class WhatIfPage(QWidget):
    """``put`` shows an answer, ``wait`` says that it comes, ``say`` why there is none.

    ``alone`` once the tables have the room of the values tried, ``values_wanted`` when that changes. ``closed``: Échap.
    """

    closed = Signal()
    export_wanted = Signal()
    values_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(TITLE)
        self.title, self.found = paragraph(TITLE, "text", "section", 600), paragraph("", "text", "section", 600)
        self.told, self.doubts = paragraph(""), paragraph("", "warning")
        self._said: list[str] = []  # every doubt; the first is shown until the others are asked for
        self.more = QPushButton()
        theme.set_kind(self.more, "link", small=True)
        theme.set_flush(self.more)
        self.more.clicked.connect(lambda: self._show_doubts(whole=self.more.text() != LESS))
        self.values, self.export, self.back = QPushButton(HIDE), QPushButton("Exporter cet essai…"), QPushButton()
        self.back.setText("Fermer l’essai")
        self.other = QPushButton(SUMS)
        dressed = (
            (self.other, "arrow-left-right"), (self.values, "panel-right"), (self.export, "download"), (self.back, "x"),
        )  # fmt: skip
        for button, icon in dressed:
            theme.set_kind(button, "link", small=True)
            icons.dress(button, icon, "accent")
        self.other.clicked.connect(self._turn_over)
        self.values.clicked.connect(self._turn)
        self.export.clicked.connect(self.export_wanted)
        self.back.clicked.connect(self.closed)
        self.moved = _table(RowsModel(moved_columns()), "Dossiers autrement traités", SAME)
        self.sums = _table(
            RowsModel(sum_columns(), band=lambda row: Band(row.label) if isinstance(row, Title) else None),
            "Totaux avant et après",
            "Aucun dossier.",
        )
        self.tables = QSplitter()
        self.tables.setChildrenCollapsible(False)
        for table in (self.moved, self.sums):
            self.tables.addWidget(table)
        self.state, self.work = EmptyState(""), ProgressPanel()
        self._body = QStackedWidget()
        for page in (self.tables, self.state):
            self._body.addWidget(page)
        self._lay_out()
        self.setFocusProxy(self.moved)
        self.forget()

    def put(self, pair: Pair, answer: WhatIf) -> None:
        """What was tried, what it changes in one sentence, then file by file and sum by sum."""
        self.work.finish()
        self.told.setText(" ".join(told(pair)))
        self.found.setText(summary(answer))
        self._doubt(doubts(pair, answer))
        heavy = any(m.file.notes[0] != m.file.notes[1] for m in answer.files)
        self.moved.arrangement.show_column(self.moved.rows.column_index("note"), heavy)
        self.moved.set_rows([*answer.entering, *answer.leaving, *answer.changed])
        self.sums.set_rows(titled(answer.totals))
        for table in (self.moved, self.sums):
            _fit(table)
        self._show(answered=True)

    def wait(self) -> None:
        """Nothing of the last answer while the next one is looked for."""
        self.say(WORKING)
        self.work.start("Répartition")

    def say(self, sentence: str) -> None:
        """Why there is no answer."""
        self.work.finish()
        self.state.set_text(sentence)
        self._show(answered=False)

    def outdated(self) -> None:
        """What the answer was worked out from is no longer so."""
        self._doubt([OUTDATED])

    def forget(self) -> None:
        """Nothing is left of the last answer."""
        for table in (self.moved, self.sums):
            table.set_rows([])
        for label in (self.told, self.found):
            label.clear()
        self._doubt([])
        self.say("")

    @property
    def alone(self) -> bool:
        """Whether the values tried are out of sight."""
        return self.values.text() == SHOW

    def beside(self) -> None:
        """The values tried are in sight again."""
        self.values.setText(HIDE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _turn(self) -> None:
        self.values.setText(HIDE if self.alone else SHOW)
        self.values_wanted.emit()

    def _doubt(self, sentences: Sequence[str]) -> None:
        self._said = list(sentences)
        self._show_doubts(whole=False)

    def _show_doubts(self, *, whole: bool) -> None:
        others = len(self._said) - 1
        self.doubts.setText("\n".join(self._said if whole else self._said[:1]))
        self.doubts.setVisible(bool(self._said))
        self.more.setText(LESS if whole else f"Lire {counted(others, 'autre réserve')}")
        self.more.setVisible(others > 0)

    def _show(self, *, answered: bool) -> None:
        self._body.setCurrentWidget(self.tables if answered else self.state)
        self.export.setEnabled(answered)
        for label in (self.told, self.found):
            label.setVisible(answered)
        self.doubts.setVisible(answered and bool(self._said))
        self.more.setVisible(answered and len(self._said) > 1)
        self._arrange()

    def _turn_over(self) -> None:
        self.other.setText(FILES if self.other.text() == SUMS else SUMS)
        self._arrange()

    def _arrange(self) -> None:
        """One table beside the other where both are readable, else one at a time."""
        wide = self.width() >= look.px(SIDE_BY_SIDE)
        answered = self._body.currentWidget() is self.tables
        self.title.setVisible(wide or not answered)
        self.other.setVisible(not wide and answered)
        self.moved.setVisible(wide or self.other.text() == SUMS)
        self.sums.setVisible(wide or self.other.text() == FILES)
        if not all(self.tables.sizes()):
            self.tables.setSizes([500, 500])

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 6, 12, 2)
        top.addWidget(self.title, 1)
        top.addWidget(self.other)
        top.addStretch(1)
        for button in (self.values, self.export, self.back):
            top.addWidget(button)
        said = QVBoxLayout()
        said.setContentsMargins(12, 0, 12, 8)
        said.setSpacing(4)
        for label in (self.told, self.found, self.doubts):
            said.addWidget(label)
        said.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(said)
        layout.addWidget(rule())
        layout.addWidget(self.work)
        layout.addWidget(self._body, 1)


def _fit(table: TableView) -> None:
    """Figures whole, and no wider: what they leave is for the names."""
    for at, column in enumerate(table.rows.columns):
        if column.align == "right" and not table.isColumnHidden(at):
            heading = table.horizontalHeader().sectionSizeHint(at)
            table.setColumnWidth(at, max(table.sizeHintForColumn(at) + STRONG, heading, look.px(60)))
    table.arrangement.stretch()


def _table(model: RowsModel[Any], name: str, empty: str) -> TableView:
    return TableView(model, name=name, empty=empty)
