"""The foot of the import page: the simulation says so, and the one button that ends it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from cv_desktop.domain.file_kinds import APPLICATIONS, DIRECTORY, HISTORY
from cv_desktop.domain.text import counted
from cv_desktop.services.readings import Reading
from cv_desktop.ui import icons, theme

NOTHING = {APPLICATIONS: "Aucun dossier nouveau\u00a0: rien à importer."}
SIMULATION = "Simulation : rien n’est écrit dans la base."


class Foot(QFrame):
    import_asked = Signal()
    leave_asked = Signal()
    export_asked = Signal(str)  # « xlsx » or « pdf »
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self._icon, self.words = QLabel(), QLabel()
        theme.set_type(self.words, "body", "info", 500)
        self.words.setWordWrap(True)
        self.export = QPushButton("Exporter le rapport")
        self.undo = QPushButton("Défaire cet import")
        self.leave = QPushButton("Fermer sans importer")
        self.primary = QPushButton()
        for button in (self.export, self.undo, self.leave):
            theme.set_kind(button, "secondary")
        theme.set_kind(self.primary, "primary")
        self._written = False
        menu = QMenu(self.export)
        for words, kind in (("Classeur xlsx…", "xlsx"), ("Document PDF…", "pdf")):
            menu.addAction(words, partial(self.export_asked.emit, kind))
        self.export.setMenu(menu)
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
        fresh, updated = amounts(reading)
        icons.dress(self._icon, "flask-conical", "info", 16)
        theme.set_type(self.words, "body", "info", 500)
        nothing = "" if fresh or updated else " " + (reading.refusal or NOTHING.get(reading.kind, ""))
        settled = reading.plan is not None and not (fresh or updated) and reading.plan.writes
        self.words.setText(SIMULATION + ("" if settled else nothing))
        self.undo.hide()
        self.leave.show()
        self.primary.setText("Enregistrer les choix" if settled else verb(reading))
        self.primary.setEnabled(bool(fresh or updated or settled))
        self.primary.setToolTip(nothing.strip())

    def lock(self) -> None:
        """While the import is being written."""
        self.primary.setEnabled(False)
        self.words.setText("Import en cours : tout est écrit, ou rien.")

    def show_done(self, reading: Reading) -> None:
        self._written = True
        icons.dress(self._icon, "circle-check", "success", 16)
        theme.set_type(self.words, "body", "success", 500)
        waiting = reading.counts[2] + len(reading.plan.intake.left) if reading.plan else 0
        verb_of = "restent" if waiting > 1 else "reste"
        more = f" {counted(waiting, 'ligne')} {verb_of} dans «\u00a0Import à reprendre\u00a0»." if waiting else ""
        self.words.setText(f"Import terminé\u00a0: {said(reading)}.{more}")
        self.undo.show()
        self.leave.hide()
        self.primary.setText("Voir les dossiers" if reading.plan else "Terminer")
        self.primary.setEnabled(True)
        self.primary.setFocus()

    def _pressed(self) -> None:
        (self.leave_asked if self._written else self.import_asked).emit()


def amounts(reading: Reading) -> tuple[int, int]:
    """What an import would add, and what it would update."""
    if reading.plan is not None:
        return len(reading.plan.new), len(reading.plan.updated)
    if reading.history is not None:
        return len(reading.history.history.grants), 0
    return (reading.register.accepted, 0) if reading.register is not None else (0, 0)


def verb(reading: Reading) -> str:
    """« Importer 55 dossiers, en mettre 3 à jour »."""
    fresh, updated = amounts(reading)
    things = {APPLICATIONS: "dossier", HISTORY: "subvention", DIRECTORY: "association"}[reading.kind]
    if updated and not fresh:
        return f"Mettre à jour {counted(updated, things)}"
    more = f", en mettre {updated} à jour" if updated else ""
    return f"Importer {counted(fresh, things)}{more}"


def said(reading: Reading) -> str:
    """« 39 dossiers dans la campagne, 2 mis à jour »."""
    fresh, updated = amounts(reading)
    if reading.kind == HISTORY:
        return f"{counted(fresh, 'subvention passée')} dans l’historique"
    if reading.kind == DIRECTORY:
        return f"{counted(fresh, 'association')} dans l’annuaire"
    parts = [f"{counted(fresh, 'dossier')} dans la campagne"] if fresh or not updated else []
    if updated:
        parts.append(f"{counted(updated, 'dossier')} mis à jour")
    return ", ".join(parts)
