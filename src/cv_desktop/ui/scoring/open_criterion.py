"""The active criterion: four level cards, the sentence, « Action dédiée »."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMoveEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.grid import Criterion, Grid
from cv_desktop.domain.marks import Mark
from cv_desktop.ui import icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.look import colors, px
from cv_desktop.ui.scoring.comment import Comment
from cv_desktop.ui.scoring.criterion_line import CODE, EDGE, MISSING
from cv_desktop.ui.scoring.keys import key_cap
from cv_desktop.ui.scoring.level_card import LevelCard

NBSP = "\u00a0"
ANCHORS = 4
_LACKING = (MISSING.capitalize(), "warning", "message-square-text")
_ELIMINATED = ("Note éliminatoire", "danger", "circle-alert")


def levels_words(levels: frozenset[int]) -> str:
    """« 0, 1 et 3 »."""
    ordered = [str(level) for level in sorted(levels)]
    return f"{', '.join(ordered[:-1])} et {ordered[-1]}" if len(ordered) > 1 else "".join(ordered)


def _heading(grid: Grid, criterion: Criterion, mark: Mark) -> str:
    """« Pertinence, 15 points »; where the cards do not have every level, the one that was given too."""
    s = "s" if criterion.weight > 1 else ""
    points = f"{criterion.weight}{NBSP}point{s}" if criterion.counted else "affiché sans compter"
    if len(grid.levels_of(criterion)) == len(criterion.levels):
        return f"{criterion.label}, {points}"
    given = "–" if mark.level is None else str(mark.level)
    return f"{criterion.label}, {points} · niveau {given} sur {grid.scale_of(criterion)}"


class OpenCriterion(QWidget):
    """``show_criterion`` fills it; the sheet decides what a press does."""

    level_chosen = Signal(int)
    dedicated_pressed = Signal()
    placed = Signal()  # it lies elsewhere in the sheet, or is taller

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code, self.label = QLabel(), QLabel()
        theme.set_type(self.code, "secondary", "secondary", 600)
        theme.set_type(self.label, "section", weight=600)
        self.label.setWordWrap(True)
        self.code.setFixedWidth(px(CODE) - 8)
        self.state = Chip("", "neutral")
        self.dedicated = QPushButton("Action dédiée à cette priorité")
        theme.set_kind(self.dedicated, "link", small=True)
        self.dedicated.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.dedicated.clicked.connect(self.dedicated_pressed)
        self._dedicated_key = key_cap("D")
        self.guide = QLabel()
        self.guide.setWordWrap(True)
        theme.set_type(self.guide, "secondary", "secondary")
        self.cards = [LevelCard() for _ in range(ANCHORS)]
        for card in self.cards:
            card.clicked.connect(lambda _on=False, x=card: self.level_chosen.emit(x.level.value))
        self._measured: object = None
        self._compact = False
        self.comment = Comment()
        self._rule, self._hint = QLabel(), QLabel("commenter")
        self._rule.setWordWrap(True)
        for label in (self._rule, self._hint):
            theme.set_type(label, "meta", "hint")
        self._rule.setFixedWidth(px(112))
        self._lay_out()
        focus = QApplication.instance()
        assert isinstance(focus, QApplication)
        focus.focusChanged.connect(self._focus_moved)
        theme.current().changed.connect(self._look_changed)

    def show_criterion(self, grid: Grid, criterion: Criterion, mark: Mark) -> None:
        self.code.setText(criterion.code)
        self.label.setText(_heading(grid, criterion, mark))
        self.label.setToolTip(criterion.guide)
        self.guide.setText(criterion.guide)
        self.guide.setVisible(bool(criterion.guide) and not self._compact)
        for card, level in zip(self.cards, criterion.levels, strict=False):
            card.put(level, mark.level == level.value)
        for place, card in enumerate(self.cards):
            card.setVisible(place < len(criterion.levels))
        for widget in (self.dedicated, self._dedicated_key):
            widget.setVisible(criterion.may_be_dedicated)
        icon = "circle-check" if mark.dedicated else "tag"
        if self.dedicated.property("iconName") != icon:
            icons.dress(self.dedicated, icon, "accent", px(15))
        self.dedicated.setAccessibleDescription("Oui" if mark.dedicated else "Non")
        self._show_state(grid, criterion, mark)
        self.comment.setAccessibleName(f"Phrase pour {criterion.label}")
        asked = grid.comments_of(criterion)
        self._rule.setText(f"Phrase obligatoire pour {levels_words(asked)}." if asked else "")
        self._fit_cards()

    def show_pending(self, digit: str) -> None:
        """A first digit that a second may follow."""
        self.state.set_badge(f"Niveau {digit}… Entrée pour valider", "info", "circle-dot")
        self.state.show()

    def set_locked(self, locked: bool) -> None:
        """A returned or revealed sheet is read, not typed in."""
        self.comment.setReadOnly(locked)

    def set_compact(self, compact: bool) -> None:
        """In a low window the question of the criterion gives its line to the others; its tooltip keeps it."""
        self._compact = compact
        self.guide.setVisible(bool(self.guide.text()) and not compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_cards()
        self.placed.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.placed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.surface))
        focused = self._inside(QApplication.focusWidget())
        painter.setPen(QPen(QColor(c.focus if focused else c.field_border), 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _show_state(self, grid: Grid, criterion: Criterion, mark: Mark) -> None:
        lacking = mark.level in grid.comments_of(criterion) and not mark.comment.strip()
        eliminated = mark.level is not None and criterion.eliminates(mark.level)
        if mark.not_applicable:
            self.state.set_badge("Sans objet", "neutral", "minus")
        elif eliminated:
            self.state.set_badge(*_ELIMINATED)
        elif lacking:
            self.state.set_badge(*_LACKING)
        self.state.setVisible(mark.not_applicable or lacking or eliminated)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        # The chip that a level brings has its room beforehand: were the line taller for it, or the label sent to a
        # second line, all the other criteria would move.
        self._keep_room()
        head.addWidget(self.code)
        head.addWidget(self.label, 1)
        head.addWidget(self.state)
        head.addWidget(self.dedicated)
        head.addWidget(self._dedicated_key)
        self._cards = QGridLayout()
        self._cards.setHorizontalSpacing(8)
        for column, card in enumerate(self.cards):
            self._cards.addWidget(card, 0, column)
            self._cards.setColumnStretch(column, 1)
        side, key = QVBoxLayout(), QHBoxLayout()
        side.setSpacing(3)
        key.setSpacing(5)
        key.addWidget(key_cap("C"))
        key.addWidget(self._hint)
        key.addStretch(1)
        side.addWidget(self._rule)
        side.addLayout(key)
        side.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.comment, 1)
        below.addLayout(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(EDGE), 9, px(EDGE), 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.guide)
        layout.addLayout(self._cards)
        layout.addLayout(below)

    def _keep_room(self) -> None:
        held = self.state.sizePolicy()
        held.setRetainSizeWhenHidden(True)
        self.state.setSizePolicy(held)
        largest = [Chip(*badge).sizeHint() for badge in (_LACKING, _ELIMINATED)]
        self.state.setMinimumSize(max(x.width() for x in largest), max(x.height() for x in largest))

    def _fit_cards(self) -> None:
        room = self.width() - 2 * px(EDGE) - (len(self.cards) - 1) * self._cards.horizontalSpacing()
        width = max(px(60), room // len(self.cards))
        measured = (width, px(100), tuple(card.level for card in self.cards))
        if measured == self._measured:
            return
        self._measured = measured
        height = max(card.height_for(width) for card in self.cards if not card.isHidden())
        for card in self.cards:
            card.setFixedHeight(height)

    def _inside(self, widget: QWidget | None) -> bool:
        above = self.parentWidget()
        return widget is not None and (widget is above or self.isAncestorOf(widget))

    def _focus_moved(self) -> None:
        self.update()

    def _look_changed(self) -> None:
        self._keep_room()
        self.code.setFixedWidth(px(CODE) - 8)
        self._rule.setFixedWidth(px(112))
        self.comment.fit()
        self._fit_cards()
