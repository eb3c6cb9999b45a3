"""The foot of the import page: the simulation says so, and the one button that ends it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.services.readings import Reading
from cv_desktop.ui import icons, theme

SIMULATION = "Simulation : rien n’est écrit dans la base."


class Foot(QFrame):
    import_asked = Signal()
    leave_asked = Signal()
    export_asked = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self._icon, self.words = QLabel(), QLabel()
        theme.set_type(self.words, "body", "info", 500)
        self.words.setWordWrap(True)
        self.export = QPushButton("Exporter le rapport…")
        self.undo = QPushButton("Défaire cet import")
        self.leave = QPushButton("Fermer sans importer")
        self.primary = QPushButton()
        for button in (self.export, self.undo, self.leave):
            theme.set_kind(button, "secondary")
        theme.set_kind(self.primary, "primary")
        self._written = False
        self.export.clicked.connect(self.export_asked)
        self.undo.clicked.connect(self.undo_asked)
        self.leave.clicked.connect(self.leave_asked)
        self.primary.clicked.connect(self._pressed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 10, 16, 10)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self.words, 1)
        for button in (self.undo, self.export, self.leave, self.primary):
            layout.addWidget(button)

    def show_reading(self, reading: Reading) -> None:
        self._written = False
        count = len(reading.plan.new)
        icons.dress(self._icon, "flask-conical", "info", 16)
        theme.set_type(self.words, "body", "info", 500)
        nothing = "" if count else " Aucun dossier nouveau : rien à importer."
        self.words.setText(SIMULATION + nothing)
        self.undo.hide()
        self.leave.show()
        self.primary.setText(f"Importer {count} dossier{'s' if count > 1 else ''}")
        self.primary.setEnabled(count > 0)
        self.primary.setToolTip(nothing.strip())

    def lock(self) -> None:
        """While the import is being written."""
        self.primary.setEnabled(False)
        self.words.setText("Import en cours : tout est écrit, ou rien.")

    def show_done(self, reading: Reading) -> None:
        self._written = True
        icons.dress(self._icon, "circle-check", "success", 16)
        theme.set_type(self.words, "body", "success", 500)
        count = len(reading.plan.new)
        self.words.setText(f"Import terminé : {count} dossier{'s' if count > 1 else ''} dans la campagne.")
        self.undo.show()
        self.leave.hide()
        self.primary.setText("Voir les dossiers")
        self.primary.setEnabled(True)
        self.primary.setFocus()

    def _pressed(self) -> None:
        (self.leave_asked if self._written else self.import_asked).emit()
