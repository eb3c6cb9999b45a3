"""A criterion that is not open: code, label, weight, four boxes, points."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cv_desktop.domain.grid import Criterion, Grid
from cv_desktop.domain.marks import Mark
from cv_desktop.domain.notes import decimal
from cv_desktop.domain.scoring import points
from cv_desktop.ui import icons
from cv_desktop.ui.badges import Badge, draw_badge
from cv_desktop.ui.look import colors, font, px

NBSP = "\u00a0"
HEIGHT, BOX_WIDTH, BOX_HEIGHT = 38, 26, 24
MOST_BOXES, WIDE_BOX = 6, 64  # beyond so many levels one box says the level out of the scale
CODE, POINTS, WEIGHT, EDGE = 50, 52, 46, 14
_V = Qt.AlignmentFlag.AlignVCenter
MISSING, DEDICATED = "phrase attendue", "action dédiée"


def sentence(grid: Grid, criterion: Criterion, mark: Mark) -> str:
    """What a screen reader says of a criterion: « Évaluation et indicateurs, niveau 1, suivi quantitatif »."""
    if mark.not_applicable:
        return f"{criterion.label}, sans objet"
    dedicated = f", {DEDICATED}" if mark.dedicated else ""
    if mark.level is None:
        return f"{criterion.label}, pas encore noté{dedicated}"
    name = next((level.name for level in criterion.levels if level.value == mark.level), "")
    said = f"{criterion.label}, niveau {mark.level}" + (f", {name[0].lower()}{name[1:]}" if name else "")
    said += dedicated
    lacking = mark.level in grid.comments_of(criterion) and not mark.comment.strip()
    return f"{said}, {MISSING}" if lacking else said


class CriterionLine(QWidget):
    """``show_mark`` changes it; ``pressed(level)`` for a box, with None for the rest of the line."""

    pressed = Signal(object)

    def __init__(self, grid: Grid, criterion: Criterion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid, self.criterion = grid, criterion
        levels = grid.levels_of(criterion)
        self.levels = levels if len(levels) <= MOST_BOXES else ()
        self.mark = Mark()
        self.last = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.show_mark(Mark())

    def show_mark(self, mark: Mark) -> None:
        self.mark = mark
        self.setAccessibleName(f"{self.criterion.code}, {sentence(self.grid, self.criterion, mark)}")
        self.update()

    @property
    def lacking(self) -> bool:
        """Whether the level asks for a sentence that is not written."""
        return self.mark.level in self.grid.comments_of(self.criterion) and not self.mark.comment.strip()

    @property
    def shown_points(self) -> str:
        if self.mark.not_applicable:
            return "s. o."
        if self.mark.level is None or not self.criterion.counted:
            return "–"
        return decimal(points(self.grid, self.criterion, self.mark.level))

    def sizeHint(self) -> QSize:
        return QSize(px(520), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(300), px(HEIGHT))

    def box(self, level: int) -> QRect:
        """Where the box of a level lies; the one box of a long scale for any of its levels."""
        top, height, right = (self.height() - px(BOX_HEIGHT)) // 2, px(BOX_HEIGHT), self.width() - px(EDGE) - px(POINTS)
        if not self.levels:
            return QRect(right - px(WIDE_BOX), top, px(WIDE_BOX), height)
        left = right - px(BOX_WIDTH) * (len(self.levels) - self.levels.index(level))
        return QRect(left, top, px(BOX_WIDTH), height)

    def level_at(self, x: int, y: int) -> int | None:
        return next((level for level in self.levels if self.box(level).contains(x, y)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(self.level_at(round(event.position().x()), round(event.position().y())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            level = self.level_at(event.pos().x(), event.pos().y())
            found = next((x for x in self.criterion.levels if x.value == level), None)
            QToolTip.showText(
                event.globalPos(), f"{found.name} : {found.text}" if found else self.criterion.label, self
            )
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = self.rect()
        if not self.last:
            painter.fillRect(0, whole.bottom(), whole.width(), 1, QColor(c.line))
        painter.setFont(font("secondary", 600))
        painter.setPen(QColor(c.secondary))
        painter.drawText(whole.adjusted(px(EDGE), 0, 0, 0), _V, self.criterion.code)
        self._points(painter, whole)
        for level in self.levels:
            self._box(painter, level, str(level))
        if not self.levels:
            given = "–" if self.mark.level is None else str(self.mark.level)
            self._box(painter, self.mark.level, f"{given}{NBSP}/{NBSP}{self.grid.scale_of(self.criterion)}")
        right = self.box(self.levels[0] if self.levels else 0).left() - px(8)
        painter.setFont(font("meta"))
        painter.setPen(QColor(c.hint))
        painter.drawText(
            QRect(right - px(WEIGHT), 0, px(WEIGHT), whole.height()),
            _V | Qt.AlignmentFlag.AlignRight,
            f"{self.criterion.weight}{NBSP}pts" if self.criterion.counted else "affiché",
        )
        right -= px(WEIGHT) + px(6)
        if self.lacking:
            right = self._badge(painter, right, Badge(MISSING, "warning", "message-square-text", tinted=True))
        elif self.mark.comment:
            side = px(15)
            picture = icons.pixmap("message-square-text", "secondary", side, self.devicePixelRatioF())
            painter.drawPixmap(right - side, (whole.height() - side) // 2, picture)
            right -= side + px(8)
        if self.mark.dedicated:
            right = self._badge(painter, right, Badge(DEDICATED, "info", "circle-check", tinted=True))
        left = px(EDGE) + px(CODE)
        painter.setFont(font("body", 500))
        painter.setPen(QColor(c.text))
        label = painter.fontMetrics().elidedText(self.criterion.label, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, 0, right - left, whole.height()), _V, label)
        painter.end()

    def _badge(self, painter: QPainter, right: int, badge: Badge) -> int:
        """Draws a badge that ends at ``right``; gives where what stands before it must end."""
        painter.setFont(font("meta"))
        width = painter.fontMetrics().horizontalAdvance(badge.word) + px(48)
        place = QRect(right - width, 0, width, self.height())
        drawn = draw_badge(painter, place, badge, "right", ratio=self.devicePixelRatioF(), small=True)
        return drawn.left() - px(8)

    def _points(self, painter: QPainter, whole: QRect) -> None:
        painter.setFont(font("body", 600))
        painter.setPen(QColor(colors().text if self.mark.given else colors().hint))
        place = whole.adjusted(0, 0, -px(EDGE), 0)
        painter.drawText(place, _V | Qt.AlignmentFlag.AlignRight, self.shown_points)

    def _box(self, painter: QPainter, level: int | None, text: str) -> None:
        c = colors()
        chosen = level is not None and self.mark.level == level
        place = QRectF(self.box(level or 0)).adjusted(0.5, 0.5, 0.5, -0.5)
        painter.setPen(QPen(QColor(c.accent if chosen else c.field_border), 1))
        painter.setBrush(QColor(c.accent if chosen else c.surface))
        painter.drawRect(place)
        painter.setFont(font("secondary", 600 if chosen else 400))
        painter.setPen(QColor(c.on_accent if chosen else c.secondary))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
