"""One thing chosen from a short list over a table, filtered by typing: the field of a column, a quarter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cv_desktop.domain.text import fold, quote
from cv_desktop.ui.look import px

IGNORED = "Ne pas importer"


class FieldChooser(QFrame):
    """``chosen(key)``: the key of a field, empty to leave the column out. Échap changes nothing."""

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        current: str,
        parent: QWidget,
        *,
        ignored: str = IGNORED,
        title: str = "Champ",
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("card", True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self._choices = [*([("", ignored)] if ignored else []), *choices]
        self.line = QLineEdit()
        self.line.setPlaceholderText(f"Chercher\u00a0: {title.casefold()}")
        self.line.setAccessibleName(f"Chercher\u00a0: {title.casefold()}")
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(f"{title}s")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item: self._accept())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.resize(px(280), px(320))
        self._fill("")
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == current:
                self.list.setCurrentRow(place)

    def open_at(self, place: QPoint) -> None:
        room = self.screen().availableGeometry()
        y = min(place.y(), room.bottom() - self.height())
        self.move(min(place.x(), room.right() - self.width()), y)
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                self._accept()
                return True
        return super().eventFilter(watched, event)

    def _fill(self, text: str) -> None:
        wanted = fold(text).split()
        self.list.clear()
        for key, label in self._choices:
            if all(word in fold(label) for word in wanted):
                item = QListWidgetItem(label, self.list)
                item.setData(Qt.ItemDataRole.UserRole, key)
        if not self.list.count():
            # Said in place: an empty list looks like one that is still coming.
            nothing = QListWidgetItem(f"Rien ne correspond à {quote(text.strip())}.", self.list)
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            return
        self.list.setCurrentRow(0)

    def _accept(self) -> None:
        if not self.list.item(0).flags():
            return
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
        self.close()
