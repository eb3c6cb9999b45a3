"""The delegations of one signatory: a list, and the one chosen, or a new one, as a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QWidget

from cv_desktop.db.queries import call_rows, calls
from cv_desktop.db.queries.signatories import DelegationRow, SignatoryRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import figures
from cv_desktop.domain.text import counted
from cv_desktop.services import delegations
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NONE_YET = "Aucune délégation. Saisissez l’arrêté ci-dessous, puis «\u00a0Ajouter la délégation\u00a0»."


class Choices(QListWidget):
    """Boxes: none ticked is all of them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedHeight(px(112))

    def offer(self, choices: Sequence[tuple[str, str]], ticked: Sequence[str]) -> None:
        self.clear()
        unknown = [(key, key) for key in ticked if key not in {code for code, _ in choices}]
        for key, words in (*choices, *unknown):
            item = QListWidgetItem(words, self)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in ticked else Qt.CheckState.Unchecked)

    def ticked(self) -> list[str]:
        items = [self.item(place) for place in range(self.count())]
        return [
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]


class DelegationsCard(QWidget):
    """``put(row)``: the delegations of that person. A line chosen is changed by « Enregistrer », else one is added."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._owner = ""
        self._row: DelegationRow | None = None
        self.table = TableView(
            RowsModel(self._columns()),
            name="Délégations",
            memory=context.settings.memory("reglages.delegations"),
            empty=NONE_YET,
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.setMinimumHeight(px(112))
        today = lambda: local(context.clock()).date()  # noqa: E731
        self.fields: dict[str, Field] = {
            "reference": TextField("Arrêté", required=True, placeholder="arrêté n°\u00a02026-12"),
            "dated_on": DateField("Signé le", today=today),
            "starts_on": DateField("Commence le", required=True, today=today),
            "ends_on": DateField("Finit le", today=today),
            "ceiling_cents": AmountField("Plafond par courrier"),
        }
        self.kinds = Choices("Types de courrier")
        self.scope = Choices("Campagnes et dispositifs")
        self.write, self.new, self.remove = QPushButton(), QPushButton("Nouvelle"), QPushButton("Retirer")
        self.table.selection_changed.connect(self._chosen)
        self.write.clicked.connect(self._write)
        self.new.clicked.connect(self._blank)
        self.remove.clicked.connect(self._remove)
        self._lay_out()

    def put(self, owner: SignatoryRow) -> None:
        again = owner.id == self._owner
        self._owner = owner.id
        self.setVisible(not owner.own_power)
        self.table.set_rows(list(owner.delegations))
        kept = self._row.id if self._row and again else ""
        known = next((row for row in owner.delegations if row.id == kept), None)
        if known is None and again and self._row is None:
            return  # one is being typed
        self._show(known)

    def _show(self, row: DelegationRow | None) -> None:
        self._row = row
        for name, field in self.fields.items():
            field.replace(getattr(row.what, name) if row else None)
        day = local(self._context.clock()).date()
        texts = self._context.read(calls.letter_texts, day=day)
        self.kinds.offer([(text.kind, text.label) for text in texts], row.what.kinds if row else ())
        found = self._context.read(call_rows.rows)
        schemes = self._context.read(calls.schemes)
        offered = [(one.code, f"Tout le dispositif {one.code}") for one in schemes]
        self.scope.offer([*offered, *((one.code, one.label) for one in found)], row.what.scope if row else ())
        self.write.setText("Enregistrer la délégation" if row else "Ajouter la délégation")
        self.remove.setEnabled(row is not None and not row.used)
        self.remove.setToolTip("Des courriers ont été signés par elle\u00a0: donnez-lui une fin."
                               if row and row.used else "")  # fmt: skip
        self.new.setEnabled(row is not None)

    def _chosen(self, _rows: object) -> None:
        if rows := self.table.selected_rows():
            self._show(rows[0])

    def _blank(self) -> None:
        self.table.clearSelection()
        self._show(None)
        self.fields["reference"].setFocus()

    def _write(self) -> None:
        wrong = [field for field in self.fields.values() if not field.commit()]
        if wrong:
            wrong[0].setFocus()
            return
        values: dict[str, Any] = {name: field.value() for name, field in self.fields.items()}
        values |= {"kinds": self.kinds.ticked(), "scope": self.scope.ticked()}
        try:
            if self._row is None:
                self._context.attempt("délégation ajoutée", delegations.add, signatory_id=self._owner, values=values)
                self._blank()
            else:
                self._context.attempt(
                    "délégation modifiée", delegations.change, delegation_id=self._row.id, values=values
                )
        except UserError as refusal:
            field = self.fields.get(refusal.field or "reference", self.fields["reference"])
            field.refuse(refusal.message)
            field.setFocus()

    def _remove(self) -> None:
        if self._row is not None:
            gone = self._row.id
            self._row = None
            self._context.do("délégation retirée", delegations.remove, delegation_id=gone)
            self._blank()

    def _columns(self) -> list[Column[DelegationRow]]:
        return [
            Column("reference", "Arrêté", lambda r: r.what.reference, width=180, stretch=True, weight=500),
            Column("starts_on", "Du", lambda r: short_date(r.what.starts_on), width=106),
            Column("ends_on", "Au", lambda r: short_date(r.what.ends_on) or "sans fin", width=106),
            Column("ceiling", "Plafond", lambda r: figures(r.what.ceiling_cents) if r.what.ceiling_cents else "aucun",
                   width=90, align="right"),
            Column("kinds", "Courriers", lambda r: ", ".join(r.what.kinds) or "tous", width=130, tone="secondary"),
            Column("scope", "Campagnes", lambda r: ", ".join(r.what.scope) or "toutes", width=130, tone="secondary"),
            Column("used", "Emploi", lambda r: counted(r.used, "signature") if r.used else "aucun", width=100,
                   tone="secondary"),
            Column("state", "État", lambda r: self._state(r).word, width=100, badge=self._state),
        ]  # fmt: skip

    def _state(self, row: DelegationRow) -> Badge:
        day = local(self._context.clock()).date()
        if row.what.running(day):
            return Badge("en cours", "success")
        return Badge("à venir", "info") if row.what.starts_on > day else Badge("finie", "neutral")

    def _lay_out(self) -> None:
        heading = QLabel("Délégations")
        theme.set_type(heading, "section", weight=600)
        for button, icon in ((self.write, "check"), (self.new, "plus"), (self.remove, "x")):
            theme.set_kind(button, "secondary", small=True)
            icons.dress(button, icon, "text", 14)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(heading, 0, 0, 1, 4)
        grid.addWidget(self.table, 1, 0, 1, 4)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["reference"], 2, 0, 1, 2, top)
        grid.addWidget(self.fields["dated_on"], 2, 2, top)
        grid.addWidget(self.fields["ceiling_cents"], 2, 3, top)
        grid.addWidget(self.fields["starts_on"], 3, 2, top)
        grid.addWidget(self.fields["ends_on"], 3, 3, top)
        for column, (words, listed) in enumerate(
            (("Types de courrier (aucun coché\u00a0: tous)", self.kinds),
             ("Campagnes (aucune cochée\u00a0: toutes)", self.scope))
        ):  # fmt: skip
            label = QLabel(words)
            label.setBuddy(listed)
            theme.set_type(label, "secondary", "secondary", 500)
            grid.addWidget(label, 3, column, Qt.AlignmentFlag.AlignBottom)
            grid.addWidget(listed, 4, column, 2, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.write)
        buttons.addWidget(self.new)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        grid.addLayout(buttons, 4, 2, 1, 2, top)
        for column in range(4):
            grid.setColumnStretch(column, 1)
