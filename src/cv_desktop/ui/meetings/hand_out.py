"""Sheets to take away: for whom, on what, and where they are written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries.meetings import MemberRow
from cv_desktop.domain.bundle import FORM, PAPER, WORKBOOK
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted
from cv_desktop.services import bundles, letters
from cv_desktop.ui import theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Token
from cv_desktop.ui.message_bar import Button, Level, Message
from cv_desktop.ui.progress_panel import ProgressPanel

NAME = "Remise des grilles"
_MEDIA = (
    (WORKBOOK, "Classeur à remplir (xlsx)"),
    (FORM, "Formulaire à remplir (PDF)"),
    (PAPER, "Papier à imprimer (PDF)"),
)
Made = tuple[Changes, list[str], list[str]]  # what was written, names of the files, who has none and why


class HandOut(Card):
    """``left`` when it closes. The files of a member's déports are never in what is written."""

    left = Signal()

    def __init__(self, context: Context, panel: ProgressPanel, parent: QWidget | None = None) -> None:
        super().__init__("Remettre des grilles", "sans les dossiers de leurs déports")
        self.setParent(parent)
        self._context, self._panel = context, panel
        self._call, self._meeting = "", ""
        self._job: Job | None = None
        panel.stop_asked.connect(lambda: self._job and self._job.cancel())
        self.member, self.medium = QComboBox(), QComboBox()
        for box, name in ((self.member, "À qui"), (self.medium, "Support")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for value, words in _MEDIA:
            self.medium.addItem(words, value)
        self.make, self.give_up = QPushButton("Écrire les grilles…"), QPushButton("Ne rien remettre")
        theme.set_kind(self.make, "primary")
        theme.set_kind(self.give_up, "secondary")
        self.make.clicked.connect(self._choose_folder)
        self.give_up.clicked.connect(self.left)
        line = QHBoxLayout()
        line.setSpacing(8)
        for words, editor in (("À &qui", self.member), ("&Support", self.medium)):
            label = QLabel(words)
            label.setBuddy(editor)
            theme.set_type(label, "secondary", "secondary", 500)
            line.addWidget(label)
            line.addWidget(editor)
        line.addWidget(self.make)
        line.addWidget(self.give_up)
        line.addStretch(1)
        self.body.addLayout(line)
        self.hide()

    def start(self, call: str, meeting: str, members: Sequence[MemberRow]) -> None:
        """For the files of a meeting, or all the eligible ones of the campaign."""
        self._call, self._meeting = call, meeting
        chosen = self.member.currentData()
        self.member.clear()
        self.member.addItem("Tous les membres", "")
        for row in members:
            self.member.addItem(row.name, row.id)
        self.member.setCurrentIndex(max(0, self.member.findData(chosen)))
        self.show()
        self.member.setFocus()

    def write_to(self, folder: Path) -> None:
        """Hands out in the background, one file a member."""
        store, actor = self._context.store, self._context.actor
        call, meeting, medium = self._call, self._meeting, self.medium.currentData()
        chosen = self.member.currentData()
        rows = [(self.member.itemData(at), self.member.itemText(at)) for at in range(1, self.member.count())]
        wanted = [(key, name) for key, name in rows if chosen in ("", key)]

        def work(token: Token) -> Made:
            done, written, without = Changes(), [], []
            for place, (key, name) in enumerate(wanted):
                token.progress(place, len(wanted), name)
                if token.cancelled:
                    break
                try:
                    with store.write(actor) as session:
                        changes, bundle = bundles.take_away(
                            session, call_id=call, member_id=key, medium=medium, meeting_id=meeting
                        )
                except UserError as refusal:
                    without.append(refusal.message)
                    continue
                with store.read() as session:
                    filename, content = bundles.drawn(session, key=bundle)
                letters.write_file(folder / filename, content)
                done |= changes
                written.append(filename)
            return done, written, without

        self._panel.start(NAME)
        self._job = self._context.jobs.run(
            NAME,
            work,
            on_done=lambda made: self._done(made, folder),
            on_failed=self._failed,
            on_progress=self._panel.progress,
        )

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Dossier où écrire les grilles", str(Path.home()))
        if chosen:
            self.write_to(Path(chosen))

    def _done(self, made: Made, folder: Path) -> None:
        self._panel.finish()
        changes, written, without = made
        if not written:
            self._say("warning", "Aucune grille à remettre.", " ".join(without))
            return
        self._context.accept(f"{counted(len(written), 'liasse remise')}", changes)
        self._say(
            "success",
            f"{counted(len(written), 'liasse écrite')}.",
            " ".join(without),
            ("Ouvrir le dossier", lambda: _open(folder)),
        )
        self.left.emit()

    def _failed(self, error: BaseException) -> None:
        self._panel.finish()
        if isinstance(error, UserError):
            self._context.refuse(error)

    def _say(self, level: Level, lead: str, text: str, *buttons: Button) -> None:
        self._context.messages.show_message(Message(level, lead, text, buttons))


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
