"""One block of a letter: its type, its condition, what it holds, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from cv_desktop.domain.letter_template import TYPES, Vocabulary
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.ui import icons, theme
from cv_desktop.ui.look import px
from cv_desktop.ui.templates.bodies import TextBody, body_of
from cv_desktop.ui.templates.token_edit import NO_WORDS

ALWAYS = "toujours"
KEPT = "Ce courrier doit dire ce que porte ce bloc\u00a0: il se déplace, il ne se supprime pas."
_TEXTS = ("paragraph", "heading")


class BlockCard(QFrame):
    """``put`` a block, ``block`` as it is written now; Alt+↑ and Alt+↓ move it from anywhere inside."""

    edited = Signal()
    left = Signal()
    moved = Signal(int)
    duplicated = Signal()
    removed = Signal()
    split = Signal(str)

    def __init__(self, block: Mapping[str, Any], words: Vocabulary = NO_WORDS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.type = str(block["type"])
        self._words = words
        self.name, self.fault, self.unseen = QLabel(), QLabel(), QLabel()
        theme.set_type(self.name, "secondary", "secondary", 600)
        theme.set_type(self.fault, "secondary", "danger", 500)
        theme.set_type(self.unseen, "meta", "hint")
        self.fault.setWordWrap(True)
        self.unseen.setWordWrap(True)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.hide()
        self.unseen.hide()
        self.kind = QComboBox()
        self.kind.setAccessibleName("Type du bloc")
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(7)
        for type_ in _TEXTS:
            self.kind.addItem(TYPES[type_], type_)
        self.condition = QComboBox()
        self.condition.setAccessibleName("Condition du bloc")
        self.condition.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.condition.setMinimumContentsLength(7)
        self.up, self.down = _tool("chevron-up", "Monter (Alt+↑)"), _tool("chevron-down", "Descendre (Alt+↓)")
        self.copy, self.remove = _tool("copy", "Dupliquer ce bloc"), _tool("x", "Supprimer ce bloc")
        self.body = body_of(self.type)
        self._lay_out()
        self.set_words(words)
        self.put(block)
        self._wire()

    def put(self, block: Mapping[str, Any]) -> None:
        """Show a block of the type of this card."""
        self._choose(block.get("when", ""))
        self.kind.setCurrentIndex(max(0, self.kind.findData(block["type"])))
        self.body.put(block)

    def block(self) -> dict[str, Any]:
        made = self.body.block()
        if self.type in _TEXTS:
            made["type"] = self.kind.currentData()
        if when := self.condition.currentData():
            made["when"] = when
        return made

    def fits(self, block: Mapping[str, Any]) -> bool:
        """Whether a block may be shown by this card."""
        return block["type"] == self.type or (block["type"] in _TEXTS and self.type in _TEXTS)

    def set_words(self, words: Vocabulary) -> None:
        self._words = words
        chosen = self.condition.currentData()
        self.condition.clear()
        self.condition.addItem(ALWAYS, "")
        for key, said in words.conditions.items():
            self.condition.addItem(said, key)
        self._choose(chosen or "")
        self.body.set_words(words)

    def number(self, rank: int, count: int, *, kept: bool) -> None:
        """Its place among the others; ``kept``: the letter must say what it says."""
        self.name.setText(f"{rank + 1}" if self.type in _TEXTS else f"{rank + 1} · {TYPES[self.type]}")
        self.setAccessibleName(f"Bloc {rank + 1}, {TYPES[self.type].lower()}")
        self.up.setEnabled(rank > 0)
        self.down.setEnabled(rank + 1 < count)
        self.remove.setEnabled(count > 1 and not kept)
        self.remove.setToolTip(KEPT if kept else "Supprimer ce bloc")

    def mark(self, sentences: Sequence[str]) -> None:
        """What is wrong with it, under it; nothing takes the mark away."""
        self.fault.setText("\n".join(sentences))
        self.fault.setVisible(bool(sentences))
        if bool(self.property("invalid")) != bool(sentences):
            self.setProperty("invalid", bool(sentences))
            theme.repolish(self)

    def hold(self, conditions: frozenset[str] | None) -> None:
        """Which conditions hold for the file tried: a block left out says so."""
        when = self.condition.currentData()
        out = conditions is not None and bool(when) and when not in conditions
        self.unseen.setVisible(out)
        if out:
            self.unseen.setText(f"Absent de la page\u00a0: {quote(self.condition.currentText())} n’est pas le cas ici.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(step)
            return
        super().keyPressEvent(event)

    def _choose(self, when: str) -> None:
        if when and self.condition.findData(when) < 0:
            self.condition.addItem(f"condition inconnue{NBSP}: {when}", when)
        self.condition.setCurrentIndex(max(0, self.condition.findData(when)))

    def _wire(self) -> None:
        self.body.edited.connect(self.edited)
        self.body.left.connect(self.left)
        self.body.split.connect(self.split)
        for box in (self.kind, self.condition):
            box.activated.connect(lambda _index: self.edited.emit())
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.copy.clicked.connect(self.duplicated)
        self.remove.clicked.connect(self.removed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.name)
        if isinstance(self.body, TextBody):
            head.addWidget(self.kind)
        head.addWidget(self.condition, 1)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for button in (self.up, self.down, self.copy, self.remove):
            tools.addWidget(button)
        head.addLayout(tools)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 8)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.body)
        layout.addWidget(self.fault)
        layout.addWidget(self.unseen)
        self.kind.setFixedWidth(px(118))
        self.setFocusProxy(self.body)


def _tool(icon: str, words: str) -> QToolButton:
    button = QToolButton()
    theme.set_kind(button, "tool", small=True)
    icons.dress(button, icon, "text", 15)
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button
