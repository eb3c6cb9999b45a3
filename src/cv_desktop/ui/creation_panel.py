"""What is created without leaving its screen: some fields, a verb, a way out; Entrée writes, Échap gives up."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import Field


class CreationPanel(Card):
    """``created(id)`` once written, ``left`` when given up.

    A subclass names its ``noun``, writes in ``write`` and says in ``main`` which field tells a refusal about none.
    """

    created = Signal(str)
    left = Signal()
    noun = ""

    def __init__(
        self,
        context: Context,
        title: str,
        detail: str,
        fields: Mapping[str, Field],
        *,
        make: str = "",
        give_up: str = "Ne pas créer",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, detail, parent=parent)
        self.context = context
        self.fields = dict(fields)
        self.make, self.give_up = QPushButton(make), QPushButton(give_up)
        theme.set_kind(self.make, "primary")
        theme.set_kind(self.give_up, "secondary")
        self.make.clicked.connect(self.submit)
        self.give_up.clicked.connect(self.left)
        self.hide()

    def write(self) -> Changes:
        """Create what the fields, all right by now, describe. Raises UserError naming the wrong field, if one is."""
        raise NotImplementedError

    @property
    def main(self) -> Field:
        return next(iter(self.fields.values()))

    def submit(self) -> None:
        wrong = [field for field in self.fields.values() if not field.isHidden() and not field.commit()]
        if wrong:
            wrong[0].setFocus()
            return
        try:
            changes = self.write()
        except UserError as refusal:
            self.refused(refusal)
            return
        self.hide()
        self.created.emit(next(key for noun, key in changes.touched if noun == self.noun))

    def refused(self, refusal: UserError) -> None:
        """The field says why, and has the focus."""
        field = self.fields.get(refusal.field or "", self.main)
        field.refuse(refusal.message)
        field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (entered and self.give_up.hasFocus()):
            self.left.emit()
        elif entered:
            self.submit()
        else:
            super().keyPressEvent(event)

    def line(self, *shares: int, rest: int = 0) -> QGridLayout:
        """The fields on one line, each with its share of the width; ``rest`` stays empty at the end."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for place, (field, share) in enumerate(zip(self.fields.values(), shares, strict=True)):
            grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, share)
        if rest:
            grid.setColumnStretch(len(shares), rest)
        return grid

    def buttons(self) -> QHBoxLayout:
        """The verb, the way out."""
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.make)
        line.addWidget(self.give_up)
        line.addStretch(1)
        return line
