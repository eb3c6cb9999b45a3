"""What has just happened or is in the way: at the top of the work area, one message at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from cv_desktop.domain.dates import clock
from cv_desktop.ui import icons, theme
from cv_desktop.ui.look import colors

Level = Literal["info", "success", "warning", "danger"]
Button = tuple[str, Callable[[], None]]
SUCCESS_SECONDS = 8
_ICONS = {"info": "info", "success": "circle-check", "warning": "triangle-alert", "danger": "circle-alert"}
_MOST_KEPT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """``lead`` is bold, ``text`` follows; at most two buttons (label, what it does)."""

    level: Level
    lead: str
    text: str = ""
    buttons: tuple[Button, ...] = ()
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def sentence(self) -> str:
        return f"{self.lead} {self.text}".strip()


class MessageBar(QFrame):
    """``show_message(Message(…))``; success leaves by itself, the rest stays until closed or solved.

    ``history()`` opens what was said (F8). ``changed`` tells how many are waiting.
    """

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.waiting: list[Message] = []
        self.past: list[Message] = []
        self._officers: tuple[list[Message], list[Message]] | None = None  # kept while a member marks
        self._icon, self._lead, self._text, self._count = QLabel(), QLabel(), QLabel(), QLabel()
        self._text.setWordWrap(True)
        for label in (self._lead, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_type(self._lead, "body", weight=600)
        theme.set_type(self._text, "body")
        theme.set_type(self._count, "secondary", "secondary")
        self._buttons = [QPushButton(), QPushButton()]
        for place, button in enumerate(self._buttons):
            theme.set_kind(button, "secondary", small=True)
            button.clicked.connect(lambda _on=False, at=place: self._use(at))
        self._close = QToolButton()
        theme.set_kind(self._close, "tool", small=True)
        icons.dress(self._close, "x", "text", 16)
        self._close.setToolTip("Fermer le message")
        self._close.setAccessibleName("Fermer le message")
        self._close.clicked.connect(self.close_current)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 6, 8, 6)
        layout.setSpacing(12)
        layout.addWidget(self._icon)
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(5)
        self._words.addWidget(self._lead)
        self._words.addWidget(self._text, 1)
        layout.addLayout(self._words, 1)
        for widget in (self._count, *self._buttons, self._close):
            layout.addWidget(widget)
        self.setMinimumHeight(40)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._leave)
        theme.current().changed.connect(self._show)
        self.hide()

    @property
    def current(self) -> Message | None:
        return self.waiting[-1] if self.waiting else None

    def show_message(self, message: Message) -> None:
        # A success waiting under another message has nothing more to say.
        self.waiting = [kept for kept in self.waiting if kept.level != "success" and kept.sentence != message.sentence]
        self.waiting.append(message)
        self.past = [*self.past, message][-_MOST_KEPT:]
        self._show()
        announce(self, message.sentence)

    def close_current(self) -> None:
        if self.waiting:
            self.close_message(self.waiting[-1])

    def close_message(self, message: Message) -> None:
        """Take one message away, solved or read."""
        self.waiting = [kept for kept in self.waiting if kept is not message]
        self._show()

    def close_success(self) -> None:
        """What was said done has just been taken back."""
        self.waiting = [kept for kept in self.waiting if kept.level != "success"]
        self._show()

    def close_offers(self) -> None:
        """Something else has been written: « Annuler » of what was done before would take that back instead."""
        self.waiting = [kept for kept in self.waiting if not (kept.level == "success" and kept.buttons)]
        self._show()

    def clear(self) -> None:
        self.waiting = []
        self._show()

    def sit(self, member_id: str | None) -> None:
        """A member who comes to mark finds no message; the officer finds his or her own again."""
        if self._officers is None:
            self._officers = self.waiting, self.past
        self.waiting, self.past = [], []
        if member_id is None:
            (self.waiting, self.past), self._officers = self._officers, None
        self._show()

    def history(self) -> QMenu:
        """What was said, last first; the menu is open when returned."""
        menu = QMenu("Messages", self)
        menu.setAccessibleName("Messages")
        menu.setToolTipsVisible(True)
        above = self.parentWidget() or self
        # A long one is cut at the edge of the window: chosen, it is shown whole in the bar again.
        room = max(200, above.width() - theme.px(140))
        for message in reversed(self.past[-20:]):
            said = message.sentence.replace("\n", " ")
            text = menu.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room)
            action = menu.addAction(f"{clock(message.moment)}   {text}".replace("&", "&&"))
            action.setToolTip(said if text != said else "")
            action.setIcon(icons.icon(_ICONS[message.level], message.level, 16))
            action.triggered.connect(lambda _on=False, m=message: self.show_message(m))
        if not self.past:
            menu.addAction("Aucun message.").setEnabled(False)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(above.mapToGlobal(QPoint(12, 12)))
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        message = self.current
        if message is None:
            return
        tint = colors().tint(message.level)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tint.fill))
        painter.fillRect(0, 0, 4, self.height(), QColor(tint.text))
        painter.end()

    def _show(self) -> None:
        message = self.current
        self.setVisible(message is not None)
        self._timer.stop()
        self.changed.emit(len(self.waiting))
        if message is None:
            return
        icons.dress(self._icon, _ICONS[message.level], message.level, 18)
        self._lead.setText(message.lead)
        self._text.setText(message.text)
        self._text.setVisible(bool(message.text))
        self.setAccessibleName(message.sentence)
        more = len(self.waiting) - 1
        self._count.setText(f"{more} de plus, F8" if more else "")
        self._count.setVisible(bool(more))
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(message.buttons))
            if place < len(message.buttons):
                button.setText(message.buttons[place][0])
        if message.level == "success":
            self._timer.start(SUCCESS_SECONDS * 1000)
        self._fold()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Lead and text on one line when they hold, the text under the lead otherwise."""
        message = self.current
        if message is None:
            return
        lead = self._lead.fontMetrics().horizontalAdvance(message.lead)
        wanted = lead + self._text.fontMetrics().horizontalAdvance(message.text) + 5
        taken = sum(button.sizeHint().width() + 12 for button in self._buttons[: len(message.buttons)])
        room = self.width() - taken - 120 - (self._count.sizeHint().width() if len(self.waiting) > 1 else 0)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._words.setDirection(across if wanted <= room else down)
        self._words.setSpacing(5 if wanted <= room else 0)
        self._lead.setWordWrap(lead > room)

    def _use(self, place: int) -> None:
        message = self.current
        if message is None:
            return
        if message.level != "danger":
            self.close_message(message)
        message.buttons[place][1]()

    def _leave(self) -> None:
        if self.current is not None and self.current.level == "success":
            self.close_current()


def announce(widget: QWidget, sentence: str) -> None:
    """Say a sentence through the screen reader, politely."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))
