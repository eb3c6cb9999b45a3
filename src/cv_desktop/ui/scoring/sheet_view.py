"""The nine criteria of a sheet, the active one open, and its keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.grid import TRANSVERSAL, Criterion, Grid
from cv_desktop.domain.marks import Mark
from cv_desktop.ui import theme
from cv_desktop.ui.look import colors, px
from cv_desktop.ui.scoring.criterion_line import EDGE, CriterionLine
from cv_desktop.ui.scoring.keys import level_of
from cv_desktop.ui.scoring.open_criterion import OpenCriterion

NBSP = "\u00a0"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = Qt.KeyboardModifier.KeypadModifier


class SheetView(QWidget):
    """Says what is asked (``level_given``, ``away_asked``…); the page writes and gives the marks back."""

    level_given = Signal(str, object)  # code, level or None to clear
    away_asked = Signal(str)
    dedicated_asked = Signal(str)
    comment_written = Signal(str, str)
    return_asked = Signal()
    help_asked = Signal()
    moved = Signal(str)  # code of the criterion now open

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Grille de notation")
        self._grid: Grid | None = None
        self._sheet: dict[str, Mark] = {}
        self._codes: tuple[str, ...] = ()
        self.active = ""
        self._pending = ""  # the first digit of a level of two
        self.lines: dict[str, CriterionLine] = {}
        self.open_one = OpenCriterion(self)
        self.open_one.hide()
        self.open_one.level_chosen.connect(lambda level: self._ask(level))
        self.open_one.dedicated_pressed.connect(lambda: self.dedicated_asked.emit(self.active))
        comment = self.open_one.comment
        comment.written.connect(lambda text: self.comment_written.emit(self.active, text))
        comment.done.connect(self.setFocus)
        comment.asked_return.connect(self.return_asked)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)

    def show_sheet(self, grid: Grid, sheet: Mapping[str, Mark], locked: bool) -> None:
        """All the marks at once; the open criterion stays open."""
        if grid != self._grid:
            self._build(grid)
        self._sheet = dict(sheet)
        for code, line in self.lines.items():
            line.show_mark(self._sheet.get(code, Mark()))
        self.open_one.set_locked(locked)
        self.go(self.active if self.active in self._codes else self._codes[0])

    def show_mark(self, code: str, mark: Mark) -> None:
        """One mark that has just been written."""
        self._sheet[code] = mark
        self.lines[code].show_mark(mark)
        if code == self.active:
            self._fill()

    def first_unmarked(self) -> str:
        """Code of the first criterion to mark, or the first of all."""
        return next((c for c in self._codes if not self._sheet.get(c, Mark()).given), self._codes[0])

    def go(self, code: str) -> None:
        """Opens a criterion; the sentence of the one left is written first."""
        if code != self.active:
            self.flush()
        moved, self.active = code != self.active, code
        for other, line in self.lines.items():
            line.setVisible(other != code)
        self._column.removeWidget(self.open_one)
        self._column.insertWidget(self._column.indexOf(self.lines[code]), self.open_one)
        self._fill()
        self.open_one.show()
        if moved:
            self.moved.emit(code)

    def step(self, by: int) -> None:
        place = self._codes.index(self.active) + by
        self.go(self._codes[max(0, min(len(self._codes) - 1, place))])

    def settle(self) -> None:
        """Gives the level of one digit that waited for another."""
        digit, self._pending = self._pending, ""
        if digit:
            self._ask(int(digit))
            self._fill()

    def flush(self) -> None:
        """Writes the level and the sentence being typed."""
        self.settle()
        self.open_one.comment.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.active or not self._key(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(c.line))
        painter.setBrush(QColor(c.surface))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        painter.end()

    def _key(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~_PLAIN
        key = event.key()
        if self._pending and not held and (key in _ENTER or key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace)):
            if key not in _ENTER:
                self._pending = ""
            self.settle()
            self._fill()
            return True
        if key in _ENTER:
            self.settle()
            if held == Qt.KeyboardModifier.ControlModifier:
                self.return_asked.emit()
            elif held == Qt.KeyboardModifier.ShiftModifier:
                self.step(-1)
            elif not held:
                self.step(1)
            return held in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.ShiftModifier,
                Qt.KeyboardModifier.ControlModifier,
            )
        if held & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        if (level := level_of(event.text())) is not None:
            self._digit(level)
            return True
        self.settle()
        if key == Qt.Key.Key_Home:
            self.go(self._codes[0])
        elif key == Qt.Key.Key_End:
            self.go(self._codes[-1])
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Delete:
            self.level_given.emit(self.active, None)
        elif event.text() == "?":
            self.help_asked.emit()
        else:
            return self._letter(event.text().lower())
        return True

    def _digit(self, digit: int) -> None:
        """Above 9, a level has two digits: the first one waits when another may follow."""
        if self._grid is None:
            return
        highest = self._grid.scale_of(self._grid.criterion(self.active))
        typed = self._pending + str(digit)
        if len(typed) == 1 and 0 < digit * 10 <= highest:
            self._pending = typed
            self.open_one.show_pending(typed)
            return
        waited, self._pending = bool(self._pending), ""
        self._ask(int(typed))
        if waited:
            self._fill()

    def _letter(self, letter: str) -> bool:
        if letter == "n":
            self.away_asked.emit(self.active)
        elif letter == "d":
            self.dedicated_asked.emit(self.active)
        elif letter == "c":
            self.open_one.comment.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.open_one.comment.moveCursor(self.open_one.comment.textCursor().MoveOperation.End)
        else:
            return False
        return True

    def _ask(self, level: int) -> None:
        self.level_given.emit(self.active, level)

    def _fill(self) -> None:
        if self._grid:
            mark = self._sheet.get(self.active, Mark())
            self.open_one.show_criterion(self._grid, self._grid.criterion(self.active), mark)
            self.open_one.comment.put(mark.comment)

    def _build(self, grid: Grid) -> None:
        self._column.removeWidget(self.open_one)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._grid, self._codes, self.active, self.lines = grid, grid.codes, "", {}
        for criterion in grid.criteria:
            if criterion.axis == TRANSVERSAL and not any(
                self.lines[c].criterion.axis == TRANSVERSAL for c in self.lines
            ):
                self._column.addWidget(_band("Priorités transversales", grid.points(TRANSVERSAL)))
            self._add(grid, criterion)
        next(reversed(self.lines.values())).last = True

    def _add(self, grid: Grid, criterion: Criterion) -> None:
        line = CriterionLine(grid, criterion)
        line.pressed.connect(lambda level, code=criterion.code: self._pressed(code, level))
        self.lines[criterion.code] = line
        self._column.addWidget(line)

    def _pressed(self, code: str, level: object) -> None:
        self.setFocus()
        self.go(code)
        if level is not None:
            self.level_given.emit(code, level)


def _band(title: str, weight: int) -> QWidget:
    label = QLabel(f"<b>{title}</b>&nbsp;&nbsp; {weight}{NBSP}points")
    label.setProperty("surface", "window")
    label.setAccessibleName(f"{title}, {weight} points")
    theme.set_type(label, "secondary", "secondary")
    label.setContentsMargins(px(EDGE), 5, px(EDGE), 5)
    return label
