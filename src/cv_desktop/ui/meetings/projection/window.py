"""The projected window: one picture on the whole screen, keys of the operator, a line to type in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.ui import theme
from cv_desktop.ui.meetings.projection import picture
from cv_desktop.ui.meetings.projection.picture import Scene

HIDE_POINTER, NOTICE = 3_000, 8_000


class Prompt(QFrame):
    """A question on one line. Entrée gives the text to ``answer``, whose refusal is shown; Échap gives it up."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.setProperty("card", True)
        self._answer: Callable[[str], None] | None = None
        self.question, self.refusal = QLabel(), QLabel()
        self.editor = QLineEdit()
        theme.set_type(self.question, "section", weight=600)
        theme.set_type(self.refusal, "body", "danger")
        self.refusal.setWordWrap(True)
        theme.set_font(self.editor, "title", 500)
        self.editor.returnPressed.connect(self._give)
        line = QHBoxLayout()
        line.addWidget(self.question)
        line.addWidget(self.editor, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 14)
        layout.addLayout(line)
        layout.addWidget(self.refusal)
        self.hide()

    def ask(self, question: str, value: str, answer: Callable[[str], None]) -> None:
        self._answer = answer
        self.question.setText(question)
        self.editor.setAccessibleName(question)
        self.editor.setText(value)
        self.editor.selectAll()
        self.refusal.hide()
        self.adjust()
        self.show()
        self.raise_()
        self.editor.setFocus()

    def adjust(self) -> None:
        parent = self._around
        wide = round(parent.width() * 0.7)
        high = self.sizeHint().height()
        self.setGeometry(
            (parent.width() - wide) // 2, parent.height() - high - round(parent.height() * 0.14), wide, high
        )

    def leave(self) -> None:
        self.hide()
        self._around.setFocus()

    def _give(self) -> None:
        if self._answer is None:
            return
        try:
            self._answer(self.editor.text().strip())
        except UserError as refusal:
            self.refusal.setText(refusal.message)
            self.refusal.show()
            self.adjust()
            return
        self.leave()


class ProjectionWindow(QWidget):
    """``pressed(letter)`` for the letters, « space », « next », « enter » and « escape »; ``closed`` when it leaves."""

    pressed = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("CV Desktop – Projection")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(640, 400)
        self._scene: Scene | None = None
        self.alone = False  # one screen serves the room and the operator
        self.prompt = Prompt(self)
        self.notice = QLabel(self)
        self.notice.setProperty("card", True)
        self.notice.setWordWrap(True)
        self.notice.setMargin(16)
        theme.set_type(self.notice, "key", "danger", 600)
        self.notice.hide()
        self._read = QTimer(self)
        self._read.setSingleShot(True)
        self._read.setInterval(NOTICE)
        self._read.timeout.connect(self.notice.hide)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(HIDE_POINTER)
        self._still.timeout.connect(lambda: self.setCursor(Qt.CursorShape.BlankCursor))

    @property
    def scene(self) -> Scene | None:
        return self._scene

    def show_scene(self, scene: Scene) -> None:
        if scene != self._scene:
            self._scene = scene
            self.setAccessibleName(picture.sentence(scene))
            self.update()

    def place(self, beside: QWidget) -> bool:
        """Full screen on another screen than the window it is opened from; False when there is only one."""
        own = beside.screen()
        others = [screen for screen in QGuiApplication.screens() if screen is not own]
        target = others[0] if others else own
        self.alone = not others
        self.setGeometry(target.geometry())
        self.showFullScreen()
        if not others:
            self.activateWindow()
        self.setFocus()
        self._still.start()
        return bool(others)

    def tell(self, words: str) -> None:
        """A refusal, for as long as one reads it."""
        self.notice.setText(words)
        self.notice.setGeometry(round(self.width() * 0.15), round(self.height() * 0.80), round(self.width() * 0.7), 0)
        self.notice.setFixedHeight(self.notice.heightForWidth(self.notice.width()))
        self.notice.show()
        self._read.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._scene is None:
            return
        painter = QPainter(self)
        scale = self.height() / picture.HEIGHT
        # A screen less wide than 16:10 is scaled by its width, so that nothing leaves it.
        scale = min(scale, self.width() / 1280)
        painter.scale(scale, scale)
        picture.draw(painter, self.width() / scale, self._scene)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.prompt.isVisible():
            self.prompt.adjust()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.unsetCursor()
        self._still.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        named = {
            Qt.Key.Key_Space: "space",
            Qt.Key.Key_PageDown: "next",
            Qt.Key.Key_Return: "enter",
            Qt.Key.Key_Enter: "enter",
            Qt.Key.Key_Escape: "escape",
            Qt.Key.Key_F11: "escape",
        }
        if event.key() == Qt.Key.Key_Escape and self.prompt.isVisible():
            self.prompt.leave()
        elif event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif event.key() in named:
            self.pressed.emit(named[Qt.Key(event.key())])
        elif event.text().strip():
            self.pressed.emit(event.text().lower())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab would leave the window for nothing.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)
