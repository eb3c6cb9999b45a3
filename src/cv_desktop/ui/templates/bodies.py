"""What a block holds, by its type: a text, lines, conditions, a small table, the granted amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from cv_desktop.domain.letter_template import LIST, TABLE, Vocabulary
from cv_desktop.ui import theme
from cv_desktop.ui.templates.rows_grid import RowsGrid
from cv_desktop.ui.templates.token_edit import TokenEdit

AMOUNT = "En chiffres et en lettres, pris de la décision. Ce bloc ne s’écrit pas."
BY_HAND = "Lignes écrites ici"


class Body(QWidget):
    """``put`` shows a block, ``block`` gives it back without its condition."""

    edited = Signal()
    left = Signal()
    split = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    def put(self, block: Mapping[str, Any]) -> None:
        """Show a block of this body’s type."""

    def block(self) -> dict[str, Any]:
        raise NotImplementedError

    def set_words(self, words: Vocabulary) -> None:
        """What may be asked."""

    def insert_field(self, name: str) -> bool:
        """A field where the cursor is; False when none of its texts has it."""
        return False

    def follow(self, edit: TokenEdit) -> None:
        edit.edited.connect(self.edited)
        edit.left.connect(self.left)


class TextBody(Body):
    """A paragraph or a heading: one text; Entrée begins another block."""

    def __init__(self, type_: str) -> None:
        super().__init__()
        self._type = type_
        self.text = TokenEdit("Texte")
        self.follow(self.text)
        self.text.split.connect(self.split)
        self.setFocusProxy(self.text)
        self.column.addWidget(self.text)

    def put(self, block: Mapping[str, Any]) -> None:
        self.text.put(block["text"])

    def block(self) -> dict[str, Any]:
        return {"type": self._type, "text": self.text.written()}

    def set_words(self, words: Vocabulary) -> None:
        self.text.set_words(words)


class ListBody(Body):
    """Lines written here, one bullet each, or those that a field gives."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.lines = QComboBox(), TokenEdit("Lignes, une par puce", lines=True)
        self.source.setAccessibleName("Origine des lignes")
        self.source.activated.connect(lambda _index: self._chosen())
        self.follow(self.lines)
        self.column.addWidget(self.source, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.lines)
        self.setFocusProxy(self.lines)

    def put(self, block: Mapping[str, Any]) -> None:
        _choose(self.source, block.get("field", ""))
        if "field" not in block:
            self.lines.put("\n".join(block["items"]))
        self.lines.setVisible("field" not in block)

    def block(self) -> dict[str, Any]:
        if field := self.source.currentData():
            return {"type": "list", "field": field}
        return {"type": "list", "items": self.lines.written().split("\n")}

    def set_words(self, words: Vocabulary) -> None:
        self.lines.set_words(words)
        _offer(self.source, words, LIST)

    def _chosen(self) -> None:
        self.lines.setVisible(not self.source.currentData())
        self.edited.emit()


class ConditionsBody(Body):
    """A title and a text on each row: « Versement », « en une fois »."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = RowsGrid(("Intitulé", "Texte"), "Ajouter une condition", heads=1)
        self.grid.edited.connect(self.edited)
        self.grid.left.connect(self.left)
        self.column.addWidget(self.grid)
        self.setFocusProxy(self.grid)

    def put(self, block: Mapping[str, Any]) -> None:
        self.grid.put(block["items"])

    def block(self) -> dict[str, Any]:
        return {"type": "conditions", "items": self.grid.rows()}

    def set_words(self, words: Vocabulary) -> None:
        self.grid.set_words(words)


class TableBody(Body):
    """A small table: its titles, and rows written here or given by a field."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.titles = QComboBox(), QLineEdit()
        self.source.setAccessibleName("Origine des lignes du tableau")
        self.source.activated.connect(lambda _index: self._chosen())
        self.titles.setAccessibleName("Titres des colonnes, séparés par une barre")
        self.titles.setPlaceholderText("Titres des colonnes, séparés par une barre\u00a0: Date | Montant")
        self.titles.textEdited.connect(lambda _text: self._titled())
        self.titles.editingFinished.connect(self.left)
        self.grid = RowsGrid(("", ""), "Ajouter une ligne", heads=0)
        self.grid.edited.connect(self.edited)
        self.grid.left.connect(self.left)
        self.column.addWidget(self.source, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.titles)
        self.column.addWidget(self.grid)
        self.setFocusProxy(self.titles)

    def put(self, block: Mapping[str, Any]) -> None:
        _choose(self.source, block.get("field", ""))
        if self._head() != list(block["head"]):
            self.titles.setText(" | ".join(block["head"]))
        self.grid.set_columns(block["head"])
        self.grid.put(block.get("rows", []))
        self.grid.setVisible("field" not in block)

    def block(self) -> dict[str, Any]:
        if field := self.source.currentData():
            return {"type": "table", "head": self._head(), "field": field}
        return {"type": "table", "head": self._head(), "rows": self.grid.rows()}

    def set_words(self, words: Vocabulary) -> None:
        self.grid.set_words(words)
        _offer(self.source, words, TABLE)

    def _head(self) -> list[str]:
        return [title.strip() for title in self.titles.text().split("|")]

    def _titled(self) -> None:
        self.grid.set_columns(self._head())
        self.edited.emit()

    def _chosen(self) -> None:
        self.grid.setVisible(not self.source.currentData())
        self.edited.emit()


class AmountBody(Body):
    """The granted amount, which only the decision says."""

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel(AMOUNT)
        self.words.setWordWrap(True)
        theme.set_type(self.words, "secondary", "secondary")
        self.column.addWidget(self.words)

    def block(self) -> dict[str, Any]:
        return {"type": "amount"}


def body_of(type_: str) -> Body:
    """The body of a type of block."""
    match type_:
        case "list":
            return ListBody()
        case "conditions":
            return ConditionsBody()
        case "table":
            return TableBody()
        case "amount":
            return AmountBody()
    return TextBody(type_)


def _offer(box: QComboBox, words: Vocabulary, shape: str) -> None:
    chosen = box.currentData()
    box.clear()
    box.addItem(BY_HAND, "")
    for one in words.fields.values():
        if one.shape == shape:
            box.addItem(f"Champ\u00a0: {one.label}", one.name)
    _choose(box, chosen or "")
    box.setVisible(box.count() > 1)


def _choose(box: QComboBox, name: str) -> None:
    if name and box.findData(name) < 0:
        box.addItem(f"Champ inconnu\u00a0: {name}", name)
        box.setVisible(True)
    box.setCurrentIndex(max(0, box.findData(name)))
