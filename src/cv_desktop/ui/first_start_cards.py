"""Pieces of the first window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.text import quote
from cv_desktop.ui import icons, look, theme


class StartCard(QFrame):
    """An icon, a title, sentences, what the caller adds, and one button at the bottom."""

    def __init__(self, icon: str, title: str, sentences: list[str]) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setAccessibleName(title)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 16, 16, 16)
        self._layout.setSpacing(8)
        picture = QLabel()
        icons.dress(picture, icon, "accent", 24)
        self._layout.addWidget(picture)
        heading = QLabel(title)
        heading.setWordWrap(True)
        theme.set_type(heading, "section", weight=600)
        self._layout.addWidget(heading)
        for sentence in sentences:
            label = QLabel(sentence)
            label.setWordWrap(True)
            theme.set_type(label, "body", "secondary")
            self._layout.addWidget(label)
        self._stretched = False

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        self._layout.addWidget(widget, stretch)
        self._stretched = self._stretched or bool(stretch)

    def finish(self, button: QPushButton) -> None:
        if not self._stretched:
            self._layout.addStretch(1)
        self._layout.addWidget(button)


class DropZone(QPushButton):
    """Drop a file on it, or press it to choose one; then it tells what the file holds."""

    dropped = Signal(object)
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        theme.set_kind(self, "link")
        self.setMinimumHeight(look.px(180))
        # The style sheet gives buttons one height; this one is a place to aim at.
        self.setStyleSheet("QPushButton { max-height: 10000px; border: none; }")
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.set_type(self._words, "body", "secondary")
        layout = QVBoxLayout(self)
        layout.addWidget(self._words)
        self.clicked.connect(self.asked)
        self._say("Déposez ici le fichier de sauvegarde, ou appuyez pour le choisir…")

    def tell(self, name: str, lines: list[str]) -> None:
        self._say("\n".join([name, "", *lines]))

    def _say(self, text: str) -> None:
        self._words.setText(text)
        self.setAccessibleName(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        if urls and urls[0].isLocalFile():
            self.dropped.emit(Path(urls[0].toLocalFile()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = look.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colors.alternate))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.focus), 2))
        else:
            painter.setPen(QPen(QColor(colors.field_border), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class ClosedBase(QFrame):
    """Why a base did not open, and what can be done of it: ``again`` or ``another``."""

    again = Signal(object)
    another = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._base = Path()
        picture = QLabel()
        icons.dress(picture, "triangle-alert", "warning", 24)
        self.title, self.sentence = QLabel(), QLabel()
        theme.set_type(self.title, "section", weight=600)
        theme.set_type(self.sentence, "body")
        self.sentence.setWordWrap(True)
        self.retry, self.other = QPushButton("&Réessayer"), QPushButton("&Ouvrir une autre base…")
        theme.set_kind(self.retry, "primary")
        theme.set_kind(self.other, "secondary")
        self.retry.clicked.connect(lambda: self.again.emit(self._base))
        self.other.clicked.connect(self.another)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(12)
        line.addWidget(picture)
        line.addLayout(words, 1)
        line.addWidget(self.other)
        line.addWidget(self.retry)
        self.hide()

    def tell(self, base: Path, message: str) -> None:
        self._base = base
        self.title.setText(f"La base du dossier {quote(base.parent.name)} n’est pas ouverte")
        self.sentence.setText(message)
        self.setAccessibleName(f"{self.title.text()}. {message}")
        self.show()
        self.retry.setFocus()


def labelled(name: str, field: QWidget, line: QLayout | None = None) -> QWidget:
    """A label above its field, or above a line that holds it."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    label = QLabel(name)
    label.setBuddy(field)
    theme.set_type(label, "secondary", "secondary")
    layout.addWidget(label)
    if line is None:
        layout.addWidget(field)
    else:
        layout.addLayout(line)
    return whole
