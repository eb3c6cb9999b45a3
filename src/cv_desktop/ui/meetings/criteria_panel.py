"""The revealed marks of a file: one dot per mark, the mean, the gap; nobody is named."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.domain.grid import Grid
from cv_desktop.domain.notes import decimal
from cv_desktop.domain.scoring import CommitteeNote, CriterionNote
from cv_desktop.ui import icons, theme
from cv_desktop.ui.charts.dots import Dots
from cv_desktop.ui.look import colors, font, px

NBSP = "\u00a0"
NAME, MEAN, GAP = 176, 40, 84
MOST_WRITTEN = 6
DOTS_EDGE = 25  # where the axis of the dots begins


class CriterionRow(QWidget):
    """A line, on the tint of a warning when the members are two levels apart or more."""

    def __init__(self, label: str, maximum: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide = False
        self.name, self.mean, self.gap = QLabel(label), QLabel(), QLabel()
        self.name.setWordWrap(True)
        self.name.setFixedWidth(px(NAME))
        self.mean.setFixedWidth(px(MEAN))
        self.gap.setFixedWidth(px(GAP))
        self.mean.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.set_type(self.name, "body")
        theme.set_type(self.mean, "section", weight=600)
        theme.set_type(self.gap, "secondary", "warning", 600)
        self.dots = Dots(label, maximum=maximum)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(self.name)
        layout.addWidget(self.dots, 1)
        layout.addWidget(self.mean)
        layout.addWidget(self.gap)

    def put(self, note: CriterionNote) -> None:
        self.dots.set_marks(note.levels, None if note.value is None else float(note.value))
        self.mean.setText("–" if note.value is None else decimal(note.value))
        zero = "éliminatoire" if note.eliminated else f"un {note.levels[0]} isolé" if note.isolated else ""
        self.gap.setText(f"↔ {note.gap_label}" if note.wide else zero)
        self.mean.setToolTip(f"Écart type {note.deviation}")
        self.mean.setAccessibleName(f"Moyenne {self.mean.text()}, écart type {note.deviation}")
        self._wide = note.wide or bool(zero)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        if self._wide:
            painter.fillRect(self.rect(), QColor(c.warning.fill))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(c.line))
        painter.end()


def axis_levels(maximum: int) -> tuple[int, ...]:
    """The levels written above the dots: all of a short scale, its ends and its middle beyond; none for 0."""
    if not maximum:
        return ()
    return tuple(range(maximum + 1)) if maximum <= MOST_WRITTEN else (0, maximum // 2, maximum)


class Axis(QWidget):
    """The levels above the dots; none when the criteria have scales of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.maximum = 3
        self.setFixedHeight(px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("secondary", 600))
        painter.setPen(QColor(colors().secondary))
        for level in axis_levels(self.maximum):
            x = DOTS_EDGE + (self.width() - 2 * DOTS_EDGE) * level / self.maximum
            painter.drawText(QRectF(x - 20, 0, 40, self.height()), Qt.AlignmentFlag.AlignCenter, str(level))
        painter.end()


class CriteriaPanel(QFrame):
    """``show_note`` after the revelation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.title = QLabel()
        theme.set_type(self.title, "body", weight=600)
        self.rows: dict[str, CriterionRow] = {}
        self._grid: Grid | None = None
        self.axis = Axis()
        mean = QLabel("Moy.")
        theme.set_type(mean, "secondary", "secondary", 600)
        mean.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.title.setFixedWidth(px(NAME))
        mean.setFixedWidth(px(MEAN))
        # Inside what scrolls: a bar at the side would push the dots away from their levels.
        header = QWidget()
        head = QHBoxLayout(header)
        head.setContentsMargins(12, 8, 8, 8)
        head.setSpacing(8)
        for widget, stretch in ((self.title, 0), (self.axis, 1), (mean, 0)):
            head.addWidget(widget, stretch)
        head.addSpacing(px(GAP) + 8)
        inside = QWidget()
        inside.setProperty("surface", "")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(header)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(area, 1)

    def show_note(self, grid: Grid, note: CommitteeNote | None, sheets: int) -> None:
        s = "s" if sheets > 1 else ""
        self.title.setText(f"{sheets} grille{s} révélée{s}")
        if grid != self._grid:
            self._build(grid)
        for criterion in note.criteria if note else ():
            self.rows[criterion.code].put(criterion)

    def _build(self, grid: Grid) -> None:
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._grid, self.rows = grid, {}
        scales = {grid.scale_of(c) for c in grid.criteria}
        self.axis.maximum = scales.pop() if len(scales) == 1 else 0
        for place, criterion in enumerate(grid.criteria):
            scale = grid.scale_of(criterion)
            label = criterion.label if self.axis.maximum else f"{criterion.label} (0 à {scale})"
            row = CriterionRow(label, scale)
            self.rows[criterion.code] = row
            self._column.insertWidget(place + 1, row)


class Locked(QWidget):
    """What stands in its place before the revelation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture, self.words = QLabel(), QLabel()
        icons.dress(picture, "lock", "secondary", 20)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_type(self.words, "body", "secondary")
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.words)
        layout.addStretch(3)
