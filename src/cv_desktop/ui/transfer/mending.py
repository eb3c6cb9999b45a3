"""The repairs made on the page: each is undoable, kept until the file is imported, and laid over the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from cv_desktop.db.queries import settings
from cv_desktop.domain import repairs
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.repairs import Act, Point, Repair
from cv_desktop.services.readings import Reading
from cv_desktop.ui.context import Context
from cv_desktop.ui.transfer.cell_editor import CellEditor
from cv_desktop.ui.transfer.field_chooser import FieldChooser
from cv_desktop.ui.transfer.problems_card import ProblemsCard

MEMORY = "import.reparations"
_KEPT = 12  # files begun and not imported yet


class Mending(QObject):
    """``changed(repairs)`` is called when they change: the file is then read again."""

    def __init__(self, context: Context, card: ProblemsCard, changed: Callable[[], None]) -> None:
        super().__init__(card)
        self._context, self._card, self._changed = context, card, changed
        self._memory = context.settings.memory(MEMORY)
        self._reading: Reading | None = None
        self._sha256 = ""
        self.made: tuple[Repair, ...] = ()
        card.act_asked.connect(self._act)
        card.undo_asked.connect(self._take_back)

    def begin(self, sha256: str) -> int:
        """Takes up the repairs already made on a file; gives their number."""
        self._sha256 = sha256
        self.made = tuple(map(repairs.from_json, self._memory.get(sha256, [])))
        return len(self.made)

    def show_reading(self, reading: Reading) -> None:
        self._reading = reading

    def forget(self) -> None:
        """The file is imported: its report holds what was mended."""
        self._memory.pop(self._sha256, None)

    def put_back(self, made: Sequence[Repair]) -> None:
        """The import was taken back: what was mended is there again."""
        self._store(tuple(made))

    def _act(self, point: Point, act: Act) -> None:
        if act is Act.TYPE:
            self._edit(point)
        elif act is Act.PICK:
            self._pick(point)
        else:
            self._add(Repair(act, point.problem, point.field, self._value(point, act)))

    def _value(self, point: Point, act: Act) -> str:
        if act is Act.SAME:
            return point.structure_id
        if act is not Act.LEAVE or self._reading is None:
            return ""
        # The problem may stand on another sheet: the line left aside is the one of the application.
        if any(one.place == (point.problem.sheet, point.problem.line) for one in self._reading.lines):
            return str(point.problem.line)
        return next((str(one.line) for one in self._reading.lines if one.number == point.problem.number), "")

    def _edit(self, point: Point) -> None:
        field = point.field
        text = "" if field == "iban" else point.problem.value
        label = f"{point.label(Act.TYPE)}, ligne {point.problem.line}"
        editor = CellEditor(label, text, lambda typed: repairs.check_typed(field, typed), self._card)
        editor.typed.connect(lambda typed: self._add(Repair(Act.TYPE, point.problem, field, typed)))
        editor.open_at(self._card.place_of(point))

    def _pick(self, point: Point) -> None:
        quarters = [(one.name, one.name) for one in self._context.read(settings.quarters)]
        outside = ("Hors quartier prioritaire", "Hors quartier prioritaire")
        chooser = FieldChooser([*quarters, outside], "", self._card, ignored="", title="Quartier")
        chooser.chosen.connect(lambda name: self._add(Repair(Act.PICK, point.problem, point.field, name)))
        chooser.open_at(self._card.place_of(point))

    def _add(self, repair: Repair) -> None:
        # A cell typed twice, a doubt decided twice: the last word counts.
        kept = [one for one in self.made if _place(one) != _place(repair)]
        self._put((*kept, repair), f"réparation de la ligne {repair.problem.line}")

    def _take_back(self, repair: Repair) -> None:
        kept = tuple(one for one in self.made if one != repair)
        self._put(kept, f"réparation retirée, ligne {repair.problem.line}")

    def _put(self, made: tuple[Repair, ...], label: str) -> None:
        before = self.made
        self._store(made)
        self._context.undo.push(label, self._step(before))
        self._context.told.emit(f"{label[:1].upper()}{label[1:]}")
        self._changed()

    def _step(self, made: tuple[Repair, ...]) -> Step:
        sha256 = self._sha256

        def swap(_session: Any) -> Changes:
            if sha256 != self._sha256 or not self._reading:
                raise UserError("Cette réparation est celle d’un fichier refermé. Rouvrez-le pour la changer.")
            before = self.made
            self._store(made)
            self._changed()
            return Changes(undo=self._step(before))

        return Step(swap, {})

    def _store(self, made: tuple[Repair, ...]) -> None:
        self.made = made
        # An account number is kept nowhere but in the base.
        if kept := [repairs.as_json(one) for one in made if one.field != "iban"]:
            self._memory[self._sha256] = kept
        else:
            self._memory.pop(self._sha256, None)
        for old in list(self._memory)[:-_KEPT]:
            del self._memory[old]


def _place(repair: Repair) -> tuple[object, ...]:
    problem = repair.problem
    side = "cell" if repair.act in (Act.TYPE, Act.PICK) else "side" if repair.act in (Act.TAKE, Act.KEEP) else ""
    return (problem.sheet, problem.line, problem.column, problem.number, side or problem.message)
