"""A line under the decision of a file: what is said of it, its buttons, the form that one of them opens below."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.domain.dates import local
from cv_desktop.domain.errors import UserError
from cv_desktop.ui import theme
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import Field, TextField
from cv_desktop.ui.look import px

LineField = AmountField | DateField | TextField


class FormLine(QFrame):
    """``title`` names it to a screen reader; ``chip`` says in two words where it stands."""

    def __init__(self, context: Context, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self._title, self._shown = context, title, ""
        # Which of the line's verbs the open form is for, where one form serves several.
        self.asked = 0
        # The key of the row that the open form is about, where the line has a table: a position moves.
        self.target = ""
        self._opener: QWidget | None = None
        self._fields: list[tuple[LineField, ...]] = []
        self._left: dict[str, tuple[int, int, str, list[str]]] = {}
        self.lead, self.detail, self.chip = QLabel(), QLabel(), Chip("", "warning", title=title)
        theme.set_type(self.lead, "body", weight=600)
        theme.set_type(self.detail, "secondary", "secondary")
        for label in (self.lead, self.detail):
            label.setWordWrap(True)
        self.forms, self._buttons = QStackedWidget(), QHBoxLayout()
        # A form that is not shown must not hold the room of the widest one.
        self.forms.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.forms.hide()
        words, line = QVBoxLayout(), QHBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.lead)
        words.addWidget(self.detail)
        line.setSpacing(12)
        line.addLayout(words, 1)
        line.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self.whole = QVBoxLayout(self)
        self.whole.setContentsMargins(12, 8, 12, 8)
        self.whole.setSpacing(6)
        self.whole.addLayout(line)
        self.whole.addLayout(self._buttons)
        self.whole.addWidget(self.forms)

    def about(self, key: str) -> None:
        """Another file is shown: what was being typed for the last one is kept until it is shown again."""
        if key == self._shown:
            return
        if not self.forms.isHidden():
            place = self.forms.currentIndex()
            texts = [field.text() for field in self._fields[place]]
            self._left[self._shown] = place, self.asked, self.target, texts
        self.forms.hide()
        self._shown = key
        if key in self._left:
            place, self.asked, self.target, texts = self._left.pop(key)
            for field, text in zip(self._fields[place], texts, strict=True):
                field.accept()
                field.editor.setText(text)
            self.named()
            self.forms.setCurrentIndex(place)
            self.forms.show()

    def named(self) -> None:
        """Says on the open form what ``asked`` it is for."""

    def say(self, lead: str, detail: str) -> None:
        self.lead.setText(lead)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.setAccessibleName(f"{self._title}\u00a0: {lead} {detail}".strip())

    def button(self, words: str, pressed: object) -> QPushButton:
        """A verb under what is said."""
        made = QPushButton(words)
        theme.set_kind(made, "secondary", small=True)
        made.clicked.connect(pressed)
        self._buttons.insertWidget(self._buttons.count() - 1, made)
        return made

    def form(self, fields: tuple[LineField, ...], words: str, verb: object) -> QAbstractButton:
        """Adds a form to those that ``open`` shows, in their order; gives its button."""
        whole = QWidget()
        column, line, buttons = QVBoxLayout(whole), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        for each in (line, buttons):
            each.setSpacing(8)
            column.addLayout(each)
        for field in fields:
            line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        done, back = QPushButton(words), QPushButton("Fermer")
        theme.set_kind(done, "primary", small=True)
        theme.set_kind(back, "secondary", small=True)
        done.clicked.connect(verb)
        back.clicked.connect(self.close_form)
        for button in (done, back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        fields[-1].submits_with(done)
        self._fields.append(fields)
        self.forms.addWidget(whole)
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.forms.isHidden():
            self.close_form()
        else:
            super().keyPressEvent(event)

    def close_form(self) -> None:
        """The keyboard goes back to what opened the form, else to a verb of this line: never to that of another."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self.forms.isAncestorOf(focus)
        self.forms.hide()
        if inside:
            ways = [self._opener, *self.findChildren(QPushButton)]
            back = next((x for x in ways if x is not None and x.isVisible() and x.isEnabled()), None)
            if back is not None:
                back.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, place: int, field: QWidget) -> None:
        self._opener = QApplication.focusWidget()
        self.forms.setCurrentIndex(place)
        self.forms.show()
        field.setFocus()
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        """In a low window the form opens below the edge: what was asked must be seen."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and self.forms.isVisible():
            area.ensureWidgetVisible(self.forms, 0, px(12))

    def write(self, words: str, verb: object, fields: Mapping[str, Field], **given: object) -> bool:
        """One write whose refusal stands under the field that it is about."""
        if not all(field.commit() for field in fields.values()):
            return False
        try:
            self.context.attempt(words, verb, **given)  # type: ignore[arg-type]
        except UserError as refusal:
            field = fields.get(refusal.field or "")
            if field is None or field.isHidden():
                self.context.refuse(refusal)
            else:
                field.refuse(refusal.message)
                field.setFocus()
            return False
        self.close_form()
        return True

    def today(self) -> date:
        return local(self.context.clock()).date()
