"""Grille: the criteria, their weights and their four levels, as the members read them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries.calls import GridRow
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.grid import TOTAL, TRANSVERSAL, Criterion, Grid, Level
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.card import Card
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
_BAND_TINTS = {"favorable": "success", "reserve": "warning", "defavorable": "danger"}

COLUMNS = (
    Column[Criterion]("code", "Code", lambda c: c.code, width=72, tone="secondary"),
    Column[Criterion]("label", "Critère", lambda c: c.label, width=320, stretch=True, weight=500),
    Column[Criterion](
        "axis", "Volet", lambda c: "transversal" if c.axis == TRANSVERSAL else "mérite", width=110, tone="secondary"
    ),
    Column[Criterion]("weight", "Poids", lambda c: str(c.weight), sort=lambda c: c.weight, width=72, align="right"),
    Column[Criterion](
        "eliminatory",
        "Éliminatoire",
        lambda c: "éliminatoire" if c.eliminatory else "–",
        width=126,
        badge=lambda c: Badge("éliminatoire", "danger", "ban") if c.eliminatory else None,
    ),
    Column[Criterion]("na", "Sans objet", lambda c: "permis" if c.na_allowed else "non", width=100, tone="secondary"),
)


class _LevelCard(Card):
    """The text of one level."""

    def __init__(self) -> None:
        super().__init__(" ")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_type(self.text, "body")
        self.add(self.text, 1)

    def put(self, level: Level) -> None:
        self.set_title(f"{level.value} · {level.name}")
        self.text.setText(level.text)
        self.setAccessibleName(f"Niveau {level.value}, {level.name}. {level.text}")


class GridTab(Tab):
    """Read only: a grid that served is never changed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.state, self.total = Chip("", "neutral", title="Grille"), QLabel()
        theme.set_type(self.total, "body", weight=600)
        self.version = QLabel()
        self.version.setWordWrap(True)
        theme.set_type(self.version, "secondary", "secondary")
        self.bands = QHBoxLayout()
        self.bands.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.total)
        top.addWidget(self.version, 1)
        top.addWidget(self.state)
        self.model = RowsModel(COLUMNS, identity=lambda c: c.code)
        self.table = TableView(self.model, name="Critères de la grille")
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.current_row_changed.connect(self._show)
        self.guide = QLabel()
        self.guide.setWordWrap(True)
        theme.set_type(self.guide, "body", weight=600)
        self.levels = [_LevelCard() for _ in range(4)]
        texts = QHBoxLayout()
        texts.setSpacing(10)
        for card in self.levels:
            texts.addWidget(card, 1)
        below = QWidget()
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.guide)
        inside.addLayout(texts)
        inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(below)
        self.column.addLayout(top)
        self.column.addLayout(self.bands)
        self.column.addWidget(self.table, 3)
        self.column.addWidget(area, 2)

    def refresh(self) -> None:
        if self.row is None:
            return
        found = self.context.read(queries.grid, self.row.id)
        self._head(found)
        self._show_bands(found.grid)
        self.table.set_rows(found.grid.criteria)
        if self.table.current_row() is None and found.grid.criteria:
            self.table.select_identity(found.grid.criteria[0].code)
        self._show(self.table.current_row())

    def _head(self, found: GridRow) -> None:
        weights = sum(c.weight for c in found.grid.criteria)
        problems = found.grid.problems()
        self.total.setText(f"Total des poids{NBSP}: {weights}" if weights == TOTAL else problems[0])
        theme.set_type(self.total, "body", "" if weights == TOTAL else "danger", 600)
        method = "moyenne" if found.grid.method == "mean" else "médiane"
        self.version.setText(
            f"Version {found.version}, depuis le {long_date(found.effective_from)} · niveaux 0 à {found.grid.scale} · "
            f"{method} des membres"
        )
        if found.frozen_at is not None:
            self.state.set_badge(f"Figée depuis le {long_date(local(found.frozen_at).date())}", "neutral", "lock")
            self.state.setToolTip("Cette grille a servi : elle ne change plus.")
        elif found.to_validate:
            self.state.set_badge("À valider", "warning")
            self.state.setToolTip("Grille livrée avec l’application, à confirmer. La première note la fige.")
        else:
            self.state.set_badge("Modifiable", "info")
            self.state.setToolTip("La première note la fige.")

    def _show_bands(self, grid: Grid) -> None:
        while (item := self.bands.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        above = TOTAL
        for band in sorted(grid.bands, key=lambda b: b.start, reverse=True):
            last = "" if above == TOTAL else f" à moins de {above}"
            words = f"{band.label}{NBSP}: {band.start}{last or ' et plus'}"
            self.bands.addWidget(Chip(words, _BAND_TINTS.get(band.code, "neutral"), title="Bande"))
            above = band.start
        self.bands.addStretch(1)

    def _show(self, criterion: Criterion | None) -> None:
        if criterion is None:
            return
        self.guide.setText(f"{criterion.label} – {criterion.guide}" if criterion.guide else criterion.label)
        for card, level in zip(self.levels, criterion.levels, strict=False):
            card.put(level)
