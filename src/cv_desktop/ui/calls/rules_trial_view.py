"""A règlement on the files of another campaign: who would change side, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.money import euros
from cv_desktop.domain.text import counted
from cv_desktop.services import trials
from cv_desktop.services.trials import Trial
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

PASSES, FAILS = "recevable", "bloqué"


class RulesTrialView(QWidget):
    """Those that change side at first; all of them on demand."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.trials: list[Trial] = []
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
        top = QHBoxLayout()
        top.addWidget(self.words, 1)
        top.addWidget(self.only)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self._show()

    def clear(self) -> None:
        self.trials = []
        self._show()

    def try_on(self, call_id: str, source_id: str) -> None:
        self.trials = self.context.read(trials.replay, call_id=call_id, source_id=source_id)
        self._show()

    def _show(self) -> None:
        changed = [t for t in self.trials if t.changed]
        self.table.nothing.expect("Aucun dossier ne change de côté." if self.trials else "")
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
