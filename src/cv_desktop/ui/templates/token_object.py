"""A field inside a text: one sign of the document, drawn as a chip, taken or left as a whole."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)

from cv_desktop.ui.look import colors, font, px

OBJECT = QTextFormat.ObjectTypes.UserObject + 1
NAME, LABEL = QTextFormat.Property.UserProperty + 1, QTextFormat.Property.UserProperty + 2
SIGN = "\ufffc"
_WIDEST = 320


def token_format(name: str, label: str) -> QTextCharFormat:
    """How the sign of a field is kept in the document; ``label`` empty when no such field exists."""
    made = QTextCharFormat()
    made.setObjectType(OBJECT)
    made.setProperty(NAME, name)
    made.setProperty(LABEL, label)
    made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBottom)
    made.setToolTip(f"{{{name}}}" if label else f"Aucun champ ne s’appelle {{{name}}}")
    return made


class TokenObject(QPyTextObject):
    """Draws the fields of a document."""

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        metrics = QFontMetricsF(font("secondary", 500))
        return QSizeF(metrics.horizontalAdvance(_words(format)) + 12, metrics.height() + 3)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, posInDocument: int, format: QTextFormat
    ) -> None:
        look = colors()
        known = bool(format.property(LABEL))
        fill, ink = (look.soft, look.accent) if known else (look.danger.fill, look.danger.text)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(ink), 1))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 0.5, -1.5, -1.5), 3, 3)
        painter.setFont(font("secondary", 500))
        painter.setPen(QColor(look.text if known else ink))
        painter.drawText(QRectF(rect).translated(QPointF(0, -0.5)), Qt.AlignmentFlag.AlignCenter, _words(format))
        painter.restore()


def _words(format: QTextFormat) -> str:
    words = format.property(LABEL) or f"{{{format.property(NAME)}}}"
    return QFontMetricsF(font("secondary", 500)).elidedText(str(words), Qt.TextElideMode.ElideRight, px(_WIDEST))
