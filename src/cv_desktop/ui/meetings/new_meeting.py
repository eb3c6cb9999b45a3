"""Preparing a meeting: a name, a day, a place, without leaving the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.services import meetings
from cv_desktop.ui.context import Context
from cv_desktop.ui.creation_panel import CreationPanel
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import TextField

NBSP = "\u00a0"


class NewMeeting(CreationPanel):
    noun = "meeting"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.label = TextField("Nom de la séance", required=True)
        self.day = DateField("Date", required=True, today=lambda: local(context.clock()).date())
        self.place = TextField("Lieu")
        super().__init__(
            context,
            "Nouvelle séance",
            "Les dossiers recevables sans avis viennent à l’ordre du jour.",
            {"label": self.label, "held_on": self.day, "place": self.place},
            make="Préparer la séance",
            give_up="Ne pas préparer",
            parent=parent,
        )
        self.body.addLayout(self.line(3, 1, 2))
        self.body.addLayout(self.buttons())

    def start(self, held: int) -> None:
        """``held`` meetings already exist: the name proposed counts on from there."""
        if self.isHidden():
            self.label.set_value(f"Comité n°{NBSP}{held + 1}")
            self.day.set_value(local(self.context.clock()).date())
            self.place.set_value("")
            self.show()
        self.label.setFocus()
        self.label.editor.selectAll()

    def write(self) -> Changes:
        label = self.label.value()
        return self.context.attempt(
            f"séance «{NBSP}{label}{NBSP}» préparée",
            meetings.create,
            call_id=self.context.calls.id,
            label=label,
            held_on=self.day.value(),
            place=self.place.value(),
        )
