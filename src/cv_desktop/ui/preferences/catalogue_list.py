"""One reference list: its lines edited in place, a new one added under it, one closed, validated or taken away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import catalogues as queries
from cv_desktop.db.queries import form_kinds
from cv_desktop.db.queries.catalogues import CatalogueRow
from cv_desktop.domain import catalogue, form_entry
from cv_desktop.domain.catalogue import Catalogue
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import FormKind
from cv_desktop.services import catalogues
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, Field, TextField
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_GROUPS = {
    catalogue.STAKE: "Volet",
    catalogue.OBJECTIVE: "Enjeu",
    catalogue.QUARTER: "Code",
    catalogue.LEGAL_FORM: "Catégorie",
    catalogue.MOTIVE: "Emploi",
    catalogue.FORM_WORDS: "Formulaire",
}
_WIDTHS = {
    "account": 70,
    "closed_on": 96,
    "label": 240,
    "name": 240,
    "text": 420,
    "synonyms": 210,
    "names": 420,
    "needed": 190,
}
_CODED = (catalogue.THEME, catalogue.STAKE, catalogue.OBJECTIVE)


class CatalogueList(QWidget):
    def __init__(self, context: Context, listed: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._listed = context, listed
        self.told = QLabel(listed.sentence)
        self.told.setWordWrap(True)
        theme.set_type(self.told, "secondary", "secondary")
        self.table = TableView(
            RowsModel(self._columns()),
            name=listed.title,
            memory=context.settings.memory(f"reglages.{listed.key}"),
            empty="Cette liste est vide.",
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.refused.connect(context.told)
        self.table.selection_changed.connect(lambda _rows: self._offer())
        self.fields: dict[str, Field] = {name: self._field(name) for name in listed.asked}
        self.add = self._button(f"Ajouter : {listed.thing}", "plus", self._add)
        self.close_button = self._button("Clore aujourd’hui", "minus", self._close)
        self.remove = self._button("Retirer", "x", self._remove)
        self.validate = self._button("Valider", "check", self._validate)
        self._lay_out()

    def refresh(self) -> None:
        self.table.set_rows(self._context.read(queries.rows, self._listed.key))
        self._offer()

    def _offer(self) -> None:
        """What may be done of the line chosen, and why not."""
        rows = self.table.selected_rows()
        row: CatalogueRow | None = rows[0] if len(rows) == 1 else None
        self.validate.setVisible(any(x.to_validate is not None for x in self.table.rows.rows()))
        self.validate.setEnabled(row is not None and bool(row.to_validate))
        self.close_button.setVisible(self._listed.closes)
        self.close_button.setEnabled(row is not None)
        self.close_button.setText("Rouvrir" if row is not None and row.closed_on else "Clore aujourd’hui")
        self.remove.setVisible(bool(self._listed.asked))
        self.remove.setEnabled(row is not None and not row.used)
        used = self._listed.used(row.used) if row is not None else ""
        self.remove.setToolTip(f"Cette ligne est {used}\u00a0: elle se clôt, elle ne se retire pas." if used else "")

    def _add(self) -> None:
        wrong = [field for field in self.fields.values() if not field.commit()]
        if wrong:
            wrong[0].setFocus()
            return
        typed = {name: str(field.value() or "") for name, field in self.fields.items()}
        try:
            self._context.attempt(
                f"{self._listed.thing} ajouté à la liste", catalogues.add, kind=self._listed.key, values=typed
            )
        except UserError as refusal:
            first = next(iter(self.fields.values()))
            field = self.fields.get(refusal.field or "", first)
            field.refuse(refusal.message)
            field.setFocus()
            return
        for field in self.fields.values():
            field.replace("")

    def _close(self) -> None:
        if rows := self.table.selected_rows():
            row: CatalogueRow = rows[0]
            day = "" if row.closed_on else f"{local(self._context.clock()).date():%d/%m/%Y}"
            self._context.do(
                f"{self._listed.thing} {'rouvert' if row.closed_on else 'clos'}",
                catalogues.set_field,
                kind=row.kind,
                key=row.key,
                name="closed_on",
                text=day,
            )

    def _remove(self) -> None:
        if rows := self.table.selected_rows():
            self._context.do(
                f"{self._listed.thing} retiré de la liste", catalogues.remove, kind=rows[0].kind, key=rows[0].key
            )

    def _validate(self) -> None:
        if rows := self.table.selected_rows():
            self._context.do(f"{self._listed.thing} validé", catalogues.validate, kind=rows[0].kind, key=rows[0].key)

    def _write(self, row: CatalogueRow, name: str, text: str) -> None:
        label = self._listed.fields[name].label.lower()
        self._context.attempt(
            f"{self._listed.thing}, {label} {text.strip() or 'vide'}",
            catalogues.set_field,
            kind=row.kind,
            key=row.key,
            name=name,
            text=text,
        )

    def _columns(self) -> list[Column[CatalogueRow]]:
        listed = self._listed
        columns: list[Column[CatalogueRow]] = []
        if listed.key in _CODED:
            columns.append(Column("code", "Code", lambda r: r.key, width=90, tone="secondary"))
        if title := _GROUPS.get(listed.key):
            wide = 160 if listed.key in _CODED else 130
            columns.append(Column("group", title, lambda r: r.group, width=wide, tone="secondary"))
        if listed.key == catalogue.FORM_WORDS:
            kinds = {f"Cerfa {x.kind.code}": x.kind for x in self._context.read(form_kinds.current)}
            columns.append(Column("field", "Champ", lambda r: _field_words(kinds[r.group], r), width=260, weight=500))
        for place, (name, field) in enumerate(listed.fields.items()):
            columns.append(
                Column(
                    name,
                    field.label,
                    lambda r, n=name: r.shown(n),  # type: ignore[misc]
                    width=_WIDTHS.get(name, 110),
                    stretch=place == 0,
                    weight=500 if place == 0 and listed.key != catalogue.FORM_WORDS else 400,
                    edit=lambda r, text, n=name: self._write(r, n, text),  # type: ignore[misc]
                )
            )
        if listed.closes:
            columns.append(
                Column("used", "Emploi", lambda r: listed.used(r.used), sort=lambda r: r.used, width=140,
                       tone="secondary")
            )  # fmt: skip
        columns.append(Column("state", "État", lambda r: self._state(r).word, width=100, badge=self._state))
        return columns

    def _state(self, row: CatalogueRow) -> Badge:
        if row.closed_on is not None and row.closed_on <= local(self._context.clock()).date():
            return Badge("clos", "neutral")
        if row.to_validate:
            return Badge("à valider", "warning")
        return Badge("en vigueur", "success")

    def _field(self, name: str) -> Field:
        field = self._listed.asked[name]
        if field.answer:
            return ChoiceField(field.label, [("", "Non renseigné"), ("oui", "Oui"), ("non", "Non")])
        return TextField(field.label, required=field.required)

    def _button(self, text: str, icon: str, pressed: object) -> QPushButton:
        button = QPushButton(text)
        theme.set_kind(button, "secondary", small=True)
        icons.dress(button, icon, "text", 14)
        button.clicked.connect(pressed)
        return button

    def _lay_out(self) -> None:
        buttons, line = QHBoxLayout(), QHBoxLayout()
        for row in (buttons, line):
            row.setSpacing(8)
        for button in (self.validate, self.close_button, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for field in self.fields.values():
            line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.add, 0, Qt.AlignmentFlag.AlignBottom)
        self.add.setVisible(bool(self.fields))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.told)
        layout.addLayout(buttons)
        layout.addWidget(self.table, 1)
        layout.addLayout(line)


def _field_words(kind: FormKind, row: CatalogueRow) -> str:
    name = str(row.values["field"])
    first = "Prénom, avant " if "+" in name else ""
    answer = f" = {row.values['value']}" if row.values["value"] else ""
    return f"{first}{form_entry.label(kind, name.partition('+')[0])}{answer}"
