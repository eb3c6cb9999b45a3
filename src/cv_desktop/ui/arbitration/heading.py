"""Above the table: the scenarios in their tabs, how many files, what is shown of them, what leaves."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton

from cv_desktop.ui import icons, theme
from cv_desktop.ui.arbitration.scenario_tabs import ScenarioTabs

SPACING, MARGINS = 6, 20
FOLD, UNFOLD = "Replier les rangs éloignés", "Déplier tous les rangs"


class Heading(QFrame):
    """``columns`` and ``exports`` drop the menus they are given."""

    fold_wanted = Signal(bool)

    def __init__(self, exports: QMenu) -> None:
        super().__init__()
        self.setProperty("surface", "chrome")
        self.tabs = ScenarioTabs()
        self.counted = QLabel()
        theme.set_type(self.counted, "body", "secondary")
        self.fold = _tool("chevrons-down-up", FOLD)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._folded)
        self.seek = _tool("search", "Aller à un dossier (Ctrl+F)")
        self.columns = _tool("columns-3", "Colonnes")
        self.export = QPushButton("Exporter")
        theme.set_kind(self.export, "link", small=True)
        icons.dress(self.export, "download", "accent")
        self.export.clicked.connect(lambda: exports.popup(self.export.mapToGlobal(QPoint(0, self.export.height()))))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, MARGINS - 8, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.counted)
        row.addWidget(self.seek)
        row.addWidget(self.fold)
        row.addWidget(self.columns)
        row.addWidget(self.export)

    def say(self, text: str, *, foldable: bool = False) -> None:
        """How many files there are, and whether their ranks may be folded."""
        self.counted.setText(text)
        self.fold.setVisible(foldable)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Scenarios are read whole before files are counted: the count goes where it would cut their names."""
        beside = [x for x in (self.seek, self.fold, self.columns, self.export) if not x.isHidden()]
        taken = sum(x.sizeHint().width() + SPACING for x in (*beside, self.counted))
        wanted = 0 if self.tabs.isHidden() else self.tabs.wanted
        self.counted.setVisible(wanted + taken + MARGINS <= self.width() or not wanted)

    def drop(self, menu: QMenu) -> None:
        """Opens the menu of the columns under its button."""
        menu.popup(self.columns.mapToGlobal(QPoint(0, self.columns.height())))

    def _folded(self, folded: bool) -> None:
        word = UNFOLD if folded else FOLD
        self.fold.setToolTip(word)
        self.fold.setAccessibleName(word)
        self.fold_wanted.emit(folded)


def _tool(icon: str, name: str) -> QToolButton:
    button = QToolButton()
    theme.set_kind(button, "tool", small=True)
    icons.dress(button, icon, "text", 16)
    button.setToolTip(name)
    button.setAccessibleName(name)
    return button
