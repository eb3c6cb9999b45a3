"""Duplicates: looked for over the whole registry, each pair with its evidence, then merged or set apart."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import duplicates as known
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.duplicates import Pair
from cv_desktop.domain.text import counted
from cv_desktop.services import duplicates
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.structures.merge_panel import MergePanel
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NOT_YET = "Toutes les fiches sont comparées : noms, sigles, adresses, personnes et téléphones."
NONE = "Aucun doublon possible n’a été trouvé."
STOPPED = "Recherche arrêtée : rien n’a été changé."


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair as it is listed."""

    pair: Pair
    first: str
    second: str

    @property
    def id(self) -> tuple[str, str]:
        return self.pair.first, self.pair.second


class DuplicatesPage(QWidget):
    """``left`` when one goes back to the list of structures."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.pairs: list[Pair] | None = None
        self._job: Job | None = None
        self._old = False
        title = QLabel("Doublons de structures")
        theme.set_type(title, "title", weight=600)
        self.count = QLabel()
        theme.set_type(self.count, "body", "secondary")
        self.back = QPushButton("Revenir aux structures")
        self.again = QPushButton("Chercher de nouveau")
        for button, icon, done in ((self.back, "arrow-left", self.left.emit), (self.again, "refresh-cw", self.search)):
            theme.set_kind(button, "secondary")
            icons.dress(button, icon, "text", 16)
            button.clicked.connect(done)
        self.progress = ProgressPanel("Arrêter n’efface rien : la recherche ne fait que lire.")
        self.progress.stop_asked.connect(self.stop)
        self.table = TableView(
            RowsModel(_columns()),
            name="Paires à vérifier",
            density="double",
            memory=context.settings.memory("structures.doublons"),
            empty=NONE,
        )
        self.table.current_row_changed.connect(self._show)
        self.apart = QPushButton("Ce sont deux structures")
        theme.set_kind(self.apart, "secondary")
        icons.dress(self.apart, "x", "text", 16)
        self.apart.setToolTip("La paire ne sera plus jamais proposée")
        self.apart.clicked.connect(self.set_apart)
        self.merge = MergePanel(context)
        self.merge.merged.connect(self._merged)
        self.state = EmptyState(NOT_YET, "Chercher les doublons")
        self.state.button_pressed.connect(self.search)
        context.bus.changed.connect(lambda changes, _origin: self._changed(changes))
        self._lay_out(title)

    def enter(self) -> None:
        """Look for duplicates when nothing was looked for yet, or when a record has changed since."""
        if (self.pairs is None or self._old) and self._job is None:
            self.search()
        else:
            self.refresh()

    def search(self) -> None:
        if self._job is not None:
            return
        self._old = False
        self.progress.start("Recherche des doublons")
        self.again.setEnabled(False)
        self._job = self.context.jobs.run(
            "Recherche des doublons",
            self._look,
            on_done=self._found,
            on_failed=self._failed,
            on_progress=lambda done, total, _label: self.progress.progress(done, total, "paires comparées"),
        )

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def refresh(self) -> None:
        """Show again the pairs whose two records still stand, under their present names."""
        if self.pairs is None:
            return
        names = self.context.read(known.names)
        kept = set(self.context.read(known.distinct))
        rows = [
            PairRow(pair, names[pair.first], names[pair.second])
            for pair in self.pairs
            if pair.first in names and pair.second in names and (pair.first, pair.second) not in kept
        ]
        self.table.set_rows(rows)
        self.count.setText(counted(len(rows), "paire") + " à vérifier" if rows else "")
        self.pages.setCurrentWidget(self.split if rows else self.state)
        if not rows:
            self.state.set_text(NONE, "Chercher de nouveau")
        elif self.table.current_row() is None:
            self.table.step(0)
        self._show(self.table.current_row())

    def set_apart(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.context.do(
                f"deux structures : {row.first}, {row.second}",
                duplicates.set_apart,
                first_id=row.pair.first,
                second_id=row.pair.second,
            )
            self.context.told.emit("Paire écartée : elle ne sera plus proposée.")

    def regions(self) -> list[QWidget]:
        return [self.table, self.merge]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _changed(self, changes: Changes) -> None:
        self._old = self._old or "structure" in changes.nouns

    def _look(self, token: Token) -> list[Pair]:
        def tell(done: int, total: int) -> None:
            if token.cancelled:
                raise Stopped
            token.progress(done, total)

        with self.context.store.read() as session:
            return duplicates.search(session, tell=tell)

    def _found(self, pairs: list[Pair]) -> None:
        self._ended()
        self.pairs = pairs
        self.refresh()

    def _failed(self, error: BaseException) -> None:
        self._ended()
        if isinstance(error, Stopped):
            self.context.messages.show_message(Message("info", STOPPED))
            if self.pairs is None:
                self.state.set_text(f"{STOPPED} {NOT_YET}", "Chercher les doublons")

    def _ended(self) -> None:
        self._job = None
        self.progress.finish()
        self.again.setEnabled(True)

    def _merged(self, words: str) -> None:
        self.context.messages.show_message(
            Message(
                "success",
                words,
                "La fusion peut être défaite pendant trente jours.",
                (("Annuler", self.context.undo_last),),
            )
        )
        self.refresh()

    def _show(self, row: PairRow | None) -> None:
        self.apart.setEnabled(row is not None)
        self.merge.show_pair(row.pair if row else None)

    def _lay_out(self, title: QLabel) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(18, 12, 18, 8)
        top.setSpacing(10)
        top.addWidget(self.back)
        top.addWidget(title)
        top.addWidget(self.count)
        top.addStretch(1)
        top.addWidget(self.again)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 10)
        foot.addWidget(self.apart)
        foot.addStretch(1)
        column.addLayout(foot)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(left)
        self.split.addWidget(self.merge)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([px(430), px(800)])
        self.pages = QStackedWidget()
        self.pages.addWidget(self.state)
        self.pages.addWidget(self.split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.progress)
        layout.addWidget(self.pages, 1)


def _columns() -> list[Column[PairRow]]:
    return [
        Column("pair", "Fiches", lambda r: r.first, second=lambda r: r.second, width=240, stretch=True, weight=500),
        Column("why", "Ce qui les rapproche", lambda r: r.pair.evidence[0].partition("\u00a0:")[0].rstrip("."),
               second=lambda r: ", ".join(e.partition("\u00a0:")[0].rstrip(".").lower() for e in r.pair.evidence[1:]),
               width=170),
        Column("score", "Force", lambda r: str(r.pair.score), sort=lambda r: r.pair.score, width=60, align="right",
               filterable=False, tooltip="De 1 à 100 : l’ordre dans lequel vérifier"),
    ]  # fmt: skip
