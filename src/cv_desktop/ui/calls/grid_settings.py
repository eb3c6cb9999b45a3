"""What holds for the whole grid: scale, method, levels that ask a sentence, bands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cv_desktop.db.queries.calls import GridRow
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid_entry import METHODS, levels_words
from cv_desktop.services import grid_edits
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, Field, TextField


class GridSettings(QWidget):
    """One line of fields, each written on leaving it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._grid = ""
        self.method = ChoiceField("Note du comité", list(METHODS.items()))
        self.scale = TextField("Niveau le plus haut")
        self.comments = TextField("Phrase demandée à")
        self.bands: dict[str, TextField] = {}
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(10)
        for field in (self.method, self.scale, self.comments):
            self.line.addWidget(field, 1)
        self._binds(self.method, grid_edits.set_method, "method")
        self._binds(self.scale, grid_edits.set_scale, "text")
        self._binds(self.comments, grid_edits.set_comment_levels, "text")

    def put(self, found: GridRow, *, changes: bool) -> None:
        self._grid = found.id
        self.method.set_value(found.grid.method)
        self.scale.set_value(str(found.grid.scale))
        self.comments.set_value(levels_words(found.grid.comment_levels))
        bands = sorted(found.grid.bands, key=lambda b: b.start, reverse=True)
        if set(self.bands) != {b.code for b in bands}:
            for field in self.bands.values():
                self.line.removeWidget(field)
                field.hide()
                field.deleteLater()
            self.bands = {}
            for band in bands:
                made = TextField(f"{band.label}, dès")
                self.bands[band.code] = made
                self.line.addWidget(made, 1)
                self._binds(made, grid_edits.set_band, "start", code=band.code)
        for band in bands:
            self.bands[band.code].label.setText(f"{band.label}, dès")
            self.bands[band.code].set_value(str(band.start))
        self.setEnabled(changes)

    def _binds(self, field: Field, verb: Callable[..., Any], key: str, **more: str) -> None:
        def write(value: Any) -> None:
            words = f"grille, {field.label.text()}"
            try:
                self.context.attempt(words, verb, grid_id=self._grid, **{key: value}, **more)
            except UserError as refusal:
                field.refuse(refusal.message)

        field.committed.connect(write)
