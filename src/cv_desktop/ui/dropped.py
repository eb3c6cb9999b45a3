"""Files dropped on a widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class Drop(QObject):
    """Files dropped on a widget: ``kind_at(event)`` says which expected document they answer."""

    def __init__(
        self, widget: QWidget, kind_at: Callable[[QDropEvent], str], take: Callable[[Sequence[Path], str], None]
    ) -> None:
        super().__init__(widget)
        self._kind_at, self._take = kind_at, take
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and _files(event):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and (paths := _files(event)):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._take(paths, self._kind_at(event))
            return True
        return super().eventFilter(watched, event)


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
