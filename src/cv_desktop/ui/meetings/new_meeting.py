"""Preparing a meeting: a name, a day, an hour, a place and its files, without leaving the screen."""

from __future__ import annotations

from datetime import time

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cv_desktop.db.queries import agenda
from cv_desktop.db.queries.agenda import WaitingRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.domain.text import counted
from cv_desktop.services import meetings
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.creation_panel import CreationPanel
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import TextField
from cv_desktop.ui.fields.hour_field import HourField
from cv_desktop.ui.look import px
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
USUAL = time(14, 0)


class NewMeeting(CreationPanel):
    """Every file that waits for an opinion is ticked at first; those of an adjournment say what was asked."""

    noun = "meeting"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.label = TextField("Nom de la séance", required=True)
        self.day = DateField("Date", required=True, today=lambda: local(context.clock()).date())
        self.hour = HourField("Début")
        self.place = TextField("Lieu")
        super().__init__(
            context,
            "Nouvelle séance",
            "Les dossiers cochés viennent à l’ordre du jour.",
            {"label": self.label, "held_on": self.day, "starts_at": self.hour, "place": self.place},
            make="Préparer la séance",
            give_up="Ne pas préparer",
            parent=parent,
        )
        self._chosen: set[str] = set()
        self.model = RowsModel(
            (
                Column[WaitingRow](
                    "chosen", "", lambda _row: "", width=34, checked=lambda r: r.id in self._chosen, toggle=self._tick
                ),
                Column[WaitingRow]("number", "N°", lambda row: row.number, width=128),
                Column[WaitingRow]("structure", "Structure", lambda row: row.structure, width=200),
                Column[WaitingRow]("title", "Action", lambda row: row.title, stretch=True, width=200),
                Column[WaitingRow]("before", "Ajourné auparavant", lambda row: row.before, width=230),
            )
        )
        self.files = TableView(
            self.model,
            name="Dossiers à mettre à l’ordre du jour",
            density="compact",
            empty="Aucun dossier recevable n’attend d’avis.",
        )
        self.files.setMinimumHeight(px(132))
        self.every, self.count = QPushButton(), QLabel()
        theme.set_kind(self.every, "link", small=True)
        theme.set_type(self.count, "secondary", "secondary")
        self.every.clicked.connect(self._tick_all)
        self.body.addLayout(self.line(3, 1, 1, 2))
        self.body.addWidget(self.files, 1)
        foot = self.buttons()
        foot.addWidget(self.count)
        foot.addWidget(self.every)
        self.body.addLayout(foot)

    def start(self, held: int) -> None:
        """``held`` meetings already exist: the name proposed counts on from there."""
        if self.isHidden():
            self.label.set_value(f"Comité n°{NBSP}{held + 1}")
            self.day.set_value(local(self.context.clock()).date())
            self.hour.set_value(USUAL)
            self.place.set_value("")
            call = self.context.calls.id
            rows = self.context.read(agenda.waiting, call_id=call, viewer=self.context.viewer) if call else []
            self._chosen = {row.id for row in rows}
            self.files.set_rows(rows)
            self._say()
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
            starts_at=self.hour.value(),
            place=self.place.value(),
            application_ids=[row.id for row in self.model.all_rows() if row.id in self._chosen],
        )

    def _tick(self, row: WaitingRow, on: bool) -> None:
        (self._chosen.add if on else self._chosen.discard)(row.id)
        self._say()

    def _tick_all(self) -> None:
        rows = self.model.all_rows()
        self._chosen = set() if len(self._chosen) == len(rows) else {row.id for row in rows}
        self.files.set_rows(rows)
        self._say()

    def _say(self) -> None:
        total = len(self.model.all_rows())
        self.count.setText(f"{len(self._chosen)} sur {counted(total, 'dossier')}")
        self.every.setText("&Tout décocher" if total and len(self._chosen) == total else "&Tout cocher")
        self.every.setVisible(total > 0)
