"""The sentence of a criterion, written by itself one second after the last key and on leaving."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cv_desktop.ui import theme
from cv_desktop.ui.fields.plain_text import written
from cv_desktop.ui.look import px

DELAY = 1000
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Comment(QPlainTextEdit):
    """``written(text)`` when it changed; ``done`` on Échap or Entrée, ``asked_return`` on Ctrl+Entrée."""

    written = Signal(str)
    done = Signal()
    asked_return = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = ""
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Une phrase : ce qui justifie ce niveau")
        theme.set_font(self, "body")
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY)
        self._delay.timeout.connect(self.commit)
        self.textChanged.connect(self._delay.start)
        self.fit()

    def fit(self) -> None:
        self.setFixedHeight(self.fontMetrics().lineSpacing() * 2 + px(22))

    def put(self, text: str) -> None:
        """Shows what is kept; what is being typed is left alone."""
        if self.hasFocus() and written(self).strip() != self._known:
            return
        self._known = text
        if written(self).strip() != text:
            self.setPlainText(text)
        self._delay.stop()

    def commit(self) -> None:
        self._delay.stop()
        text = written(self).strip()
        if text != self._known and not self.isReadOnly():
            self._known = text
            self.written.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _ENTER and control:
            self.commit()
            self.asked_return.emit()
        elif event.key() == Qt.Key.Key_Escape or (
            event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            self.commit()
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()
