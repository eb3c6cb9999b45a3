"""Concordance: the relevé, the decisions, the envelope and the letters say the same, or what differs."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel

from cv_desktop.db.queries import concordance
from cv_desktop.domain.concordance import AGREED, DIFFERENT, WAITING, Line
from cv_desktop.domain.money import figures
from cv_desktop.domain.states import Opinion
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.meetings.tab import Tab
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_STATES = {
    AGREED: ("Concordant", "success", "check"),
    WAITING: ("En attente", "info", "clock"),
    DIFFERENT: ("Différent", "danger", "x"),
}


def _cents(value: int | None) -> str:
    return "–" if value is None else figures(value)


def _gap(line: Line) -> Badge | None:
    if line.gap:
        return Badge(line.gap, "danger", "x")
    return Badge("Concordant", "success", "check") if line.opinion else Badge("Avis à rendre", "neutral", "circle")


def _amount(key: str, title: str, value: str) -> Column[Line]:
    return Column[Line](
        key,
        title,
        lambda line: _cents(getattr(line, value)),
        sort=lambda line: getattr(line, value),
        width=104,
        align="right",
    )


COLUMNS = (
    Column[Line]("number", "N°", lambda line: line.number, width=128),
    Column[Line]("structure", "Structure", lambda line: line.structure, stretch=True, width=190),
    Column[Line]("opinion", "Avis", lambda x: Opinion(x.opinion).label if x.opinion else "À rendre", width=110),
    _amount("proposed", "Relevé (€)", "said_cents"),
    _amount("marked", "Marqué (€)", "marked_cents"),
    _amount("decided", "Décidé (€)", "decided_cents"),
    Column[Line]("letter", "Courrier", lambda line: line.letter or "–", width=120),
    Column[Line](
        "gap",
        "Concordance",
        lambda line: line.gap or ("Concordant" if line.opinion else "Avis à rendre"),
        width=240,
        badge=_gap,
    ),
)


class ConcordanceTab(Tab):
    """Four ticks and a line per file; all of it is asked again of what is written."""

    def __init__(self, context: Context, parent: object = None) -> None:
        super().__init__(context)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        self.ticks: list[tuple[QLabel, Chip, QLabel]] = []
        for place in range(4):
            name, chip, words = QLabel(), Chip("", "neutral", title="Concordance"), QLabel()
            theme.set_type(name, "body", weight=600)
            theme.set_type(words, "body", "secondary")
            words.setWordWrap(True)
            for column, widget in enumerate((name, chip, words)):
                grid.addWidget(widget, place, column)
            self.ticks.append((name, chip, words))
        self.model = RowsModel(COLUMNS, identity=lambda line: line.number)
        self.view = TableView(self.model, name="Concordance par dossier", empty="Aucun dossier à l’ordre du jour.")
        self.column.addLayout(grid)
        self.column.addWidget(self.view, 1)

    def refresh(self) -> None:
        if self.meeting is None:
            return
        lines, found = self.context.read(concordance.of_meeting, meeting_id=self.meeting.id, viewer=self.context.viewer)
        for (name, chip, words), tick in zip(self.ticks, found, strict=True):
            name.setText(tick.label)
            chip.set_badge(*_STATES[tick.state])
            words.setText(tick.words)
        self.view.set_rows(lines)
