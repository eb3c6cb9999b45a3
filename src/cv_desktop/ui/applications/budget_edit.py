"""The budget as a whole, written again: a line added, renamed or taken away, a block pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import form as form_queries
from cv_desktop.domain import budget_paste
from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine, Funding, Side
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import budgets, reference
from cv_desktop.services.budgets import Line
from cv_desktop.ui import icons, theme
from cv_desktop.ui.applications.budget_rows import Cell
from cv_desktop.ui.applications.dossier import Dossier
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_button import ElidedButton
from cv_desktop.ui.entry.budget_rows import Row
from cv_desktop.ui.message_bar import Message

SHOWN = 3


class BudgetEdit(QWidget):
    """The buttons under the budget, and the line they open."""

    def __init__(self, context: Context, back: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._back = context, back
        self._dossier: Dossier | None = None
        self._accounts = context.read(reference.accounts)
        self._funders = context.read(form_queries.choices).funders
        self.row: Row | None = None
        self.paste_button = ElidedButton("Coller depuis Excel")
        theme.set_kind(self.paste_button, "link", small=True)
        icons.dress(self.paste_button, "clipboard-paste", "accent", 14)
        self.paste_button.setToolTip("Remplace le budget par les deux blocs copiés dans le tableur (Ctrl+V)")
        self.paste_button.clicked.connect(self.paste)
        self.charge, self.produit = QPushButton("Ajouter une charge"), QPushButton("Ajouter un produit")
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 4, 12, 0)
        for button, side in ((self.charge, CHARGE), (self.produit, PRODUIT)):
            theme.set_kind(button, "link", small=True)
            button.clicked.connect(lambda _on=False, of=side: self.open(of))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(buttons)

    def show_dossier(self, dossier: Dossier) -> None:
        if self._dossier is not None and self._dossier.id != dossier.id:
            self._close()
        self._dossier = dossier
        self.setVisible(dossier.open)
        self.paste_button.setVisible(dossier.open)

    def open(self, side: Side) -> None:
        """An empty line to type: Entrée at its end writes it and opens the next; Entrée on an empty account closes."""
        self._close()
        row = Row(side, self._accounts, self._funders)
        row.layout().setContentsMargins(12, 0, 12, 4)  # type: ignore[union-attr]
        row.done.connect(lambda: self._add(row))
        row.left.connect(self._leave)
        row.pasted.connect(self.paste_text)
        self.row = row
        self._column.addWidget(row)
        row.account.setFocus()

    def paste(self) -> None:
        self.paste_text(QApplication.clipboard().text())

    def paste_text(self, text: str) -> None:
        """The budget copied replaces the one of the file; « Annuler » gives it back."""
        dossier = self._dossier
        if dossier is None or not dossier.open:
            return
        try:
            read = budget_paste.read(text, self._accounts)
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        lines = self._context.read(budgets.marked, call_id=dossier.record.call_id, lines=read.lines)
        if self._put("budget collé", [Line(x) for x in lines]):
            said = f"{counted(len(lines), 'ligne collée')}."
            doubts = read.doubts[:SHOWN]
            more = f" Et {len(read.doubts) - SHOWN} de plus." if len(read.doubts) > SHOWN else ""
            words = " ".join((*doubts, *[x for x in read.aside if "retrouvé" in x][:2])) + more
            level = "warning" if read.doubts else "success"
            self._context.messages.show_message(
                Message("warning" if level == "warning" else "success", said, words,
                        (("Annuler", self._context.undo_last),))
            )  # fmt: skip

    def rename(self, cell: Cell, label: str) -> None:
        """A new label; an empty one takes the line away."""
        name = f"{cell.row.account} {cell.row.label}".strip()
        if not label:
            self._write(f"ligne retirée, {name}", lambda lines: [x for x in lines if x.id != cell.id])
            return
        self._write(f"budget › {label}", lambda lines: [_with(x, cell.id, label=label) for x in lines])

    def restate(self, cell: Cell, state: Funding) -> None:
        """Where a co-funding stands: acquis, sollicité, refusé, demandé."""
        words = f"budget › {cell.row.label}{NBSP}: {state.label.lower() or 'sans état'}"
        self._write(words, lambda lines: [_with(x, cell.id, state=str(state)) for x in lines])

    def _add(self, row: Row) -> None:
        try:
            line = row.line()
        except UserError as refusal:
            self._context.told.emit(refusal.message)
            return
        if line is None:
            return
        side = row.side
        self._write(f"ligne ajoutée, {line.account} {line.label}", lambda lines: [*lines, Line(line)])
        self.open(side)

    def _write(self, words: str, change: Callable[[Sequence[Line]], Sequence[Line]]) -> None:
        """Raises the UserError of the verb, for the cell that shows it."""
        dossier = self._dossier
        if dossier is None:
            return
        lines = self._context.read(budgets.of, dossier.id)
        label = f"{words} ({dossier.record.row.number})"
        self._context.attempt(label, budgets.put, application_id=dossier.id, lines=tuple(change(lines)))

    def _put(self, words: str, lines: Sequence[Line]) -> bool:
        dossier = self._dossier
        if dossier is None:
            return False
        label = f"{words} ({dossier.record.row.number})"
        return self._context.do(label, budgets.put, application_id=dossier.id, lines=tuple(lines)) is not None

    def _leave(self) -> None:
        self._close()
        self._back()

    def _close(self) -> None:
        if self.row is not None:
            self.row.hide()
            self.row.deleteLater()
            self.row = None


def _with(line: Line, id: str, **changed: str) -> Line:
    if line.id != id:
        return line
    renamed: BudgetLine = replace(line.line, **changed)  # type: ignore[arg-type]
    # Another label may mean another co-funder: found again from it.
    return Line(renamed, line.id, "" if "label" in changed else line.funder)
