"""The parts of the import page and where they stand; ``page`` makes them work together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.transfer.foot import Foot
from cv_desktop.ui.transfer.heading import Heading
from cv_desktop.ui.transfer.mapping_card import MappingCard
from cv_desktop.ui.transfer.preview_card import PreviewCard
from cv_desktop.ui.transfer.problems_card import ProblemsCard
from cv_desktop.ui.transfer.start import Start

NO_CALL = "Aucune campagne n’est choisie. Créez ou choisissez la campagne qui recevra ces dossiers."


class Parts(QWidget):
    """Heading and foot; between them the start, an empty state, or the three cards of the control."""

    def __init__(self, memory: Callable[[str], Memory], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Heading()
        self.start = Start(memory("import.passes"), memory("import.reprendre"))
        self.no_call = EmptyState(NO_CALL, "Ouvrir les campagnes")
        self.refused = EmptyState("", "Choisir un autre fichier…")
        self.waiting = EmptyState("Lecture…")
        self.mapping = MappingCard(memory("import.colonnes"))
        self.preview = PreviewCard(memory)
        self.problems = ProblemsCard(memory("import.constats"))
        self.progress = ProgressPanel("Rien n’est écrit tant que l’import n’est pas terminé.")
        self.foot = Foot()
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.preview)
        right.addWidget(self.problems)
        right.setSizes([340, 220])
        self.control = QSplitter(Qt.Orientation.Horizontal)
        self.control.addWidget(self.mapping)
        self.control.addWidget(right)
        self.control.setSizes([446, 800])
        self.control.setStretchFactor(1, 1)
        for split in (self.control, right):
            # The cards have their own borders: a line between them would be one too many.
            split.setHandleWidth(12)
            split.setStyleSheet("QSplitter::handle { border: none; background: transparent; }")
        self.pages = QStackedWidget()
        for page in (self.start, self.no_call, self.refused, self.waiting, _framed(self.control)):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self.foot)

    def _on_control(self) -> bool:
        return self.pages.currentIndex() == self.pages.count() - 1

    def _show(self, page: QWidget) -> None:
        if page is self.control:
            self.pages.setCurrentIndex(self.pages.count() - 1)
        else:
            self.pages.setCurrentWidget(page)
        self.foot.setVisible(page is self.control)


def _framed(inside: QWidget) -> QWidget:
    frame = QWidget()
    layout = QHBoxLayout(frame)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.addWidget(inside)
    return frame
