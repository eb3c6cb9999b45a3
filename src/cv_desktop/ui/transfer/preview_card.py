"""« Aperçu »: each line of the file as it is written, with what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from cv_desktop.domain.intake import BLOCKING
from cv_desktop.domain.intake_preview import LineState, PreviewLine
from cv_desktop.services.readings import Reading
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

SEGMENTS: tuple[tuple[str, LineState | None], ...] = (
    ("Toutes", None),
    ("Prêtes", LineState.READY),
    ("À vérifier", LineState.TO_CHECK),
    ("Refusées", LineState.REFUSED),
    ("Écartées", LineState.ASIDE),
)


class PreviewCard(Card):
    """A cell that carries a problem is framed; the segments keep one kind of lines."""

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__("Aperçu", "lignes du fichier", flush=True, parent=parent)
        self.segments: dict[LineState | None, QPushButton] = {}
        group = QButtonGroup(self)
        for words, state in SEGMENTS:
            button = QPushButton(words)
            button.setCheckable(True)
            button.setChecked(state is None)
            theme.set_kind(button, "segment", small=True)
            button.clicked.connect(lambda _on=False, s=state: self.keep(s))
            group.addButton(button)
            self.segments[state] = button
            self.add_action(button)
        model: RowsModel[PreviewLine] = RowsModel(
            [
                Column("line", "Lig.", lambda r: str(r.line), sort=lambda r: r.line, width=44, align="right",
                       tone="hint", filterable=False),
                Column("state", "État", lambda r: r.state.label, width=40, icon=lambda r: r.state.icon,
                       accessible=lambda r: f"État\u00a0: {r.state.label}", hidden=True),
                Column("mark", "", lambda r: "", width=34, align="center", badge=_badge, filterable=False,
                       accessible=lambda r: f"État\u00a0: {r.state.label}"),
                Column("siret", "SIRET", lambda r: r.siret, width=140, mark=_mark("siret")),
                Column("structure", "Structure", lambda r: r.structure, width=150, mark=_mark("name", "Structure")),
                Column("title", "Action", lambda r: r.title, width=180, stretch=True, mark=_mark("title")),
                Column("quarters", "Quartiers", lambda r: r.quarters, width=130, mark=_mark("quarters")),
                Column("asked", "Demandé", lambda r: r.asked, width=84, align="right", mark=_mark("asked"),
                       filterable=False),
            ],
            identity=lambda r: r.line,
        )  # fmt: skip
        self.table = TableView(
            model,
            name="Aperçu des lignes du fichier",
            density="compact",
            memory=memory,
            empty="Aucune ligne.",
            no_match="Aucune ligne de cette sorte.",
        )
        self.table.filters_cleared.connect(lambda: self.keep(None))
        self.add(self.table, 1)

    def show_reading(self, reading: Reading) -> None:
        self.table.set_rows(reading.lines)
        for words, state in SEGMENTS:
            count = len(reading.lines) if state is None else sum(line.state is state for line in reading.lines)
            self.segments[state].setText(f"{words} {count}")
            self.segments[state].setVisible(state is None or count > 0)

    def keep(self, state: LineState | None) -> None:
        self.segments[state].setChecked(True)
        self.table.rows.set_column_filter("state", None if state is None else [state.label])

    def show_line(self, line: int) -> None:
        """Makes a line of the file current, whatever the segment."""
        if not self.table.select_identity(line):
            self.keep(None)
            self.table.select_identity(line)


def _badge(line: PreviewLine) -> Badge:
    return Badge("", line.state.tint, line.state.icon)


def _mark(*keys: str) -> Callable[[PreviewLine], str]:
    def mark(line: PreviewLine) -> str:
        gravity = next((line.bad[key] for key in keys if key in line.bad), "")
        return "" if not gravity else "danger" if gravity == BLOCKING else "warning"

    return mark
