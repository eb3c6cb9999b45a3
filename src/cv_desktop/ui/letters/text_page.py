"""The text of one letter: its free blocks, written for it alone, beside its page."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from cv_desktop.domain import letter_template
from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_template import Fault, Vocabulary
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import letter_texts, letter_trials
from cv_desktop.ui import icons, theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.letters.entries import Entry
from cv_desktop.ui.templates.blocks_column import BlocksColumn
from cv_desktop.ui.templates.insert_button import InsertButton
from cv_desktop.ui.templates.token_edit import NO_WORDS
from cv_desktop.ui.templates.trial_view import TrialView
from cv_desktop.ui.templates.typing_keeper import TypingKeeper

FIXED = (
    "Objet, signature et voies de recours viennent du modèle\u00a0; montants et références viennent du dossier. "
    "Ce que vous changez ici ne vaut que pour ce courrier, qui reviendra «\u00a0à relire\u00a0»."
)
SIDES = (620, 560)


class LetterTextPage(QWidget):
    """``show_letter(entry)``; ``back_wanted`` by the button or Échap, ``source_wanted`` of an empty field."""

    back_wanted = Signal()
    source_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._letter = ""
        self._own = False
        self._draft = ""
        self._template: dict[str, Any] = {}
        self._words: Vocabulary = NO_WORDS
        self._kept: frozenset[str] = frozenset()
        self._memory = context.settings.memory("letters.text")
        self.back = QPushButton("Courriers")
        theme.set_kind(self.back, "link", small=True)
        icons.dress(self.back, "arrow-left", "accent", 14)
        self.title, self.state, self.fixed = ElidedLabel(), ElidedLabel(), QLabel(FIXED)
        theme.set_type(self.title, "section", weight=600)
        theme.set_type(self.state, "secondary", "secondary")
        theme.set_type(self.fixed, "secondary", "secondary")
        self.fixed.setWordWrap(True)
        self.restore, self.discard = _button("Revenir au modèle", "undo-2"), _button("Effacer le brouillon", "x")
        self.blocks, self.trial = BlocksColumn(), TrialView(context)
        self.trial.choose_nothing()
        self.insert = InsertButton(self)
        self.keeper = TypingKeeper(context, self._content, self._judged, self._write, self)
        self._lay_out()
        self._wire()

    def show_letter(self, entry: Entry) -> bool:
        """The blocks of a letter; False when it was issued or put away meanwhile, and the message bar says so."""
        try:
            self._read(entry.id)
        except UserError as refusal:
            self._context.refuse(refusal)
            return False
        self.title.setText(f"{entry.short} · {entry.row.structure} · {entry.row.label}")
        draft = self.keeper.draft(f"courrier|{entry.id}")
        self._draft = draft[1] if draft else ""
        if draft:
            self.blocks.put(draft[0]["blocks"], self._words, self._kept)
            self.keeper.judge()
        self._draw(top=True)
        if self.blocks.cards:
            self.blocks.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def refresh(self) -> None:
        """Reads it again after a write elsewhere or an undo; what is being typed and not written yet stays."""
        if not self._letter or self.keeper.writing or self.keeper.waiting:
            return
        try:
            self._read(self._letter)
        except UserError:
            self.back_wanted.emit()
            return
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.keeper.settle()
        super().hideEvent(event)

    def _read(self, letter_id: str) -> None:
        day = local(self._context.clock()).date()
        text = self._context.read(letter_texts.text, letter_id=letter_id)
        self._letter, self._own, self._template = letter_id, text.own, text.template
        self._words = self._context.read(letter_trials.vocabulary, kind=text.kind, day=day)
        self._kept = letter_template.block_mentions(text.template["blocks"])
        self.blocks.put(text.blocks, self._words, self._kept)
        self.keeper.begin(f"courrier|{letter_id}", self._content())

    def _content(self) -> dict[str, Any]:
        return {**self._template, "blocks": self.blocks.blocks()}

    def _judged(self, content: dict[str, Any]) -> tuple[Fault, ...]:
        return letter_template.blocks_faults(content["blocks"], self._words, self._kept)

    def _write(self, content: dict[str, Any]) -> None:
        self._context.attempt(
            f"texte du courrier {self.title.text()}",
            letter_texts.write,
            letter_id=self._letter,
            blocks=content["blocks"],
        )
        self._draft = ""
        self._own = content["blocks"] != self._template["blocks"]
        self._head()

    def _edited(self) -> None:
        self.keeper.typed()
        self._draw()

    def _marked(self, faults: tuple[Fault, ...]) -> None:
        self.blocks.mark(faults)
        self._head()

    def _head(self) -> None:
        faults = self.keeper.faults
        self.restore.setEnabled(self._own)
        self.discard.setVisible(bool(faults or self._draft))
        if faults:
            said = f"{self._draft} Pas encore écrit{NBSP}: {counted(len(faults), 'point')} à revoir.".strip()
        else:
            said = self._draft or ("Texte propre à ce courrier." if self._own else "Texte du modèle.")
        self.state.setText(said)
        theme.set_type(self.state, "secondary", "danger" if faults else "secondary")

    def _restore(self) -> None:
        self.keeper.forget()
        self._draft = ""
        self._context.do(f"texte du modèle, {self.title.text()}", letter_texts.restore, letter_id=self._letter)
        self.refresh()

    def _discard(self) -> None:
        self.keeper.forget()
        self._draft = ""
        self.refresh()

    def _leave(self) -> None:
        self.keeper.settle()
        self.back_wanted.emit()

    def _draw(self, *, top: bool = False) -> None:
        self.trial.draw(partial(letter_trials.on_letter, letter_id=self._letter, blocks=self.blocks.blocks()), top=top)

    def _wire(self) -> None:
        self.back.clicked.connect(self._leave)
        self.restore.clicked.connect(self._restore)
        self.discard.clicked.connect(self._discard)
        self.blocks.edited.connect(self._edited)
        self.blocks.left.connect(self.keeper.settle)
        self.keeper.judged.connect(self._marked)
        self.trial.conditions_known.connect(self.blocks.hold)
        self.trial.source_wanted.connect(lambda missing, _file: self.source_wanted.emit(missing))
        self.split.splitterMoved.connect(lambda *_: self._memory.update(split=self.split.sizes()))

    def _lay_out(self) -> None:
        head, line = QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 2)
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.restore)
        line.setContentsMargins(16, 0, 16, 8)
        line.addWidget(self.state, 1)
        line.addWidget(self.discard)
        line.addWidget(self.insert)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(16, 4, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.fixed)
        column.addWidget(self.blocks)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName("Texte du courrier")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(whole)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(area)
        self.split.addWidget(self.trial)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes(self._memory.get("split", list(SIDES)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addLayout(line)
        layout.addWidget(self.split, 1)


def _button(words: str, icon: str) -> QPushButton:
    button = QPushButton(words)
    theme.set_kind(button, "secondary", small=True)
    icons.dress(button, icon, "text", 14)
    return button
