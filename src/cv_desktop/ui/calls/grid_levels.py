"""The question and the written levels of one criterion, side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import ANCHORS, Criterion, Level
from cv_desktop.services import grid_edits
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.field import Field, LongTextField, TextField


class _LevelCard(QFrame):
    """The name and the text of one level, as the members will see it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.value = QLabel()
        theme.set_type(self.value, "section", weight=600)
        self.name, self.text = (
            TextField("Nom", required=True),
            LongTextField("Ce qui le mérite", required=True, lines=3),
        )
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.value, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.name, 1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(10, 8, 10, 8)
        inside.setSpacing(4)
        inside.addLayout(line)
        inside.addWidget(self.text, 1)
        for field in (self.name, self.text):
            field.label.hide()

    def put(self, level: Level, *, changes: bool) -> None:
        self.value.setText(str(level.value))
        self.name.set_value(level.name)
        if not self.name.editor.hasFocus():
            # A long name is read from its beginning.
            self.name.editor.setCursorPosition(0)
        self.text.set_value(level.text)
        # In a low window at 130 % a long text scrolls: it is read whole here.
        self.setToolTip(f"{level.name}\n{level.text}")
        self.name.editor.setAccessibleName(f"Niveau {level.value}, nom (obligatoire)")
        self.text.editor.setAccessibleName(f"Niveau {level.value}, ce qui le mérite (obligatoire)")
        self.name.editor.setReadOnly(not changes)
        self.text.editor.setReadOnly(not changes)
        self.setAccessibleName(f"Niveau {level.value}, {level.name}. {level.text}")


class CriterionTexts(QWidget):
    """Written where they are read; a field shows its own refusal."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._grid, self._code = "", ""
        self.cards = [_LevelCard() for _ in range(ANCHORS)]
        self.guide = TextField("Question que le membre se pose")
        self.guide.committed.connect(self._write_guide)
        line = QHBoxLayout()
        line.setSpacing(8)
        for rank, card in enumerate(self.cards):
            line.addWidget(card, 1)
            card.name.committed.connect(lambda value, r=rank, f=card.name: self._write_level(f, r, name=value))
            card.text.committed.connect(lambda value, r=rank, f=card.text: self._write_level(f, r, text=value))
        asked = QHBoxLayout()
        asked.setSpacing(8)
        asked.addWidget(self.guide.label)
        asked.addWidget(self.guide, 1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 8, 0, 0)
        inside.setSpacing(4)
        inside.addLayout(line, 1)
        inside.addLayout(asked)

    def put(self, grid_id: str, criterion: Criterion, *, changes: bool) -> None:
        if (self._grid, self._code) != (grid_id, criterion.code):
            # What is being typed belongs to the criterion that is left.
            for field in self._fields():
                if field.dirty and not field.wrong:
                    field.commit()
                field.replace(field.value())
        self._grid, self._code = grid_id, criterion.code
        self.guide.set_value(criterion.guide)
        if not self.guide.editor.hasFocus():
            self.guide.editor.setCursorPosition(0)
        self.guide.editor.setReadOnly(not changes)
        for rank, card in enumerate(self.cards):
            card.setVisible(rank < len(criterion.levels))
            if rank < len(criterion.levels):
                card.put(criterion.levels[rank], changes=changes)

    def _fields(self) -> list[Field]:
        return [self.guide, *(field for card in self.cards for field in (card.name, card.text))]

    def _write_guide(self, value: str) -> None:
        try:
            self.context.attempt(
                f"{self._code}, question",
                grid_edits.set_field,
                grid_id=self._grid,
                code=self._code,
                key="guide",
                text=value,
            )
        except UserError as refusal:
            self.guide.refuse(refusal.message)

    def _write_level(self, field: Field, rank: int, *, name: str | None = None, text: str | None = None) -> None:
        try:
            self.context.attempt(
                f"{self._code}, texte d’un niveau",
                grid_edits.set_level,
                grid_id=self._grid,
                code=self._code,
                rank=rank,
                name=name,
                text=text,
            )
        except UserError as refusal:
            field.refuse(refusal.message)
