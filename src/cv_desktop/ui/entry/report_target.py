"""Where a financial report goes: its structure, its exercise, its file; asked when the form does not say it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.db.queries import reports as queries
from cv_desktop.db.queries import search
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.report import ReportRead, choice_text
from cv_desktop.domain.structure_lines import parse_year
from cv_desktop.domain.text import NBSP
from cv_desktop.services import reports
from cv_desktop.services.reports import Placing, Target
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, TextField
from cv_desktop.ui.fields.proposals import Proposal, Proposals

TO_CHOOSE, NONE = "?", ""


class ReportTarget(QWidget):
    """``changed`` when a person says something; ``placing`` is what they said."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read: ReportRead | None = None
        self._said = Placing()
        self.structure = TextField("Structure", placeholder="Nom, SIRET ou RNA")
        self.year = TextField("Exercice", placeholder="2025")
        self.file = ChoiceField("Dossier dont c’est le bilan", [])
        self.note = QLabel()
        self.note.setWordWrap(True)
        theme.set_type(self.note, "secondary", "secondary")
        self._words = context.read(search.vocabulary)
        self._box = Proposals(self.structure.editor, self._find, first=True)
        self._box.chosen.connect(lambda key: self._say(Placing(key, None, self._said.year)))
        self.year.committed.connect(self._year)
        self.file.committed.connect(
            lambda key: self._say(Placing(self._said.structure_id, None if key == TO_CHOOSE else key, self._said.year))
        )
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.structure, 3)
        line.addWidget(self.year, 1)
        line.addWidget(self.file, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.note)

    @property
    def placing(self) -> Placing:
        return self._said

    def start(self) -> None:
        """Another form: nothing was said of it yet."""
        self._said = Placing()

    def show_report(self, read: ReportRead) -> None:
        self._read = read
        where = self._context.read(reports.target, read=read, placing=self._said)
        self.structure.replace(where.structure or read.structure.name)
        self.year.replace(str(where.year or ""))
        self._files(where)
        if not where.structure_id:
            said = "Structure inconnue au registre\u00a0: choisissez-la par son nom, ou créez-la d’abord."
        elif where.possible:
            said = f"{len(where.possible)}{NBSP}dossiers peuvent être celui de ce bilan{NBSP}: choisissez."
            said = (
                said
                if len(where.possible) > 1
                else "L’intitulé n’est pas celui du dossier de cette année\u00a0: vérifiez."
            )
        elif where.year is None:
            said = "L’exercice n’est pas écrit\u00a0: indiquez l’année."
        else:
            said = ""
        self.note.setText(said)
        self.note.setVisible(bool(said))

    def refuse(self, refusal: UserError) -> bool:
        """Show a refusal on the field it names. False when it is about something else."""
        field = {"structure": self.structure, "year": self.year, "application": self.file}.get(refusal.field)
        if field is None:
            return False
        field.refuse(refusal.message)
        field.setFocus()
        if field is self.structure:
            self.structure.editor.selectAll()
        return True

    def _files(self, where: Target) -> None:
        key = where.structure_id
        found = self._context.read(queries.files, structure_id=key) if key else []
        box = self.file.editor
        box.clear()
        if where.possible:
            box.addItem("Choisir…", TO_CHOOSE)
        for file in found:
            box.addItem(f"{choice_text(file)} ({file.year})", file.id)
        box.addItem("Aucun dossier de cette base", NONE)
        self.file.replace(TO_CHOOSE if where.possible else where.file.id if where.file else NONE)

    def _year(self, text: object) -> None:
        try:
            year = parse_year(str(text)) if str(text or "") else None
        except UserError as refusal:
            self.year.refuse(refusal.message)
            return
        self._say(Placing(self._said.structure_id, self._said.application_id, year))

    def _say(self, said: Placing) -> None:
        self._said = said
        if self._read is not None:
            self.show_report(self._read)
        self.changed.emit()

    def _find(self, text: str) -> list[Proposal]:
        found = self._context.read(search.found, text=text, words=self._words)
        return [
            Proposal(x.id, x.name, " · ".join(y for y in (x.commune, display_siret(x.siret) if x.siret else "") if y))
            for x in found.structures
        ]
