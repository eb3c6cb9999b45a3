"""All that one criterion decides for itself, a field each; what is left to the grid says so."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from cv_desktop.db.queries import form
from cv_desktop.domain import grid_entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion
from cv_desktop.services import grid_edits
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import ChoiceField, Field, TextField
from cv_desktop.ui.fields.pick_field import PickField

AS_GRID = ("", "comme la grille")
YES_NO = [("oui", "oui"), ("non", "non")]
COLUMNS = 4


class CriterionSettings(QWidget):
    """``put`` a criterion; a field is written on leaving it and shows its own refusal."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._grid, self._code = "", ""
        words = [(word, word) for word in grid_entry.METHODS.values()]
        self.fields: dict[str, Field] = {
            "axis": ChoiceField("Volet de la grille", [(word, word) for word in grid_entry.AXES.values()]),
            "method": ChoiceField("Note du comité", [AS_GRID, *words]),
            "eliminatory": ChoiceField("Éliminatoire à 0", YES_NO),
            "floor": TextField("Plancher", placeholder="aucun"),
            "scale": TextField("Niveau le plus haut", placeholder="comme la grille"),
            "admitted": TextField("Niveaux admis", placeholder="tous"),
            "comment_levels": TextField("Phrase demandée à", placeholder="comme la grille"),
            "na_allowed": ChoiceField("«\u00a0Sans objet\u00a0» permis", YES_NO),
            "counted": ChoiceField("Compté dans la note", [("oui", "oui"), ("non", "non, montré seulement")]),
            "dedicated": ChoiceField("«\u00a0Action dédiée\u00a0»", [("", "selon le volet"), *YES_NO]),
        }
        self.themes = PickField(
            "Thèmes des dossiers concernés", (), placeholder="tous\u00a0; tapez un volet ou un objectif"
        )
        tips = {
            "floor": "Un niveau\u00a0: le dossier est éliminé quand le comité est au-dessous.",
            "admitted": "Les niveaux que l’on peut donner quand l’échelle a des trous\u00a0: 0, 2, 5.",
            "comment_levels": "Des niveaux séparés par des virgules, ou aucun.",
            "dedicated": "Un membre peut signaler une action dédiée. Selon le volet\u00a0: sur les transversaux.",
        }
        for key, tip in tips.items():
            self.fields[key].setToolTip(tip)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for place, (key, field) in enumerate(self.fields.items()):
            row, column = divmod(place, COLUMNS)
            grid.addWidget(field, row, column, Qt.AlignmentFlag.AlignTop)
            field.committed.connect(lambda value, k=key, f=field: self._write(f, k, value))
        row, column = divmod(len(self.fields), COLUMNS)
        grid.addWidget(self.themes, row, column, 1, COLUMNS - column, Qt.AlignmentFlag.AlignTop)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(row + 1, 1)
        self.themes.committed.connect(lambda codes: self._write(self.themes, "themes", ", ".join(codes)))

    def put(self, grid_id: str, criterion: Criterion, *, changes: bool) -> None:
        other = (self._grid, self._code) != (grid_id, criterion.code)
        if other:
            # What is being typed belongs to the criterion that is left.
            for field in self.fields.values():
                if field.dirty and not field.wrong:
                    field.commit()
        self._grid, self._code = grid_id, criterion.code
        self.themes.offer(self.context.read(form.themes))
        for key, field in (*self.fields.items(), ("themes", self.themes)):
            value = criterion.themes if key == "themes" else grid_entry.words(criterion, key)
            if other:
                field.replace(value)
            else:
                field.set_value(value)
        self.setEnabled(changes)

    def _write(self, field: Field, key: str, text: str) -> None:
        try:
            self.context.attempt(
                f"{self._code}, {grid_entry.FIELDS[key]}",
                grid_edits.set_field,
                grid_id=self._grid,
                code=self._code,
                key=key,
                text=text,
            )
        except UserError as refusal:
            field.refuse(refusal.message)
