"""The line under the menus: campaign, undo, search, save state, person."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from cv_desktop.domain.dates import NBSP
from cv_desktop.ui import icons, look, theme
from cv_desktop.ui.call_selector import CallSelector

HEIGHT, SEARCH = 50, 440
PROMPT = "Rechercher un dossier, une structure, une action…"


class SearchField(QAbstractButton):
    """Looks like a field and opens the palette: by click, by Entrée, or as soon as a letter is typed."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Rechercher un dossier, une structure, une action")
        self.setToolTip("Rechercher (Ctrl+K)")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.asked.emit(""))

    def sizeHint(self) -> QSize:
        return QSize(look.px(SEARCH), look.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(200), look.px(32))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if text.strip() and text.isprintable():
            self.asked.emit(text)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit("")
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = look.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        painter.setPen(QPen(QColor(colors.focus if focus else colors.field_border), 2 if focus else 1))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        side = look.px(16)
        icon = icons.pixmap("search", "secondary", side, self.devicePixelRatioF())
        painter.drawPixmap(look.px(10), (self.height() - side) // 2, icon)
        painter.setFont(look.font("meta"))
        key = "Ctrl K"
        width = painter.fontMetrics().horizontalAdvance(key) + look.px(12)
        box = QRectF(self.width() - width - look.px(9), (self.height() - look.px(19)) / 2, width, look.px(19))
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(QColor(colors.chrome))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(colors.secondary))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        painter.setFont(look.font("body"))
        painter.setPen(QColor(colors.hint))
        left = look.px(34)
        room = box.left() - left - look.px(6)
        words = painter.fontMetrics().elidedText(PROMPT, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(left, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, words)


class Initials(QWidget):
    """The round mark of the person at the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letters = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look.px(28), look.px(28))

    def put(self, name: str) -> None:
        words = name.replace("-", " ").split()
        self._letters = "".join(x[0] for x in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
        self.setVisible(bool(self._letters))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = look.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.soft))
        painter.drawEllipse(self.rect())
        painter.setPen(QColor(colors.accent))
        painter.setFont(look.font("meta", 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)


def _tool(action: QAction, name: str) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setIconSize(QSize(18, 18))
    button.setAccessibleName(name)
    theme.set_kind(button, "tool")
    return button


class Toolbar(QFrame):
    """Takes the actions undo and redo; the window fills the rest."""

    def __init__(self, undo: QAction, redo: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Barre d’outils")
        self.calls = CallSelector()
        self.search = SearchField()
        self._state_icon = QLabel()
        self._state = QLabel()
        theme.set_type(self._state, "secondary", "secondary")
        self._initials = Initials()
        self._name = QLabel()
        theme.set_type(self._name, "secondary", weight=500)
        line = QFrame()
        line.setProperty("rule", True)
        line.setFixedSize(1, 24)
        self._person_line = QFrame()
        self._person_line.setProperty("rule", True)
        self._person_line.setFixedSize(1, 28)
        left, right = QWidget(), QWidget()
        before, after = QHBoxLayout(left), QHBoxLayout(right)
        for part in (before, after):
            part.setContentsMargins(0, 0, 0, 0)
            part.setSpacing(8)
        for widget in (self.calls, line, _tool(undo, "Annuler"), _tool(redo, "Rétablir")):
            before.addWidget(widget)
        before.addStretch(1)
        after.addStretch(1)
        for piece in (self._state_icon, self._state, self._person_line, self._initials, self._name):
            after.addWidget(piece)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 16, 0)
        layout.setSpacing(12)
        # Two equal wings keep the search in the middle of the window.
        layout.addWidget(left, 1)
        layout.addWidget(self.search, 0)
        layout.addWidget(right, 1)
        self.put_person("")
        theme.current().changed.connect(self._fit)
        self._fit()

    def put_saved(self, hour: str) -> None:
        """« Enregistré à 14:32 »."""
        self._state.setText(f"Enregistré à{NBSP}{hour}" if hour else "")
        icons.dress(self._state_icon, "circle-check", "success", 16)
        self._state_icon.setVisible(bool(hour))

    def put_person(self, name: str) -> None:
        self._name.setText(name)
        self._initials.put(name)
        self._person_line.setVisible(bool(name))

    def _fit(self) -> None:
        self.setFixedHeight(look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(look.colors().chrome))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(look.colors().line))
