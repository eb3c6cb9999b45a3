"""The journal of one thing, as sentences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import journal
from cv_desktop.db.queries.journal import EntryRow
from cv_desktop.domain.dates import clock, local, long_date
from cv_desktop.domain.text import stopped
from cv_desktop.ui.context import Context


class JournalList(QWidget):
    """Read when shown: the journal of a file is long and seldom asked."""

    def __init__(self, context: Context, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._noun = noun
        self.list = QListWidget()
        self.list.setAccessibleName("Journal")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self.list)

    def show_entries(self, id: str) -> None:
        """The entries of one record, the newest first."""
        rows = self._context.read(journal.rows, noun=self._noun, noun_id=id)
        self.list.clear()
        self.list.addItems([sentence(row) for row in rows] or ["Aucune écriture."])


def sentence(row: EntryRow) -> str:
    """« 3 mars 2026, 14:32, Camille Témoin : … »."""
    day = long_date(local(row.at).date())
    said = f"{day}, {clock(row.at)}, {row.actor}\u00a0: {row.summary}"
    return f"{stopped(said)} Motif\u00a0: {stopped(row.reason)}" if row.reason else said
