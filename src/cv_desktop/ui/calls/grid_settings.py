"""What holds for the whole grid: scale, method, levels that ask a sentence, bands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cv_desktop.db.queries.calls import GridRow
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid_entry import METHODS, levels_words
from cv_desktop.services import grid_edits
from cv_desktop.ui.calls.grid_bands_table import BandsTable
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, Field, TextField


class GridSettings(QWidget):
    """Fields written on leaving them, beside the bands."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._grid = ""
        self.method = ChoiceField("Note du comité", list(METHODS.items()))
        self.scale = TextField("Niveau le plus haut")
        self.comments = TextField("Phrase demandée à")
        self.comments.setToolTip("Des niveaux séparés par des virgules, ou aucun.")
        self.bands = BandsTable(context)
        fields = QVBoxLayout()
        fields.setSpacing(6)
        for field in (self.method, self.scale, self.comments):
            fields.addWidget(field)
        fields.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 8, 0, 0)
        line.setSpacing(16)
        line.addLayout(fields, 1)
        line.addWidget(self.bands, 3)
        self._binds(self.method, grid_edits.set_method, "method")
        self._binds(self.scale, grid_edits.set_scale, "text")
        self._binds(self.comments, grid_edits.set_comment_levels, "text")

    def put(self, found: GridRow, *, changes: bool) -> None:
        self._grid = found.id
        self.method.set_value(found.grid.method)
        self.scale.set_value(str(found.grid.scale))
        self.comments.set_value(levels_words(found.grid.comment_levels))
        for field in (self.method, self.scale, self.comments):
            field.setEnabled(changes)
        self.bands.put(found, changes=changes)

    def _binds(self, field: Field, verb: Callable[..., Any], key: str) -> None:
        def write(value: Any) -> None:
            try:
                self.context.attempt(f"grille, {field.label.text()}", verb, grid_id=self._grid, **{key: value})
            except UserError as refusal:
                field.refuse(refusal.message)

        field.committed.connect(write)
