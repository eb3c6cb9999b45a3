"""A white block with a title: what screens are made of."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.ui import theme
from cv_desktop.ui.elided_label import ElidedLabel


class Card(QFrame):
    """``Card(title, detail)``. Fill ``body``; add buttons or chips at the right with ``add_action``.

    ``flush`` leaves no margin round the body, for a table, and draws a line under the title.
    """

    def __init__(
        self, title: str = "", detail: str = "", *, flush: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.title, self.detail = QLabel(title), ElidedLabel()
        self.detail.setText(detail)
        theme.set_type(self.title, "body", weight=600)
        theme.set_type(self.detail, "secondary", "secondary")
        self.heading = QHBoxLayout()
        self.heading.setSpacing(8)
        self.heading.addWidget(self.title)
        self.heading.addWidget(self.detail)
        self.heading.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setSpacing(0 if flush else 8)
        if flush:
            outer.setContentsMargins(1, 1, 1, 1)
            self.heading.setContentsMargins(12, 8, 12, 8)
        else:
            outer.setContentsMargins(16, 12, 16, 14)
        if title:
            outer.addLayout(self.heading)
            if flush:
                outer.addWidget(rule())
        outer.addLayout(self.body, 1)
        self.setAccessibleName(title)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        self.body.addWidget(widget, stretch)

    def add_action(self, widget: QWidget) -> None:
        """At the right of the title."""
        self.heading.addWidget(widget)

    def set_title(self, title: str, detail: str = "") -> None:
        self.title.setText(title)
        self.detail.setText(detail)
        self.setAccessibleName(title)


def rule(*, vertical: bool = False) -> QFrame:
    """A line of one pixel."""
    line = QFrame()
    line.setProperty("rule", True)
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
