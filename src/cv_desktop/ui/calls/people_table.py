"""Who sits on the committee of a campaign, and the officers beside it: everything known of them, typed in the table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import members as queries
from cv_desktop.db.queries import settings
from cv_desktop.db.queries.members import MemberRecord
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, quote, words
from cv_desktop.services import members
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, TextField
from cv_desktop.ui.meetings.tab import beside_fields
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_DECLARED = {
    "": Badge("Attendue", "warning", "clock"),
    "none": Badge("Aucun lien", "success", "check"),
    "list": Badge("Liens déclarés", "info", "eye-off"),
}
_TYPED = {"": "", "attendue": "", "aucun": "none", "aucun lien": "none", "liens": "list", "liens declares": "list"}


class PeopleTable(QWidget):
    """One line per person; each cell is written as it is left, and undone."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.call = ""
        self._rows: list[MemberRecord] = []
        self._places: dict[str, str] = {}
        self.view = TableView(
            RowsModel(self._columns()), name="Membres du comité", empty="Aucun membre. Ajoutez-les ci-dessous."
        )
        self.view.refused.connect(context.told)
        self.name, self.body = TextField("Nom du membre", required=True), TextField("Institution")
        self.kind = ChoiceField("Qualité", [("member", "Membre du comité"), ("officer", "Agent du service")])
        self.add_button, self.remove_button = QPushButton("&Ajouter"), QPushButton("&Retirer")
        for button, icon in ((self.add_button, "plus"), (self.remove_button, "minus")):
            theme.set_kind(button, "secondary")
            icons.dress(button, icon, "text", 16)
        self.remove_button.setEnabled(False)
        self.view.selection_changed.connect(lambda rows: self.remove_button.setEnabled(len(rows) == 1))
        self.add_button.clicked.connect(self.add)
        self.remove_button.clicked.connect(self.remove)
        self.body.submits_with(self.add_button)
        form, column = QHBoxLayout(), QVBoxLayout(self)
        form.setSpacing(12)
        for field, stretch in ((self.name, 3), (self.body, 3), (self.kind, 2)):
            form.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        for button in (self.add_button, self.remove_button):
            form.addLayout(beside_fields(button))
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.view, 1)
        column.addLayout(form)

    def show_call(self, call: str) -> None:
        self.call = call
        self._rows = self.context.read(queries.rows, call_id=call)
        if not self._places:
            quarters = self.context.read(settings.quarters)
            self._places = {q.code: q.name for q in quarters} | self.context.read(settings.communes)
        self.view.set_rows(self._rows)

    def add(self) -> None:
        if not self.name.commit():
            self.name.setFocus()
            return
        self.body.commit()
        name = self.name.value()
        key = {"call_id": self.call, "name": name, "body": self.body.value(), "kind": self.kind.value()}
        if self.context.do(f"{name} au comité", members.add, **key):
            self.name.set_value("")
            self.body.set_value("")
            self.name.setFocus()

    def remove(self) -> None:
        row = self.view.current_row()
        if row is not None:
            self.context.do(f"{row.name} retiré du comité", members.remove, member_id=row.id)

    def _columns(self) -> tuple[Column[MemberRecord], ...]:
        text = self._text
        return (
            Column(
                "kind",
                "Qualité",
                lambda m: "Agent" if m.kind == "officer" else "Suppléant·e" if m.substitute_of else "Membre",
                width=84,
            ),
            Column("name", "Nom", lambda m: m.name, width=150, weight=500, edit=text("name")),
            Column("body", "Institution", lambda m: m.body, width=140, stretch=True, edit=text("body")),
            Column(
                "voice",
                "Voix",
                lambda m: "délibérative" if m.voice else "consultative",
                width=52,
                checked=lambda m: m.voice,
                toggle=lambda m, on: self._put(m, {"voice": on}),
                tooltip="Cochée\u00a0: voix délibérative. Sans elle, la grille du membre ne compte pas dans la note.",
            ),
            Column("substitute_of", "Suppléant·e de", self._titular, width=118, edit=self._write_titular),
            Column("perimeter", "Périmètre", self._perimeter, width=122, edit=self._write_perimeter),
            Column(
                "declaration",
                "Déclaration",
                lambda m: _DECLARED[m.declaration].word,
                width=128,
                badge=lambda m: _DECLARED[m.declaration],
                edit=self._write_declaration,
                tooltip="Écrivez «\u00a0aucun\u00a0», «\u00a0liens\u00a0», ou laissez vide si elle est attendue.",
            ),
            Column("honorific", "Civilité", lambda m: m.honorific, width=64, edit=text("honorific")),
            Column("email", "Courriel", lambda m: m.email, width=150, edit=text("email")),
            Column("phone", "Téléphone", lambda m: m.phone, width=110, edit=text("phone")),
            Column("address", "Adresse", lambda m: m.address, width=160, edit=text("address")),
            Column(
                "left_on",
                "Parti·e le",
                lambda m: short_date(m.left_on) if m.left_on else "",
                width=92,
                edit=text("left_on"),
            ),
        )

    def _text(self, name: str) -> Callable[[MemberRecord, str], None]:
        def write(row: MemberRecord, text: str) -> None:
            said = f"{members.LABELS[name]} {text.strip() or 'vide'}"
            self.context.attempt(said, members.set_field, member_id=row.id, name=name, text=text)

        return write

    def _put(self, row: MemberRecord, values: members.Values) -> None:
        self.context.do(f"{row.name} corrigé", members.put, member_id=row.id, values=values)

    def _titular(self, row: MemberRecord) -> str:
        return next((m.name for m in self._rows if m.id == row.substitute_of), "")

    def _write_titular(self, row: MemberRecord, text: str) -> None:
        wanted = queries.same_person(text)
        found = next((m.id for m in self._rows if queries.same_person(m.name) == wanted), None)
        if wanted and found is None:
            raise UserError(f"{quote(text.strip())} n’est pas au comité{NBSP}: écrivez le nom d’un membre titulaire.")
        self.context.attempt(f"suppléant de {row.name}", members.put, member_id=row.id, values={"substitute_of": found})

    def _perimeter(self, row: MemberRecord) -> str:
        return ", ".join(self._places.get(code, code) for code in row.perimeter) or "Tout le territoire"

    def _write_perimeter(self, row: MemberRecord, text: str) -> None:
        codes = []
        for typed in (part.strip() for part in text.split(",")):
            if not typed or words(typed) == "tout le territoire":
                continue
            near = [c for c, name in self._places.items() if words(typed) in (words(c), words(name))]
            if not near:
                raise UserError(f"{quote(typed)} n’est ni une commune ni un quartier prioritaire du contrat.")
            codes.append(near[0])
        self.context.attempt(f"périmètre de {row.name}", members.put, member_id=row.id, values={"perimeter": codes})

    def _write_declaration(self, row: MemberRecord, text: str) -> None:
        if words(text) not in _TYPED:
            raise UserError(
                "Écrivez «\u00a0aucun\u00a0», «\u00a0liens\u00a0», ou laissez vide si la déclaration est attendue."
            )
        said = _TYPED[words(text)]
        self.context.attempt(f"déclaration de {row.name}", members.declare, member_id=row.id, declaration=said)
