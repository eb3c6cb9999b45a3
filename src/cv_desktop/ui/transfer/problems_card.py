"""« Problèmes »: by gravity, with the line, the sentence, and the repair in the row."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from cv_desktop.domain.intake import BLOCKING, INFORMATION, TO_CHECK
from cv_desktop.domain.repairs import DIFFERENCE, Act, Point
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
    DIFFERENCE: Badge("Différence", "info", "git-compare", tinted=True),
    INFORMATION: Badge("À savoir", "info", "info", tinted=True),
}
ASIDE = Badge("Écartée", "neutral", "minus", tinted=True)
MENDED = Badge("Réparée", "success", "check", tinted=True)
UNDO = "Annuler"


class ProblemsCard(Card):
    """``act_asked(point, act)``; ``undo_asked(repair)`` takes one repair back; ``point_chosen`` shows its line."""

    point_chosen = Signal(object)
    act_asked = Signal(object, object)
    undo_asked = Signal(object)

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__("Problèmes", flush=True, parent=parent)
        self._locked = False
        model: RowsModel[Point] = RowsModel(
            [
                Column("gravity", "Gravité", lambda p: _gravity(p).word, width=102, badge=_gravity),
                Column("line", "Ligne", _line, sort=lambda p: p.problem.line, width=88, weight=500, filterable=False),
                Column("message", "Constat", _sentence, width=260, stretch=True, wrap=True),
                Column("column", "Colonne", lambda p: p.problem.column, width=140, hidden=True),
                Column("number", "N° externe", lambda p: p.problem.number, width=84, tone="secondary", hidden=True),
                Column("sheet", "Feuille", lambda p: p.problem.sheet, width=110, tone="secondary", hidden=True),
                Column("first", "", lambda p: self._label(p, 0), width=130, button=lambda p: self._label(p, 0),
                       filterable=False),
                Column("second", "", lambda p: self._label(p, 1), width=118, button=lambda p: self._label(p, 1),
                       filterable=False),
            ],
            identity=lambda p: (p.problem, p.field, p.repair),
        )  # fmt: skip
        self.table = TableView(
            model,
            name="Problèmes du fichier",
            memory=memory,
            empty="Aucun problème dans ce fichier.",
        )
        self.table.current_row_changed.connect(self.point_chosen)
        self.table.pressed.connect(self._pressed)
        self.add(self.table, 1)

    def show_reading(self, reading: Reading, *, done: bool = False) -> None:
        self._locked = done
        self.table.set_rows(reading.points)
        mended = sum(point.repair is not None for point in reading.points)
        left = len(reading.points) - mended
        parts = [f"{left} à lire, par gravité" if left else "aucun"]
        if mended:
            parts.append(f"{mended} réparé{'s' if mended > 1 else ''}")
        self.set_title("Problèmes", ", ".join(parts))

    def place_of(self, point: Point) -> QPoint:
        """Under the buttons of a row, where its editor opens."""
        at = self.table.rows.position_of((point.problem, point.field, point.repair))
        column = len(self.table.rows.columns) - 1
        cell = self.table.visualRect(self.table.rows.index(max(at, 0), column))
        return self.table.viewport().mapToGlobal(cell.bottomRight())

    def _label(self, point: Point, place: int) -> str:
        if self._locked:
            return ""
        if point.repair is not None:
            return UNDO if place == 1 else ""
        # One button alone stands at the right, where the eye looks for it.
        acts: tuple[Act | None, ...] = point.acts if len(point.acts) > 1 else (None, *point.acts)
        act = acts[place] if place < len(acts) else None
        return point.label(act) if act else ""

    def _pressed(self, point: Point, key: str) -> None:
        if point.repair is not None:
            self.undo_asked.emit(point.repair)
            return
        label = self._label(point, 0 if key == "first" else 1)
        act = next((act for act in point.acts if point.label(act) == label), None)
        if act is not None:
            self.act_asked.emit(point, act)


def _gravity(point: Point) -> Badge:
    return MENDED if point.repair else GRAVITIES.get(point.problem.severity, ASIDE)


def _line(point: Point) -> str:
    return f"Ligne {point.problem.line}" if point.problem.line else "Fichier"


def _sentence(point: Point) -> str:
    words = point.repair.done if point.repair else point.problem.message
    return f"{point.where}\u00a0: {words}" if point.where else words
