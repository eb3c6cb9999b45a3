"""Preparing a meeting: a name, a day, a place, without leaving the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cv_desktop.domain.dates import local
from cv_desktop.services import meetings
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import TextField

NBSP = "\u00a0"


class NewMeeting(Card):
    """``prepared(id)`` once written, ``left`` when given up."""

    prepared = Signal(str)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Nouvelle séance", "Les dossiers recevables sans avis viennent à l’ordre du jour.")
        self.setParent(parent)
        self.context = context
        self.label = TextField("Nom de la séance", required=True)
        self.day = DateField("Date", required=True, today=lambda: local(context.clock()).date())
        self.place = TextField("Lieu")
        self.make, self.give_up = QPushButton("Préparer la séance"), QPushButton("Ne pas préparer")
        theme.set_kind(self.make, "primary")
        theme.set_kind(self.give_up, "secondary")
        self.make.clicked.connect(self.submit)
        self.give_up.clicked.connect(self.left)
        fields, buttons = QHBoxLayout(), QHBoxLayout()
        fields.setSpacing(12)
        for field, stretch in ((self.label, 3), (self.day, 1), (self.place, 2)):
            fields.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        buttons.setSpacing(8)
        buttons.addWidget(self.make)
        buttons.addWidget(self.give_up)
        buttons.addStretch(1)
        self.body.addLayout(fields)
        self.body.addLayout(buttons)
        self.hide()

    def start(self, held: int) -> None:
        """``held`` meetings already exist: the name proposed counts on from there."""
        if self.isHidden():
            self.label.set_value(f"Comité n°{NBSP}{held + 1}")
            self.day.set_value(local(self.context.clock()).date())
            self.place.set_value("")
            self.show()
        self.label.setFocus()
        self.label.editor.selectAll()

    def submit(self) -> None:
        call = self.context.calls.id
        wrong = [field for field in (self.label, self.day, self.place) if not field.commit()]
        if wrong or call is None:
            (wrong or [self.label])[0].setFocus()
            return
        day, label = self.day.value(), self.label.value()
        changes = self.context.do(
            f"séance «{NBSP}{label}{NBSP}» préparée",
            meetings.create,
            call_id=call,
            label=label,
            held_on=day,
            place=self.place.value(),
        )
        if changes is not None:
            self.hide()
            self.prepared.emit(next(key for noun, key in changes.touched if noun == "meeting"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
