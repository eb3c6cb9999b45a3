"""Référentiels: the lists of the service, one at a time, each read when it is looked at."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.domain.catalogue import CATALOGUES, MENTION
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.preferences.catalogue_list import CatalogueList


class ReferencePage(QWidget):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.lists: dict[str, CatalogueList] = {}
        self.choice = QComboBox()
        self.choice.setAccessibleName("Liste")
        self.choice.setMinimumWidth(px(260))
        for key, listed in CATALOGUES.items():
            if key != MENTION:  # written with the letters, where a long text has its room
                self.choice.addItem(listed.title, key)
        self.choice.currentIndexChanged.connect(lambda _index: self.refresh())
        words = QLabel("Liste")
        words.setBuddy(self.choice)
        theme.set_type(words, "secondary", "secondary", 500)
        self.pages = QStackedWidget()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(words)
        line.addWidget(self.choice)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(line)
        layout.addWidget(self.pages, 1)

    def refresh(self) -> None:
        """Read the list shown; it is made the first time."""
        key = str(self.choice.currentData())
        if key not in self.lists:
            self.lists[key] = CatalogueList(self._context, CATALOGUES[key])
            self.pages.addWidget(self.lists[key])
        shown = self.lists[key]
        self.pages.setCurrentWidget(shown)
        shown.refresh()

    def show_list(self, key: str) -> None:
        """The list of that key."""
        self.choice.setCurrentIndex(self.choice.findData(key))
        self.refresh()
