"""The tab « Décision »: opinion, decision and act, what every funder gives, letters."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries.outcomes import DecisionRow, LetterRow, OpinionRow
from cv_desktop.domain.dates import long_date, short_date
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import NBSP, stopped
from cv_desktop.ui.applications.condition_line import ConditionLine
from cv_desktop.ui.applications.convention_line import ConventionLine
from cv_desktop.ui.applications.decision_actions import DecisionActions
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.applications.fundings_card import FundingsCard
from cv_desktop.ui.applications.payments_line import PaymentsLine
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.fitted_table import FittedTable
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

TABLE = 100
LETTER_STATES = {
    "to_read": ("À relire", "info", "circle-dot-dashed"),
    "read": ("Relu", "success", "check"),
    "issued": ("Émis", "success", "check"),
    "signed": ("Signé", "success", "check"),
    "sent": ("Envoyé", "success", "check"),
    "replaced": ("Remplacé", "neutral", "copy"),
}


class Decision(QWidget):
    """``visited(destination, noun, id)`` when a meeting or a letter is opened."""

    visited = Signal(str, str, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        memory = context.settings.memory
        self.opinions = FittedTable(
            RowsModel(_opinion_columns(), identity=lambda r: r.meeting_id),
            name="Avis des séances",
            memory=memory("dossier.avis"),
            empty="Aucune séance n’a encore rendu d’avis sur ce dossier.",
        )
        self.decisions = FittedTable(
            RowsModel(_decision_columns()),
            name="Décisions",
            memory=memory("dossier.decisions"),
            empty="Aucun acte n’a encore décidé de ce dossier.",
        )
        self.letters = TableView(
            RowsModel(_letter_columns()),
            name="Courriers du dossier",
            memory=memory("dossier.courriers"),
            empty="Aucun courrier n’est préparé pour ce dossier.",
        )
        self.opinions.opened.connect(lambda row: self.visited.emit("meetings", "meeting", row.meeting_id))
        self.letters.opened.connect(lambda row: self.visited.emit("letters", "letter", row.id))
        self.letters.pressed.connect(lambda row, _key: self.visited.emit("letters", "letter", row.id))
        self.fundings, self.after = FundingsCard(context), DecisionActions(context)
        self.convention, self.condition = ConventionLine(context), ConditionLine(context)
        self.payments = PaymentsLine(context)
        inside = QWidget()
        inside.setProperty("surface", "")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        for title, table in (
            ("Avis du comité", self.opinions),
            ("Décision", self.decisions),
            ("Courriers", self.letters),
        ):
            card = Card(title, flush=True)
            card.add(table, 1)
            if table is self.letters:
                table.setMinimumHeight(px(TABLE))
            if table is self.decisions:
                for line in (self.condition, self.convention, self.payments, self.after):
                    card.add(line)
                for button in self.after.buttons:
                    card.add_action(button)
            layout.addWidget(card, 1 if table is self.letters else 0)
        layout.insertWidget(2, self.fundings)
        # In a low window the whole scrolls rather than leaving each table one line.
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_dossier(self, dossier: Dossier) -> None:
        self.opinions.set_rows(dossier.outcomes.opinions)
        self.decisions.set_rows(dossier.outcomes.decisions)
        self.letters.set_rows(dossier.outcomes.letters)
        self.fundings.show_dossier(dossier)
        for line in (self.condition, self.convention, self.payments):
            line.show_dossier(dossier)
        self.after.show_dossier(dossier)


def _opinion_columns() -> list[Column[OpinionRow]]:
    return [
        Column("meeting", "Séance", lambda r: f"{r.meeting}, {long_date(r.held_on)}", width=280),
        Column(
            "opinion",
            "Avis",
            lambda r: r.opinion.label if r.opinion else "Pas encore rendu",
            width=150,
            badge=lambda r: (
                Badge(r.opinion.label, r.opinion.tint, r.opinion.icon)
                if r.opinion
                else Badge("Pas encore rendu", "neutral")
            ),
        ),
        Column("amount", "Proposé", lambda r: _euros(r.amount_cents), width=110, align="right"),
        Column("reason", "Motif", lambda r: r.reason, width=200, stretch=True),
    ]


def _decision_columns() -> list[Column[DecisionRow]]:
    return [
        Column(
            "outcome",
            "Décision",
            _outcome,
            width=224,
            badge=_outcome_badge,
        ),
        Column("amount", "Accordé", lambda r: _euros(r.amount_cents), width=92, align="right", weight=600),
        Column("act", "Acte", _act, width=176, wrap=True),
        Column("standing", "Portée", _standing, width=168, wrap=True),
        Column("notified", "Notifiée le", lambda r: short_date(r.notified_on), sort=lambda r: r.notified_on, width=96),
        Column("motive", "Réserve ou motif", _motive, width=160, stretch=True),
    ]


def _letter_columns() -> list[Column[LetterRow]]:
    return [
        Column("label", "Courrier", lambda r: r.label, width=280, stretch=True),
        Column("number", "Numéro", lambda r: r.number or "À l’émission", width=130),
        Column("dated", "Daté du", lambda r: short_date(r.dated_on), width=100),
        Column("state", "État", lambda r: LETTER_STATES[r.state][0], width=110, badge=_letter_badge),
        Column("open", "", lambda r: "", width=100, button=lambda r: "Ouvrir", filterable=False),
    ]


def _letter_badge(row: LetterRow) -> Badge:
    return Badge(*LETTER_STATES[row.state])


def _outcome(row: DecisionRow) -> str:
    """« Attribué, sous réserve » until its condition is lifted."""
    waits = row.reserve is not None and row.reserve.lifted_on is None
    return f"{row.outcome.label}, sous réserve" if waits else row.outcome.label


def _outcome_badge(row: DecisionRow) -> Badge:
    said = _outcome(row)
    return Badge(said, row.outcome.tint if said == row.outcome.label else "warning", row.outcome.icon)


def _standing(row: DecisionRow) -> str:
    """Whether it still counts, and since when and why it does not."""
    if row.ending is not None:
        return f"{row.ending.label}, {short_date(row.ended_on)}{NBSP}: {stopped(row.end_reason)}"
    if not row.in_force:
        return "Remplacée"
    rank = f", rang {row.rank}" if row.rank else ""
    again = f"{NBSP}; {euros(row.voted_again_cents)} au vote" if row.voted_again_cents is not None else ""
    return f"En vigueur{rank}{again}"


def _motive(row: DecisionRow) -> str:
    if row.reserve is None:
        return row.motive
    if row.reserve.lifted_on is not None:
        return f"Réserve levée le {short_date(row.reserve.lifted_on)}\u00a0: {row.reserve.proof}"
    return f"Sous réserve, avant le {short_date(row.reserve.due_on)}\u00a0: {row.condition}"


def _act(row: DecisionRow) -> str:
    day = f" du {long_date(row.act_on)}" if row.act_on else ""
    return f"{row.body}, n°\u00a0{row.act_number}{day}" if row.act_number else row.lot


def _euros(cents: int | None) -> str:
    return "" if cents is None else euros(cents)
