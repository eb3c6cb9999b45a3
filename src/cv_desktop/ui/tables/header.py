"""The header of a table: sorts on click, shows arrow and rank, opens the list of columns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from cv_desktop.ui.icons import pixmap
from cv_desktop.ui.look import colors, font, px
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tokens import HEADER_HEIGHT

_PAD = 8
_ARROW = 13


class TableHeader(QHeaderView):
    """Click sorts, Maj+click adds a second key, right click asks for the menu of the column."""

    asked = Signal(int, QPoint)  # logical section, place on screen

    def __init__(self, model: RowsModel[Any], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self._pressed: tuple[int, QPoint] | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(32)
        self.setStretchLastSection(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda place: self.asked.emit(self.logicalIndexAt(place), self.mapToGlobal(place))
        )
        self.setAccessibleName("En-têtes de colonnes")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(HEADER_HEIGHT))

    def sort_on(self, logical: int, *, add: bool = False) -> None:
        """Ascending, then descending, then the order received."""
        if self._rows.has_bands:
            return
        key = self._rows.columns[logical].key
        sorts = self._rows.sorts
        alone = len(sorts) < 2 or add
        now = dict(sorts).get(key) if alone else None
        turned = {None: False, False: True, True: None}[now]
        if add:
            kept = [(k, down) for k, down in sorts if k != key]
            position = next((i for i, (k, _) in enumerate(sorts) if k == key), len(sorts))
            sorts = kept if turned is None else [*kept[:position], (key, turned), *kept[position:]]
        else:
            sorts = [] if turned is None else [(key, turned)]
        self._rows.sort_by(sorts)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        place = event.position().toPoint()
        resizing = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        if event.button() == Qt.MouseButton.LeftButton and not resizing:
            self._pressed = (self.logicalIndexAt(place), place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        place = event.position().toPoint()
        if pressed is None or (place - pressed[1]).manhattanLength() > 6:
            return
        if self.logicalIndexAt(place) == pressed[0] >= 0:
            self.sort_on(pressed[0], add=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        if not rect.isValid():
            return
        c = colors()
        column = self._rows.columns[logical]
        painter.save()
        painter.fillRect(rect, QColor(c.window))
        painter.setPen(QColor(c.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self.visualIndex(logical) < self.count() - 1:
            painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setFont(font("secondary", 600))
        painter.setPen(QColor(c.secondary))
        inner = rect.adjusted(_PAD, 0, -_PAD, -1)
        rank = self._rank(logical)
        metrics = painter.fontMetrics()
        if rank:
            number, down, several = rank
            icon = pixmap("arrow-down" if down else "arrow-up", "secondary", _ARROW, self.devicePixelRatioF())
            mark = _ARROW + 3 + (metrics.horizontalAdvance(str(number)) + 3 if several else 0)
            text_width = min(metrics.horizontalAdvance(column.title), inner.width() - mark)
            x = inner.right() - text_width - mark if column.align == "right" else inner.left() + text_width + 3
            y = inner.center().y() - _ARROW // 2
            painter.drawPixmap(x, y, icon)
            if several:
                place = QRect(x + _ARROW + 1, inner.top(), mark, inner.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, str(number))
            inner = inner.adjusted(mark, 0, 0, 0) if column.align == "right" else inner.adjusted(0, 0, -mark, 0)
        sides = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight}
        align = sides.get(column.align, Qt.AlignmentFlag.AlignHCenter) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, align, metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, inner.width()))
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        end = self.length() - self.offset()
        if end < self.viewport().width():
            painter = QPainter(self.viewport())
            rest = QRect(end, 0, self.viewport().width() - end, self.height())
            painter.fillRect(rest, QColor(colors().window))
            painter.setPen(QColor(colors().line))
            painter.drawLine(rest.bottomLeft(), rest.bottomRight())

    def sectionSizeFromContents(self, logical: int) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._rows.columns[logical].title) + 2 * _PAD + 4, px(HEADER_HEIGHT))

    def _rank(self, logical: int) -> tuple[int, bool, bool] | None:
        sorts = self._rows.sorts
        for number, (key, down) in enumerate(sorts, start=1):
            if key == self._rows.columns[logical].key:
                return number, down, len(sorts) > 1
        return None
