"""« Aperçu »: each line of the file as it is written, with what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from cv_desktop.domain.file_kinds import APPLICATIONS, DIRECTORY, HISTORY, KINDS
from cv_desktop.domain.intake import BLOCKING, Place
from cv_desktop.domain.intake_preview import LineState, PreviewLine
from cv_desktop.services.readings import Reading
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.tables.arrangement import Memory
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

# What the columns are called, by kind of file.
TITLES = {
    HISTORY: {"structure": "Bénéficiaire", "title": "Objet", "quarters": "Année", "asked": "Montant"},
    DIRECTORY: {"siret": "Numéro", "structure": "Association", "title": "Objet", "quarters": "Commune"},
}
SEGMENTS: tuple[tuple[str, LineState | None], ...] = (
    ("Toutes", None),
    ("Prêtes", LineState.READY),
    ("À vérifier", LineState.TO_CHECK),
    ("Refusées", LineState.REFUSED),
    ("Écartées", LineState.ASIDE),
)


class PreviewCard(Card):
    """A cell that carries a problem is framed; the segments keep one kind of lines."""

    def __init__(self, memory: Callable[[str], Memory], parent: QWidget | None = None) -> None:
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
        self.tables = {kind: _table(kind, memory(f"import.apercu.{kind}")) for kind in KINDS}
        self.pages = QStackedWidget()
        for table in self.tables.values():
            self.pages.addWidget(table)
            table.filters_cleared.connect(lambda: self.keep(None))
        self.kind = APPLICATIONS
        self.add(self.pages, 1)

    @property
    def table(self) -> TableView:
        return self.tables[self.kind]

    def show_reading(self, reading: Reading) -> None:
        if reading.kind != self.kind:
            self.kind = reading.kind
            self.pages.setCurrentWidget(self.table)
            self.keep(None)
        self.table.set_rows(reading.lines)
        shown = len(reading.lines)
        first = reading.kind == DIRECTORY and shown < reading.counts[0]
        self.set_title("Aperçu", f"les {shown} premières associations" if first else "lignes du fichier")
        for words, state in SEGMENTS:
            count = shown if state is None else sum(line.state is state for line in reading.lines)
            self.segments[state].setText(f"{words} {count}")
            self.segments[state].setVisible(state is None or count > 0)

    def keep(self, state: LineState | None) -> None:
        self.segments[state].setChecked(True)
        self.table.rows.set_column_filter("state", None if state is None else [state.label])

    def show_line(self, place: Place) -> None:
        """Makes a line of the file current, whatever the segment."""
        if not self.table.select_identity(place):
            self.keep(None)
            self.table.select_identity(place)


def _table(kind: str, memory: Memory) -> TableView:
    titles = TITLES.get(kind, {})
    model: RowsModel[PreviewLine] = RowsModel(
        [
            Column("line", "Lig.", lambda r: str(r.line), sort=lambda r: r.line, width=48, align="right",
                   tone="hint", filterable=False),
            Column("state", "État", lambda r: r.state.label, width=40, icon=lambda r: r.state.icon,
                   accessible=lambda r: f"État\u00a0: {r.state.label}", hidden=True),
            Column("mark", "", lambda r: "", width=34, align="center", badge=_badge, filterable=False,
                   accessible=lambda r: f"État\u00a0: {r.state.label}"),
            Column("siret", titles.get("siret", "SIRET"), lambda r: r.siret, width=136, mark=_mark("siret")),
            Column("structure", titles.get("structure", "Structure"), lambda r: r.structure, width=150,
                   mark=_mark("name", "Structure")),
            Column("title", titles.get("title", "Action"), lambda r: r.title, width=180, stretch=True,
                   mark=_mark("title")),
            Column("quarters", titles.get("quarters", "Quartiers"), lambda r: r.quarters, width=120,
                   mark=_mark("quarters", "year")),
            Column("asked", titles.get("asked", "Demandé"), lambda r: r.asked, width=88, align="right",
                   mark=_mark("asked"), filterable=False, hidden=kind == DIRECTORY),
        ],
        identity=lambda r: r.place,
    )  # fmt: skip
    return TableView(
        model,
        name="Aperçu des lignes du fichier",
        density="compact",
        memory=memory,
        empty="Aucune ligne.",
        no_match="Aucune ligne de cette sorte.",
    )


def _badge(line: PreviewLine) -> Badge:
    return Badge("", line.state.tint, line.state.icon)


def _mark(*keys: str) -> Callable[[PreviewLine], str]:
    def mark(line: PreviewLine) -> str:
        gravity = next((line.bad[key] for key in keys if key in line.bad), "")
        return "" if not gravity else "danger" if gravity == BLOCKING else "warning"

    return mark
