"""The bands of a grid: named, cut in two, taken away; they always cover 0 to 100."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.calls import GridRow
from cv_desktop.domain import grid_bands
from cv_desktop.domain.grid import Band
from cv_desktop.services import grid_edits
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView


class BandsTable(QWidget):
    """Typed in place; a refusal stands under its cell."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._found: GridRow | None = None
        self._changes = False
        self.model: RowsModel[Band] = RowsModel(self._columns(), identity=lambda b: b.code)
        self.table = TableView(self.model, name="Bandes", memory=context.settings.memory("campagnes.bandes"))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.refused.connect(context.told)
        self.add, self.remove = QPushButton("Partager la bande"), QPushButton("Retirer la bande")
        self.add.setToolTip("La moitié haute de la bande choisie devient une bande à part.")
        self.remove.setToolTip("Ses notes vont à la bande voisine.")
        icons.dress(self.add, "plus", "text", 14)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in (self.add, self.remove):
            theme.set_kind(button, "secondary", small=True)
            line.addWidget(button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.table, 1)
        column.addLayout(line)

    def put(self, found: GridRow, *, changes: bool) -> None:
        self._found, self._changes = found, changes
        bands = grid_bands.going_down(found.grid)
        self.table.set_rows(bands)
        if self.table.current_row() is None and bands:
            self.table.select_identity(bands[0].code)
        for button in (self.add, self.remove):
            button.setEnabled(changes)

    def _add(self) -> None:
        row: Band | None = self.table.current_row()
        if row is None or self._found is None:
            return
        known = {b.code for b in self._found.grid.bands}
        done = self.context.do("bande ajoutée", grid_edits.add_band, grid_id=self._found.id, above=row.code)
        if done is not None:
            new = next((b.code for b in self.model.rows() if b.code not in known), "")
            self.table.select_identity(new, "label")
            self.table.setFocus()

    def _remove(self) -> None:
        row: Band | None = self.table.current_row()
        if row is not None and self._found is not None:
            label = f"bande {row.label} retirée"
            self.context.do(label, grid_edits.remove_band, grid_id=self._found.id, code=row.code)

    def _write(self, band: Band, key: str, text: str) -> None:
        if self._found is not None:
            self.context.attempt(
                f"bande {band.label}", grid_edits.set_band, grid_id=self._found.id, code=band.code, **{key: text}
            )

    def _range(self, band: Band) -> str:
        return grid_bands.range_words(self._found.grid, band) if self._found is not None else ""

    def _columns(self) -> list[Column[Band]]:
        def may(_band: Band) -> bool:
            return self._changes

        return [
            Column("label", "Bande", lambda b: b.label, width=150, stretch=True, weight=500,
                   edit=lambda b, text: self._write(b, "label", text), editable=may),
            Column("start", "Dès", lambda b: str(b.start), sort=lambda b: b.start, width=60, align="right",
                   edit=lambda b, text: self._write(b, "start", text), editable=may, tooltip="note sur 100"),
            Column("range", "Notes", self._range, width=150, tone="secondary"),
            Column("opinion", "Avis attendu", lambda b: grid_bands.OPINIONS[b.expected], width=120,
                   edit=lambda b, text: self._write(b, "opinion", text), editable=may,
                   tooltip="favorable, avec réserves, défavorable ou aucun\u00a0; s’en écarter demande un motif"),
        ]  # fmt: skip
