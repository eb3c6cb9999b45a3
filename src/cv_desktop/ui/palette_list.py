"""The list under the search field: groups and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cv_desktop.ui import icons, look

if TYPE_CHECKING:
    from cv_desktop.ui.palette import Hit

Index = QModelIndex | QPersistentModelIndex
HEADING, LINE = 26, 34


class HitsModel(QAbstractListModel):
    """Hits under the name of their group; a heading is a text, a line is a hit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[str | Hit] = []

    def put(self, hits: list[Hit]) -> None:
        self.beginResetModel()
        self._lines = []
        for group in dict.fromkeys(hit.group for hit in hits):
            self._lines += [group, *(hit for hit in hits if hit.group == group)]
        self.endResetModel()

    def line(self, row: int) -> str | Hit | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def hit(self, row: int) -> Hit | None:
        line = self.line(row)
        return None if isinstance(line, str) else line

    def first(self) -> int | None:
        return self.beside(-1, 1)

    def beside(self, row: int, step: int) -> int | None:
        """The next line that is not a heading, going round at the ends."""
        count = len(self._lines)
        for distance in range(1, count + 1):
            candidate = (row + step * distance) % count
            if self.hit(candidate) is not None:
                return candidate
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.hit(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row())
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return line if isinstance(line, str) else line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line if isinstance(line, str) else ", ".join(x for x in (line.group, line.title, line.detail) if x)
        return None


class HitDelegate(QStyledItemDelegate):
    """Icon, title, detail in grey, shortcut on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        heading = isinstance(model, HitsModel) and model.hit(index.row()) is None
        return QSize(0, look.px(HEADING if heading else LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        line = model.line(index.row()) if isinstance(model, HitsModel) else None
        if line is None:
            return
        colors, box = look.colors(), QRect(option.rect)
        painter.save()
        if isinstance(line, str):
            painter.setFont(look.font("meta", 600))
            painter.setPen(QColor(colors.hint))
            painter.drawText(box.adjusted(look.px(8), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, line)
        else:
            self._paint_hit(painter, option, box, line)
        painter.restore()

    @staticmethod
    def _paint_hit(painter: QPainter, option: QStyleOptionViewItem, box: QRect, hit: Hit) -> None:
        colors, middle = look.colors(), Qt.AlignmentFlag.AlignVCenter
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(box, QColor(colors.soft))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(colors.accent))
        side = look.px(16)
        if hit.icon:
            ratio = painter.device().devicePixelRatioF()
            pixmap = icons.pixmap(hit.icon, "secondary", side, ratio)
            painter.drawPixmap(box.left() + look.px(12), box.center().y() - side // 2, pixmap)
        inner = box.adjusted(look.px(40), 0, -look.px(12), 0)
        if hit.shortcut:
            painter.setFont(look.font("meta"))
            painter.setPen(QColor(colors.hint))
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, hit.shortcut)
            inner.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(hit.shortcut) - look.px(12), 0)
        painter.setFont(look.font("body", 500 if hit.detail else 400))
        painter.setPen(QColor(colors.text))
        title = painter.fontMetrics().elidedText(hit.title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, middle, title)
        inner.adjust(painter.fontMetrics().horizontalAdvance(title) + look.px(10), 0, 0, 0)
        if hit.detail and inner.width() > 0:
            painter.setFont(look.font("secondary"))
            painter.setPen(QColor(colors.secondary))
            detail = painter.fontMetrics().elidedText(hit.detail, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, middle, detail)
