"""A new structure: its name first, with those already known while it is typed, then what else is at hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.changes import Changes
from cv_desktop.domain.duplicates import NameBook
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.structure_fields import FIELDS
from cv_desktop.domain.text import quote
from cv_desktop.services import duplicates, structures
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.creation_panel import CreationPanel
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.structures.checked_field import CheckedField
from cv_desktop.ui.structures.siret_field import SiretField

PAUSE = 150
SHOWN = 4
OTHERS = ("acronym", "siret", "rna", "postal_code", "commune", "phone", "email")


class NewStructure(CreationPanel):
    """``chosen(id)`` when a known one is opened instead."""

    chosen = Signal(str)
    noun = "structure"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.name = TextField(FIELDS["name"].label, required=True)
        others = {key: SiretField() if key == "siret" else CheckedField(key) for key in OTHERS}
        super().__init__(
            context,
            "Nouvelle structure",
            "Le nom suffit\u00a0; le reste se complète sur la fiche.",
            {"name": self.name, **others},
            make="Créer la structure",
            parent=parent,
        )
        self.book: NameBook | None = None
        self.known = QLabel("Existe déjà :")
        theme.set_type(self.known, "secondary", "warning", 600)
        self.proposals = [QPushButton() for _ in range(SHOWN)]
        self._ids = [""] * SHOWN
        self._named = ""
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(PAUSE)
        self._delay.timeout.connect(self.propose)
        self.name.editor.textEdited.connect(lambda _text: self._delay.start())
        self._lay_out()

    def start(self, name: str = "") -> None:
        """Open the form; the names of the registry are read meanwhile."""
        for field in self.fields.values():
            field.replace("")
        self.name.editor.setText(name)
        self._named = ""
        self._offer([])
        self.show()
        self.name.setFocus()
        self.context.jobs.run("lecture des noms", self._read_names, quiet=True, on_done=self._names_read)

    def propose(self) -> None:
        """The structures already known under a name like the one typed."""
        if self.book is not None:
            near = self.book.near(self.name.text(), SHOWN)
            self._offer([(i.id, f"{i.names[0]}{' · ' if i.commune else ''}{i.commune}") for i in near])

    def write(self) -> Changes:
        name = str(self.name.value())
        values = {key: str(field.value()) for key, field in self.fields.items() if key != "name" and field.value()}
        return self.context.attempt(
            f"structure {quote(name)} créée",
            structures.create,
            name=name,
            values=values,
            despite_name=self._named == name,
        )

    def refused(self, refusal: UserError) -> None:
        super().refused(refusal)
        if refusal.field == "name":
            # Said once: the same name asked again is another structure.
            self._named = str(self.name.value())
            self.make.setText("Créer quand même")

    def _read_names(self, _token: Token) -> NameBook:
        return self.context.read(duplicates.name_book)

    def _names_read(self, book: NameBook) -> None:
        self.book = book
        self.propose()

    def _offer(self, near: list[tuple[str, str]]) -> None:
        self.known.setVisible(bool(near))
        for place, button in enumerate(self.proposals):
            button.setVisible(place < len(near))
            if place < len(near):
                self._ids[place], words = near[place]
                button.setText(words.replace("&", "&&"))
                button.setAccessibleName(f"Existe déjà, ouvrir {words}")
        self.make.setText("Créer la structure")

    def _lay_out(self) -> None:
        known = QVBoxLayout()
        known.setSpacing(4)
        known.addWidget(self.known)
        for place, button in enumerate(self.proposals):
            theme.set_kind(button, "link")
            button.clicked.connect(lambda _on=False, at=place: self.chosen.emit(self._ids[at]))
            known.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for place, key in enumerate(OTHERS):
            row, column = divmod(place, 4)
            grid.addWidget(self.fields[key], row, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        self.add(self.name)
        self.body.addLayout(known)
        self.body.addLayout(grid)
        self.body.addLayout(self.buttons())
