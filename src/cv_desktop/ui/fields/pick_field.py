"""Several things picked from a list by typing: quarters, objectives, priorities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries.form import Choice
from cv_desktop.domain.text import fold
from cv_desktop.ui import icons, theme
from cv_desktop.ui.fields.field import Field
from cv_desktop.ui.fields.proposals import Proposal, Proposals


class PickField(Field):
    """``PickField(label, choices)``: value a tuple of codes, committed at each choice.

    Entrée picks what is proposed, or goes on when nothing is typed; Retour arrière in the empty field takes back.
    """

    editor: QLineEdit

    def __init__(self, label: str, choices: Sequence[Choice], *, hint: str = "", placeholder: str = "") -> None:
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        self.offer(choices)
        self._picked: tuple[str, ...] = ()
        self._chips = QWidget()
        self._row = QVBoxLayout(self._chips)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        super().__init__(label, line, hint=hint)
        self._known = ()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(2, self._chips)
        self._chips.hide()
        self.proposals = Proposals(line, self._find, first=True)
        self.proposals.chosen.connect(self._pick)

    def offer(self, choices: Sequence[Choice]) -> None:
        """What may be picked from now on."""
        self._choices = {x.code: x for x in choices}
        self._folded = {x.code: fold(f"{x.code} {x.detail} {x.label}") for x in choices}

    def text(self) -> str:
        return ", ".join(self._choices[code].label for code in self._picked if code in self._choices)

    def value(self) -> Any:
        return self._picked

    def _put(self, value: Any) -> None:
        self._picked = tuple(value or ())
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for code in self._picked:
            self._row.addWidget(self._chip(code), 0, Qt.AlignmentFlag.AlignLeft)
        self._chips.setVisible(bool(self._picked))
        self.editor.setAccessibleDescription(self.text() or self._hint.text())

    def _chip(self, code: str) -> QPushButton:
        choice = self._choices.get(code)
        words = choice.label if choice else code
        button = QPushButton(words.replace("&", "&&"))
        theme.set_kind(button, "secondary", small=True)
        icons.dress(button, "x", "secondary", 13)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(f"Retirer {words}" + (f"\n{choice.detail}" if choice and choice.detail else ""))
        button.setAccessibleName(f"Retirer {words}")
        button.clicked.connect(lambda: self._set(tuple(x for x in self._picked if x != code)))
        return button

    def _find(self, text: str) -> list[Proposal]:
        wanted = fold(text).split()
        return [
            Proposal(code, x.label, x.detail)
            for code, x in self._choices.items()
            if code not in self._picked and not x.closed and all(word in self._folded[code] for word in wanted)
        ]

    def _pick(self, code: str) -> None:
        self.editor.clear()
        self._set((*self._picked, code))

    def _set(self, codes: tuple[str, ...]) -> None:
        if codes != self._known:
            self._known = codes
            self._put(codes)
            self.committed.emit(codes)

    def _key(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self.editor.text().strip():
            self.refuse("Rien ne correspond dans la liste. Effacez, ou tapez un autre mot.")
            return True
        if event.key() == Qt.Key.Key_Backspace and not self.editor.text() and self._picked:
            self._set(self._picked[:-1])
            return True
        if not enter:
            self.accept()
        return super()._key(event)
