"""« Problèmes »: by gravity, with the line, the column and the sentence."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cv_desktop.domain.intake import BLOCKING, TO_CHECK, Problem
from cv_desktop.services.readings import Reading
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

GRAVITIES = {
    BLOCKING: Badge("Refusée", "danger", "x", tinted=True),
    TO_CHECK: Badge("À vérifier", "warning", "triangle-alert", tinted=True),
}
ASIDE = Badge("Écartée", "neutral", "minus", tinted=True)


class ProblemsCard(Card):
    """``line_asked(line)``: the line of the file to show above, 0 for the whole file."""

    problem_chosen = Signal(object)

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__("Problèmes", flush=True, parent=parent)
        model: RowsModel[Problem] = RowsModel(
            [
                Column("gravity", "Gravité", lambda p: _gravity(p).word, width=104, badge=_gravity),
                Column("line", "Ligne", lambda p: str(p.line) if p.line else "", sort=lambda p: p.line, width=56,
                       align="right", filterable=False),
                Column("column", "Colonne", lambda p: p.column, width=150),
                Column("message", "Constat", lambda p: p.message, width=300, stretch=True),
                Column("number", "N° externe", lambda p: p.number, width=84, tone="secondary"),
                Column("sheet", "Feuille", lambda p: p.sheet, width=110, tone="secondary", hidden=True),
            ],
            identity=lambda p: p,
        )  # fmt: skip
        self.table = TableView(
            model,
            name="Problèmes du fichier",
            memory=memory,
            empty="Aucun problème dans ce fichier.",
        )
        self.table.current_row_changed.connect(self.problem_chosen)
        self.add(self.table, 1)

    def show_reading(self, reading: Reading) -> None:
        problems = reading.problems
        self.table.set_rows(problems)
        count = len(problems)
        self.set_title("Problèmes", f"{count} à lire, par gravité" if count else "aucun")


def _gravity(problem: Problem) -> Badge:
    return GRAVITIES.get(problem.severity, ASIDE)
