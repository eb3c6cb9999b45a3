"""A mark changed after the revelation: which criterion, which level, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from cv_desktop.domain.grid import Grid
from cv_desktop.domain.marks import Mark
from cv_desktop.ui.dialogs import ReasonQuestion

NBSP = "\u00a0"


class CorrectMark(ReasonQuestion):
    """``criterion``, ``level`` (None: sans objet) and ``reason`` once accepted."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        effects: list[str],
        grid: Grid,
        sheet: dict[str, Mark],
        reasons: Sequence[str],
    ) -> None:
        super().__init__(parent, title, effects, reasons, "Modifier la note", "Ne rien changer")
        self._grid, self._sheet = grid, sheet
        self._criteria, self._levels = QComboBox(), QComboBox()
        for criterion in grid.criteria:
            if criterion.code in sheet:
                self._criteria.addItem(criterion.label, criterion.code)
        for place, (words, box) in enumerate((("&Critère", self._criteria), ("&Niveau", self._levels))):
            label = QLabel(words)
            label.setBuddy(box)
            self.body.insertWidget(2 * place, label)
            self.body.insertWidget(2 * place + 1, box)
        self._criteria.currentIndexChanged.connect(lambda _place: self._offer())
        self._offer()
        self._criteria.setFocus()

    @property
    def criterion(self) -> str:
        return str(self._criteria.currentData() or "")

    @property
    def level(self) -> int | None:
        value = self._levels.currentData()
        return None if value is None else int(value)

    def _offer(self) -> None:
        """The levels of the criterion chosen, the present one said."""
        self._levels.clear()
        if not self.criterion:
            return
        rule, given = self._grid.criterion(self.criterion), self._sheet[self.criterion]
        for level in self._grid.levels_of(rule):
            words = next((x.name for x in rule.levels if x.value == level), "")
            now = " (note actuelle)" if given.level == level else ""
            self._levels.addItem(f"{level}{f'{NBSP}: {words}' if words else ''}{now}", level)
        if rule.na_allowed:
            self._levels.addItem("Sans objet" + (" (note actuelle)" if given.not_applicable else ""), None)
        self._levels.setCurrentIndex(self._levels.findData(given.level))
