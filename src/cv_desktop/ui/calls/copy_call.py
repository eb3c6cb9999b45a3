"""A campaign made from another one, or from a file, without leaving the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.configuration import Configuration
from cv_desktop.domain.text import counted
from cv_desktop.services import configurations
from cv_desktop.ui.calls.new_call import YearField
from cv_desktop.ui.context import Context
from cv_desktop.ui.creation_panel import CreationPanel
from cv_desktop.ui.fields.field import Field, TextField

NBSP = "\u00a0"


class CopyCall(CreationPanel):
    noun = "call"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.year, self.code = YearField("Année", required=True), TextField("Code", required=True)
        super().__init__(context, " ", " ", {"year": self.year, "code": self.code}, parent=parent)
        self._source: CallRow | Configuration | None = None
        self.code.submits_with(self.make)
        self._grid = self.line(1, 2, rest=4)
        self.body.addLayout(self._grid)
        self.body.addLayout(self.buttons())

    @property
    def main(self) -> Field:
        return self.code

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

    def write(self) -> Changes:
        code = str(self.code.value())
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
