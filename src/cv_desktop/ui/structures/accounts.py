"""The tab « Comptes bancaires »: numbers are masked; showing one is written in the journal; the former ones stay."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import bank_accounts as queries
from cv_desktop.db.queries.bank_accounts import AccountRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.dates import local, long_date, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import display_iban
from cv_desktop.services import bank_accounts
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import TextField, settle
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NONE = "Aucun compte bancaire n’est connu."
WIDTH = 860


class Accounts(QWidget):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._record: StructureRecord | None = None
        self.current: AccountRow | None = None
        self._typed: dict[str, str] = {}  # the numbers refused, by record: each waits for its record
        self.card = Card("Compte actuel")
        self.iban = QLabel()
        theme.set_type(self.iban, "key", weight=600)
        self.iban.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_button = self._button("Afficher", "eye", self._show)
        self.show_button.setToolTip("La lecture d’un IBAN entier est écrite au journal")
        self.validate_button = self._button("Valider d’après le RIB", "check", self._validate)
        self.close_button = self._button("Clôturer", "x", self._close)
        self.note = QLabel()
        self.note.setWordWrap(True)
        theme.set_type(self.note, "secondary", "secondary")
        self.holder, self.bic = TextField("Titulaire"), TextField("BIC", hint="8 ou 11 caractères.")
        self.holder.committed.connect(lambda value: self._detail("holder", value))
        self.bic.committed.connect(lambda value: self._detail("bic", value))
        self.field = TextField("Saisir un autre IBAN", hint="27 caractères en France, avec ou sans espaces.")
        self.field.committed.connect(self._write)
        self.former = TableView(RowsModel(_columns()), name="Comptes précédents", empty="Aucun compte précédent.")
        self.former.pressed.connect(lambda row, _key: self._reveal(row))
        self.history = Card("Comptes précédents", "gardés pour les versements déjà faits", flush=True)
        self.history.add(self.former, 1)
        self._lay_out()

    def show_record(self, record: StructureRecord) -> None:
        before, shown = self.current, self._record
        if shown is not None and shown.id != record.id:
            settle((self.field, self.holder, self.bic))
            if text := self.field.text().strip():
                self._typed[shown.id] = text
        self._record = record
        rows = self._context.read(queries.rows, structure_id=record.id)
        self.current = next((row for row in rows if row.current), None)
        self.former.set_rows([row for row in rows if not row.current])
        self.history.setVisible(len(rows) > (self.current is not None))
        same = shown is not None and shown.id == record.id and before is not None and self.current is not None
        if not (same and before and self.current and before.id == self.current.id):
            # What was shown stays shown only while the same account is looked at.
            self._mask()
        if shown is None or shown.id != record.id:
            for field in (self.field, self.holder, self.bic):
                field.replace("")
            if text := self._typed.pop(record.id, ""):
                self.field.editor.setText(text)
                self.field.commit()
        account = self.current
        self.field.label.setText("Saisir un autre IBAN" if account else "Saisir l’IBAN")
        for widget in (self.note, self.validate_button, self.close_button, self.holder, self.bic):
            widget.setVisible(account is not None)
        if account is None:
            return
        self.holder.set_value(account.holder)
        self.bic.set_value(account.bic)
        self.holder.editor.setPlaceholderText(record.name)
        self.validate_button.setVisible(account.validated_at is None)
        since = f"Depuis le {long_date(account.since)}. "
        if account.validated_at is None:
            self.note.setText(f"{since}À valider : personne ne l’a encore comparé au RIB.")
        else:
            day = long_date(local(account.validated_at).date())
            self.note.setText(f"{since}Validé le {day} par {account.validated_by}.")

    def _mask(self) -> None:
        account = self.current
        self.iban.setText(account.masked if account else NONE)
        self.iban.setAccessibleName(f"IBAN finissant par {account.masked[-4:]}" if account else NONE)
        self.show_button.setVisible(account is not None)

    def _show(self) -> None:
        account = self.current
        if account and (number := self._read_aloud(account)):
            self.iban.setText(display_iban(number))
            self.show_button.hide()

    def _reveal(self, row: AccountRow) -> None:
        if number := self._read_aloud(row):
            self._context.told.emit(f"IBAN : {display_iban(number)}")

    def _read_aloud(self, row: AccountRow) -> str:
        if self._context.do("lecture d’un IBAN", bank_accounts.show, account_id=row.id) is None:
            return ""
        return self._context.read(queries.whole_iban, account_id=row.id)

    def _validate(self) -> None:
        if self.current:
            self._context.do("compte validé", bank_accounts.validate, account_id=self.current.id)

    def _close(self) -> None:
        if self.current:
            self._context.do("compte clôturé", bank_accounts.close, account_id=self.current.id)

    def _detail(self, name: str, value: str) -> None:
        if self.current is None:
            return
        label = bank_accounts.DETAILS[name]
        try:
            self._context.attempt(
                f"{label} {value}", bank_accounts.set_detail, account_id=self.current.id, name=name, value=value
            )
        except UserError as refusal:
            (self.holder if name == "holder" else self.bic).refuse(refusal.message)
            self._context.told.emit(refusal.message)

    def _write(self, value: str) -> None:
        record = self._record
        if record is None or not value:
            return
        try:
            self._context.attempt(f"IBAN ({record.name})", bank_accounts.add, structure_id=record.id, iban=value)
        except UserError as refusal:
            self.field.refuse(refusal.message)
            self._context.told.emit(refusal.message)
            return
        self.field.set_value("")
        self._context.told.emit(f"Compte bancaire de {record.name} enregistré.")

    def _button(self, text: str, icon: str, pressed: object) -> QPushButton:
        button = QPushButton(text)
        theme.set_kind(button, "secondary", small=True)
        icons.dress(button, icon, "text", 16)
        button.clicked.connect(pressed)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.iban)
        line.addStretch(1)
        for button in (self.show_button, self.validate_button, self.close_button):
            line.addWidget(button)
        details = QHBoxLayout()
        details.setSpacing(24)
        details.addWidget(self.holder, 1, Qt.AlignmentFlag.AlignTop)
        details.addWidget(self.bic, 1, Qt.AlignmentFlag.AlignTop)
        self.card.body.addLayout(line)
        self.card.add(self.note)
        self.card.body.addLayout(details)
        self.card.add(self.field)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self.card)
        column.addWidget(self.history, 1)
        column.addStretch(0)
        for card in (self.card, self.history):
            card.setMaximumWidth(px(WIDTH))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.addLayout(column)
        layout.addStretch(1)


def _columns() -> list[Column[AccountRow]]:
    return [
        Column("iban", "IBAN", lambda r: r.masked, width=150),
        Column("holder", "Titulaire", lambda r: r.holder, width=160, stretch=True),
        Column("since", "Depuis le", lambda r: short_date(r.since), sort=lambda r: r.since, width=100),
        Column("until", "Jusqu’au", lambda r: short_date(r.until), sort=lambda r: r.until, width=100),
        Column("validated", "Validé par", lambda r: r.validated_by, width=130,
               badge=lambda r: None if r.validated_by else Badge("Non validé", "warning")),
        Column("show", "", lambda _r: "Afficher", width=90, button=lambda _r: "Afficher", filterable=False),
    ]  # fmt: skip
