"""Copies of the base."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.dates import NBSP, long_date
from cv_desktop.ui import look, theme
from cv_desktop.ui.context import Context

RULE = (
    "Une copie à l’ouverture, une toutes les deux heures de travail, une à la fermeture. "
    "Sont gardées les 10 dernières, une par semaine sur 8 semaines et une par mois sur 12 mois."
)


class Backups(QWidget):
    """What is kept, and « Sauvegarder maintenant »."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeper = context.backups
        self.setMaximumWidth(look.px(720))
        rule = QLabel(RULE)
        rule.setWordWrap(True)
        self._where = QLabel(f"Dossier : {self._keeper.folder}")
        self._where.setWordWrap(True)
        theme.set_type(self._where, "secondary", "secondary")
        self.button = QPushButton("Sauvegarder maintenant")
        theme.set_kind(self.button, "primary")
        self.button.clicked.connect(self._keeper.make)
        show = QPushButton("Ouvrir le dossier")
        theme.set_kind(show, "secondary")
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._keeper.folder))))
        self.files = QListWidget()
        self.files.setUniformItemSizes(True)
        self.files.setAccessibleName("Sauvegardes gardées")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.button)
        line.addWidget(show)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (rule, self._where):
            layout.addWidget(widget)
        layout.addLayout(line)
        layout.addWidget(self.files, 1)
        self._keeper.made.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        self.files.clear()
        for path in self._keeper.files():
            moment = datetime.strptime(path.stem[11:28], "%Y-%m-%d-%H%M%S")  # noqa: DTZ007 (only shown)
            size = f"{max(1, path.stat().st_size // 1024)}{NBSP}Ko"
            self.files.addItem(f"{long_date(moment.date())}, {moment:%H:%M}   ·   {size}")
