"""Déclarations d’intérêts: who declared and who is awaited; what a signed form says of each file, typed beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import declarations as queries
from cv_desktop.db.queries import links
from cv_desktop.db.queries.declarations import DeclarationRow, MemberStanding
from cv_desktop.db.queries.meetings import MeetingRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.declaration import WORDS
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import declarations
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import ChoiceField, TextField
from cv_desktop.ui.look import px
from cv_desktop.ui.meetings.tab import beside_fields
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_BADGES = {"": ("warning", "clock"), "none": ("success", "check"), "list": ("info", "eye-off")}


class DeclarationsPage(QWidget):
    """The members at the left, the files asked of the one chosen at the right, the answers below."""

    left = Signal()
    written = Signal(str, Path)  # a sentence, the folder of the forms

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.call = ""
        self.meeting: MeetingRow | None = None
        self._kinds: dict[str, links.LinkKind] = {}
        self.people = TableView(
            RowsModel(_PEOPLE, identity=lambda row: row.member_id), name="Déclarations des membres",
            empty="Aucun membre au comité.",
        )  # fmt: skip
        self.people.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.people.current_row_changed.connect(lambda _row: self._show_files())
        self.files = TableView(
            RowsModel(self._columns(), identity=lambda row: row.application_id), name="Dossiers à déclarer",
            empty="Aucun dossier à déclarer pour ce membre.",
        )  # fmt: skip
        self.files.selection_changed.connect(lambda _rows: self._fit())
        self.back = self._button("‹ &Liens et déports", "", self.left.emit)
        self.one = self._button("&Imprimer le sien", "printer", lambda: self.print_forms(every=False))
        self.every = self._button("Imprimer &tous", "printer", lambda: self.print_forms(every=True))
        self.none = self._button("&Aucun lien", "check", self.declare_none)
        self.rest = self._button("Aucun lien pour les &autres", "check", self.declare_rest)
        self.erase = self._button("&Effacer la réponse", "minus", self.forget)
        self.link = self._button("&Déclarer ce lien", "eye-off", self.declare_link)
        self.day = DateField("Signée le", today=lambda: local(context.clock()).date())
        self.kind = ChoiceField("Nature du lien", [])
        self.scope = ChoiceField("Portée", [(True, "Toute la structure"), (False, "Ce dossier seulement")])
        self.text = TextField("Ce que dit le formulaire", placeholder="Trésorière depuis 2024")
        self.text.submits_with(self.link)
        self._lay_out()

    def show_meeting(self, call: str, meeting: MeetingRow | None) -> None:
        self.call, self.meeting = call, meeting
        self._kinds = self.context.read(links.kinds)
        known = self.kind.value()
        self.kind.editor.clear()
        for kind in self._kinds.values():
            self.kind.editor.addItem(kind.label, kind.code)
        self.kind.set_value(known if known in self._kinds else next(iter(self._kinds), None))
        if not self.day.text():
            self.day.set_value(local(self.context.clock()).date())
        rows = self.context.read(queries.standings, call_id=call, meeting_id=self._meeting)
        self.people.set_rows(rows)
        if self.people.current_row() is None and rows:
            self.people.select_identity(rows[0].member_id)
        waiting = sum(not row.standing.complete for row in rows)
        where = f"de «{NBSP}{meeting.label}{NBSP}»" if meeting else "recevables de la campagne"
        said = f"{counted(waiting, 'membre')} à relancer" if waiting else "Toutes les déclarations sont là"
        self.card.set_title("Déclarations d’intérêts", f"{said}. Dossiers {where}, sans ceux d’un déport.")
        self._show_files()

    @property
    def member(self) -> MemberStanding | None:
        return self.people.current_row()

    def declare_none(self) -> None:
        self._declare([row.application_id for row in self.files.selected_rows()])

    def declare_rest(self) -> None:
        self._declare([row.application_id for row in self.files.rows.rows() if row.linked is None])

    def declare_link(self) -> None:
        """What the form says of a link; a link to confirm comes of it."""
        if len(self.text.value()) == 0:
            self.text.refuse("Recopiez ce que dit le formulaire, en dix caractères au moins.")
            self.text.setFocus()
            return
        more = {"kind": self.kind.value(), "text": self.text.value(), "whole": self.scope.value()}
        rows = self.files.selected_rows()
        if self._declare([row.application_id for row in rows], linked=True, **more):
            self.text.replace("")
            self.context.told.emit("Lien déclaré\u00a0: il est à confirmer dans Liens et déports")

    def forget(self) -> None:
        rows = [row.application_id for row in self.files.selected_rows() if row.linked is not None]
        if self.member is not None and rows:
            key = {"member_id": self.member.member_id, "application_ids": rows}
            self.context.do(f"réponse effacée de {self.member.name}", declarations.forget, **key)

    def print_forms(self, *, every: bool) -> None:
        """The forms in the folder of the base; the reader of documents loads with the first one."""
        rows = self.people.rows.rows() if every else [self.member] if self.member else []
        from cv_desktop.documents import declaration_pdf

        try:
            changes, paths = declarations.print_forms(
                self.context.store,
                actor=self.context.actor,
                call_id=self.call,
                meeting_id=self._meeting,
                member_ids=[row.member_id for row in rows],
                render=declaration_pdf.render,
            )
        except UserError as refusal:
            self.context.messages.show_message(Message("danger", refusal.message))
            return
        self.context.accept("", changes)
        self.written.emit(f"{counted(len(paths), 'formulaire')} de déclaration en PDF.", paths[0].parent)

    @property
    def _meeting(self) -> str | None:
        return self.meeting.id if self.meeting else None

    def _declare(self, files: list[str], *, linked: bool = False, **more: object) -> Changes | None:
        if self.member is None or not files or not self.day.commit():
            return None
        return self.context.do(
            f"déclaration de {self.member.name}",
            declarations.declare,
            member_id=self.member.member_id,
            application_ids=files,
            linked=linked,
            declared_on=self.day.value(),
            **more,
        )

    def _show_files(self) -> None:
        member = self.member
        rows: list[DeclarationRow] = []
        if member is not None:
            key = {"call_id": self.call, "meeting_id": self._meeting}
            rows = self.context.read(queries.rows, **key, member_id=member.member_id)
        self.files.set_rows(rows)
        self._fit()

    def _fit(self) -> None:
        chosen, rows = self.files.selected_rows(), self.files.rows.rows()
        waiting = sum(row.linked is None for row in rows)
        self.none.setEnabled(bool(chosen))
        self.link.setEnabled(bool(chosen))
        self.erase.setEnabled(any(row.linked is not None for row in chosen))
        self.rest.setEnabled(bool(waiting))
        self.rest.setText(f"Aucun lien pour les {waiting} &autres" if waiting > 1 else "Aucun lien pour l’&autre")
        self.one.setEnabled(self.member is not None)
        self.every.setEnabled(bool(self.people.rows.rows()))

    def _columns(self) -> tuple[Column[DeclarationRow], ...]:
        return (
            Column("number", "N°", lambda row: row.number, width=128),
            Column("structure", "Structure · action", lambda row: row.structure, second=lambda row: row.title,
                   width=150, stretch=True),
            Column("said", "Déclaration", lambda row: _answer(row).word, width=116, badge=_answer),
            Column("text", "Nature et précisions", self._told, width=150),
        )  # fmt: skip

    def _told(self, row: DeclarationRow) -> str:
        kind = self._kinds.get(row.kind)
        scope = "" if row.whole or not row.linked else "ce dossier seulement"
        return f"{NBSP}: ".join(x for x in (kind.label if kind else "", row.text, scope) if x)

    def _button(self, text: str, icon: str, verb: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        theme.set_kind(button, "secondary", small=True)
        if icon:
            icons.dress(button, icon, "text", 14)
        button.clicked.connect(lambda: verb())
        return button

    def _lay_out(self) -> None:
        self.card = Card("Déclarations d’intérêts")
        for button in (self.one, self.every, self.back):
            self.card.add_action(button)
        tables, answers, fields, column = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        tables.setSpacing(12)
        tables.addWidget(self.people, 4)
        tables.addWidget(self.files, 6)
        answers.setSpacing(8)
        answers.addStretch(1)
        for button in (self.none, self.rest, self.erase):
            answers.addWidget(button)
        fields.setSpacing(12)
        self.day.setMinimumWidth(px(118))
        for field, stretch in ((self.day, 1), (self.kind, 3), (self.scope, 2), (self.text, 4)):
            fields.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        fields.addLayout(beside_fields(self.link))
        self.card.body.addLayout(tables, 1)
        self.card.body.addLayout(answers)
        self.card.body.addLayout(fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card, 1)


def _answer(row: DeclarationRow) -> Badge:
    if row.linked is None:
        return Badge("Attendue", "warning", "clock")
    return Badge("Lien déclaré", "info", "eye-off") if row.linked else Badge("Aucun lien", "success", "check")


def _standing(row: MemberStanding) -> Badge:
    said = row.standing.said
    day = f" {short_date(row.standing.said_on)}" if row.standing.said_on else ""
    return Badge(f"{WORDS[said]}{day}", *_BADGES[said])


_PEOPLE = (
    Column[MemberStanding]("name", "Membre", lambda row: row.name, width=104, weight=500, stretch=True),
    Column[MemberStanding](
        "said", "Campagne", lambda row: row.standing.words, width=196, badge=_standing,
        tooltip="Ce que le membre a déclaré pour la campagne, et le jour.",
    ),
    Column[MemberStanding](
        "files", "Dossiers", lambda row: row.standing.files, sort=lambda row: row.standing.answered, width=76,
        align="right",
    ),
)  # fmt: skip
