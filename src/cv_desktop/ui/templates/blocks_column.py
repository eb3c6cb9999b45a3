"""The blocks of a letter in order: written, added, moved, doubled, taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from cv_desktop.domain.letter_template import (
    TYPES,
    Fault,
    Vocabulary,
    block_mentions,
    empty_block,
)
from cv_desktop.ui import icons, theme
from cv_desktop.ui.templates.block_card import BlockCard
from cv_desktop.ui.templates.token_edit import NO_WORDS


class BlocksColumn(QWidget):
    """``put`` and ``blocks``; ``edited`` at each change, ``left`` when one is done with a text."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[BlockCard] = []
        self._words = NO_WORDS
        self._kept: frozenset[str] = frozenset()
        self.add = QPushButton("Ajouter un bloc")
        theme.set_kind(self.add, "secondary", small=True)
        icons.dress(self.add, "plus", "text", 14)
        menu = QMenu(self.add)
        for type_, words in TYPES.items():
            menu.addAction(words).triggered.connect(partial(self._asked, type_))
        self.add.setMenu(menu)
        self.fault = QLabel()
        self.fault.setWordWrap(True)
        theme.set_type(self.fault, "secondary", "danger", 500)
        self.fault.hide()
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._cards)
        layout.addWidget(self.fault)
        layout.addLayout(foot)

    def put(self, blocks: Sequence[Mapping[str, Any]], words: Vocabulary, kept: frozenset[str]) -> None:
        """Show these blocks. ``kept`` are the mentions that must stay. A block already shown keeps its cursor."""
        self._words, self._kept = words, kept
        while len(self.cards) > len(blocks):
            self._take(len(self.cards) - 1)
        for rank, block in enumerate(blocks):
            if rank < len(self.cards) and self.cards[rank].fits(block):
                self.cards[rank].set_words(words)
                self.cards[rank].put(block)
            else:
                if rank < len(self.cards):
                    self._take(rank)
                self._insert(rank, block)
        self._number()

    def blocks(self) -> list[dict[str, Any]]:
        return [card.block() for card in self.cards]

    def mark(self, faults: Sequence[Fault]) -> None:
        """Each fault under its block; those of no block in particular, under them all."""
        for rank, card in enumerate(self.cards):
            card.mark([fault.sentence for fault in faults if fault.where == f"blocks.{rank}"])
        whole = [fault.sentence for fault in faults if fault.where == "blocks"]
        self.fault.setText("\n".join(whole))
        self.fault.setVisible(bool(whole))

    def hold(self, conditions: frozenset[str] | None) -> None:
        """Which conditions hold for the file tried."""
        for card in self.cards:
            card.hold(conditions)

    def append(self, type_: str) -> None:
        """A new block of a type, after the one where the keyboard is, or at the end."""
        rank = next((i for i, card in enumerate(self.cards) if card.isAncestorOf(self.focusWidget() or self)), None)
        self._new(len(self.cards) if rank is None else rank + 1, empty_block(type_))

    def _asked(self, type_: str, _checked: bool = False) -> None:
        self.append(type_)

    def _new(self, rank: int, block: Mapping[str, Any]) -> None:
        card = self._insert(rank, block)
        self._number()
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _insert(self, rank: int, block: Mapping[str, Any]) -> BlockCard:
        card = BlockCard(block, self._words)
        card.edited.connect(self._changed)
        card.left.connect(self.left)
        card.moved.connect(lambda by: self._move(card, by))
        card.duplicated.connect(lambda: self._new(self.cards.index(card) + 1, card.block()))
        card.removed.connect(lambda: self._remove(card))
        card.split.connect(lambda rest: self._split(card, rest))
        self.cards.insert(rank, card)
        self._cards.insertWidget(rank, card)
        return card

    def _changed(self) -> None:
        self._number()
        self.edited.emit()

    def _split(self, card: BlockCard, rest: str) -> None:
        block = {**card.block(), "type": "paragraph", "text": rest}
        self._new(self.cards.index(card) + 1, block)

    def _move(self, card: BlockCard, by: int) -> None:
        rank = self.cards.index(card)
        if not 0 <= rank + by < len(self.cards):
            return
        held = self.focusWidget()
        self.cards.insert(rank + by, self.cards.pop(rank))
        self._cards.removeWidget(card)
        self._cards.insertWidget(rank + by, card)
        if held is not None:
            held.setFocus(Qt.FocusReason.OtherFocusReason)
        self._number()
        self.edited.emit()

    def _remove(self, card: BlockCard) -> None:
        rank = self.cards.index(card)
        self._take(rank)
        self._number()
        if self.cards:
            self.cards[min(rank, len(self.cards) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _take(self, rank: int) -> None:
        card = self.cards.pop(rank)
        self._cards.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _number(self) -> None:
        """Their places, and which of them alone says what the letter must say."""
        said = [block_mentions([block]) & self._kept for block in self.blocks()]
        for rank, card in enumerate(self.cards):
            others = frozenset().union(*(x for i, x in enumerate(said) if i != rank)) if len(said) > 1 else frozenset()
            card.number(rank, len(self.cards), kept=bool(said[rank] - others))
