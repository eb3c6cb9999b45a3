"""Windows beside the main one, each with the record of a file or of a structure, to compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cv_desktop.domain.dates import local
from cv_desktop.ui.context import Context
from cv_desktop.ui.look import px
from cv_desktop.ui.main_window import NAME
from cv_desktop.ui.message_bar import MessageBar
from cv_desktop.ui.screen import Screen

SIZE, LEAST, STEP = QSize(1040, 780), QSize(880, 560), QPoint(32, 32)


class Pane(Screen):
    """One record, whatever the list of the main window shows. ``gone`` when it is there no more, or hidden."""

    follows_call = False
    gone = Signal()
    named = Signal(str)

    def __init__(self, context: Context, key: str) -> None:
        super().__init__(context)
        self.key = key
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)


class FilePane(Pane):
    nouns = frozenset({"application", "structure", "rules", "meeting", "lot", "decision", "letter", "import", "call"})

    def __init__(self, context: Context, key: str) -> None:
        from cv_desktop.ui.applications.record import Record

        super().__init__(context, key)
        self.record = Record(context)
        # There is no list here to walk through.
        self.record.previous.hide()
        self.record.next.hide()
        self._layout.addWidget(self.record)

    def refresh(self) -> None:
        from cv_desktop.ui.applications.dossier import load

        context = self.context
        dossier = context.read(load, self.key, context.viewer, local(context.clock()).date())
        if dossier is None:
            self.gone.emit()
            return
        self.record.show_dossier(dossier)
        row = dossier.record.row
        self.named.emit(f"{row.number} – {row.structure}")


class StructurePane(Pane):
    nouns = frozenset({"structure", "application", "decision", "import"})

    def __init__(self, context: Context, key: str) -> None:
        from cv_desktop.ui.structures.record import StructureRecordView

        super().__init__(context, key)
        self.record = StructureRecordView(context)
        self._layout.addWidget(self.record)

    def refresh(self) -> None:
        from cv_desktop.db.queries import structures

        context = self.context
        # A record merged since is that which took its place.
        found = context.read(structures.record, structure_id=self.key)
        rows = context.read(structures.rows, viewer=context.viewer, only=found.id) if found else []
        if found is None or not rows:
            self.gone.emit()
            return
        self.record.show_record(found, rows[0])
        self.named.emit(found.name)


PANES: dict[str, Callable[[Context, str], Pane]] = {"application": FilePane, "structure": StructurePane}


class BesideWindow(QWidget):
    """Same base, same « Annuler » as the main window; messages of its own. Échap or Ctrl+W closes it."""

    closed = Signal()

    def __init__(self, context: Context, noun: str, key: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.noun = noun
        self.messages = MessageBar()
        self.context = context.beside(self.messages, self)
        self.pane = PANES[noun](self.context, key)
        self.pane.named.connect(self._name)
        # Once what told it is over: it may be in the middle of a refresh.
        self.pane.gone.connect(lambda: QTimer.singleShot(0, self, self.close))
        self._memory = context.settings.memory(f"fenetre.{noun}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.messages)
        layout.addWidget(self.pane, 1)
        for keys, act in (
            ("Ctrl+W", self.close),
            ("Ctrl+Z", self.context.undo_last),
            ("Ctrl+Y", self.context.redo_last),
        ):
            QShortcut(QKeySequence(keys), self, act)
        self.setMinimumSize(px(LEAST.width()), px(LEAST.height()))
        self.resize(self.screen().availableSize().boundedTo(SIZE))
        if kept := self._memory.get("geometry"):
            self.restoreGeometry(QByteArray.fromBase64(str(kept).encode()))

    def come_forward(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A field or a cell that has something to give up keeps the key for itself.
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if (field := self.focusWidget()) is not None:
            # What is being typed is written as it is when a field is left.
            field.clearFocus()
        self._memory["geometry"] = bytes(self.saveGeometry().toBase64().data()).decode()
        self.context.settings.flush()
        self.closed.emit()
        super().closeEvent(event)

    def _name(self, words: str) -> None:
        self.setWindowTitle(f"{words} – {NAME}")


class Besides(QObject):
    """The windows open beside the main one; the same record is opened once."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self.windows: list[BesideWindow] = []
        context.beside_asked.connect(self.open)

    def open(self, noun: str, key: str) -> None:
        known = next((x for x in self.windows if (x.noun, x.pane.key) == (noun, key)), None)
        if known is not None:
            known.come_forward()
            return
        window = BesideWindow(self._context, noun, key)
        while any(other.pos() == window.pos() for other in self.windows):
            window.move(window.pos() + STEP)
        self.windows.append(window)
        window.closed.connect(lambda: self._forget(window))
        window.come_forward()

    def close_all(self) -> None:
        for window in list(self.windows):
            window.close()

    def _forget(self, window: Any) -> None:
        if window in self.windows:
            self.windows.remove(window)
