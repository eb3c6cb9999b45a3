"""A field of a form: label above, the reason of a refusal under it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.domain.errors import UserError
from cv_desktop.ui import icons, theme
from cv_desktop.ui.fields.plain_text import written
from cv_desktop.ui.message_bar import announce

_NOT_LEAVING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_LONG_TEXT_DELAY = 1000
SHORTEST = 8


class Field(QWidget):
    """The frame of every field. ``committed(value)`` is emitted when one leaves it with a new, right value.

    ``value()`` raises UserError when what is typed cannot be read. ``refuse(sentence)`` marks it wrong.
    """

    committed = Signal(object)

    def __init__(
        self, label: str, editor: QWidget, *, required: bool = False, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        text = f"{label} (obligatoire)" if required else label
        self.label, self._hint, self._reason, self._mark = QLabel(_plain(text)), QLabel(hint), QLabel(), QLabel()
        self.label.setBuddy(editor)
        theme.set_type(self.label, "secondary", "secondary", 500)
        theme.set_type(self._hint, "meta", "hint")
        theme.set_type(self._reason, "secondary", "danger", 500)
        self._reason.setWordWrap(True)
        self._hint.setWordWrap(True)
        if not hint:  # never shown here: without a parent it would be a window of its own for a moment
            self._hint.hide()
        icons.dress(self._mark, "circle-alert", "danger", 14)
        editor.setAccessibleName(text)
        editor.setAccessibleDescription(hint)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._reason, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addWidget(editor)
        layout.addWidget(self._hint)
        layout.addLayout(below)
        self.required = required
        self._known: Any = None
        self._submit: QAbstractButton | None = None
        self.accept()
        self.setFocusProxy(editor)
        editor.installEventFilter(self)

    def submits_with(self, button: QAbstractButton) -> None:
        """Entrée in this field, the last of its form, presses a button."""
        self._submit = button

    def rename(self, label: str) -> None:
        """Gives the field another label: what it asks depends on something else of its form."""
        text = f"{label} (obligatoire)" if self.required else label
        self.label.setText(_plain(text))
        self.editor.setAccessibleName(text)

    def explain(self, text: str) -> None:
        """Says something else below the field."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self.editor.setAccessibleDescription(text)

    def value(self) -> Any:
        raise NotImplementedError

    def text(self) -> str:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value; what is being typed is left alone."""
        if self.editor.hasFocus() and self.dirty:
            return
        self.replace(value)

    def replace(self, value: Any) -> None:
        """Show a value in place of whatever stands there: another record, a form begun anew."""
        self._known = value
        self._put(value)
        self.accept()

    @property
    def dirty(self) -> bool:
        """Something typed that has not been committed yet."""
        try:
            value = self.value()
        except UserError:
            return True
        empty = (None, "")
        return bool(value != self._known) and not (value in empty and self._known in empty)

    @property
    def wrong(self) -> bool:
        return not self._reason.isHidden()

    def commit(self) -> bool:
        """Read, check and tell. False when refused."""
        try:
            value = self.value()
        except UserError as refusal:
            self.refuse(refusal.message)
            return False
        if self.required and value in (None, ""):
            self.refuse("Ce champ est obligatoire.")
            return False
        self.accept()
        if value != self._known:
            before, self._known = self._known, value
            self._put(value)
            self.committed.emit(value)
            if self.wrong:
                # Whoever writes it refused: what is typed stays, and is not what is known.
                self._known = before
                return False
        return True

    def refuse(self, sentence: str) -> None:
        """Frame the field and say why under it."""
        self._reason.setText(sentence)
        self._show_reason(True)
        self.editor.setAccessibleDescription(sentence)
        announce(self.editor, sentence)

    def accept(self) -> None:
        self._reason.clear()
        self._show_reason(False)
        self.editor.setAccessibleDescription(self._hint.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor:
            if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
                # Walking past an empty field of a new form is no mistake yet.
                if event.reason() not in _NOT_LEAVING and (self.dirty or self.wrong):
                    self.commit()
            elif event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
                if event.reason() is Qt.FocusReason.OtherFocusReason and isinstance(self.editor, QLineEdit):
                    self.editor.selectAll()
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
        return super().eventFilter(watched, event)

    def _put(self, value: Any) -> None:
        raise NotImplementedError

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            if self.commit():
                self._go_on()
            return True
        if event.key() == Qt.Key.Key_Escape and (self.dirty or self.wrong):
            self._put(self._known)
            self.accept()
            return True
        return False

    def _go_on(self) -> None:
        """After Entrée: the button of the form, the field that follows, or here when none does."""
        if self._submit is not None:
            self._submit.click()
            return
        follower, window = self.editor.nextInFocusChain(), self.window()
        while follower is not None and follower is not window and not _takes_tab(follower):
            follower = follower.nextInFocusChain()
        if follower is not None and follower is not window:
            follower.setFocus(Qt.FocusReason.TabFocusReason)
        elif isinstance(self.editor, QLineEdit):
            self.editor.selectAll()

    def _show_reason(self, shown: bool) -> None:
        self._reason.setVisible(shown)
        self._mark.setVisible(shown)
        if bool(self.editor.property("invalid")) != shown:
            self.editor.setProperty("invalid", shown)
            theme.repolish(self.editor)


def settle(fields: Iterable[Field]) -> None:
    """Before another record is shown: what is being typed is written in the record it was typed for."""
    for field in fields:
        if field.editor.hasFocus() and field.dirty:
            field.commit()


def _plain(text: str) -> str:
    """The name of a structure may hold « & », which a label would take for the key of its field."""
    return text.replace("&", "&&")


def _takes_tab(widget: QWidget) -> bool:
    wanted = Qt.FocusPolicy.TabFocus.value
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy().value & wanted)


class TextField(Field):
    """``TextField(label)``: one line; value str, spaces at both ends removed."""

    editor: QLineEdit

    def __init__(self, label: str, *, required: bool = False, hint: str = "", placeholder: str = "") -> None:
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        super().__init__(label, line, required=required, hint=hint)

    def text(self) -> str:
        return self.editor.text()

    def value(self) -> Any:
        return self.editor.text().strip()

    def _put(self, value: Any) -> None:
        self.editor.setText("" if value is None else str(value))


class LongTextField(Field):
    """Several lines; committed one second after the last key, and on leaving. Entrée goes to the line."""

    editor: QPlainTextEdit

    def __init__(self, label: str, *, required: bool = False, hint: str = "", lines: int = 4) -> None:
        area = QPlainTextEdit()
        area.setTabChangesFocus(True)
        super().__init__(label, area, required=required, hint=hint)
        area.setMinimumHeight(area.fontMetrics().lineSpacing() * lines + 18)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_LONG_TEXT_DELAY)
        self._delay.timeout.connect(self._late)
        area.textChanged.connect(self._delay.start)

    def text(self) -> str:
        return written(self.editor)

    def value(self) -> Any:
        return self.text().strip()

    def _put(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self.text().strip() != text:
            self.editor.setPlainText(text)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        if event.key() == Qt.Key.Key_Escape and self.dirty:
            # Each pause has already written what is typed: a text given up within the second would be the odd one.
            self._late()
            return False
        return super()._key(event)

    def _late(self) -> None:
        if self.dirty and (self.value() or not self.required):
            self.commit()


class ChoiceField(Field):
    """``ChoiceField(label, [(value, words), …])``; committed at once."""

    editor: QComboBox

    def __init__(self, label: str, choices: list[tuple[Any, str]], *, required: bool = False, hint: str = "") -> None:
        box = QComboBox()
        for value, words in choices:
            box.addItem(words, value)
        # Its longest choice must not take the room of the field beside it.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(SHORTEST)
        super().__init__(label, box, required=required, hint=hint)
        self._known = self.value()
        box.activated.connect(lambda _index: self.commit())

    def offer(self, choices: list[tuple[Any, str]]) -> None:
        """What may be chosen from now on; the choice stays when it is still offered, else the first is."""
        kept = self.value()
        self.editor.clear()
        for value, words in choices:
            self.editor.addItem(words, value)
        self.editor.setCurrentIndex(max(0, next((i for i, (value, _w) in enumerate(choices) if value == kept), 0)))

    def text(self) -> str:
        return self.editor.currentText()

    def value(self) -> Any:
        return self.editor.currentData()

    def _put(self, value: Any) -> None:
        self.editor.setCurrentIndex(
            next((i for i in range(self.editor.count()) if self.editor.itemData(i) == value), -1)
        )

    def _key(self, event: QKeyEvent) -> bool:
        """Entrée goes on to the next field, as everywhere; Espace opens the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            self._go_on()
            return True
        return False
