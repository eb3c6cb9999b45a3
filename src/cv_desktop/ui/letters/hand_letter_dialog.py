"""« Préparer un courrier… »: for which file, which letter, and what only the officer knows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_forms import FORMS, Ask
from cv_desktop.domain.text import NBSP
from cv_desktop.services import hand_letters
from cv_desktop.services.hand_letters import Choice
from cv_desktop.ui import theme
from cv_desktop.ui.context import Context
from cv_desktop.ui.dialogs import Question
from cv_desktop.ui.fields.field import ChoiceField, Field, LongTextField, TextField
from cv_desktop.ui.look import px

NOTHING_TYPED = "Ce courrier ne demande aucune indication\u00a0: il dit ce que le dossier contient."
_HEIGHT = 380


@dataclass(frozen=True, slots=True)
class FileChoice:
    """A file in the list: its key, « FIA-2026-0009 · Cultivons l’Exemple »."""

    id: str
    words: str


class HandLetterDialog(Question):
    """``letter_id`` after it was accepted; ``kind`` is proposed first.

    With ``editing`` the letter is there already and its kind is settled.
    """

    def __init__(
        self,
        parent: QWidget | None,
        context: Context,
        files: Sequence[FileChoice],
        *,
        current: str = "",
        kind: str = "",
        editing: tuple[str, str, str] | None = None,
    ) -> None:
        title = "Compléter ce courrier" if editing else "Préparer un courrier"
        verb = "Enregistrer" if editing else "Préparer le courrier"
        super().__init__(parent, title, [], verb, "Fermer")
        self._context = context
        self._editing = editing
        self._fields: dict[str, Field] = {}
        self.letter_id = editing[0] if editing else ""
        self.file, self.kind, self.reason = QComboBox(), QComboBox(), QLabel()
        self.form, self.area = QWidget(), QScrollArea()
        self._lay_out(files, current)
        self.verb_button.clicked.disconnect()
        self.verb_button.clicked.connect(self._write)
        self.setMinimumWidth(px(620))
        if editing:
            self._show_form(editing[1], context.read(hand_letters.answers, letter_id=editing[0]))
        else:
            self.file.currentIndexChanged.connect(lambda _at: self._list_kinds())
            self.kind.currentIndexChanged.connect(lambda _at: self._kind_chosen())
            self._list_kinds()
            wanted = [at for at in range(self.kind.count()) if self._at(at).kind == kind]
            if wanted:
                self.kind.setCurrentIndex(wanted[0])

    def _list_kinds(self) -> None:
        """The kinds of this file; those that make no sense now stay listed, with their reason."""
        before = self.kind.currentData()
        offered: list[Choice] = self._context.read(hand_letters.choices, application_id=self.file.currentData())
        self.kind.blockSignals(True)
        self.kind.clear()
        for choice in sorted(offered, key=lambda one: bool(one.reason)):
            words = f"{choice.label}   ({choice.reason.rstrip('.')})" if choice.reason else choice.label
            self.kind.addItem(words, choice)
            self.kind.setItemData(self.kind.count() - 1, choice.reason, Qt.ItemDataRole.ToolTipRole)
        kept = next((at for at in range(self.kind.count()) if before and self._at(at).kind == before.kind), 0)
        self.kind.setCurrentIndex(kept)
        self.kind.blockSignals(False)
        self._kind_chosen()

    def _at(self, index: int) -> Choice:
        found = self.kind.itemData(index)
        assert isinstance(found, Choice)
        return found

    def _kind_chosen(self) -> None:
        choice: Choice | None = self.kind.currentData()
        if choice is None:
            return
        self.verb_button.setEnabled(not choice.reason)
        if choice.reason:
            self._show_form("", {})
            self.reason.setText(choice.reason)
        else:
            known = self._context.read(hand_letters.usual, application_id=self.file.currentData(), kind=choice.kind)
            self._show_form(choice.kind, known)

    def _show_form(self, kind: str, known: Mapping[str, str]) -> None:
        self._fields = {ask.name: _field(ask) for ask in FORMS.get(kind, ())}
        for name, field in self._fields.items():
            field.replace(known.get(name, ""))
        self.form = QWidget()
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        for field in self._fields.values():
            column.addWidget(field)
        column.addStretch(1)
        self.area.setWidget(self.form)
        # The scroll area fills its widget with the colour of a window: the form lies on the dialog.
        self.form.setAutoFillBackground(False)
        self.area.setVisible(bool(self._fields))
        self.reason.setText("" if self._fields else NOTHING_TYPED)
        self.reason.setVisible(not self._fields)

    def _write(self) -> None:
        """One write; a refusal stands under the answer that it is about, and the dialog stays."""
        for field in self._fields.values():
            field.accept()
        answers = {name: field.value() for name, field in self._fields.items()}
        try:
            if self._editing:
                label = f"courrier complété ({self._editing[2]})"
                self._context.attempt(label, hand_letters.change, letter_id=self.letter_id, answers=answers)
            else:
                choice: Choice = self.kind.currentData()
                made = self._context.attempt(
                    f"courrier préparé ({choice.label.lower()})",
                    hand_letters.prepare,
                    application_id=self.file.currentData(),
                    kind=choice.kind,
                    answers=answers,
                )
                self.letter_id = next((key for noun, key in made.touched if noun == "letter"), "")
        except UserError as refusal:
            wrong = self._fields.get(refusal.field)
            if wrong is None:
                self.reason.setText(refusal.message)
                self.reason.show()
            else:
                wrong.refuse(refusal.message.removeprefix(f"{wrong.label.text()}{NBSP}: "))
                self.area.ensureWidgetVisible(wrong)
                wrong.setFocus()
            return
        self.accept()

    def _lay_out(self, files: Sequence[FileChoice], current: str) -> None:
        for one in files:
            self.file.addItem(one.words, one.id)
        self.file.setCurrentIndex(max(0, self.file.findData(current)))
        self.file.setEditable(True)
        self.file.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.file.model(), self.file)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.file.setCompleter(completer)
        if self._editing:
            settled = QLabel(self._editing[2])
            theme.set_type(settled, "body", "secondary")
            self.body.addWidget(settled)
        else:
            for words, box in ((f"Dossier{NBSP}", self.file), (f"Courrier{NBSP}", self.kind)):
                label = QLabel(words.strip())
                label.setBuddy(box)
                theme.set_type(label, "secondary", "secondary", 500)
                box.setAccessibleName(words.strip())
                box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                box.setMinimumContentsLength(40)
                self.body.addWidget(label)
                self.body.addWidget(box)
        theme.set_type(self.reason, "secondary", "secondary")
        self.reason.setWordWrap(True)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.viewport().setAutoFillBackground(False)
        self.area.setMinimumHeight(px(_HEIGHT))
        self.body.addSpacing(8)
        self.body.addWidget(self.reason)
        self.body.addWidget(self.area)


def _field(ask: Ask) -> Field:
    """The editor of an answer; sums and days are typed as one likes, and read when they are written."""
    if ask.shape == "choice":
        return ChoiceField(ask.label, [("", "À choisir"), *((words, words) for words in ask.usual)], hint=ask.hint)
    if ask.shape in ("text", "lines", "rows"):
        area = LongTextField(ask.label, lines=2 if ask.shape == "text" else 3, hint=ask.hint)
        area.editor.setFixedHeight(area.editor.minimumHeight())
        return area
    line = TextField(ask.label, hint=ask.hint, placeholder=_SHAPES.get(ask.shape, ""))
    if ask.usual:
        completer = QCompleter(list(ask.usual), line.editor)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        line.editor.setCompleter(completer)
        line.editor.setToolTip(" / ".join(ask.usual))
    return line


_SHAPES: dict[str, Any] = {"date": "jj/mm/aaaa", "amount": "2\u00a0400\u00a0€"}
