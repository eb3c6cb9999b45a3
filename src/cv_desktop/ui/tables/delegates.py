"""Paints every cell: icon, state, two lines, amount, progress, box, button, group title."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip

from cv_desktop.ui.badges import draw_badge
from cv_desktop.ui.icons import pixmap
from cv_desktop.ui.look import TypeName, colors, font, px
from cv_desktop.ui.tables.columns import Band, Column
from cv_desktop.ui.tables.editing import EditingDelegate, Index
from cv_desktop.ui.tokens import ICON_CHIP, RADIUS_FIELD

PAD = 8
BAR = 3
BOX = 16
_V = Qt.AlignmentFlag.AlignVCenter
_SIDES = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight}
_CENTER = Qt.AlignmentFlag.AlignHCenter


class CellDelegate(EditingDelegate):
    """The painter of TableView; nothing is left to the style."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c = colors()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        band = self.rows.band_at(index.row())
        if band is not None:
            self._band(painter, option.rect, band)
            painter.restore()
            return
        column, row = self.rows.columns[index.column()], self.rows.row_at(index.row())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        view = self.view
        strong = column.strong is not None and column.strong(row)
        painter.fillRect(option.rect, QColor(c.soft if selected else c.alternate if strong else c.surface))
        painter.fillRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1, QColor(c.line))
        if selected and self._first_section() == index.column():
            painter.fillRect(option.rect.x(), option.rect.y(), BAR, option.rect.height() - 1, QColor(c.accent))
        rect = option.rect.adjusted(PAD, 0, -PAD, -1)
        status = column.mark(row) if column.mark else ""
        if status:
            tint = c.tint(status)
            painter.setPen(QPen(QColor(tint.text), 1))
            painter.setBrush(QColor(tint.fill))
            painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -1.5))
        self._content(painter, rect, column, row, status)
        ringed = self.keyboard or column.can_edit(row)
        if ringed and view.hasFocus() and index == view.currentIndex():
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(option.rect).adjusted(1, 1, -1, -2))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """What « Ajuster » gives the column."""
        column, row = self.rows.columns[index.column()], self.rows.row_at(index.row())
        width = self.metrics("body", column.weight).horizontalAdvance(column.text(row))
        if column.second:
            width = max(width, self.metrics("secondary").horizontalAdvance(column.second(row)))
        if column.badge and (badge := column.badge(row)):
            width = max(width, self.metrics("secondary", 600).horizontalAdvance(badge.word) + ICON_CHIP + 20)
        if column.icon:
            width += 22
        return QSize(width + 2 * PAD + 4, self.view.verticalHeader().defaultSectionSize())

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """A text that does not fit is told in full; an icon or a state that has a sentence of its own, by it."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid() or self.rows.band_at(index.row()):
            return False
        column, row = self.rows.columns[index.column()], self.rows.row_at(index.row())
        drawn = bool(column.icon and column.icon(row)) or bool(column.badge and column.badge(row))
        if drawn and column.accessible:
            QToolTip.showText(event.globalPos(), column.accessible(row), view)
        elif self.sizeHint(option, index).width() - 4 > option.rect.width():
            second = column.second(row) if column.second else ""
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, (column.text(row), second))), view)
        else:
            QToolTip.hideText()
        return True

    def height(self, column: Column[Any], row: object, width: int) -> int:
        """What the words of a cell ask when they are folded to ``width``; 0 when one line holds them."""
        size: TypeName = "secondary" if column.tone in ("secondary", "hint") else "body"
        strong = column.strong is not None and column.strong(row)
        metrics, text, room = self.metrics(size, 600 if strong else column.weight), column.text(row), width - 2 * PAD
        if metrics.horizontalAdvance(text) <= room:
            return 0
        return metrics.boundingRect(0, 0, room, 0, Qt.TextFlag.TextWordWrap, text).height() + PAD

    def _first_section(self) -> int:
        header = self.view.horizontalHeader()
        sections = (header.logicalIndex(visual) for visual in range(header.count()))
        return next((logical for logical in sections if not header.isSectionHidden(logical)), 0)

    def _content(self, painter: QPainter, rect: QRect, column: Column[Any], row: object, status: str) -> None:
        c, ratio = colors(), self.view.devicePixelRatioF()
        if column.checked is not None:
            self._box(painter, rect, column.checked(row), ratio)
            return
        if column.button is not None:
            if label := column.button(row):
                self._button(painter, self.button_rect(rect, label), label)
            return
        badge = column.badge(row) if column.badge else None
        if self.double and (badge or column.second):
            half = rect.height() // 2
            upper = rect.adjusted(0, 3, 0, half - rect.height() + 1)
            lower = rect.adjusted(0, half - 1, 0, -3)
            self._text(painter, upper, column.text(row), column, c.text)
            if badge:
                draw_badge(painter, lower, badge, column.align, ratio=ratio, small=True)
            elif column.second:
                painter.setFont(font("meta"))
                painter.setPen(QColor(c.secondary))
                self._elided(painter, lower, column.second(row), column.align)
            return
        if badge:
            draw_badge(painter, rect, badge, column.align, ratio=ratio)
            return
        if column.icon and (name := column.icon(row)):
            side = px(15)
            alone = not column.text(row)
            x = rect.center().x() - side // 2 if alone else rect.x()
            painter.drawPixmap(x, rect.center().y() - side // 2, pixmap(name, status or column.tone, side, ratio))
            rect = rect.adjusted(side + 6, 0, 0, 0)
        share = column.progress(row) if column.progress else None
        if share is not None:
            rect = self._progress(painter, rect, share)
        strong = column.strong is not None and column.strong(row)
        color = c.tint(status).text if status else c.text if strong else c.role(column.tone)
        text = column.text(row)
        self._text(painter, rect, text, column, color, 600 if status or strong else 0)
        if column.second and (second := column.second(row)):
            used = painter.fontMetrics().horizontalAdvance(text)
            painter.setFont(font("secondary"))
            painter.setPen(QColor(c.secondary))
            self._elided(painter, rect.adjusted(used, 0, 0, 0), f" · {second}", "left")

    def _text(
        self, painter: QPainter, rect: QRect, text: str, column: Column[Any], color: str, weight: int = 0
    ) -> None:
        size: TypeName = "secondary" if column.tone in ("secondary", "hint") else "body"
        painter.setFont(font(size, weight or column.weight, figures="-" not in text))
        painter.setPen(QColor(color))
        if column.wrap and painter.fontMetrics().horizontalAdvance(text) > rect.width():
            painter.drawText(rect, _SIDES.get(column.align, _CENTER) | _V | Qt.TextFlag.TextWordWrap, text)
            return
        self._elided(painter, rect, text, column.align)

    @staticmethod
    def _elided(painter: QPainter, rect: QRect, text: str, align: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _SIDES.get(align, _CENTER) | _V, shown)

    @staticmethod
    def _box(painter: QPainter, rect: QRect, checked: bool, ratio: float) -> None:
        c = colors()
        box = QRectF(rect.x() + 3.5, rect.center().y() - BOX / 2 + 0.5, BOX - 1, BOX - 1)
        painter.setPen(QColor(c.accent if checked else c.field_border))
        painter.setBrush(QColor(c.accent if checked else c.surface))
        painter.drawRoundedRect(box, 3, 3)
        if checked:
            painter.drawPixmap(int(box.x()) + 2, int(box.y()) + 2, pixmap("check", "on_accent", 12, ratio))

    def button_rect(self, rect: QRect, label: str) -> QRect:
        """Where the small button of a cell lies, at the right of ``rect``."""
        width = self.metrics("secondary", 500).horizontalAdvance(label) + 2 * px(9) + 2
        return QRect(rect.right() + 1 - width, rect.center().y() - px(26) // 2 + 1, width, px(26))

    @staticmethod
    def _button(painter: QPainter, rect: QRect, label: str) -> None:
        c = colors()
        painter.setPen(QColor(c.field_border))
        painter.setBrush(QColor(c.surface))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_FIELD, RADIUS_FIELD)
        painter.setFont(font("secondary", 500))
        painter.setPen(QColor(c.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, label)

    @staticmethod
    def _progress(painter: QPainter, rect: QRect, share: float) -> QRect:
        c = colors()
        width = max(24, rect.width() - px(52))
        bar = QRectF(rect.x(), rect.center().y() - 3, width, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.sunken))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(QColor(c.accent))
        painter.drawRoundedRect(QRectF(bar.x(), bar.y(), bar.width() * min(1.0, max(0.0, share)), 7), 2, 2)
        return rect.adjusted(width + 6, 0, 0, 0)

    def _band(self, painter: QPainter, rect: QRect, band: Band) -> None:
        c = colors()
        ground, ink = (c.band, c.on_band) if band.dark else (c.alternate, c.text)
        if band.status:
            ink = c.tint(band.status).text
        painter.fillRect(rect, QColor(ground))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(c.line))
        inner = rect.adjusted(PAD, 0, -PAD, -1)
        if band.icon:
            role = "on_band" if band.dark else band.status or "secondary"
            side = px(14)
            icon = pixmap(band.icon, role, side, self.view.devicePixelRatioF())
            painter.drawPixmap(inner.x(), inner.center().y() - side // 2, icon)
            inner = inner.adjusted(side + 8, 0, 0, 0)
        painter.setFont(font("body", 600))
        painter.setPen(QColor(ink))
        painter.drawText(inner, _SIDES["left"] | _V, band.text)
        used = painter.fontMetrics().horizontalAdvance(band.text)
        painter.setFont(font("body"))
        painter.setPen(QColor(ink if band.dark else c.secondary))
        self._elided(painter, inner.adjusted(used + 8, 0, 0, 0), band.detail, "left")
