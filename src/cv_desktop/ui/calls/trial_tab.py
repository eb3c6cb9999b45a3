"""Essai: the règlement or the grid of this campaign on the files of another, and who would change side or band."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget

from cv_desktop.db.queries import call_rows
from cv_desktop.domain.text import counted
from cv_desktop.ui import theme
from cv_desktop.ui.calls.grid_trial_view import GridTrialView
from cv_desktop.ui.calls.rules_trial_view import RulesTrialView
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField
from cv_desktop.ui.look import px

RULES, GRID = "rules", "grid"


class TrialTab(Tab):
    """Nothing is written: the files keep the results of their own règlement, and the notes of their own grid."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.kind = ChoiceField("Essayer", [(RULES, "le règlement"), (GRID, "la grille")])
        self.kind.setMaximumWidth(px(150))
        self.kind.editor.currentIndexChanged.connect(lambda _index: self._show_kind())
        self.source = ChoiceField("Sur les dossiers de la campagne", [])
        self.source.setMaximumWidth(px(320))
        self.run = QPushButton()
        theme.set_kind(self.run, "secondary")
        self.run.clicked.connect(self._run)
        self.rules, self.grid = RulesTrialView(context), GridTrialView(context)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.rules)
        self.pages.addWidget(self.grid)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.kind)
        line.addWidget(self.source, 1)
        line.addWidget(self.run, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.column.addLayout(line)
        self.column.addWidget(self.pages, 1)
        self._show_kind()

    def refresh(self) -> None:
        if self.row is None:
            return
        rows = [r for r in self.context.read(call_rows.rows) if r.applications]
        # Last year's campaign of the scheme first: the one a règlement is tried on.
        scheme, year = self.row.scheme, self.row.year
        rows.sort(key=lambda r: (r.scheme != scheme, r.year >= year, -r.year, r.code))
        kept = self.source.value()
        self.source.editor.clear()
        for r in rows:
            self.source.editor.addItem(f"{r.label} ({counted(r.applications, 'dossier')})", r.id)
        if kept in [r.id for r in rows]:
            self.source.set_value(kept)
        self.run.setEnabled(bool(rows))
        self.run.setToolTip("" if rows else "Aucune campagne n’a encore de dossier.")
        self.rules.clear()
        self.grid.clear()

    def _show_kind(self) -> None:
        grid = self.kind.value() == GRID
        self.run.setText("Essayer cette grille" if grid else "Essayer ce règlement")
        self.pages.setCurrentWidget(self.grid if grid else self.rules)

    def _run(self) -> None:
        if self.row is not None and self.source.value():
            page = self.grid if self.kind.value() == GRID else self.rules
            page.try_on(self.row.id, self.source.value())
