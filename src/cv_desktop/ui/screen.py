"""What a destination of the window is made of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from cv_desktop.domain.changes import Changes
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.table_view import TableView

Command = Callable[[], object]


class Screen(QWidget):
    """Kept alive once shown, so that scroll, selection and filters survive.

    It reads again when something it shows was written: at once if visible and nobody is typing in a cell of it,
    otherwise the next time it is.
    """

    title: str = ""
    nouns: frozenset[str] = frozenset()
    follows_call: bool = True  # Structures and Observatoire ignore the campaign of the selector

    commands_changed = Signal()
    seen = Signal()  # once, after the first paint: what may come later is made then

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        self._waits = False
        self._was_painted = False
        context.bus.changed.connect(self._changed)
        context.calls.changed.connect(self._call_changed)
        context.viewer_changed.connect(self.mark_stale)

    def refresh(self) -> None:
        """Asks the queries again, keeping selection and scroll. Called only when visible."""

    def commands(self) -> dict[str, Command]:
        """What this screen does for the actions of its scope: « new », « filter », « next_record »…

        An action not named here is disabled. Emit ``commands_changed`` when the answer changes.
        """
        return {}

    def regions(self) -> list[QWidget]:
        """The widgets F6 goes through, in reading order; by default the screen as a whole."""
        return [self]

    def open(self, noun: str, id: str) -> None:
        """Shows one record, asked for by the search, by a task or by the history."""

    def home(self) -> None:
        """Back to the first page of the screen: its destination was chosen again while it was shown."""

    def place(self) -> tuple[str, str] | None:
        """(noun, id) of the record shown, for the history; None when there is none."""
        return None

    @property
    def stale(self) -> bool:
        return self._stale

    def mark_stale(self) -> None:
        """Reads again now, or as soon as it is shown and no cell is being edited."""
        self._stale = True
        if self.isVisible():
            self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for view in self.findChildren(TableView):
            if not view.cells.double:
                view.set_density(self.context.settings.values.density)
        if self._stale:
            self._catch_up()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # The next turn of the loop: by then the picture is on the screen.
            QTimer.singleShot(0, self, self._say_seen)

    def _say_seen(self) -> None:
        if self.isVisible():
            self.seen.emit()
        else:
            self._was_painted = False  # left or closed at once: there will be another time, or none

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.context.settings.flush()

    def _changed(self, changes: Changes, origin: QObject | None) -> None:
        if self.nouns & changes.nouns:
            self.mark_stale()

    def _call_changed(self) -> None:
        if self.follows_call:
            self.mark_stale()

    def _catch_up(self) -> None:
        if self._editing():
            if not self._waits:
                self._waits = True
                _application().focusChanged.connect(self._focus_moved)
            return
        self._stale = False
        self.refresh()

    def _focus_moved(self) -> None:
        if self._editing():
            return
        self._waits = False
        _application().focusChanged.disconnect(self._focus_moved)
        if self._stale and self.isVisible():
            self._catch_up()

    def _editing(self) -> bool:
        """True while a cell of this screen has its editor open: a refresh would close it."""
        widget = QApplication.focusWidget()
        if widget is None or not self.isAncestorOf(widget):
            return False
        above = widget.parentWidget()
        while above is not None and above is not self:
            view = above.parentWidget()
            if isinstance(view, QAbstractItemView) and view.viewport() is above:
                return True
            above = view
        return False


def _application() -> QApplication:
    running = QApplication.instance()
    assert isinstance(running, QApplication)
    return running
