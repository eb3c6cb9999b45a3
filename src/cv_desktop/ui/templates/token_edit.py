"""A text with fields: each field is one sign, inserted from a list or by typing an accolade, never half deleted."""

from __future__ import annotations

import re

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QScrollArea, QTextEdit, QWidget

from cv_desktop.domain.letter_template import TABLE, Vocabulary
from cv_desktop.domain.typography import corrections
from cv_desktop.ui import theme
from cv_desktop.ui.templates.field_list import FieldList, matching
from cv_desktop.ui.templates.token_object import NAME, OBJECT, SIGN, TokenObject, token_format

_TOKEN = re.compile(r"\{([^{}\s]+)\}")
_LINES = str.maketrans({"\u2029": "\n", "\u2028": "\n"})
NO_WORDS = Vocabulary({}, {})


class TokenEdit(QTextEdit):
    """``put`` and ``written`` speak in braces, « Chère {structure.nom} ». As high as its text.

    ``edited`` at each change a person makes, ``split(rest)`` by Entrée (one paragraph only), ``left`` on leaving.
    With ``lines`` Entrée goes to the line.
    """

    edited = Signal()
    split = Signal(str)
    left = Signal()

    def __init__(self, name: str, *, lines: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = NO_WORDS
        self._lines = lines
        self._quiet = False
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        theme.set_font(self, "body")
        # Kept: the document does not own what draws its fields.
        self._drawn = TokenObject(self)
        self.document().setDocumentMargin(5)
        self.document().documentLayout().registerHandler(OBJECT, self._drawn)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self.list = FieldList(self)
        self.list.chosen.connect(self.insert_field)
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._follow)

    def set_words(self, words: Vocabulary) -> None:
        """The fields that may be asked; those of the text are drawn with their words."""
        if words is not self._words:
            text = self.written()
            self._words = words
            self._show(text)

    def put(self, text: str) -> None:
        """Show a text, unless it is the one there."""
        if self.written() != text:
            self._show(text)

    def written(self) -> str:
        """What stands there, no-break spaces kept, each field between braces."""
        found: list[str] = []
        block = self.document().begin()
        while block.isValid():
            parts = block.begin()
            while not parts.atEnd():
                fragment = parts.fragment()
                form = fragment.charFormat()
                if form.objectType() == OBJECT:
                    # Several in a row of the same field make one fragment.
                    found += [f"{{{form.property(NAME)}}}"] * fragment.length()
                else:
                    found.append(_raw(self.document(), fragment.position(), fragment.length()))
                parts += 1
            block = block.next()
            if block.isValid():
                found.append("\n")
        return "".join(found)

    def insert_field(self, name: str) -> None:
        """A field at the cursor, in place of the accolade and of the letters typed after it."""
        cursor = self.textCursor()
        begun = self._begun()
        cursor.beginEditBlock()
        if begun is not None:
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(begun) + 1)
        cursor.insertText(SIGN, token_format(name, self._label(name)))
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.setCurrentCharFormat(QTextCharFormat())

    def open_list(self) -> None:
        """Every field that may be put at the cursor."""
        self.textCursor().insertText("{")
        self._propose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.list.isVisible() and self.list.key(event):
            if event.key() == Qt.Key.Key_Escape and self._begun() == "":
                self.textCursor().deletePreviousChar()  # nothing was chosen: no accolade is left behind
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._lines:
            if not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self._split()
            return
        super().keyPressEvent(event)
        if event.text() == "}":
            self._close()
        if event.text() or event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._propose()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.list.hide()
            self._tidy()
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height())

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copied as it is written, with braces: it may be pasted here or in a mail."""
        copied = TokenEdit("")
        copied._words = self._words
        cursor = QTextCursor(copied.document())
        cursor.insertFragment(self.textCursor().selection())
        data = QMimeData()
        data.setText(copied.written())
        copied.deleteLater()
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text().replace("\r\n", "\n").strip("\n")
        # What cannot be printed in a letter, a tabulation or a mark of another program, is a space.
        text = "".join(sign if sign.isprintable() or sign in "\n\u00a0\u202f" else " " for sign in text)
        self._insert(self.textCursor(), text if self._lines else " ".join(text.split("\n")))

    def _changed(self) -> None:
        if self._quiet:
            return
        self.setAccessibleDescription(self._said())
        self.edited.emit()

    def _show(self, text: str) -> None:
        self._quiet = True
        self.clear()
        self._insert(QTextCursor(self.document()), text)
        # What was there before is another text: it is not to be undone into this one.
        self.document().clearUndoRedoStacks()
        self._quiet = False
        self.setAccessibleDescription(self._said())
        self._fit()

    def _insert(self, cursor: QTextCursor, text: str) -> None:
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        position = 0
        for found in _TOKEN.finditer(text):
            cursor.insertText(text[position : found.start()], QTextCharFormat())
            cursor.insertText(SIGN, token_format(found[1], self._label(found[1])))
            position = found.end()
        cursor.insertText(text[position:], QTextCharFormat())
        cursor.endEditBlock()

    def _label(self, name: str) -> str:
        known = self._words.fields.get(name)
        return known.label if known else ""

    def _said(self) -> str:
        """The text as a screen reader says it: each field by its words."""
        return _TOKEN.sub(lambda found: f"[{self._label(found[1]) or found[1]}]", self.written())

    def _begun(self) -> str | None:
        """What is typed of a field, after its accolade; None when none is open before the cursor."""
        cursor = self.textCursor()
        before = _raw(self.document(), cursor.block().position(), cursor.positionInBlock())
        start = before.rfind("{")
        typed = before[start + 1 :]
        return typed if start >= 0 and "}" not in typed and SIGN not in typed and len(typed) <= 40 else None

    def _propose(self) -> None:
        begun = self._begun()
        if begun is None or self.isReadOnly():
            self.list.hide()
            return
        usable = [one for one in self._words.fields.values() if one.shape != TABLE]
        self.list.offer(matching(usable, begun), self._cursor_place())

    def _close(self) -> None:
        """« {structure.nom} » typed to the end is the field itself."""
        cursor = self.textCursor()
        before = _raw(self.document(), cursor.block().position(), cursor.positionInBlock())
        start = before.rfind("{")
        name = before[start + 1 : -1]
        if start >= 0 and name in self._words.fields:
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(name) + 2)
            cursor.insertText(SIGN, token_format(name, self._label(name)))
            self.setTextCursor(cursor)
            self.setCurrentCharFormat(QTextCharFormat())

    def _tidy(self) -> None:
        """French typography of what was typed, once the text is left: one sign for one, in one step to undo."""
        raw = self.document().toRawText()
        found = list(corrections(raw))
        if not found or self.isReadOnly():
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for place, sign in found:
            cursor.setPosition(place)
            cursor.setPosition(place + 1, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(sign)
        cursor.endEditBlock()

    def _split(self) -> None:
        """What follows the cursor is given away, and taken out of here."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        rest = self.createMimeDataFromSelection().text()
        cursor.removeSelectedText()
        self.split.emit(rest)

    def _follow(self) -> None:
        """The line of the cursor stays in sight: what scrolls is not the text but what holds it."""
        above = self.parentWidget() if self.hasFocus() else None
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        inside = above.widget() if above is not None else None
        if above is not None and inside is not None:
            place = self.mapTo(inside, self._cursor_place().center())
            above.ensureVisible(place.x(), place.y(), 0, 3 * self.fontMetrics().lineSpacing())

    def _cursor_place(self) -> QRect:
        place = self.cursorRect()
        place.moveTopLeft(self.viewport().mapTo(self, place.topLeft()))
        return place

    def _height(self) -> int:
        return int(self.document().size().height()) + 2 * self.frameWidth() + 2

    def _fit(self) -> None:
        height = max(self._height(), self.fontMetrics().lineSpacing() + 14)
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)


def _raw(document: QTextDocument, position: int, length: int) -> str:
    """A stretch of a document to the letter: ``toPlainText`` makes common spaces of the no-break ones."""
    return document.toRawText()[position : position + length].translate(_LINES)
