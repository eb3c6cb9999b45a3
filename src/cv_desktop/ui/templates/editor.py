"""The text of a kind of letter as it is written: object, blocks, closing, what ends the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.domain.letter_template import LINES, PARTS, SIGNATORIES, Fault, Vocabulary
from cv_desktop.ui import theme
from cv_desktop.ui.templates.blocks_column import BlocksColumn
from cv_desktop.ui.templates.token_edit import TokenEdit

NO_RECOURSE = "Aucune"


class TemplateEditor(QScrollArea):
    """``put`` a text, ``content`` as it is written now; ``edited`` at each change, ``left`` on leaving a text."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Texte du modèle")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rest: dict[str, Any] = {}
        self.texts = {key: TokenEdit(label) for key, label in PARTS.items()}
        self.lines = {key: TokenEdit(f"{label}, une par ligne", lines=True) for key, label in LINES.items()}
        self.signatory, self.recourse = QComboBox(), QComboBox()
        for key, words in SIGNATORIES.items():
            self.signatory.addItem(words, key)
        self.blocks = BlocksColumn()
        self._faults: dict[str, QLabel] = {}
        whole = QWidget()
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(4)
        for key in ("object", "detail", "salutation"):
            self._add(key, PARTS[key], self.texts[key])
        self._add("blocks", "Blocs", self.blocks)
        self._add("closing", PARTS["closing"], self.texts["closing"])
        for key, label in LINES.items():
            self._add(key, f"{label}, une par ligne", self.lines[key])
        self._add("signatory", "Signature", self.signatory)
        self._add("recourse", "Voies et délais de recours", self.recourse)
        self._column.addStretch(1)
        self.setWidget(whole)
        self._wire()

    def minimumSizeHint(self) -> QSize:
        """Nothing scrolls sideways: never narrower than what it holds."""
        hint, inside = super().minimumSizeHint(), self.widget()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(max(hint.width(), inside.minimumSizeHint().width() + bar), hint.height()) if inside else hint

    def put(self, content: Mapping[str, Any], words: Vocabulary, kept: frozenset[str]) -> None:
        """Show a text; what a person is typing in keeps its cursor where it says the same."""
        self._rest = dict(content)
        for edit in (*self.texts.values(), *self.lines.values()):
            edit.set_words(words)
        for key, edit in self.texts.items():
            edit.put(content[key])
        for key, edit in self.lines.items():
            edit.put("\n".join(content.get(key, ())))
        self.blocks.put(content["blocks"], words, kept)
        self.signatory.setCurrentIndex(max(0, self.signatory.findData(content.get("signatory", "president"))))
        self._offer_recourses(words, content.get("recourse") or "", required="recourse" in kept)

    def content(self) -> dict[str, Any]:
        """The text; what this screen does not show stays as it was."""
        lines = {key: [x for x in edit.written().split("\n") if x.strip()] for key, edit in self.lines.items()}
        return {
            **self._rest,
            **{key: edit.written() for key, edit in self.texts.items()},
            "blocks": self.blocks.blocks(),
            **lines,
            "signatory": self.signatory.currentData(),
            "recourse": self.recourse.currentData() or None,
        }

    def mark(self, faults: Sequence[Fault]) -> None:
        """Each fault where it is."""
        self.blocks.mark(faults)
        for key, label in self._faults.items():
            said = [fault.sentence for fault in faults if fault.where.partition(".")[0] == key and key != "blocks"]
            label.setText("\n".join(said))
            label.setVisible(bool(said))

    def _offer_recourses(self, words: Vocabulary, chosen: str, *, required: bool) -> None:
        self.recourse.clear()
        if not required or not chosen:
            self.recourse.addItem(NO_RECOURSE, "")
        for key, said in words.recourses.items():
            self.recourse.addItem(said, key)
        if chosen and self.recourse.findData(chosen) < 0:
            self.recourse.addItem(f"Mention inconnue\u00a0: {chosen}", chosen)
        self.recourse.setCurrentIndex(max(0, self.recourse.findData(chosen)))

    def _add(self, key: str, label: str, widget: QWidget) -> None:
        name = QLabel(label)
        theme.set_type(name, "secondary", "secondary", 500)
        fault = QLabel()
        fault.setWordWrap(True)
        fault.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_type(fault, "secondary", "danger", 500)
        fault.hide()
        self._faults[key] = fault
        if not isinstance(widget, BlocksColumn):
            name.setBuddy(widget)
            widget.setAccessibleName(label)
        self._column.addWidget(name)
        if isinstance(widget, QComboBox):
            widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            widget.setMinimumContentsLength(12)
            line = QHBoxLayout()
            line.addWidget(widget, 1)
            self._column.addLayout(line)
        else:
            self._column.addWidget(widget)
        self._column.addWidget(fault)
        self._column.addSpacing(8)

    def _wire(self) -> None:
        for edit in (*self.texts.values(), *self.lines.values()):
            edit.edited.connect(self.edited)
            edit.left.connect(self.left)
        self.blocks.edited.connect(self.edited)
        self.blocks.left.connect(self.left)
        for box in (self.signatory, self.recourse):
            box.activated.connect(lambda _index: self.edited.emit())
