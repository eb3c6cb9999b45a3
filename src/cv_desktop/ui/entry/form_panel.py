"""A filled PDF form before it becomes a file: each of its boxes, what is written in it, the field it goes to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain import form_entry, report_entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import BUDGET, REPORT, Filled, Place
from cv_desktop.domain.form_entry import STRUCTURE
from cv_desktop.domain.money import euros
from cv_desktop.domain.report import ReportRead
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import filled_forms, reference
from cv_desktop.services.filled_forms import FormReading
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.entry.report_target import ReportTarget
from cv_desktop.ui.message_bar import announce
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.transfer.field_chooser import FieldChooser
from cv_desktop.ui.transfer.mapping_card import ChoiceDelegate, MappingTable

CHOOSE, LEFT_OUT = "Choisir…", "Ne pas reprendre"
ORIGINS = {
    "chosen": Badge("choisi", "info", "pencil"),
    "remembered": Badge("mémorisé", "success", "bookmark-check"),
    "known": Badge("reconnu", "info", "equal-approximately"),
    "budget": Badge("budget", "info", "equal-approximately"),
    "ignored": Badge("ignoré", "neutral", "minus"),
    "unknown": Badge("à choisir", "warning", "circle-question-mark"),
    "empty": Badge("vide", "neutral", "minus"),
}


class FormPanel(QWidget):
    """``created(id)`` once written, ``to_page(content)`` to read it over on the page, ``left`` when given up;
    ``kept(structure)`` for a report."""

    created = Signal(str)
    kept = Signal(str)
    to_page = Signal(object)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.path = Path()
        self._reading: FormReading | None = None
        self._filled: Filled | None = None
        self._chosen: dict[str, str] = {}
        self._doubts: dict[str, str] = {}
        self.title, self.told = QLabel(), QLabel()
        self.told.setWordWrap(True)
        theme.set_type(self.title, "section", weight=600)
        theme.set_type(self.told, "body", "secondary")
        self.target = ReportTarget(context)
        self.shipped = Chip("correspondance à valider", "warning", title="Champs reconnus")
        self.table = MappingTable(
            RowsModel(self._columns(), identity=lambda place: place.box.name),
            name="Champs du formulaire",
            density="compact",
            memory=context.settings.memory("saisie.formulaire"),
            empty="Aucun champ rempli.",
        )
        self.table.setItemDelegateForColumn(2, ChoiceDelegate(self.table, self.table.rows, self.table.held))
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._clicked)
        self.blanks = QCheckBox("Montrer les champs vides")
        self.blanks.toggled.connect(lambda _on: self._show_rows())
        self.forget = QPushButton("Oublier les corrections")
        self.forget.setToolTip("Les champs de ce formulaire seront de nouveau reconnus à leurs seuls mots")
        self.make, self.over = QPushButton(), QPushButton("Relire dans la saisie")
        self.give_up = QPushButton("Abandonner")
        theme.set_kind(self.make, "primary")
        theme.set_kind(self.forget, "secondary", small=True)
        for button in (self.over, self.give_up):
            theme.set_kind(button, "secondary")
        self.make.clicked.connect(self._create)
        self.over.clicked.connect(self._to_page)
        self.forget.clicked.connect(self._forget)
        self.give_up.clicked.connect(self.left)
        self._lay_out()

    def show_form(self, path: Path, reading: FormReading) -> None:
        self.path, self._reading, self._chosen = path, reading, {}
        self.blanks.setChecked(False)
        report = reading.kind.code == REPORT
        self.make.setText("Enregistrer le bilan" if report else "Créer le dossier")
        self.over.setVisible(not report)
        self.target.setVisible(report)
        self.target.start()
        self.title.setText(f"{path.name}{NBSP}: {reading.kind.label}")
        self.shipped.setVisible(reading.to_validate)
        self._read()
        rows = [place for place in self.table.rows.rows() if isinstance(place, Place)]
        if first := next((place for place in rows if place.origin == "unknown"), rows[0] if rows else None):
            self.table.select_identity(first.box.name, "field")
        self.table.setFocus()

    def choose(self, name: str, key: str) -> None:
        """Give a box another field, or none; the field leaves the box that had it."""
        self._chosen[name] = key
        self._read()
        self.table.select_identity(name, "field")

    def _read(self) -> None:
        reading = self._reading
        assert reading is not None
        filled = self._context.read(filled_forms.filled, reading=reading, chosen=self._chosen)
        self._filled = filled
        report = filled.kind.code == REPORT
        entry, doubts = report_entry.entry(filled) if report else form_entry.entry(filled)
        self._doubts = {doubt.key: doubt.message for doubt in doubts if doubt.key}
        if isinstance(entry, ReportRead):
            self.target.show_report(entry)
        self.forget.setVisible(bool(reading.remembered))
        self._show_rows()
        taken = sum(
            place.origin in ("known", "remembered", "budget") and bool(place.box.value) for place in filled.places
        )
        parts = [quote(entry.structure.name or "structure sans nom")]
        if isinstance(entry, ReportRead):
            parts.append(f"{counted(len(entry.lines), 'ligne')} au tableau")
        elif asked := entry.values.get("asked_cents"):
            parts.append(f"{euros(asked)} demandés")
        parts.append(f"{counted(taken, 'champ repris')}")
        if filled.unknown:
            parts.append(f"{len(filled.unknown)} à choisir")
        if self._doubts:
            parts.append(f"{len(self._doubts)} à vérifier")
        said = " · ".join(parts) + "."
        table = [doubt.message for doubt in doubts if doubt.field in (report_entry.TABLE, form_entry.BUDGET_TITLE)]
        self.told.setText(" ".join((said, *table)))
        announce(self.told, said)

    def _show_rows(self) -> None:
        if self._filled is not None:
            shown = self.blanks.isChecked()
            self.table.set_rows([p for p in self._filled.places if shown or p.box.value])

    def _create(self) -> None:
        call, reading = self._context.calls.id, self._reading
        if reading is None:
            return
        report = reading.kind.code == REPORT
        try:
            changes = self._context.attempt(
                "bilan enregistré" if report else f"dossier créé depuis {self.path.name}",
                filled_forms.take,
                call_id=call,
                path=self.path,
                reading=reading,
                chosen=dict(self._chosen),
                placing=self.target.placing,
            )
        except UserError as refusal:
            if not (report and self.target.refuse(refusal)):
                self._context.refuse(refusal)
            return
        signal, noun = (self.kept, "structure") if report else (self.created, "application")
        signal.emit(next((id for touched, id in changes.touched if touched == noun), ""))

    def _to_page(self) -> None:
        if self._filled is None or self._reading is None:
            return
        if self._chosen:
            self._context.do(
                "correspondance du formulaire mémorisée",
                filled_forms.remember,
                reading=self._reading,
                chosen=dict(self._chosen),
            )
        self.to_page.emit(form_entry.content(self._filled))

    def _forget(self) -> None:
        reading = self._reading
        if reading is None:
            return
        if self._context.do("corrections du formulaire oubliées", filled_forms.forget, reading=reading) is None:
            return
        try:
            self.show_form(self.path, self._context.read(filled_forms.reading, path=self.path))
        except UserError as refusal:
            self._context.refuse(refusal)
            self.left.emit()

    def _clicked(self, index: QModelIndex) -> None:
        place = self.table.rows.row_at(index.row())
        if index.column() == 2 and isinstance(place, Place):
            self._open(place)

    def _open(self, place: Place) -> None:
        if self._reading is None:
            return
        offered = form_entry.choices(self._reading.kind, self._context.read(reference.accounts))
        chooser = FieldChooser(offered, place.key, self, ignored=LEFT_OUT)
        chooser.chosen.connect(lambda key, name=place.box.name: self.choose(name, key))
        cell = self.table.visualRect(self.table.rows.index(self.table.rows.position_of(place.box.name), 2))
        chooser.open_at(self.table.viewport().mapToGlobal(cell.bottomLeft()))

    def _origin(self, place: Place) -> str:
        if place.origin in ("remembered", "ignored") and place.box.name in self._chosen:
            return "chosen" if place.key else "ignored"
        return place.origin

    def _field(self, place: Place) -> str:
        if place.origin == "unknown":
            return CHOOSE
        if not place.key:
            return LEFT_OUT if place.origin == "ignored" else ""
        assert self._reading is not None
        return form_entry.label(self._reading.kind, place.key)

    def _note(self, place: Place) -> str:
        if place.key.startswith(BUDGET):
            return "" if place.origin != "remembered" or self._amount(place) else "Ce n’est pas un montant."
        return self._doubts.get(place.key, "") if place.key and place.box.value else ""

    def _amount(self, place: Place) -> bool:
        return self._filled is not None and any(
            line.account == place.key.removeprefix(BUDGET) for line in self._filled.budget.lines
        )

    def _columns(self) -> list[Column[Place]]:
        return [
            Column("box", "Champ du formulaire", lambda p: p.box.title, width=230, stretch=True),
            Column("value", "Valeur", _value, width=220, tone="secondary"),
            Column(
                "field",
                "Champ du dossier",
                self._field,
                width=230,
                weight=500,
                mark=lambda p: "warning" if p.origin == "unknown" else "",
            ),
            Column(
                "origin",
                "Origine",
                lambda p: ORIGINS[self._origin(p)].word,
                width=110,
                badge=lambda p: ORIGINS[self._origin(p)],
            ),
            Column("note", "À vérifier", self._note, width=260, mark=lambda p: "warning" if self._note(p) else ""),
        ]

    def _lay_out(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.shipped)
        head.addStretch(1)
        head.addWidget(self.forget)
        head.addWidget(self.blanks)
        card = Card(flush=True)
        card.add(self.table, 1)
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.give_up, self.over, self.make):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.told)
        layout.addWidget(self.target)
        layout.addWidget(card, 1)
        layout.addLayout(foot)


def _value(place: Place) -> str:
    """What is written, on one line; an account number is masked."""
    bare = " ".join(place.box.value.split())
    return f"•••• {bare[-4:]}" if place.key == f"{STRUCTURE}iban" and bare else bare
