"""The journal as sentences, and the proof that nobody rewrote it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import journal as queries
from cv_desktop.db.queries.journal import Verification
from cv_desktop.domain.dates import NBSP, clock, local, long_date
from cv_desktop.domain.text import fold
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context


class JournalPage(QWidget):
    """The last entries, filtered by words; « Vérifier la chaîne » reads all of them again."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sentences: list[str] = []
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filtrer le journal")
        self.filter.setAccessibleName("Filtrer le journal")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._show)
        self.count = QLabel()
        theme.set_type(self.count, "secondary", "secondary")
        self.verify = QPushButton("Vérifier la chaîne")
        theme.set_kind(self.verify, "secondary")
        self.verify.clicked.connect(self._verify)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Écritures du journal")
        self.list.setUniformItemSizes(True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.filter, 1)
        line.addWidget(self.count)
        line.addWidget(self.verify)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(line)
        layout.addWidget(self.verdict)
        layout.addWidget(self.list, 1)
        self.verdict.hide()

    def refresh(self) -> None:
        self._sentences = [_sentence(row) for row in self._context.read(queries.rows)]
        self._show()

    def _show(self) -> None:
        words = fold(self.filter.text()).split()
        shown = [text for text in self._sentences if all(word in fold(text) for word in words)]
        self.list.clear()
        self.list.addItems(shown)
        self.count.setText(f"{len(shown)} sur {len(self._sentences)}")

    def _verify(self) -> None:
        self.verify.setEnabled(False)
        self._context.jobs.run(
            "Vérification du journal",
            lambda _token: self._context.read(queries.verify),
            on_done=self._verified,
            on_failed=lambda _error: self.verify.setEnabled(True),
        )

    def _verified(self, found: Verification) -> None:
        self.verify.setEnabled(True)
        theme.set_type(self.verdict, "body", "success" if found.sound else "danger", weight=500)
        self.verdict.setText(
            f"La chaîne est intacte : {found.entries} écritures vérifiées."
            if found.sound
            else f"{found.why} Comparez avec la dernière sauvegarde."
        )
        self.verdict.show()


def _sentence(row: queries.EntryRow) -> str:
    """« 3 mars 2026, 14:32, Camille Témoin : … »."""
    reason = f" Motif{NBSP}: {row.reason}" if row.reason else ""
    return f"{long_date(local(row.at).date())}, {clock(row.at)}, {row.actor}{NBSP}: {row.summary}{reason}"
