"""Signataires et délégations: who signs, with which image, by which arrêté."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import attachments
from cv_desktop.db.queries import signatories as queries
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.domain.dates import local
from cv_desktop.domain.delegations import spoken
from cv_desktop.domain.errors import UserError
from cv_desktop.services import signatories
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, Field, LongTextField, TextField, settle
from cv_desktop.ui.look import px
from cv_desktop.ui.preferences.authorities_card import AuthoritiesCard
from cv_desktop.ui.preferences.delegations_card import DelegationsCard
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

IMAGES = "Images (*.png *.jpg *.jpeg)"
NOT_ELECTRONIC = "Une image de signature n’est pas une signature électronique."
NO_IMAGE = "Aucune image"


class SignatoriesPage(QWidget):
    """The register above, the person chosen below; each field is written on leaving it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._row: SignatoryRow | None = None
        self.table = TableView(
            RowsModel(self._columns()),
            name="Signataires",
            memory=context.settings.memory("reglages.signataires"),
            empty="Aucun signataire. Ajoutez la personne qui signe les courriers.",
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.setMinimumHeight(px(140))
        self.add, self.remove = _button("Ajouter un signataire", "plus"), _button("Retirer", "x")
        self.first = _button("Imprimer ce nom sur les courriers", "check")
        self.fields: dict[str, Field] = {
            "name": TextField("Prénom et nom", required=True),
            "own_power": ChoiceField("Pouvoir de signer", [(True, "De droit (exécutif)"), (False, "Par délégation")]),
            "active": ChoiceField("Signe encore", [(True, "Oui"), (False, "Non")]),
            "quality": LongTextField("Qualité, telle qu’elle est imprimée", required=True, lines=2),
        }
        # Two lines are printed: the field is not taller than what it may hold.
        self.fields["quality"].setMaximumHeight(px(96))
        self.image = QLabel(NO_IMAGE)
        self.choose, self.clear = _button("Choisir une image…", "image"), _button("Retirer l’image", "x")
        self.delegations, self.authorities = DelegationsCard(context), AuthoritiesCard(context)
        self.form = QWidget()
        self._lay_out()
        self._wire()

    def refresh(self) -> None:
        self.authorities.refresh()
        rows = self._context.read(queries.rows)
        kept = self._row.id if self._row else ""
        self.table.set_rows(rows)
        if rows:
            known = next((row for row in rows if row.id == kept), rows[0])
            self.table.select_identity(known.id)
            self._show(known)
        else:
            self._show(None)

    def name_first(self) -> None:
        """The field of the name of the person whom the letters print."""
        printed = next((row for row in self.table.rows.rows() if row.printed), None)
        if printed is not None:
            self.table.select_identity(printed.id)
            self._show(printed)
        self.fields["name"].setFocus()

    def _show(self, row: SignatoryRow | None) -> None:
        if row is not None and self._row is not None and row.id != self._row.id:
            settle(self.fields.values())
        self._row = row
        self.form.setVisible(row is not None)
        self.remove.setEnabled(row is not None)
        if row is None:
            return
        for name, field in self.fields.items():
            field.set_value(getattr(row, name))
        self.first.setEnabled(not row.printed)
        self.first.setToolTip("Ce nom est déjà celui des courriers" if row.printed else "")
        self.clear.setEnabled(bool(row.image_sha256))
        self._preview(row)
        self.delegations.put(row)

    def _preview(self, row: SignatoryRow) -> None:
        seen = QPixmap()
        if row.image_sha256:
            path = self._context.read(attachments.content, sha256=row.image_sha256)
            if not seen.load(str(path)):
                self.image.setText("Image absente ou illisible\u00a0: choisissez-la de nouveau.")
                return
        if seen.isNull():
            self.image.setText(NO_IMAGE)
        else:
            ratio = self.devicePixelRatioF()
            size = self.image.size() * ratio
            fitted = seen.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            fitted.setDevicePixelRatio(ratio)
            self.image.setPixmap(fitted)
        self.image.setAccessibleName(f"Image de signature de {row.name}" if row.image_sha256 else NO_IMAGE)

    def _chosen(self, _rows: object) -> None:
        if rows := self.table.selected_rows():
            self._show(rows[0])

    def _write(self, name: str, value: Any) -> None:
        if self._row is None:
            return
        field = self.fields[name]
        try:
            self._context.attempt(
                f"signataire, {signatories.LABELS[name]}", signatories.change,
                signatory_id=self._row.id, values={name: value},
            )  # fmt: skip
        except UserError as refusal:
            field.refuse(refusal.message)

    def _add(self) -> None:
        made: list[str] = []

        def new(session: Any) -> Any:
            changes, key = signatories.add(session)
            made.append(key)
            return changes

        if self._context.do("signataire ajouté", new) is not None:
            self.refresh()
            self.table.select_identity(made[0])
            self.fields["name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self) -> None:
        if self._row is not None:
            self._context.do(f"signataire {self._row.name} retiré", signatories.remove, signatory_id=self._row.id)

    def _put_first(self) -> None:
        if self._row is not None:
            self._context.do(f"courriers au nom de {self._row.name}", signatories.put_first, signatory_id=self._row.id)

    def _choose(self) -> None:
        if self._row is None:
            return
        chosen, _ = QFileDialog.getOpenFileName(self, "Image de la signature", str(Path.home()), IMAGES)
        if chosen:
            self._context.do("image de signature", signatories.set_image, signatory_id=self._row.id, path=Path(chosen))

    def _clear(self) -> None:
        if self._row is not None:
            self._context.do("image de signature retirée", signatories.clear_image, signatory_id=self._row.id)

    def _columns(self) -> list[Column[SignatoryRow]]:
        return [
            Column("name", "Signataire", lambda r: r.name or "Sans nom", width=190, weight=500),
            Column("quality", "Qualité", lambda r: " ".join(r.quality.split("\n")), width=240, tone="secondary"),
            Column("power", "Pouvoir", self._power, width=260, stretch=True, tone="secondary"),
            Column("state", "État", lambda r: _state(r).word, width=150, badge=_state),
        ]

    def _power(self, row: SignatoryRow) -> str:
        if row.own_power:
            return "Signe de droit"
        day = local(self._context.clock()).date()
        running = [one.what for one in row.delegations if one.what.running(day)]
        if running:
            return spoken(running[0]) + (f" (et {len(running) - 1} autre)" if len(running) > 1 else "")
        return "Aucune délégation en cours"

    def _wire(self) -> None:
        self.table.selection_changed.connect(self._chosen)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.first.clicked.connect(self._put_first)
        self.choose.clicked.connect(self._choose)
        self.clear.clicked.connect(self._clear)
        for name, field in self.fields.items():
            field.committed.connect(lambda value, n=name: self._write(n, value))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add, self.first, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.image.setFixedSize(px(300), px(76))  # the zone of the page, 75 mm by 19
        self.image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.image.setProperty("paper", True)
        self.image.setStyleSheet("background: #ffffff; color: #5d6a72; border: 1px solid #7e898e;")
        words = QLabel(f"{NOT_ELECTRONIC} Zone du courrier\u00a0: 75 sur 19\u00a0mm.")
        words.setWordWrap(True)
        theme.set_type(words, "secondary", "secondary")
        beside = QVBoxLayout()
        beside.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.choose)
        line.addWidget(self.clear)
        line.addStretch(1)
        beside.addWidget(words)
        beside.addLayout(line)
        picture = QHBoxLayout()
        picture.setSpacing(16)
        picture.addWidget(self.image)
        picture.addLayout(beside, 1)
        grid = QGridLayout(self.form)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.fields["name"], 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fields["own_power"], 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fields["active"], 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fields["quality"], 1, 0, 1, 3)
        grid.addLayout(picture, 2, 0, 1, 3)
        grid.addWidget(self.delegations, 3, 0, 1, 3)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(buttons)
        layout.addWidget(self.table)
        layout.addWidget(self.form)
        layout.addWidget(self.authorities)
        layout.addStretch(1)


def _state(row: SignatoryRow) -> Badge:
    if not row.active:
        return Badge("ne signe plus", "neutral")
    if not row.name:
        return Badge("à nommer", "warning")
    return Badge("sur les courriers", "success") if row.printed else Badge("signe", "info")


def _button(text: str, icon: str) -> QPushButton:
    button = QPushButton(text)
    theme.set_kind(button, "secondary", small=True)
    icons.dress(button, icon, "text", 14)
    return button
