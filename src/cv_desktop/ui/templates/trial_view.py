"""The page of a text being written, on a real file or on an invented one, drawn again as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.db.queries.letter_templates import FileRow
from cv_desktop.domain.letters import Missing
from cv_desktop.services.letter_trials import Trial
from cv_desktop.ui import theme
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job
from cv_desktop.ui.letters.alert_bar import AlertBar
from cv_desktop.ui.letters.pages_view import A4_POINTS, PagesView
from cv_desktop.ui.letters.rendering import Tried, tried

DELAY = 300
INVENTED = "Dossier d’exemple"
Ask = Callable[..., Trial]


class TrialView(QWidget):
    """``draw(ask)`` after a pause; the page shown stays until the next one is ready.

    ``file_chosen(key)``, empty for the invented file; ``conditions_known`` with each page.
    """

    file_chosen = Signal(str)
    conditions_known = Signal(object)
    source_wanted = Signal(object, str)  # Missing, key of the file

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Essai du texte")
        self._context = context
        self._ask: Ask | None = None
        self._job: Job | None = None
        self._turn = 0  # which page is awaited: one asked before may still come
        self._top = True
        self.files = QComboBox()
        self.files.setAccessibleName("Dossier de l’essai")
        self.files.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.files.setMinimumContentsLength(8)
        self.files.activated.connect(lambda _index: self.file_chosen.emit(self.file))
        self._words = QLabel("Essai sur")
        self._words.setBuddy(self.files)
        theme.set_type(self._words, "secondary", "secondary", 500)
        self.folio = QLabel()
        theme.set_type(self.folio, "secondary", "secondary")
        self.bar, self.pages = AlertBar(), PagesView()
        self.bar.detail.setText("")
        self.bar.source_wanted.connect(lambda missing: self.source_wanted.emit(missing, self.file))
        self.pages.resized.connect(self.again)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DELAY)
        self._later.timeout.connect(self._render)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 12, 6)
        head.setSpacing(8)
        head.addWidget(self._words)
        head.addWidget(self.files, 1)
        head.addStretch()
        head.addWidget(self.folio)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(rule())
        layout.addWidget(self.bar)
        layout.addWidget(self.pages, 1)
        self.offer(())

    @property
    def file(self) -> str:
        """The key of the file chosen; empty for the invented one."""
        return str(self.files.currentData() or "")

    @property
    def busy(self) -> bool:
        """Whether a page is awaited."""
        return self._later.isActive() or self._job is not None

    def offer(self, files: Sequence[FileRow]) -> None:
        """The files on which a text may be tried; the one chosen stays when it is among them."""
        chosen = self.file
        self.files.clear()
        self.files.addItem(INVENTED, "")
        for row in files:
            self.files.addItem(f"{row.number} · {row.structure}", row.id)
        self.files.setCurrentIndex(max(0, self.files.findData(chosen)))

    def choose_nothing(self) -> None:
        """The file is known beforehand: none is offered."""
        for widget in (self._words, self.files):
            widget.hide()

    def draw(self, ask: Ask, *, top: bool = False) -> None:
        """The page of what ``ask`` answers, three tenths of a second after the last asking; at once with ``top``."""
        self._ask, self._top = ask, self._top or top
        self._later.start(0 if top else DELAY)

    def again(self) -> None:
        """The same page, at the width there is now."""
        if self._ask is not None:
            self._later.start(DELAY)

    def stop(self) -> None:
        """Nothing is awaited any more."""
        self._later.stop()
        self._ask = None

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None:
            self._job.cancel()

    def _render(self) -> None:
        if self._ask is None or not self.isVisible():
            return
        if self._job is not None:
            self._job.cancel()
        scale = self.pages.room / A4_POINTS * self.devicePixelRatioF()
        self._turn += 1
        turn = self._turn
        self._job = self._context.jobs.run(
            "Essai",
            tried,
            self._context.store,
            self._ask,
            scale,
            on_done=lambda found: self._drawn(turn, found),
            on_failed=lambda _error: self._ended(turn),
            quiet=True,
        )

    def _drawn(self, turn: int, found: Tried) -> None:
        self._ended(turn)
        if turn != self._turn or self._ask is None:
            return
        self.pages.put(found.pages, self.devicePixelRatioF(), top=self._top)
        self._top = False
        self.pages.setAccessibleDescription(found.text)
        self.folio.setText(f"{len(found.pages)} page{'s' if len(found.pages) > 1 else ''}")
        self._say(found.missing)
        self.conditions_known.emit(found.conditions)

    def _ended(self, turn: int) -> None:
        if turn == self._turn:
            self._job = None

    def _say(self, missing: Sequence[Missing]) -> None:
        # A field that no file has is the fault of the text, said under its block: it has no words.
        self.bar.put([one for one in missing if one.source != "template" or one.label != one.name])
