"""The four places where the amounts of a campaign must agree, always in sight, and exported."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import campaign_concordance, envelopes
from cv_desktop.domain.allocation import Buckets
from cv_desktop.domain.campaign_concordance import Row, ticks
from cv_desktop.domain.concordance import AGREED, DIFFERENT, WAITING
from cv_desktop.domain.text import fold
from cv_desktop.services import proposals
from cv_desktop.services.boards import Board
from cv_desktop.ui import icons, theme
from cv_desktop.ui.arbitration.panel import paragraph
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.message_bar import Message

LOOKS = {AGREED: ("circle-check", "success"), WAITING: ("clock", "pause"), DIFFERENT: ("circle-alert", "danger")}
WORDS = {AGREED: "concorde", WAITING: "en attente", DIFFERENT: "écart"}
BOOKS = "Classeur (*.xlsx)"


class ConcordanceCard(QWidget):
    """``show_call`` asks again. One line per place: its icon, its name, its words."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._call = context, ""
        self._rows: list[Row] = []
        self._held: Buckets | None = None
        self._promised = 0
        self.marks: list[QLabel] = []
        self.words: list[QLabel] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for _place in range(4):
            mark, words = QLabel(), paragraph("", "text", "secondary")
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(words, 1)
            layout.addLayout(line)
            self.marks.append(mark)
            self.words.append(words)
        self.export = QPushButton("Exporter la concordance…")
        theme.set_kind(self.export, "link", small=True)
        theme.set_flush(self.export)
        self.export.clicked.connect(self._ask)
        layout.addWidget(self.export, 0, Qt.AlignmentFlag.AlignLeft)

    def show_call(self, call_id: str) -> None:
        self._call, viewer = call_id, self._context.viewer
        self._rows = self._context.read(campaign_concordance.rows, call_id=call_id, viewer=viewer)
        self._promised = self._context.read(proposals.promised, call_id=call_id)
        self._put(self._context.read(envelopes.buckets, call_id=call_id, viewer=viewer))

    def follow(self, board: Board) -> None:
        """An amount changed: only what is marked and free did, and the band above tells it already."""
        held = board.buckets
        if not board.shown.retained:
            held = self._context.read(envelopes.buckets, call_id=board.call_id, viewer=board.viewer)
        if held != self._held:
            self._put(held)

    def _put(self, held: Buckets) -> None:
        self._held = held
        found = ticks(self._rows, held.free_cents, held.pending_cents, self._promised)
        for mark, words, tick in zip(self.marks, self.words, found, strict=True):
            icon, tone = LOOKS[tick.state]
            icons.dress(mark, icon, tone, 16)
            words.setText(f"{tick.label} : {tick.words[:1].lower()}{tick.words[1:]}")
            words.setAccessibleName(f"{tick.label}, {WORDS[tick.state]} : {tick.words}")

    def _ask(self) -> None:
        call = self._context.calls.current
        if call is None:
            return
        name = f"concordance-{'-'.join(fold(call.label).split())}.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(self, "Exporter la concordance", str(Path.home() / name), BOOKS)
        if chosen:
            self.write(Path(chosen).with_suffix(".xlsx"))

    def write(self, path: Path) -> None:
        store, actor, call = self._context.store, self._context.actor, self._call

        def work(_token: Token) -> Path:
            from cv_desktop.services import concordance_files, letters

            # openpyxl loads with the first export.
            letters.write_file(path, concordance_files.xlsx(store, call_id=call, actor=actor))
            return path

        def told(done: Path) -> None:
            self._context.messages.show_message(Message("success", "Concordance exportée.", str(done)))

        self._context.jobs.run("Export de la concordance", work, on_done=told)
