"""The two windows of the menu Aide."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cv_desktop import __version__
from cv_desktop.ui import look, theme
from cv_desktop.ui.actions import SPECS

# Those of the tables and fields, which no menu holds.
CELLS = (
    ("Modifier la cellule", "F2"),
    ("Valider et descendre", "Return"),
    ("Rendre l’ancienne valeur", "Escape"),
    ("Recopier la cellule du dessus", "Ctrl+D"),
    ("Date du jour", "Ctrl+;"),
    ("Copier ce qui est vu", "Ctrl+C"),
    ("Coller un bloc du tableur", "Ctrl+V"),
)
WORDS = (
    f"CV Desktop {__version__}",
    "Les subventions du contrat de ville, du dossier au courrier. Tout reste sur ce poste.",
    "Qt et PySide6 (LGPL 3), police Inter (OFL), icônes Lucide (ISC).",
)


class _Closed(QDialog):
    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.body = QVBoxLayout()
        close = QPushButton("Fermer")
        theme.set_kind(close, "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(self.body, 1)
        layout.addLayout(line)


class AboutDialog(_Closed):
    """Version and licences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "À propos de CV Desktop")
        for rank, words in enumerate(WORDS):
            label = QLabel(words)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            theme.set_type(label, "body" if rank else "section", "secondary" if rank else "", 400 if rank else 600)
            self.body.addWidget(label)
        self.setMinimumWidth(look.px(420))


class ShortcutsDialog(_Closed):
    """Every shortcut, by menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Raccourcis clavier")
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Raccourcis clavier")
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderLabels(["Action", "Touches"])
        groups = {spec.menu: [x for x in SPECS if x.menu == spec.menu and x.shortcut] for spec in SPECS}
        for menu, specs in groups.items():
            self._add(menu, [(spec.text, spec.shortcut) for spec in specs])
        self._add("Tableaux", list(CELLS))
        self.tree.expandAll()
        self.tree.setColumnWidth(0, look.px(340))
        self.body.addWidget(self.tree)
        self.resize(look.px(560), look.px(560))

    def _add(self, group: str, lines: list[tuple[str, str]]) -> None:
        if not lines:
            return
        top = QTreeWidgetItem(self.tree, [group])
        for text, keys in lines:
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            QTreeWidgetItem(top, [text, shown])
