"""A state, always an icon and a word: what it holds and how it is painted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cv_desktop.ui.icons import STATUS_ICONS, pixmap
from cv_desktop.ui.look import colors, font, px
from cv_desktop.ui.tokens import ICON_CHIP, RADIUS_CHIP


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: its word, its status (tint) and its icon, that of the status unless named."""

    word: str
    status: str = "neutral"
    icon: str = ""
    tinted: bool = False

    @property
    def icon_name(self) -> str:
        return self.icon or STATUS_ICONS[self.status]


def draw_badge(
    painter: QPainter, rect: QRect, badge: Badge, align: str = "left", *, ratio: float = 1.0, small: bool = False
) -> QRect:
    """Icon and word of a state within ``rect``, on its tint when asked; returns what was covered."""
    tint = colors().tint(badge.status)
    painter.setFont(font("meta" if small else "secondary", 600))
    metrics = painter.fontMetrics()
    pad = 6 if badge.tinted else 0
    room = rect.width() - 2 * pad - ICON_CHIP - 5
    word = metrics.elidedText(badge.word, Qt.TextElideMode.ElideRight, max(0, room))
    width = metrics.horizontalAdvance(word) + 2 * pad + ICON_CHIP + (5 if word else 0)
    x = (
        rect.right() + 1 - width
        if align == "right"
        else rect.center().x() - width // 2
        if align == "center"
        else rect.x()
    )
    height = min(rect.height(), px(20))
    box = QRect(x, rect.center().y() - height // 2 + (height + 1) % 2, width, height)
    if badge.tinted:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint.fill))
        painter.drawRoundedRect(QRectF(box), RADIUS_CHIP, RADIUS_CHIP)
    icon = pixmap(badge.icon_name, badge.status, ICON_CHIP, ratio)
    painter.drawPixmap(box.x() + pad, box.center().y() - ICON_CHIP // 2, icon)
    painter.setPen(QColor(tint.text))
    painter.drawText(
        box.adjusted(pad + ICON_CHIP + 5, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word
    )
    return box
