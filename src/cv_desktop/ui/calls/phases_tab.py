"""Phases: where the campaign stands, what that allows, what is still « à valider », its opening and its closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import doubts as queries
from cv_desktop.db.queries import standing
from cv_desktop.db.queries.doubts import Doubt
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.phases import allows
from cv_desktop.domain.states import Phase
from cv_desktop.domain.text import counted
from cv_desktop.services import doubts, phases
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.card import Card
from cv_desktop.ui.charts.steps import CampaignStep, Steps
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
OPEN = "Ouvrir la campagne"
_PARTS = {
    queries.PARAMETER: "Règlement",
    queries.DOCUMENT: "Pièces",
    queries.GRID: "Grille",
    queries.LETTER: "Courriers",
}


class PhasesTab(Tab):
    """The list empties as values are validated; the campaign opens once nothing of its own is left in it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.steps = Steps()
        self.steps.chosen.connect(lambda key: self._explain(Phase(key)))
        self.allowed = QLabel()
        self.allowed.setWordWrap(True)
        theme.set_type(self.allowed, "body", "secondary")
        self.change = QPushButton()
        theme.set_kind(self.change, "primary")
        self.change.clicked.connect(self._change)
        self.why = QLabel()
        self.why.setWordWrap(True)
        theme.set_type(self.why, "secondary", "secondary")
        self.selected, self.all = QPushButton("Valider la sélection"), QPushButton("Tout valider")
        for button in (self.selected, self.all):
            theme.set_kind(button, "secondary", small=True)
            icons.dress(button, "check", "text", 14)
        self.selected.clicked.connect(self._validate_selected)
        self.all.clicked.connect(self._validate_all)
        self.model: RowsModel[Doubt] = RowsModel(self._columns())
        self.table = TableView(
            self.model,
            name="Ce qui reste à valider",
            memory=context.settings.memory("campagnes.a_valider"),
            empty="Tout est validé.",
        )
        self.table.selection_changed.connect(self._selection)
        card = Card("À valider", flush=True)
        self.card = card
        card.add_action(self.selected)
        card.add_action(self.all)
        card.add(self.table, 1)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.allowed, 1)
        line.addWidget(self.change)
        self.column.addWidget(self.steps)
        self.column.addLayout(line)
        self.column.addWidget(self.why)
        self.column.addWidget(card, 1)

    def refresh(self) -> None:
        if self.row is None:
            return
        day = self._today
        phase = self.context.read(standing.phase, call_id=self.row.id, day=day)
        order = list(Phase)
        self.steps.set_steps(
            [
                CampaignStep(
                    step.value,
                    step.label,
                    state="done" if order.index(step) < order.index(phase) else "now" if step is phase else "next",
                )
                for step in order
            ]
        )
        self._explain(phase)
        rows = self.context.read(queries.rows, self.row.id, day)
        self.table.set_rows(rows)
        own = sum(d.own for d in rows)
        shared = len(rows) - own
        self.card.set_title("À valider", self._counts(own, shared))
        self.all.setVisible(bool(rows))
        self._selection(self.table.selected_rows())
        self._offer(own)

    def _explain(self, phase: Phase) -> None:
        """What a phase allows: the one of today at first, then the one chosen on the line."""
        self.allowed.setText(f"{phase.label}{NBSP}: {allows(phase)}")

    def _offer(self, own: int) -> None:
        """The one act this campaign may go through now, and why it may not."""
        assert self.row is not None
        row = self.row
        if row.closed_on is not None:
            words, why = "Rouvrir la campagne…", f"Close depuis le {long_date(row.closed_on)}."
        elif row.opened_on is None and not row.applications:
            words = OPEN
            why = f"{counted(own, 'valeur')} à valider avant l’ouverture." if own else ""
        else:
            words = "Clore la campagne…"
            why = f"Ouverte depuis le {long_date(row.opened_on)}." if row.opened_on else ""
        self.change.setText(words)
        # One opens it once; closing is no everyday act.
        theme.set_kind(self.change, "primary" if words == OPEN else "secondary")
        self.change.setEnabled(not (words == OPEN and own))
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.change.setToolTip(why)

    @staticmethod
    def _counts(own: int, shared: int) -> str:
        parts = [counted(own, "valeur") + " de cette campagne"] if own else []
        parts += (
            [counted(shared, "texte") + f" de courrier, commun{'s' if shared > 1 else ''} à toutes les campagnes"]
            if shared
            else []
        )
        return "  ·  ".join(parts)

    def _selection(self, rows: Sequence[Doubt]) -> None:
        self.selected.setText(f"Valider {counted(len(rows), 'valeur')}" if len(rows) > 1 else "Valider la sélection")
        self.selected.setVisible(bool(self.model.rows()))
        self.selected.setEnabled(bool(rows))

    def _validate_selected(self) -> None:
        self._validate(self.table.selected_rows())

    def _validate_all(self) -> None:
        self._validate(self.model.rows())

    def _validate(self, rows: Sequence[Doubt]) -> None:
        if self.row is not None and rows:
            self.context.do(
                f"{counted(len(rows), 'valeur validée')}",
                doubts.validate,
                call_id=self.row.id,
                wanted=[(d.kind, d.key) for d in rows],
            )

    def _change(self) -> None:
        if self.row is None:
            return
        row = self.row
        if row.closed_on is not None:
            reason = dialogs.ask_reason(
                self,
                f"Rouvrir «{NBSP}{row.label}{NBSP}»{NBSP}?",
                ["Ses dossiers, son règlement et son enveloppe pourront de nouveau être modifiés."],
                "Rouvrir la campagne",
                reasons=("Versement ou bilan à enregistrer", "Décision à corriger", "Close par erreur"),
                safe="La laisser close",
            )
            if reason:
                self.context.do("campagne rouverte", phases.reopen_call, call_id=row.id, reason=reason)
        elif row.opened_on is None and not row.applications:
            self.context.do("campagne ouverte", phases.open_call, call_id=row.id)
        elif dialogs.confirm(
            self,
            f"Clore «{NBSP}{row.label}{NBSP}»{NBSP}?",
            [
                f"{counted(row.applications, 'dossier')} ne pourront plus être modifiés."
                if row.applications > 1
                else "Plus aucun dossier ne pourra y être saisi ni importé.",
                "Le règlement, la grille et l’enveloppe sont figés. La rouvrir demandera un motif.",
            ],
            "Clore la campagne",
            "La laisser ouverte",
        ):
            self.context.do("campagne close", phases.close_call, call_id=row.id)

    @property
    def _today(self) -> date:
        return local(self.context.clock()).date()

    @staticmethod
    def _columns() -> list[Column[Doubt]]:
        return [
            Column("part", "Onglet", lambda d: _PARTS[d.kind], width=120, tone="secondary"),
            Column("label", "À valider", lambda d: d.label, width=320, stretch=True, weight=500),
            Column("value", "Valeur livrée", lambda d: d.value or "vide", width=260),
            Column("article", "Article", lambda d: d.article, width=110, tone="secondary"),
        ]
