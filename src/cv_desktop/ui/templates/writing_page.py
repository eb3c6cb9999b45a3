"""One text being written beside the page it makes: written in the base as one types, kept aside while it is faulty."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.queries.letter_templates import TemplateRow
from cv_desktop.domain import letter_template
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.letter_template import Fault, Vocabulary
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import convocations, letter_templates, letter_trials
from cv_desktop.ui import icons, theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.elided_label import ElidedLabel
from cv_desktop.ui.templates.editor import TemplateEditor
from cv_desktop.ui.templates.insert_button import InsertButton
from cv_desktop.ui.templates.token_edit import NO_WORDS
from cv_desktop.ui.templates.trial_view import TrialView
from cv_desktop.ui.templates.typing_keeper import TypingKeeper

SIDES = (560, 480)


class WritingPage(QWidget):
    """``show_template(row)``; ``back_wanted`` by the button or Échap, ``compared(row)`` to see the version before."""

    back_wanted = Signal()
    compared = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._row: TemplateRow | None = None
        self.words: Vocabulary = NO_WORDS
        self._kept: frozenset[str] = frozenset()
        self._draft = ""
        self._memory = context.settings.memory("modeles.proportions")
        self.back = QPushButton("Modèles")
        theme.set_kind(self.back, "link", small=True)
        icons.dress(self.back, "arrow-left", "accent", 14)
        self.title, self.state = ElidedLabel(), ElidedLabel()
        theme.set_type(self.title, "section", weight=600)
        theme.set_type(self.state, "secondary", "secondary")
        self.chip = Chip("à valider", "warning")
        self.validate = self._button("Valider", "check", self._validate)
        self.compare = self._button("Comparer", "copy", self._compare)
        self.shipped = self._button("Texte d’origine", "undo-2", self._restore)
        self.discard = self._button("Effacer le brouillon", "x", self._discard)
        self.editor, self.trial = TemplateEditor(), TrialView(context)
        self.insert = InsertButton(self)
        self.keeper = TypingKeeper(context, self.editor.content, self._judged, self._write, self)
        self._lay_out()
        self._wire()

    @property
    def row(self) -> TemplateRow | None:
        """The text on screen."""
        return self._row

    def show_template(self, row: TemplateRow) -> None:
        """This text: as it is written, or the draft that was left of it."""
        day = local(self._context.clock()).date()
        self._row = row
        self.words = self._context.read(letter_trials.vocabulary, kind=row.kind, day=day)
        self._kept = self._context.read(letter_templates.kept_mentions, kind=row.kind, call_id=row.call_id)
        draft = self.keeper.draft(self._key)
        self._draft = draft[1] if draft else ""
        self._put(row.content)
        if draft:
            self.editor.put(draft[0], self.words, self._kept)
            self.keeper.judge()
        self._offer_files(row)
        self._draw(top=True)

    def refresh(self) -> None:
        """Reads it again after a write elsewhere or an undo; what is being typed and not written yet stays."""
        if self._row is None or self.keeper.writing:
            return
        before = self._row.content
        self._reread()
        if self._row is None:
            self.back_wanted.emit()
        elif not self.keeper.waiting and self._row.content != self.editor.content():
            self._put(self._row.content)
            self._draw()
        elif self._row.content != before:
            self._draw()

    def _reread(self) -> None:
        """The newest version of the text on screen; none when its campaign gave it up."""
        if self._row is not None:
            day = local(self._context.clock()).date()
            place = (self._row.kind, self._row.call_id)
            rows = self._context.read(queries.rows, day=day)
            self._row = next((row for row in rows if (row.kind, row.call_id) == place), None)
            self._head()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.keeper.settle()
        super().hideEvent(event)

    @property
    def _key(self) -> str:
        row = self._row
        return f"{row.kind}|{row.call_id}" if row else ""

    def _put(self, content: dict[str, Any]) -> None:
        self.editor.put(content, self.words, self._kept)
        self.keeper.begin(self._key, self.editor.content())

    def _edited(self) -> None:
        self.keeper.typed()
        self._draw()

    def _judged(self, content: dict[str, Any]) -> tuple[Fault, ...]:
        return letter_template.faults(content, self.words, self._kept)

    def _marked(self, faults: tuple[Fault, ...]) -> None:
        self.editor.mark(faults)
        self._head()

    def _write(self, content: dict[str, Any]) -> None:
        row = self._row
        if row is None:
            return
        self._context.attempt(
            f"modèle {quote(row.label)}",
            letter_templates.write,
            kind=row.kind,
            content=content,
            call_id=row.call_id,
        )
        self._draft = ""
        self._reread()

    def _discard(self) -> None:
        self.keeper.forget()
        self._draft = ""
        if self._row is not None:
            self._put(self._row.content)
            self._draw()

    def _leave(self) -> None:
        self.keeper.settle()
        self.back_wanted.emit()

    def _validate(self) -> None:
        if self._row is not None:
            self.keeper.settle()
            self._context.do(
                f"modèle {quote(self._row.label)} validé",
                letter_templates.validate,
                template_id=self._row.id,
            )
            self.refresh()

    def _compare(self) -> None:
        if self._row is not None:
            self.keeper.settle()
            self.compared.emit(self._row)

    def _restore(self) -> None:
        row = self._row
        if row is None:
            return
        self.keeper.forget()
        self._draft = ""
        label = f"modèle {quote(row.label)}, texte d’origine"
        self._context.do(label, letter_templates.restore_shipped, kind=row.kind, call_id=row.call_id)
        self.refresh()

    def _head(self) -> None:
        row = self._row
        if row is None:
            return
        self.title.setText(row.label + (f" · {row.call}" if row.call else ""))
        self.chip.setVisible(row.to_validate)
        self.validate.setVisible(row.to_validate)
        default = letter_templates.shipped().get(row.kind)
        self.shipped.setEnabled(default is not None and default != row.content)
        self.discard.setVisible(bool(self.keeper.faults or self._draft))
        self.state.setText(self._said(row))
        theme.set_type(self.state, "secondary", "danger" if self.keeper.faults else "secondary")

    def _said(self, row: TemplateRow) -> str:
        version = f"version {row.version} depuis le {long_date(row.effective_from)}"
        if self.keeper.faults:
            points = counted(len(self.keeper.faults), "point")
            return f"{self._draft} Pas encore écrit{NBSP}: {points} à revoir. En vigueur{NBSP}: {version}.".strip()
        if self._draft:
            return f"{self._draft} En vigueur{NBSP}: {version}."
        used = f", {counted(row.issued, 'courrier émis')}" if row.issued else ""
        waiting = f", {counted(row.waiting, 'courrier')} à émettre" if row.waiting else ""
        return f"{version[0].upper()}{version[1:]}{used}{waiting}."

    def _offer_files(self, row: TemplateRow) -> None:
        call_id = row.call_id or self._context.calls.id
        if row.kind == convocations.KIND or not call_id:
            self.trial.offer(())
            return
        self.trial.offer(self._context.read(queries.files, kind=row.kind, call_id=call_id, viewer=self._context.viewer))

    def _draw(self, *, top: bool = False) -> None:
        row = self._row
        if row is None:
            return
        day = local(self._context.clock()).date()
        content = self.editor.content()
        if self.trial.file:
            ask = partial(
                letter_trials.on_file, kind=row.kind, content=content, application_id=self.trial.file, day=day
            )
        else:
            ask = partial(letter_trials.on_example, kind=row.kind, content=content, day=day)
        self.trial.draw(ask, top=top)

    def _go_to_source(self, missing: Any, file: str) -> None:
        if missing.source == "template":
            # What the law wants and this text does not say is written here.
            self.editor.blocks.add.setFocus(Qt.FocusReason.OtherFocusReason)
        elif missing.source in ("structure", "application", "act") and file:
            self._context.visit.emit("applications", "application", file)
        elif missing.source == "call":
            self._context.visit.emit("calls", "call", self._context.calls.id or "")
        else:
            self._context.visit.emit("preferences", "settings", missing.name)

    def _wire(self) -> None:
        self.back.clicked.connect(self._leave)
        self.editor.edited.connect(self._edited)
        self.editor.left.connect(self.keeper.settle)
        self.keeper.judged.connect(self._marked)
        self.trial.file_chosen.connect(lambda _key: self._draw(top=True))
        self.trial.conditions_known.connect(self.editor.blocks.hold)
        self.trial.source_wanted.connect(self._go_to_source)
        self.split.splitterMoved.connect(lambda *_: self._memory.update(split=self.split.sizes()))

    def _button(self, words: str, icon: str, act: object) -> QPushButton:
        button = QPushButton(words)
        theme.set_kind(button, "secondary", small=True)
        icons.dress(button, icon, "text", 14)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 2)
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.chip)
        for button in (self.validate, self.compare, self.shipped):
            head.addWidget(button)
        line = QHBoxLayout()
        line.setContentsMargins(16, 0, 16, 8)
        line.addWidget(self.state, 1)
        line.addWidget(self.discard)
        line.addWidget(self.insert)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.editor)
        self.split.addWidget(self.trial)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes(self._memory.get("split", list(SIDES)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addLayout(line)
        layout.addWidget(self.split, 1)
