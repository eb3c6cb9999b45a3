"""Essai: this règlement on the files of another campaign, and who would change side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import call_rows
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import counted
from cv_desktop.services import trials
from cv_desktop.services.trials import Trial
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

PASSES, FAILS = "recevable", "bloqué"


class TrialTab(Tab):
    """Nothing is written: the files keep the results of their own règlement."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.trials: list[Trial] = []
        self.source = ChoiceField("Dossiers de la campagne", [])
        self.source.setMaximumWidth(px(320))
        self.run = QPushButton("Essayer ce règlement")
        theme.set_kind(self.run, "secondary")
        self.run.clicked.connect(self._run)
        self.only = QCheckBox("Seulement ceux qui changent de côté")
        self.only.setChecked(True)
        self.only.toggled.connect(lambda _on: self._show())
        self.words = QLabel()
        self.words.setWordWrap(True)
        theme.set_type(self.words, "body", weight=600)
        self.model: RowsModel[Trial] = RowsModel(self._columns())
        self.table = TableView(
            self.model,
            name="Essai du règlement",
            memory=context.settings.memory("campagnes.essai"),
            empty="Choisissez une campagne, puis essayez ce règlement sur ses dossiers. Rien ne sera modifié.",
        )
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.source, 1)
        line.addWidget(self.run, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self.only, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.column.addLayout(line)
        self.column.addWidget(self.words)
        self.column.addWidget(self.table, 1)

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
        self.trials = []
        self._show()

    def _run(self) -> None:
        if self.row is not None and self.source.value():
            self.trials = self.context.read(trials.replay, call_id=self.row.id, source_id=self.source.value())
            self._show()

    def _show(self) -> None:
        changed = [t for t in self.trials if t.changed]
        self.table.set_rows(changed if self.only.isChecked() else self.trials)
        self.only.setVisible(bool(self.trials))
        if not self.trials:
            self.words.setText("")
            return
        out = sum(bool(t.after) for t in changed)
        verb = "changeraient" if len(changed) > 1 else "changerait"
        said = f"{counted(len(changed), 'dossier')} sur {len(self.trials)} {verb} de côté"
        sides = [
            counted(count, word) for count, word in ((out, "bloqué"), (len(changed) - out, "devenu recevable")) if count
        ]
        self.words.setText(f"{said} : {', '.join(sides)}." if sides else f"{said}.")

    @staticmethod
    def _columns() -> list[Column[Trial]]:
        def side(key: str, title: str) -> Column[Trial]:
            def word(t: Trial) -> str:
                return FAILS if getattr(t, key) else PASSES

            def badge(t: Trial) -> Badge:
                return Badge(FAILS, "danger", "x") if getattr(t, key) else Badge(PASSES, "success", "check")

            return Column(key, title, word, width=116, badge=badge)

        return [
            Column("number", "N°", lambda t: t.number, width=130),
            Column("structure", "Structure", lambda t: t.structure, width=200, weight=500),
            Column("asked", "Demandé", lambda t: euros(t.asked_cents), sort=lambda t: t.asked_cents, width=96,
                   align="right"),
            side("before", "Son règlement"),
            side("after", "Ce règlement"),
            Column("why", "Pourquoi", lambda t: " ".join(r.sentence for r in (t.after or t.before)), width=340,
                   stretch=True, tone="secondary"),
        ]  # fmt: skip
