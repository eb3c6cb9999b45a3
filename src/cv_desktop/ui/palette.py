"""Ctrl+K: everything that can be found or done, from one field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.domain.dates import NBSP
from cv_desktop.domain.text import fold
from cv_desktop.ui import icons, look, theme
from cv_desktop.ui.palette_list import HitDelegate, HitsModel

WIDTH, HEIGHT = 640, 420
# Going to another program is not leaving the palette.
_LEAVING = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the palette. ``run`` does what it says; a record has a (destination, noun, id) instead,
    and the campaign to show it in."""

    group: str
    title: str
    detail: str = ""
    icon: str = ""
    shortcut: str = ""
    destination: str = ""
    call: str = ""
    noun: str = ""
    id: str = ""
    run: Callable[[], None] | None = None


Search = Callable[[str], list[Hit]]


class Palette(QFrame):
    """Lies over the window. ``records`` finds files and people, ``commands`` gives what can be done now."""

    chosen = Signal(object)
    chosen_beside = Signal(object)  # by Ctrl+Entrée: in a window of its own

    def __init__(self, window: QWidget, records: Search, commands: Search) -> None:
        super().__init__(window)
        self._window = window
        self._records = records
        self._commands = commands
        self._before: QWidget | None = None
        self.setAccessibleName("Recherche et commandes")
        self.setObjectName("palette")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Rechercher un dossier, une structure, une commande…")
        self.field.setAccessibleName("Rechercher")
        self.field.setClearButtonEnabled(True)
        icon = self.field.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        icons.dress(icon, "search", "secondary", 16)
        self.view = QListView()
        self.view.setAccessibleName("Résultats")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setItemDelegate(HitDelegate(self.view))
        self.model = HitsModel(self)
        self.view.setModel(self.model)
        self.view.setUniformItemSizes(False)
        self._nothing = QLabel()
        self._nothing.setWordWrap(True)
        self._nothing.setMargin(12)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        theme.set_type(self._nothing, "body", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addWidget(self._nothing)
        layout.addWidget(self.view, 1)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shadow.setColor(QColor(0, 0, 0, 51))
        self.setGraphicsEffect(shadow)
        self.field.textChanged.connect(self._asked)
        self.field.installEventFilter(self)
        self.view.clicked.connect(lambda index: self._take(index.row()))
        window.installEventFilter(self)
        theme.current().changed.connect(self._dress)
        self._dress()
        self.hide()

    def open(self, text: str = "") -> None:
        """Shows itself over the window with ``text`` already typed."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.field.setText(text)
        self._asked(text)
        self.field.setFocus()

    def leave(self) -> None:
        """Hides itself; the focus returns where it was."""
        self.hide()
        if self._before and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() in _LEAVING:
                self.hide()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            beside = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._take(self.view.currentIndex().row(), beside=beside)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        else:
            return False
        return True

    def _asked(self, text: str) -> None:
        wanted = text.strip()
        hits = (self._records(wanted) if wanted else []) + self._commands(wanted)
        nothing = not hits
        if nothing and wanted:
            hits = creations(wanted)
        self.model.put(hits)
        self._nothing.setVisible(nothing)
        self.view.setVisible(bool(hits))
        self._nothing.setText(f"Rien ne correspond à «{NBSP}{wanted}{NBSP}»." if wanted else "")
        first = self.model.first()
        if first is not None:
            self._select(first)

    def _step(self, step: int) -> None:
        row = self.model.beside(self.view.currentIndex().row(), step)
        if row is not None:
            self._select(row)

    def _select(self, row: int) -> None:
        index = self.model.index(row, 0)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(self.model.index(max(0, row - 1), 0))
        self.view.scrollTo(index)
        self.field.setAccessibleDescription(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))

    def _take(self, row: int, *, beside: bool = False) -> None:
        hit = self.model.hit(row)
        if hit is not None:
            self.leave()
            (self.chosen_beside if beside else self.chosen).emit(hit)

    def _place(self) -> None:
        window = self._window
        width, height = min(look.px(WIDTH), window.width() - 32), min(look.px(HEIGHT), window.height() - 96)
        self.setGeometry((window.width() - width) // 2, 72, width, height)

    def _dress(self) -> None:
        colors = look.colors()
        self.setStyleSheet(
            f"#palette {{ background: {colors.surface}; border: 1px solid {colors.field_border}; border-radius: 6px; }}"
            "QListView::item { border: none; }"
        )


def creations(text: str) -> list[Hit]:
    """What one may make of words that nothing answers to."""
    return [
        Hit("Créer", "Créer le dossier…", icon="plus", destination="applications", noun="new"),
        Hit(
            "Créer",
            f"Créer la structure «{NBSP}{text}{NBSP}»…",
            icon="plus",
            destination="structures",
            noun="new",
            id=text,
        ),
    ]


def matching(hits: list[Hit], text: str) -> list[Hit]:
    """The hits whose title holds every word of ``text``, without case or accents."""
    words = fold(text).split()
    return [hit for hit in hits if all(word in fold(hit.title) for word in words)]
