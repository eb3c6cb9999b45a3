"""Relevé d’avis: the minutes as they will print, written live; re-read, exported, reopened with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton

from cv_desktop.domain.errors import UserError
from cv_desktop.services import closing, letters, minutes_files
from cv_desktop.ui import icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.letters.pages_view import A4_POINTS, PagesView
from cv_desktop.ui.letters.rendering import MOST_PAGES, Page
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.message_bar import Message

if TYPE_CHECKING:
    from cv_desktop.db.store import Store

NBSP = "\u00a0"
DELAY = 80
FORMS = (
    (".pdf", "Relevé d’avis (PDF)", "PDF (*.pdf)"),
    (".docx", "Relevé d’avis modifiable (Word)", "Document Word (*.docx)"),
    (minutes_files.ANNEX, "Annexe, tableau en paysage (PDF)", "PDF (*.pdf)"),
    (".xlsx", "Annexe (classeur)", "Classeur (*.xlsx)"),
    (".json", "Contenu figé et son empreinte (JSON)", "JSON (*.json)"),
)


def drawn(token: Token, store: Store, meeting_id: str, scale: float) -> tuple[str, str, tuple[Page, ...]]:
    """The meeting, its fingerprint and the pages of its minutes; ``scale`` 1 is 72 dots an inch."""
    from cv_desktop.documents import pages

    if token.cancelled:
        raise Stopped
    with store.read() as session:
        said, text, sha256 = minutes_files.content(session, meeting_id=meeting_id)
    pdf = minutes_files.make(said, text, sha256, ".pdf")
    count = min(pages.page_count(pdf), MOST_PAGES)
    return meeting_id, sha256, tuple(Page(*pages.picture(pdf, number, scale)) for number in range(count))


class MinutesTab(Tab):
    """``reopen_asked`` once the meeting is closed. The page before stays until the next one is ready."""

    reopen_asked = Signal()

    def __init__(self, context: Context, parent: object = None) -> None:
        super().__init__(context)
        self._job: Job | None = None
        self._shown = ""
        self.state = Chip("", "neutral", title="Relevé")
        self.reread, self.reopen = QPushButton("Marquer &relu"), QPushButton("&Rouvrir la séance…")
        self.save = QPushButton("&Enregistrer")
        icons.dress(self.reread, "check", "text", 14)
        icons.dress(self.save, "download", "text", 14)
        menu = QMenu(self.save)
        for kind, words, _filter in FORMS:
            menu.addAction(words).triggered.connect(lambda _on=False, x=kind: self.choose(x))
        self.save.setMenu(menu)
        for button in (self.reread, self.reopen, self.save):
            theme.set_kind(button, "secondary", small=True)
        self.reread.clicked.connect(self.mark)
        self.reopen.clicked.connect(self.reopen_asked)
        self.pages = PagesView()
        self.pages.setAccessibleName("Page du relevé d’avis")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DELAY)
        self._later.timeout.connect(self._render)
        self.pages.resized.connect(self._later.start)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.state)
        bar.addStretch(1)
        for button in (self.reread, self.reopen, self.save):
            bar.addWidget(button)
        self.column.addLayout(bar)
        self.column.addWidget(self.pages, 1)

    def refresh(self) -> None:
        meeting = self.meeting
        if meeting is None:
            return
        if meeting.state == "closed":
            self.state.set_badge("Clos et figé", "success", "lock")
        elif meeting.reread_at is not None:
            self.state.set_badge("Relu", "success", "check")
        else:
            self.state.set_badge("Projet, à relire", "warning", "pencil")
        self.reread.setVisible(meeting.state != "closed")
        self.reread.setEnabled(meeting.revealed_at is not None)
        self.reread.setText("Remettre à &relire" if meeting.reread_at else "Marquer &relu")
        self.reopen.setVisible(meeting.state == "closed")
        self._later.start()

    def mark(self) -> None:
        """Re-read, or to re-read again."""
        meeting = self.meeting
        if meeting is not None:
            reread = meeting.reread_at is None
            self.context.do("relevé relu", closing.mark_reread, meeting_id=meeting.id, reread=reread)

    def choose(self, kind: str) -> None:
        """Where to write one of the files."""
        meeting = self.meeting
        if meeting is None:
            return
        _kind, words, filters = next(form for form in FORMS if form[0] == kind)
        suffix = ".pdf" if kind == minutes_files.ANNEX else kind
        part = "annexe" if kind in (minutes_files.ANNEX, ".xlsx") else "releve-d-avis"
        name = f"{meeting.held_on.isoformat()}_{minutes_files.slug(meeting.label)}_{part}{suffix}"
        chosen, _ = QFileDialog.getSaveFileName(self, words, str(Path.home() / name), filters)
        if chosen:
            self.save_to(kind, Path(chosen))

    def save_to(self, kind: str, path: Path) -> None:
        """Writes one file of the minutes; a refusal is told in the message bar."""
        if self.meeting is None:
            return
        try:
            store, actor = self.context.store, self.context.actor
            letters.write_file(path, minutes_files.export(store, actor=actor, meeting_id=self.meeting.id, kind=kind))
        except UserError as refusal:
            self.context.messages.show_message(Message("danger", refusal.message))
            return
        self.context.messages.show_message(Message("success", f"Enregistré{NBSP}: {path.name}.", str(path.parent)))

    def _render(self) -> None:
        meeting = self.meeting
        if meeting is None or not self.isVisible():
            return
        if self._job is not None:
            self._job.cancel()
        scale = self.pages.room / A4_POINTS * self.devicePixelRatioF()
        self._job = self.context.jobs.run(
            "Relevé d’avis", drawn, self.context.store, meeting.id, scale,
            on_done=self._put, on_failed=self._lost, quiet=True,
        )  # fmt: skip

    def _put(self, found: tuple[str, str, tuple[Page, ...]]) -> None:
        meeting_id, sha256, pages = found
        if self.meeting is None or meeting_id != self.meeting.id:
            return
        self.pages.put(pages, self.devicePixelRatioF(), top=self._shown != meeting_id)
        self._shown = meeting_id
        self.state.setToolTip(f"Empreinte SHA-256{NBSP}: {sha256}" if sha256 else "")

    def _lost(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.context.messages.show_message(Message("danger", error.message))
        elif not isinstance(error, Stopped):
            raise error

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None:
            self._job.cancel()
