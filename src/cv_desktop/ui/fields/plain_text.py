"""The text of a field of several lines, to the letter."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit

_LINES = str.maketrans({"\u2029": "\n", "\u2028": "\n"})


def written(area: QPlainTextEdit) -> str:
    """What stands there, no-break spaces kept.

    ``toPlainText`` makes common spaces of them: a text that was only read would come back changed.
    """
    return area.document().toRawText().translate(_LINES)
