"""What can be done to the files selected together."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from cv_desktop.ui import icons, theme


class BulkLine(QFrame):
    """Shown from two files on."""

    examine_asked = Signal()
    request_asked = Signal()
    clear_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "sunken")
        self.count = QLabel()
        theme.set_type(self.count, "body", weight=600)
        self.examine = QPushButton("Passer en instruction…")
        theme.set_kind(self.examine, "secondary", small=True)
        self.examine.setToolTip("Chaque dossier déposé prend l’état que dictent ses contrôles")
        self.examine.clicked.connect(self.examine_asked)
        self.request = QPushButton("Demander les pièces…")
        theme.set_kind(self.request, "secondary", small=True)
        self.request.setToolTip("Une demande est préparée pour chaque dossier à qui il manque quelque chose")
        self.request.clicked.connect(self.request_asked)
        clear = QToolButton()
        theme.set_kind(clear, "tool", small=True)
        icons.dress(clear, "x", "text", 16)
        clear.setToolTip("Ne garder que le dossier courant")
        clear.setAccessibleName("Ne garder que le dossier courant")
        clear.clicked.connect(self.clear_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self.count)
        layout.addStretch(1)
        layout.addWidget(self.request)
        layout.addWidget(self.examine)
        layout.addWidget(clear)
        self.hide()

    def show_count(self, count: int) -> None:
        self.count.setText(f"{count} dossiers")
        self.setVisible(count > 1)
