"""A campaign made from another one, or from a file, without leaving the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.configuration import Configuration
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted
from cv_desktop.services import configurations
from cv_desktop.ui import theme
from cv_desktop.ui.calls.new_call import YearField
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import Field, TextField

NBSP = "\u00a0"


class CopyCall(Card):
    """``created(id)`` once written, ``left`` when given up."""

    created = Signal(str)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(" ", " ", parent=parent)
        self.context = context
        self._source: CallRow | Configuration | None = None
        self.year, self.code = YearField("Année", required=True), TextField("Code", required=True)
        self.make, self.give_up = QPushButton(), QPushButton("Ne pas créer")
        theme.set_kind(self.make, "primary")
        theme.set_kind(self.give_up, "secondary")
        self.make.clicked.connect(self.submit)
        self.code.submits_with(self.make)
        self.give_up.clicked.connect(self.left)
        grid, buttons = QGridLayout(), QHBoxLayout()
        grid.setHorizontalSpacing(12)
        for place, (field, stretch) in enumerate(((self.year, 1), (self.code, 2))):
            grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, stretch)
        grid.setColumnStretch(2, 4)
        self._grid = grid
        buttons.setSpacing(8)
        buttons.addWidget(self.make)
        buttons.addWidget(self.give_up)
        buttons.addStretch(1)
        self.body.addLayout(grid)
        self.body.addLayout(buttons)
        self.hide()

    def duplicate(self, row: CallRow) -> None:
        """Offers the campaign of the next year."""
        self._source = row
        year = row.year + 1
        self.set_title(
            f"Dupliquer «{NBSP}{row.label}{NBSP}»",
            "Règlement, pièces, sessions et grille sont repris, dates décalées, enveloppe et parts vides.",
        )
        self.make.setText("Dupliquer la campagne")
        self.year.show()
        self._grid.setColumnStretch(0, 1)
        self._grid.setHorizontalSpacing(12)
        self._start(year, row.code.replace(str(row.year), str(year)) if str(row.year) in row.code else "")

    def import_configuration(self, wanted: Configuration) -> None:
        """Offers the campaign of a file."""
        self._source = wanted
        self.set_title(
            f"Importer «{NBSP}{wanted.label}{NBSP}»",
            f"{wanted.scheme}, {wanted.year}{NBSP}: {counted(len(wanted.parameters), 'paramètre')}, "
            f"{counted(len(wanted.documents), 'pièce')}, {counted(len(wanted.rounds), 'session')}, grille.",
        )
        self.make.setText("Importer la campagne")
        self.year.hide()
        self._grid.setColumnStretch(0, 0)
        self._grid.setHorizontalSpacing(0)
        self._start(wanted.year, wanted.code)

    def submit(self) -> None:
        wrong = [field for field in (self.year, self.code) if not field.commit()]
        if wrong:
            wrong[0].setFocus()
            return
        try:
            changes = self._create(str(self.code.value()))
        except UserError as refusal:
            field: Field = self.year if refusal.field == "year" else self.code
            field.refuse(refusal.message)
            field.setFocus()
            return
        self.hide()
        self.created.emit(next(key for noun, key in changes.touched if noun == "call"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)

    def _create(self, code: str) -> Changes:
        label = f"campagne «{NBSP}{code}{NBSP}» créée"
        if isinstance(self._source, Configuration):
            return self.context.attempt(label, configurations.create, configuration=self._source, code=code)
        assert self._source is not None
        return self.context.attempt(
            label, configurations.duplicate, call_id=self._source.id, code=code, year=self.year.value()
        )

    def _start(self, year: int, code: str) -> None:
        self.year.replace(year)
        self.code.replace(code)
        self.show()
        self.code.setFocus()
