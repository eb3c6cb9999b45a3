"""Every text of letter: its version, the campaign it is for, what still waits to be validated, what uses it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.queries.letter_templates import TemplateRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.text import counted, quote
from cv_desktop.services import letter_templates
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

SENTENCE = (
    "Ce que dit chaque courrier. Un texte qui a servi à un courrier émis est gardé\u00a0: la version suivante prend "
    "sa place."
)


class ListPage(QWidget):
    """``opened(row)`` by Entrée, a double click or « Modifier »."""

    opened = Signal(object)
    export_wanted = Signal()
    import_wanted = Signal()
    mentions_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.table = TableView(
            RowsModel(_columns()),
            name="Modèles de courrier",
            memory=context.settings.memory("reglages.modeles"),
            empty="Aucun modèle de courrier dans cette base.",
        )
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.edit = _button("Modifier", "pencil")
        self.own, self.drop = _button("Propre à la campagne", "plus"), _button("Retirer de la campagne", "x")
        self.validate = _button("Valider", "check")
        self.mentions = _button("Mentions légales", "scale")
        self.write, self.take = _button("Exporter…", "download"), _button("Importer…", "upload")
        self._lay_out()
        self.table.selection_changed.connect(lambda _rows: self._offer())
        self.table.opened.connect(self.opened)
        self.edit.clicked.connect(self._open)
        self.own.clicked.connect(self._give_own)
        self.drop.clicked.connect(self._drop_own)
        self.validate.clicked.connect(self._validate)
        self.mentions.clicked.connect(self.mentions_wanted)
        self.write.clicked.connect(self.export_wanted)
        self.take.clicked.connect(self.import_wanted)

    def refresh(self) -> None:
        day = local(self._context.clock()).date()
        rows = self._context.read(queries.rows, day=day)
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.select_identity(rows[0].id)
        self._offer()

    def row(self) -> TemplateRow | None:
        """The text chosen."""
        found = self.table.current_row()
        return found if isinstance(found, TemplateRow) else None

    def _offer(self) -> None:
        row = self.row()
        campaign = self._context.calls.id
        owning = {x.kind for x in self.table.rows.rows() if x.call_id == campaign and campaign}
        self.edit.setEnabled(row is not None)
        self.validate.setEnabled(row is not None and row.to_validate)
        self.own.setEnabled(row is not None and not row.call_id and bool(campaign) and row.kind not in owning)
        chosen = self._context.calls.current
        name = chosen.label if chosen else ""
        self.own.setToolTip(f"Un texte de ce courrier pour {quote(name)} seulement" if name else "")
        self.drop.setVisible(row is not None and bool(row.call_id))
        self.own.setVisible(not self.drop.isVisibleTo(self))

    def _open(self) -> None:
        if (row := self.row()) is not None:
            self.opened.emit(row)

    def _give_own(self) -> None:
        row, call_id = self.row(), self._context.calls.id
        if row is None or not call_id:
            return
        label = f"modèle {quote(row.label)} propre à la campagne"
        if self._context.do(label, letter_templates.give_own, kind=row.kind, call_id=call_id) is not None:
            self.refresh()
            own = next(x for x in self.table.rows.rows() if (x.kind, x.call_id) == (row.kind, call_id))
            self.table.select_identity(own.id)
            self.opened.emit(own)

    def _drop_own(self) -> None:
        row = self.row()
        if row is not None:
            label = f"modèle {quote(row.label)} retiré de la campagne"
            self._context.do(label, letter_templates.drop_own, kind=row.kind, call_id=row.call_id)

    def _validate(self) -> None:
        row = self.row()
        if row is not None:
            self._context.do(f"modèle {quote(row.label)} validé", letter_templates.validate, template_id=row.id)

    def _lay_out(self) -> None:
        title, words = QLabel("Modèles de courrier"), QLabel(SENTENCE)
        words.setWordWrap(True)
        theme.set_type(title, "title", weight=600)
        theme.set_type(words, "body", "secondary")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.edit, self.own, self.drop, self.validate):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.mentions, self.write, self.take):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(words)
        layout.addLayout(buttons)
        layout.addWidget(self.table, 1)


def _columns() -> list[Column[TemplateRow]]:
    return [
        Column("label", "Courrier", lambda r: r.label, width=230, stretch=True, weight=500),
        Column("kind", "Code", lambda r: r.kind, width=84, tone="secondary"),
        Column("call", "Campagne", lambda r: r.call or "Toutes", width=130, tone="secondary"),
        Column("version", "Version", lambda r: str(r.version), sort=lambda r: r.version, width=70, align="right"),
        Column("since", "Depuis le", lambda r: short_date(r.effective_from), sort=lambda r: r.effective_from, width=96),
        Column("used", "Emploi", _used, sort=lambda r: r.issued + r.waiting, width=170, tone="secondary"),
        Column("state", "Texte", lambda r: _state(r).word, width=110, badge=_state),
    ]


def _used(row: TemplateRow) -> str:
    waiting = f"{row.waiting} à émettre" if row.waiting else ""
    return ", ".join(x for x in (counted(row.issued, "émis") if row.issued else "", waiting) if x)


def _state(row: TemplateRow) -> Badge:
    return Badge("à valider", "warning") if row.to_validate else Badge("validé", "success")


def _button(words: str, icon: str) -> QPushButton:
    button = QPushButton(words)
    theme.set_kind(button, "secondary", small=True)
    icons.dress(button, icon, "text", 14)
    return button
