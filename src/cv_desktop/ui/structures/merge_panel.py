"""Two records side by side: for each field the value kept, what goes to the kept record, and the merge."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import duplicates as queries
from cv_desktop.db.queries.duplicates import Comparison, SideField
from cv_desktop.domain.duplicates import Pair
from cv_desktop.domain.text import counted, quote
from cv_desktop.services import merges
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

CHOOSE = "Choisissez une paire pour comparer les deux fiches."


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of both records; ``theirs``: the value of the merged one is taken."""

    side: SideField
    theirs: bool

    @property
    def id(self) -> str:
        return self.side.name


class MergePanel(QWidget):
    """``merged(sentence)`` once done. The record with more files is kept unless one turns them over."""

    merged = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.comparison: Comparison | None = None
        self.picks: set[str] = set()
        self._pair: tuple[str, str] | None = None
        self.evidence, self.preview = QLabel(), QLabel()
        for label, tone in ((self.evidence, "text"), (self.preview, "text")):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            theme.set_type(label, "body", tone)
        self.table = TableView(RowsModel(self._columns()), name="Champ par champ")
        self.table.opened.connect(lambda row: self._take(row, not row.theirs))
        self.merge_button, self.turn = QPushButton("&Fusionner"), QPushButton("&Garder plutôt l’autre fiche")
        theme.set_kind(self.merge_button, "primary")
        theme.set_kind(self.turn, "secondary")
        icons.dress(self.turn, "arrow-left-right", "text", 16)
        self.merge_button.clicked.connect(self.merge)
        self.turn.clicked.connect(self.turn_over)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(18, 4, 18, 14)
        column.setSpacing(10)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.merge_button)
        buttons.addWidget(self.turn)
        buttons.addStretch(1)
        column.addWidget(self.evidence)
        column.addWidget(self.table, 1)
        column.addWidget(self.preview)
        column.addLayout(buttons)
        self.pages = QStackedWidget()
        self.pages.addWidget(EmptyState(CHOOSE))
        self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)

    def show_pair(self, pair: Pair | None) -> None:
        """Compare two records, the one that has more files on the left."""
        if pair is None:
            self.comparison, self._pair = None, None
            self.pages.setCurrentIndex(0)
            return
        self.evidence.setText(" ".join(pair.evidence))
        order = (pair.first, pair.second)
        if self._pair is not None and set(self._pair) == set(order):
            order = self._pair  # what one turned over stays so
        else:
            self.picks.clear()
            both = [self._compare(*order), self._compare(*reversed(order))]
            if all(both) and both[0].files > both[1].files:  # type: ignore[union-attr]
                order = (order[1], order[0])
        self._put(*order)

    def turn_over(self) -> None:
        """Keep the other record: what was taken from one is taken from the other."""
        if self._pair is not None and self.comparison is not None:
            differing = {f.name for f in self.comparison.fields if f.kept and f.merged and f.kept != f.merged}
            self.picks = differing - self.picks
            self._put(self._pair[1], self._pair[0])

    def merge(self) -> None:
        found = self.comparison
        if found is None:
            return
        words = f"{quote(found.merged_name)} fusionnée dans {quote(found.kept_name)}"
        done = self.context.do(
            f"fusion : {words}",
            merges.merge,
            kept_id=found.kept_id,
            merged_id=found.merged_id,
            picks=frozenset(self.picks),
        )
        if done is not None:
            self._pair = None
            self.merged.emit(f"{words}.")

    def _compare(self, kept: str, merged: str) -> Comparison | None:
        return self.context.read(queries.compare, kept_id=kept, merged_id=merged, viewer=self.context.viewer)

    def _put(self, kept: str, merged: str) -> None:
        self._pair = (kept, merged)
        self.comparison = found = self._compare(kept, merged)
        self.pages.setCurrentIndex(1 if found else 0)
        if found is None:
            return
        rows = [
            Choice(f, f.name in self.picks or (bool(f.merged) and not f.kept))
            for f in found.fields
            if f.kept or f.merged
        ]
        self.table.set_rows(rows)
        self.preview.setText(preview(found))

    def _take(self, row: Choice, theirs: bool) -> None:
        if row.side.kept and row.side.merged and row.side.kept != row.side.merged and self._pair:
            (self.picks.add if theirs else self.picks.discard)(row.side.name)
            self._put(*self._pair)
        else:
            self.context.told.emit(f"{row.side.label} : une seule valeur, elle est gardée.")

    def _columns(self) -> list[Column[Choice]]:
        return [
            Column("label", "Champ", lambda r: r.side.label, width=170, tone="secondary"),
            Column("kept", "Fiche gardée", lambda r: r.side.kept, width=200, stretch=True,
                   icon=lambda r: "" if r.theirs else "check",
                   mark=lambda r: "warning" if r.side.kept and r.side.differs and r.theirs else ""),
            Column("theirs", "Prendre", lambda _r: "", width=76, checked=lambda r: r.theirs, toggle=self._take,
                   tooltip="Espace : prendre la valeur de la fiche fusionnée",
                   accessible=lambda r: f"{r.side.label} : {'fiche fusionnée' if r.theirs else 'fiche gardée'}"),
            Column("merged", "Fiche fusionnée", lambda r: r.side.merged, width=200,
                   icon=lambda r: "check" if r.theirs else ""),
        ]  # fmt: skip


def preview(found: Comparison) -> str:
    """« 4 dossiers et 2 courriers iront à la fiche gardée, « X ». »"""
    counts = [
        counted(number, word)
        for number, word in (
            (found.files, "dossier"),
            (found.letters, "courrier"),
            (found.grants, "subvention passée"),
            (found.persons, "personne"),
        )
        if number
    ]
    if not counts:
        return f"Aucun dossier n’est à reprendre. Seule la fiche {quote(found.kept_name)} restera."
    total = found.files + found.letters + found.grants + found.persons
    listed = " et ".join(filter(None, (", ".join(counts[:-1]), counts[-1])))
    return f"{listed} {'iront' if total > 1 else 'ira'} à la fiche gardée, {quote(found.kept_name)}."
