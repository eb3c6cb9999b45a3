"""The sentences that several letters print: recourse, personal data, payment; a letter takes the one of its day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import catalogues as queries
from cv_desktop.db.queries.catalogues import COMING, IN_FORCE, MentionRow
from cv_desktop.domain.catalogue import CATALOGUES, MENTION
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.services import catalogues, mentions
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import LongTextField, settle
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


class MentionsPage(QWidget):
    """The versions above, the one chosen below: its day and its text, written on leaving them."""

    back_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._row: MentionRow | None = None
        self.back = QPushButton("Modèles")
        theme.set_kind(self.back, "link", small=True)
        icons.dress(self.back, "arrow-left", "accent", 14)
        self.validate = _button("Valider", "check")
        self.new = _button("Nouvelle version", "plus")
        self.drop = _button("Retirer la version", "trash")
        self.table = TableView(
            RowsModel(_columns()), name="Mentions légales", memory=context.settings.memory("reglages.mentions"),
            empty="Aucune mention dans cette base.",
        )  # fmt: skip
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.day = DateField(
            "En vigueur à partir du", required=True, today=lambda: local(context.clock()).date(),
            hint="Une date passée ou à venir. La version vaut jusqu’à la suivante.",
        )  # fmt: skip
        self.day.editor.setMaximumWidth(px(150))
        self.text = LongTextField("Texte de la mention", required=True, lines=6)
        title, words = QLabel("Mentions légales"), QLabel(CATALOGUES[MENTION].sentence)
        words.setWordWrap(True)
        theme.set_type(title, "section", weight=600)
        theme.set_type(words, "secondary", "secondary")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(title, 1)
        for button in (self.validate, self.new, self.drop):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(words)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.day)
        layout.addWidget(self.text)
        self.text.setMaximumHeight(px(210))
        self.back.clicked.connect(self._leave)
        self.validate.clicked.connect(self._validate)
        self.new.clicked.connect(self._add)
        self.drop.clicked.connect(self._drop)
        self.table.selection_changed.connect(lambda _rows: self._chosen())
        self.text.committed.connect(self._write)
        self.day.committed.connect(self._redate)

    def refresh(self) -> None:
        rows = self._context.read(queries.mentions)
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.select_identity(next(row.id for row in rows if row.state == IN_FORCE))
        self._chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def _leave(self) -> None:
        settle([self.day, self.text])
        self.back_wanted.emit()

    def _chosen(self) -> None:
        row = self.table.current_row()
        if self._row is not None and row is not None and row.id != self._row.id:
            settle([self.day, self.text])
            self._row = row
            self.text.replace(row.text)
            self.day.replace(row.effective_from)
        elif row is not None:
            self._row = row
            self.text.set_value(row.text)
            self.day.set_value(row.effective_from)
        for part in (self.text, self.day, self.new, self.drop):
            part.setEnabled(row is not None)
        self.validate.setEnabled(row is not None and row.to_validate and row.state == IN_FORCE)

    def _write(self, text: str) -> None:
        row = self._row
        if row is None:
            return
        try:
            self._context.attempt(f"mention, {row.group.lower()}", mentions.write, text_id=row.id, text=text)
        except UserError as refusal:
            self.text.refuse(refusal.message)
            return
        self._follow(row.key)

    def _redate(self, day: date | None) -> None:
        row = self._row
        if row is None or day is None:
            return
        try:
            self._context.attempt(f"mention, {row.group.lower()}, date", mentions.redate, text_id=row.id, day=day)
        except UserError as refusal:
            self.day.refuse(refusal.message)

    def _follow(self, key: str) -> None:
        """After the one in force was rewritten, the version of today is the one that is shown."""
        if self._row is None or self._row.state != IN_FORCE:
            return
        found = (row for row in self._context.read(queries.mentions) if row.key == key and row.state == IN_FORCE)
        self.table.select_identity(next(found).id)

    def _add(self) -> None:
        settle([self.day, self.text])
        if self._row is None:
            return
        known = {row.id for row in self._context.read(queries.mentions)}
        if self._context.do("nouvelle version d’une mention", mentions.add, text_id=self._row.id):
            self.table.select_identity(next(x.id for x in self._context.read(queries.mentions) if x.id not in known))
            self.day.setFocus()

    def _drop(self) -> None:
        if self._row is not None:
            self._context.do("version d’une mention retirée", mentions.drop, text_id=self._row.id)

    def _validate(self) -> None:
        if self._row is not None:
            self._context.do("mention validée", catalogues.validate, kind=MENTION, key=self._row.key)


def _button(text: str, icon: str) -> QPushButton:
    button = QPushButton(text)
    theme.set_kind(button, "secondary", small=True)
    icons.dress(button, icon, "text", 14)
    return button


def _columns() -> list[Column[MentionRow]]:
    return [
        Column("group", "Mention", lambda r: r.group, width=250, weight=500),
        Column("text", "Texte", lambda r: r.text, width=300, stretch=True, tone="secondary"),
        Column(
            "since", "À partir du", lambda r: short_date(r.effective_from), sort=lambda r: r.effective_from, width=100
        ),
        Column("state", "État", lambda r: _state(r).word, width=110, badge=_state),
    ]


def _state(row: MentionRow) -> Badge:
    if row.state != IN_FORCE:
        return Badge(row.state, "info" if row.state == COMING else "neutral")
    return Badge("à valider", "warning") if row.to_validate else Badge("en vigueur", "success")
