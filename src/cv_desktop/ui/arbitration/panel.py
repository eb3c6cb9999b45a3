"""A page of the right dock that asks something: title, body, one verb, « Fermer »."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.ui import theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.look import TypeName
from cv_desktop.ui.progress_panel import ProgressPanel


class Panel(QWidget):
    """``body`` is filled by the panel; ``verb`` is its one primary button. Échap closes.

    ``busy`` while its long work is under way, above the verb, with « Arrêter »; ``free`` once it ended.
    """

    closed = Signal()

    def __init__(self, title: str, verb: str) -> None:
        super().__init__()
        self.setProperty("surface", "chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.heading = QLabel(title)
        theme.set_type(self.heading, "section", weight=600)
        self.heading.setWordWrap(True)
        self.verb = QPushButton(verb)
        theme.set_kind(self.verb, "primary")
        self.verb.clicked.connect(self.run)
        self.back = QPushButton("Fermer")
        theme.set_kind(self.back, "secondary")
        self.back.clicked.connect(self.closed)
        self.working = self._held = False
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        inner = QWidget()
        inner.setProperty("surface", "chrome")
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(16, 14, 16, 12)
        inside.setSpacing(12)
        inside.addWidget(self.heading)
        inside.addLayout(self.body)
        inside.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 12, 16, 14)
        foot.setSpacing(8)
        self.work = ProgressPanel()
        foot.addWidget(self.work)
        foot.addWidget(self.verb)
        foot.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scrolled(inner), 1)
        layout.addWidget(rule())
        layout.addLayout(foot)

    def run(self) -> None:
        """What the verb does."""
        raise NotImplementedError

    def busy(self, name: str) -> None:
        """Its verb waits for the work under way, which can be stopped."""
        self.working = True
        self.hold()
        self.work.start(name)

    def free(self) -> None:
        """The work ended: the verb serves again."""
        self.working = False
        self.release()
        self.work.finish()

    def hold(self) -> None:
        """Its verb does not serve for a while."""
        self._held = self.verb.hasFocus()
        self.verb.setEnabled(False)

    def release(self) -> None:
        """Its verb serves again, and has the keyboard again: disabled, it had left it to « Fermer »."""
        self.verb.setEnabled(True)
        if self._held and self.back.hasFocus():
            self.verb.setFocus()
        self._held = False

    def say(self, text: str, tone: str = "secondary") -> QLabel:
        """A paragraph at the end of the body."""
        label = paragraph(text, tone)
        self.body.addWidget(label)
        return label

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QAbstractButton):
            focus.click()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Tab goes down the body, then to the verb: fields come after it in the chain, as they were made after it.
        walk = [*_tabbed(self.body), self.verb, self.back]
        for before, after in pairwise(walk):
            self.setTabOrder(before, after)


def _tabbed(layout: QLayout) -> Iterator[QWidget]:
    """What Tab reaches, in the order one reads."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        assert item is not None
        widget, inner = item.widget(), item.layout()
        if widget is not None and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            yield widget
        elif widget is not None:
            inner = widget.layout()
        if inner is not None:
            yield from _tabbed(inner)


def paragraph(text: str, tone: str = "secondary", name: TypeName = "body", weight: int = 0) -> QLabel:
    """Running text that folds."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    theme.set_type(label, name, tone, weight)
    return label


def scrolled(inner: QWidget) -> QScrollArea:
    """A column that scrolls when the window is low, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area
