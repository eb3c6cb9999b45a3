"""The band of key figures: small label above, large number under, a line between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QWidget

from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import rule

GAP = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """``status`` colours label and icon; ``detail`` follows the number in small."""

    label: str
    value: str
    detail: str = ""
    icon: str = ""
    status: str = ""


class KeyFigures(QWidget):
    """``KeyFigures([Figure(…), …], spread=False)``; ``set_figures`` replaces them.

    ``spread`` gives every figure the same width. ``set_compact(True)`` puts label and number on one line.
    Those that have no room are in the tooltip rather than cut: half a figure is a wrong one.
    """

    def __init__(self, figures: Sequence[Figure] = (), *, spread: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spread, self._compact = spread, False
        self._figures: tuple[Figure, ...] = ()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._cells: list[QWidget] = []
        self._rules: list[QWidget] = []
        self.set_figures(figures)

    def set_figures(self, figures: Sequence[Figure]) -> None:
        if tuple(figures) == self._figures and self._layout.count():
            return
        self._figures = tuple(figures)
        self._build()

    def set_compact(self, compact: bool) -> None:
        if compact != self._compact:
            self._compact = compact
            self._build()

    def sizeHint(self) -> QSize:
        """Room for every figure, those in the tooltip too: they come back when there is some again."""
        wide = sum(cell.sizeHint().width() for cell in self._cells) + (2 * GAP + 1) * max(0, len(self._cells) - 1)
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return hint if self._spread or not self._cells else QSize(self._cells[0].sizeHint().width(), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._spread or not self.isVisible():
            return
        used, kept = 0, True
        for place, cell in enumerate(self._cells):
            used += cell.sizeHint().width() + (2 * GAP + 1 if place else 0)
            kept = not place or (kept and used <= self.width())
            cell.setVisible(kept)
            if place:
                self._rules[place - 1].setVisible(kept)
        whole = not self._cells or not self._cells[-1].isHidden()
        self.setToolTip("" if whole else "\n".join(cell.accessibleName() for cell in self._cells))

    def _build(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cells = [self._cell(figure) for figure in self._figures]
        self._rules = [rule(vertical=True) for _ in self._cells[1:]]
        for number, cell in enumerate(self._cells):
            if number:
                self._layout.addWidget(self._rules[number - 1])
            self._layout.addWidget(cell, 1 if self._spread else 0)
        if not self._spread:
            self._layout.addStretch(1)
        self._fit()

    def _cell(self, figure: Figure) -> QWidget:
        cell = QWidget()
        cell.setAccessibleName(f"{figure.label}\u00a0: {figure.value} {figure.detail}".strip())
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        layout = QBoxLayout(across if self._compact else down, cell)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6 if self._compact else 1)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(5)
        bottom.setSpacing(8)
        if figure.icon:
            mark = QLabel()
            icons.dress(mark, figure.icon, figure.status or "secondary", 13)
            top.addWidget(mark)
        label = QLabel(figure.label)
        theme.set_type(
            label, "secondary" if self._compact else "meta", figure.status or "secondary", 600 * bool(figure.status)
        )
        top.addWidget(label)
        top.addStretch(1)
        value = QLabel(figure.value)
        theme.set_type(value, "section" if self._compact else "key", weight=600)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bottom.addWidget(value)
        if figure.detail:
            detail = QLabel(figure.detail)
            theme.set_type(detail, "meta", "secondary")
            bottom.addWidget(detail, 0, Qt.AlignmentFlag.AlignBottom)
        bottom.addStretch(1)
        layout.addLayout(top)
        layout.addLayout(bottom)
        return cell
