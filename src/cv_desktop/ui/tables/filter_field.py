"""The filter of a list: one field, « 15 sur 64 », a chip for each column filtered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.money import group
from cv_desktop.ui import icons, theme
from cv_desktop.ui.tables.table_view import TableView


class _Line(QLineEdit):
    """Échap empties it, then gives the list back; the arrows and Entrée go to the list."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FilterField(QWidget):
    """``FilterField(table)``. ``focus_filter()`` is what Ctrl+F calls; ``counter`` may be moved to a heading."""

    changed = Signal(str)

    def __init__(
        self,
        table: TableView,
        placeholder: str = "Filtrer la liste",
        *,
        counter: bool = True,
        shortcut: str = "Ctrl F",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._expected = 0
        self.line = _Line()
        self.line.setPlaceholderText(placeholder)
        self.line.setAccessibleName(placeholder)
        self.line.setClearButtonEnabled(False)
        self.line.left.connect(self._leave)
        self.line.textChanged.connect(self._typed)
        self._icon, self._key = QLabel(self.line), QLabel(shortcut, self.line)
        icons.dress(self._icon, "list-filter", "hint", 16)
        self._key.setProperty("key", True)
        theme.set_font(self._key, "meta")
        self._key.setVisible(bool(shortcut))
        inside = QHBoxLayout(self.line)
        inside.setContentsMargins(9, 0, 9, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        inside.addWidget(self._icon, 0, middle)
        inside.addStretch(1)
        inside.addWidget(self._key, 0, middle)
        self.line.setTextMargins(22, 0, self._key.sizeHint().width() + 4 if shortcut else 0, 0)
        self.counter = QLabel()
        theme.set_type(self.counter, "body", "secondary")
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        self._chips.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.line, 1)
        if counter:
            row.addWidget(self.counter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addLayout(self._chips)
        self.setFocusProxy(self.line)
        table.rows.counted.connect(self._count)
        table.filters_cleared.connect(self._cleared)
        self._count(table.rows.rowCount(), table.rows.total)

    def focus_filter(self) -> None:
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def set_text(self, text: str) -> None:
        self.line.setText(text)

    def chips(self) -> list[QPushButton]:
        """One button for each column filtered."""
        items = [self._chips.itemAt(place) for place in range(self._chips.count())]
        found = [item.widget() for item in items if item is not None]
        return [chip for chip in found if isinstance(chip, QPushButton)]

    def _typed(self, text: str) -> None:
        self._table.rows.set_filter(text)
        self.changed.emit(text)

    def _leave(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._table.currentIndex().isValid() and self._table.rows.rowCount():
            self._table.step(0)

    def _cleared(self) -> None:
        self.line.clear()
        self.line.setFocus()

    def expect(self, total: int) -> None:
        """How many rows are being read; 0 once they are all there."""
        self._expected = total
        self._count(self._table.rows.rowCount(), self._table.rows.total)

    def _count(self, shown: int, total: int) -> None:
        if self._expected:
            self.counter.setText(f"lecture de {group(self._expected)}…")
        else:
            self.counter.setText(f"{group(shown)} sur {group(total)}" if shown != total else group(total))
        while self._chips.count() > 1:
            item = self._chips.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        for key, values in self._table.rows.column_filters.items():
            column = self._table.rows.columns[self._table.rows.column_index(key)]
            shown_values = ", ".join(sorted(values)) if len(values) < 3 else str(len(values))
            chip = QPushButton(f"{column.title}\u00a0: {shown_values or 'non renseigné'}")
            theme.set_kind(chip, "chip", small=True)
            icons.dress(chip, "x", "info", 12)
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            chip.setToolTip("Retirer ce filtre")
            chip.clicked.connect(lambda _on=False, k=key: self._table.rows.set_column_filter(k, None))
            self._chips.insertWidget(self._chips.count() - 1, chip)
