"""The letter beside the list: its page as it will print, and what it lacks."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from cv_desktop.domain.dates import local, long_date
from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.jobs import Job
from cv_desktop.ui.letters.alert_bar import AlertBar
from cv_desktop.ui.letters.entries import TO_READ, Entry
from cv_desktop.ui.letters.pages_view import A4_POINTS, PagesView
from cv_desktop.ui.letters.rendering import Rendered, rendered

DELAY = 60
ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
SCREEN_DOTS = 96 / 72


class Preview(QWidget):
    """``show_entry``; the previous page is kept until the next one is ready."""

    edit_wanted = Signal()
    read_wanted = Signal()
    unread_wanted = Signal()
    step_wanted = Signal(int)
    source_wanted = Signal(object)  # Missing
    mend_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setAccessibleName("Aperçu du courrier")
        self._context = context
        self._entry: Entry | None = None
        self._job: Job | None = None
        self._shown = ""  # the letter whose pages are shown
        self._zoom: float | None = None  # None: the width of the view
        self.title = ElidedLabel()
        theme.set_type(self.title, "body", weight=600)
        self.fact = QLabel()
        theme.set_type(self.fact, "secondary", "secondary")
        self.edit = QPushButton("Modifier le texte")
        self.read, self.unread = QPushButton("Marquer relu"), QPushButton("Remettre à relire")
        self.read_key = QLabel("Ctrl R")
        self.read_key.setProperty("key", True)
        self.bar, self.pages = AlertBar(), PagesView()
        self.folio = ElidedLabel()
        self.narrower, self.wider = QToolButton(), QToolButton()
        self.width_button = QPushButton("Largeur")
        self.previous, self.next = QPushButton("Précédent"), QPushButton("Suivant")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DELAY)
        self._later.timeout.connect(self._render)
        self._dress()
        self._lay_out()
        self._wire()
        self.show_entry(None)

    def show_entry(self, entry: Entry | None) -> None:
        """This letter, or nothing. Asked again for the same letter, it is drawn again."""
        self._entry = entry
        self.edit.setVisible(entry is not None and not entry.row.issued and not entry.busy)
        self.read.setVisible(entry is not None and entry.row.state == TO_READ)
        self.read_key.setVisible(self.read.isVisibleTo(self))
        self.unread.setVisible(entry is not None and entry.row.state == "read" and not entry.busy)
        for button in (self.previous, self.next, self.narrower, self.wider, self.width_button):
            button.setEnabled(entry is not None)
        if entry is None:
            self._later.stop()
            self._shown = ""
            self.title.setText("Aucun courrier sélectionné")
            self.fact.clear()
            self.bar.put(())
            self.pages.put((), 1.0, top=True)
            return
        self.title.setText(f"{entry.short} · {entry.row.structure}")
        self.title.setToolTip(entry.row.structure)
        self.fact.setText(fact(entry))
        self.fact.setToolTip("")
        self._alert(entry)
        self._later.start()

    def _render(self) -> None:
        entry = self._entry
        if entry is None or not self.isVisible():
            return
        if self._job is not None:
            self._job.cancel()
        store, letter_id = self._context.store, entry.id
        scale = self._scale() * self.devicePixelRatioF()
        self._job = self._context.jobs.run(
            "Aperçu", rendered, store, letter_id, scale, on_done=self._drawn, on_failed=self._lost, quiet=True
        )

    def _drawn(self, found: Rendered) -> None:
        entry = self._entry
        if entry is None or found.letter_id != entry.id:
            return
        top = self._shown != found.letter_id
        self._shown = found.letter_id
        self.pages.put(found.pages, self.devicePixelRatioF(), top=top)
        self.pages.setAccessibleDescription(found.text)
        if not entry.row.issued:
            self.bar.put(found.missing)
            self.read.setEnabled(not found.missing)
            self.fact.setText("À compléter à la main" if found.reminders else "")
            self.fact.setToolTip("\n".join(f"{one.sentence} ({one.law})" for one in found.reminders))

    def _lost(self, _error: BaseException) -> None:
        """Put away meanwhile, or no longer wanted: the list will say so."""

    def _alert(self, entry: Entry) -> None:
        if entry.damage is not None:
            self.bar.put_damage(entry.damage)
        else:
            self.bar.put(() if entry.row.issued else entry.missing)
        self.read.setEnabled(not entry.missing)

    def _scale(self) -> float:
        if self._zoom is not None:
            return self._zoom * SCREEN_DOTS
        return self.pages.room / A4_POINTS

    def _step_zoom(self, step: int) -> None:
        here = self._scale() / SCREEN_DOTS
        beyond = [x for x in ZOOMS if (x > here + 0.01 if step > 0 else x < here - 0.01)]
        if beyond:
            self._set_zoom(beyond[0] if step > 0 else beyond[-1])

    def _set_zoom(self, zoom: float | None) -> None:
        self._zoom = zoom
        self._later.start()

    def _resized(self) -> None:
        self._moved()
        if self._zoom is None and self._entry is not None:
            self._later.start()

    def _moved(self) -> None:
        entry, count = self._entry, len(self.pages.sheets)
        if entry is None or not count:
            self.folio.clear()
            return
        short = f"Page {max(1, self.pages.page)} sur {count}"
        text = "texte propre à ce courrier" if entry.row.own_text else f"modèle v. {entry.row.version}"
        whole = f"{short} · {text}"
        fits = self.folio.fontMetrics().horizontalAdvance(whole) <= self.folio.width()
        self.folio.setText(whole if fits else short)
        self.folio.setToolTip(whole)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None:
            self._job.cancel()

    def _dress(self) -> None:
        for button in (self.read, self.unread):
            theme.set_kind(button, "secondary", small=True)
        theme.set_kind(self.edit, "secondary", small=True)
        icons.dress(self.edit, "pencil")
        self.edit.setToolTip("Ctrl+E")
        icons.dress(self.read, "check")
        icons.dress(self.unread, "eye")
        for tool, icon, words in ((self.narrower, "zoom-out", "Réduire"), (self.wider, "zoom-in", "Agrandir")):
            theme.set_kind(tool, "tool", small=True)
            icons.dress(tool, icon, "text", 18)
            tool.setToolTip(words)
            tool.setAccessibleName(words)
        for link in (self.width_button, self.previous, self.next):
            theme.set_kind(link, "link", small=True)
        self.width_button.setToolTip("Ajuster la page à la largeur")
        self.previous.setToolTip("Courrier précédent (Ctrl+↑)")
        self.next.setToolTip("Courrier suivant (Ctrl+↓)")
        theme.set_type(self.folio, "secondary", "secondary")
        self.folio.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _wire(self) -> None:
        self.edit.clicked.connect(self.edit_wanted)
        self.read.clicked.connect(self.read_wanted)
        self.unread.clicked.connect(self.unread_wanted)
        self.bar.source_wanted.connect(self.source_wanted)
        self.bar.mend_wanted.connect(self.mend_wanted)
        self.narrower.clicked.connect(lambda: self._step_zoom(-1))
        self.wider.clicked.connect(lambda: self._step_zoom(1))
        self.width_button.clicked.connect(lambda: self._set_zoom(None))
        self.previous.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.next.clicked.connect(lambda: self.step_wanted.emit(1))
        self.pages.moved.connect(self._moved)
        self.pages.resized.connect(self._resized)

    def _lay_out(self) -> None:
        head, foot = _strip(), _strip()
        top = QHBoxLayout(head)
        top.setContentsMargins(14, 6, 12, 6)
        top.setSpacing(8)
        top.addWidget(self.title, 1)
        for part in (self.fact, self.edit, self.read_key, self.read, self.unread):
            top.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        bottom = QHBoxLayout(foot)
        bottom.setContentsMargins(12, 4, 12, 4)
        bottom.setSpacing(4)
        for button in (self.narrower, self.width_button, self.wider):
            bottom.addWidget(button)
        bottom.addWidget(self.folio, 1)
        bottom.addWidget(self.previous)
        bottom.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(rule())
        layout.addWidget(self.bar)
        layout.addWidget(self.pages, 1)
        layout.addWidget(rule())
        layout.addWidget(foot)
        self.folio.setMinimumWidth(40)


def fact(entry: Entry) -> str:
    """« Émis : CO-2026-0012, 15 avril 2026 », then when it was signed, when it left."""
    row = entry.row
    if row.dated_on is None:
        return ""
    number = f"{row.number}{f' (version {row.edition})' if row.edition > 1 else ''}"
    if row.sent is not None:
        return f"Envoyé : {number}, {long_date(row.sent.on)}"
    if row.signed is not None:
        return f"Signé : {number}, {long_date(local(row.signed.at).date())}"
    return f"Émis : {number}, {long_date(row.dated_on)}"


def _strip() -> QFrame:
    strip = QFrame()
    strip.setProperty("surface", "chrome")
    strip.setMinimumHeight(theme.px(40))
    return strip
