"""What is seen first: the frame of the window, empty, while the screens are being loaded."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from cv_desktop.ui.tokens import DARK, LIGHT

NAME = "CV Desktop"
SIZE, FRAME = QSize(1440, 900), QSize(16, 48)
RAIL, TOP, BOTTOM = 184, 78, 26
PATIENCE = 1_000  # ms


class Curtain(QMainWindow):
    """Same place, same colours as the window it announces; no widget, no font, no icon."""

    painted = Signal()

    def __init__(self, theme: str, geometry: QSettings) -> None:
        super().__init__()
        scheme = QGuiApplication.styleHints().colorScheme()
        dark = theme == "dark" or (theme == "system" and scheme == Qt.ColorScheme.Dark)
        self._colors = DARK if dark else LIGHT
        self._was_painted = False
        self.setWindowTitle(NAME)
        self.resize(self.screen().availableSize().boundedTo(SIZE) - FRAME)
        self.restoreGeometry(geometry.value("geometry") or QByteArray())
        # A window started minimised, or whose first exposure is lost, is never painted: the program must not wait for
        # it with no window at all.
        QTimer.singleShot(PATIENCE, self, self._go_on)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, height, colors = self.width(), self.height(), self._colors
        painter.fillRect(self.rect(), QColor(colors.window))
        painter.fillRect(QRect(0, 0, width, TOP), QColor(colors.chrome))
        painter.fillRect(QRect(0, TOP, RAIL, height - TOP - BOTTOM), QColor(colors.nav))
        painter.fillRect(QRect(0, height - BOTTOM, width, BOTTOM), QColor(colors.chrome))
        painter.end()
        # The next turn of the loop: by then the picture is on the screen.
        QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()
