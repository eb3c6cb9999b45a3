"""Sheets that came back: what each file says, beside what the base holds, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.domain.bundle import Outcome, Returned
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted
from cv_desktop.services import bundle_readings, bundle_returns
from cv_desktop.services.bundle_returns import Report
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NAME = "Lecture des grilles rendues"
_BADGES = {
    Outcome.ADDED: Badge("À ajouter", "success", "circle-check"),
    Outcome.IDENTICAL: Badge("Identique", "neutral", "minus"),
    Outcome.DIFFERENT: Badge("Différente", "warning", "triangle-alert"),
    Outcome.REFUSED: Badge("Refusée", "danger", "x"),
}
_WHOLE = Badge("Fichier refusé", "danger", "x")
_TO_READ = Badge("À relire", "info", "circle-dot")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: a mark, a place to read, or why a file is refused whole."""

    key: tuple[int, str, str, int]
    member: str
    number: str
    criterion: str
    said: str
    reason: str
    badge: Badge
    file: str
    ticked: bool = False

    @property
    def may_be_taken(self) -> bool:
        return self.badge is _BADGES[Outcome.DIFFERENT]


Read = list[tuple[Path, Returned, Report]]


class Returns(Card):
    """``read(files)`` in the background, then ``take``. ``left`` when it closes; ``taken`` once written."""

    left = Signal()
    taken = Signal()

    def __init__(self, context: Context, panel: ProgressPanel, parent: QWidget | None = None) -> None:
        super().__init__("Grilles rendues", flush=True)
        self.setParent(parent)
        self._context, self._panel = context, panel
        self._call = ""
        self._read: Read = []
        self._job: Job | None = None
        panel.stop_asked.connect(lambda: self._job and self._job.cancel())
        self.take = QPushButton("Prendre les notes")
        self.give_up = QPushButton("Ne rien prendre")
        theme.set_kind(self.take, "primary", small=True)
        theme.set_kind(self.give_up, "secondary", small=True)
        self.take.clicked.connect(self._take)
        self.give_up.clicked.connect(self.left)
        self.add_action(self.give_up)
        self.add_action(self.take)
        model: RowsModel[Line] = RowsModel(
            [
                Column(
                    "tick", "", lambda r: "", width=34, checked=lambda r: r.ticked, toggle=self._tick,
                    accessible=lambda r: "coché, remplacera la note de la base" if r.ticked else "non coché",
                    filterable=False,
                ),
                Column("outcome", "Effet", lambda r: r.badge.word, width=124, badge=lambda r: r.badge),
                Column("member", "Membre", lambda r: r.member, width=150),
                Column("number", "N°", lambda r: r.number, width=128),
                Column("criterion", "Critère", lambda r: r.criterion, width=76),
                Column("said", "Grille rendue", lambda r: r.said, width=200),
                Column("reason", "Ce qu’il faut savoir", lambda r: r.reason, width=240, stretch=True),
                Column("file", "Fichier", lambda r: r.file, width=160, tone="secondary", hidden=True),
            ],
            identity=lambda row: row.key,
        )  # fmt: skip
        self.view = TableView(
            model, name="Notes des grilles rendues", empty="Ces fichiers ne disent rien\u00a0: vierges."
        )
        self.add(self.view, 1)
        self.note = QLabel("Cochez une note différente (Espace) pour qu’elle remplace celle de la base.")
        theme.set_type(self.note, "meta", "hint")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.addWidget(self.note)
        self.body.addLayout(foot)
        self.hide()

    def read(self, call: str, files: Sequence[Path]) -> None:
        """Reads them away from the window: nothing is written."""
        self._call = call
        store = self._context.store

        def work(token: Token) -> tuple[Read, list[UserError]]:
            found: Read = []
            refused: list[UserError] = []
            for path in files:
                token.progress(0, 0, path.name)
                try:
                    for returned in bundle_readings.read(store, path, tell=_teller(token)):
                        with store.read() as session:
                            report = bundle_returns.compare(session, call_id=call, returned=returned)
                        found.append((path, returned, report))
                except UserError as refusal:
                    refused.append(refusal)
            return found, refused

        self._panel.start(NAME)
        self._job = self._context.jobs.run(
            NAME, work, on_done=self._shown, on_failed=self._failed, on_progress=self._panel.progress
        )

    def _shown(self, result: tuple[Read, list[UserError]]) -> None:
        self._panel.finish()
        self._read, refused = result
        for refusal in refused:
            self._context.refuse(refusal)
        if not self._read:
            if not refused:
                self._context.messages.show_message(
                    Message("info", "Ces fichiers ne disent rien.", "Ils sont vierges.")
                )
            self.left.emit()
            return
        lines = [line for at, (path, _r, report) in enumerate(self._read) for line in _lines(at, path, report)]
        self.view.set_rows(lines)
        self._retitle()
        self.show()
        self.view.setFocus()

    def _retitle(self) -> None:
        rows: list[Line] = self.view.rows.all_rows()
        words = []
        for badge in (*_BADGES.values(), _TO_READ, _WHOLE):
            count = sum(row.badge is badge for row in rows)
            if count:
                words.append(f"{count} {badge.word.lower()}")
        self.set_title("Grilles rendues", ", ".join(words) or "rien à prendre")
        added = sum(row.badge is _BADGES[Outcome.ADDED] or row.ticked for row in rows)
        waiting = sum(row.badge is _TO_READ for row in rows)
        self.take.setText(f"Prendre {counted(added, 'note')}" if added else "Garder les images à relire")
        self.take.setEnabled(bool(added or waiting))

    def _tick(self, row: Line, on: bool) -> None:
        if not row.may_be_taken:
            return
        rows = [replace(x, ticked=on) if x.key == row.key else x for x in self.view.rows.all_rows()]
        self.view.set_rows(rows)
        self._retitle()

    def _take(self) -> None:
        replacing = {(row.number, row.criterion) for row in self.view.rows.all_rows() if row.ticked}
        handed = added = waiting = 0
        for path, returned, report in self._read:
            if report.refused_whole:
                continue
            try:
                with self._context.store.write(actor=self._context.actor) as session:
                    changes, written = bundle_returns.take(
                        session, call_id=self._call, path=path, returned=returned, replacing=replacing
                    )
            except UserError as refusal:
                self._context.refuse(refusal)
                return
            added += len(written.of(Outcome.ADDED))
            handed += len(written.handed_in)
            waiting += len(written.doubts)
            whose = f"grilles de {written.member}" if written.member else f"pages de {path.name}"
            self._context.accept(whose, changes)
        said = f"{counted(handed, 'grille rendue')}, {counted(waiting, 'image')} à relire."
        self._context.messages.show_message(Message("success", f"{counted(added, 'note ajoutée')}.", said))
        self.taken.emit()

    def _failed(self, error: BaseException) -> None:
        self._panel.finish()
        if isinstance(error, UserError):
            self._context.refuse(error)
        self.left.emit()


def _teller(token: Token) -> bundle_readings.Tell:
    def tell(done: int, total: int, name: str) -> None:
        if token.cancelled:
            raise Stopped
        token.progress(done, total, name)

    return tell


def _lines(at: int, path: Path, report: Report) -> list[Line]:
    if report.refused_whole:
        return [Line((at, "", "", 0), report.member, "", "", "", report.refused_whole, _WHOLE, path.name)]
    lines = [
        Line(
            (at, mark.answer.number, mark.answer.criterion, 0),
            report.member,
            mark.answer.number,
            mark.answer.criterion,
            " – ".join(x for x in (mark.answer.words, mark.answer.comment or "") if x),
            mark.reason,
            _BADGES[mark.outcome],
            path.name,
        )
        for mark in report.marks
    ]
    lines += [
        Line((at, "", "", 1000 + place), report.member, "", "", "", text, _BADGES[Outcome.REFUSED], path.name)
        for place, text in enumerate(report.altered)
    ]
    lines += [
        Line((at, doubt.number, doubt.criterion, 1 + place), report.member, doubt.number, doubt.criterion, "",
             f"Page {doubt.page}, {doubt.reason}", _TO_READ, path.name)
        for place, doubt in enumerate(report.doubts)
    ]  # fmt: skip
    return lines
