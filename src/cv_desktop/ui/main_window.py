"""The frame: menus, toolbar, rail, messages, one screen per destination, status bar."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import clock
from cv_desktop.settings import SCALES, LocalSettings
from cv_desktop.ui import dialogs, regions
from cv_desktop.ui.actions import Actions
from cv_desktop.ui.history import History, Place
from cv_desktop.ui.message_bar import MessageBar
from cv_desktop.ui.navigation import Destination, Navigation
from cv_desktop.ui.screen import Screen
from cv_desktop.ui.status_bar import StatusBar
from cv_desktop.ui.toolbar import Toolbar

if TYPE_CHECKING:
    from cv_desktop.ui.context import Context
    from cv_desktop.ui.palette import Hit, Palette, Search

# The palette and the two dialogs are imported when asked for: the window is painted sooner.

NAME = "CV Desktop"
# What the system draws around the window.
FRAME = QSize(16, 48)
LEAST = (1180, 620)  # 1280 × 720 less the title bar and the panel of the system
NARROW_UNDER = 1360


class MainWindow(QMainWindow):
    """Painted first without a base; ``start`` brings it to life once the base is open."""

    painted = Signal()  # once, after the first paint
    filled = Signal()  # once, when the first screen has been seen
    closing = Signal()
    base_asked = Signal()
    backup_asked = Signal()

    def __init__(self, destinations: list[Destination], settings: LocalSettings, geometry: QSettings) -> None:
        super().__init__()
        self.destinations = {x.key: x for x in destinations}
        self.settings = settings
        self._geometry = geometry
        self._context: Context | None = None
        self.search: Search | None = None  # what Ctrl+K finds in the base
        self._screens: dict[str, Screen] = {}
        self._history = History()
        self._key = ""
        self.first = next(iter(self.destinations))
        self._was_painted = False
        self._was_filled = False
        self.actions_list = Actions(self)
        self._menus = self.actions_list.fill(self.menuBar())
        self.actions_list.draw("undo", "redo")
        self.toolbar = Toolbar(self.actions_list["undo"], self.actions_list["redo"])
        self.rail = Navigation(destinations)
        self.rail.setEnabled(False)
        self.messages = MessageBar()
        self.stack = QStackedWidget()
        self.status = StatusBar()
        self._lay_out()
        self._bind()
        self.toolbar.search.asked.connect(lambda text: self.palette_box.open(text))
        self.filled.connect(lambda: self.actions_list.draw())
        self.filled.connect(self.count)
        self.setMinimumSize(*LEAST)
        self.resize(self.screen().availableSize().boundedTo(QSize(1440, 900)) - FRAME)
        self.restoreGeometry(geometry.value("geometry") or QByteArray())
        self.setWindowTitle(NAME)
        self.status.put_zoom(settings.values.text_scale)

    def start(self, context: Context) -> None:
        """Gives the window its base: counters, campaigns, undo, and the first destination."""
        self._context = context
        self._history = context.history
        context.bus.changed.connect(self._changed)
        context.undo.changed.connect(self._undo_changed)
        context.calls.choices_changed.connect(self._calls_offered)
        context.calls.changed.connect(self._call_changed)
        context.saved.connect(lambda moment: self.toolbar.put_saved(clock(moment)))
        context.actor_changed.connect(self.toolbar.put_person)
        context.viewer_changed.connect(lambda: self.count())
        context.told.connect(self.status.say)
        context.visit.connect(self.visit)
        self.toolbar.calls.chosen.connect(context.calls.select)
        self.toolbar.put_person(context.actor)
        self.status.follow(context.jobs)
        self.status.put_date(context.clock())
        self.status.put_station(context.settings.values.station)
        self.actions_list.bind("undo", context.undo_last)
        self.actions_list.bind("redo", context.redo_last)
        self.actions_list.bind("verify_signature", lambda: self._verify_signature(context))
        self.rail.setEnabled(True)
        self._undo_changed()
        self._calls_offered()
        self.visit(self.first)
        self._region_of_screen()

    def visit(self, key: str, noun: str = "", id: str = "") -> None:
        """Goes to a destination, and to one record of it when named."""
        self._note_place()
        self._history.arrive(Place(key, noun, id))
        self._show(Place(key, noun, id))

    @property
    def screen_shown(self) -> Screen | None:
        return self._screens.get(self._key)

    def count(self, nouns: frozenset[str] | None = None) -> None:
        """Asks again what waits in each destination, or in those these nouns concern."""
        if self._context is None:
            return
        for destination in self.destinations.values():
            if destination.counter and (nouns is None or destination.nouns & nouns):
                self.rail.put(destination.key, destination.counter(self._context))

    def _show(self, place: Place) -> None:
        context = self._context
        if context is None or place.key not in self.destinations:
            return
        screen = self._screens.get(place.key)
        if screen is None:
            screen = self.destinations[place.key].factory(context)
            screen.commands_changed.connect(self._offer)
            screen.seen.connect(self._seen)
            self._screens[place.key] = screen
            self.stack.addWidget(screen)
        self._key = place.key
        self.stack.setCurrentWidget(screen)
        self.rail.select(place.key)
        if place.noun:
            screen.open(place.noun, place.id)
        self._offer()
        self._title()
        self.actions_list["back"].setEnabled(self._history.can_back)
        self.actions_list["forward"].setEnabled(self._history.can_forward)

    @cached_property
    def palette_box(self) -> Palette:
        """Made when first asked for."""
        from cv_desktop.ui.palette import Palette

        palette = Palette(self, self._records, self._commands)
        palette.chosen.connect(self._found)
        palette.chosen_beside.connect(self._found_beside)
        return palette

    def _chosen(self, key: str) -> None:
        """A place of the rail; the one shown already goes back to its first page."""
        screen = self.screen_shown
        if key == self._key and screen is not None:
            screen.home()
        else:
            self.visit(key)

    def _seen(self) -> None:
        """A screen was seen for the first time: the one the window opened on, or the one a person went to before."""
        if not self._was_filled:
            self._was_filled = True
            self.filled.emit()

    def _note_place(self) -> None:
        screen = self.screen_shown
        shown = screen.place() if screen else None
        if shown:
            self._history.leave(Place(self._key, *shown))

    def _travel(self, step: Callable[[], Place | None]) -> None:
        self._note_place()
        place = step()
        if place:
            self._show(place)

    def _offer(self) -> None:
        screen = self.screen_shown
        if screen:
            self.actions_list.offer(screen.commands())

    def _title(self) -> None:
        context, screen = self._context, self.screen_shown
        call = context.calls.current if context else None
        parts = [NAME, call.label if call else "", screen.title if screen else ""]
        mark = "EXEMPLE – " if call and call.example else ""
        self.setWindowTitle(mark + " – ".join(part for part in parts if part))

    def _changed(self, changes: Changes) -> None:
        self.count(changes.nouns)

    def _undo_changed(self) -> None:
        undo = self._context.undo if self._context else None
        for key, word, label in (
            ("undo", "Annuler", undo.undo_label if undo else ""),
            ("redo", "Rétablir", undo.redo_label if undo else ""),
        ):
            action = self.actions_list[key]
            action.setEnabled(bool(label))
            action.setText(f"{word} : {label}" if label else word)

    def _calls_offered(self) -> None:
        if self._context:
            self.toolbar.calls.offer(self._context.calls.choices, self._context.calls.id)
            self._title()

    def _call_changed(self) -> None:
        if self._context:
            self.toolbar.calls.show_call(self._context.calls.id)
            self.count()
            self._title()

    def _found(self, hit: Hit) -> None:
        if hit.run:
            hit.run()
            return
        if hit.call and self._context:
            self._context.calls.select(hit.call)
        self.visit(hit.destination, hit.noun, hit.id)

    def _found_beside(self, hit: Hit) -> None:
        """Only a file and a structure have a record to put beside."""
        if self._context and hit.id and hit.noun in ("application", "structure"):
            self._context.beside_asked.emit(hit.noun, hit.id)
        else:
            self._found(hit)

    def _records(self, text: str) -> list[Hit]:
        return self.search(text) if self.search else []

    def _commands(self, text: str) -> list[Hit]:
        from cv_desktop.ui import finder

        return finder.commands(list(self.destinations.values()), self.actions_list, text)

    def _toggle_narrow(self) -> None:
        if self.width() < NARROW_UNDER:
            self.status.say("La fenêtre est trop étroite pour la navigation large.")
            return
        self.settings.change(narrow_navigation=not self.settings.values.narrow_navigation)
        self._fit_rail()

    def _fit_rail(self) -> None:
        narrow = self.settings.values.narrow_navigation or self.width() < NARROW_UNDER
        if narrow != self.rail.narrow:
            self.rail.set_narrow(narrow)

    def _scale(self, step: int) -> None:
        here = SCALES.index(self.settings.values.text_scale)
        wanted = SCALES[max(0, min(len(SCALES) - 1, here + step))]
        self.settings.change(text_scale=wanted)
        self.status.say(f"Taille du texte : {wanted}\u00a0%")

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _shortcuts(self) -> None:
        from cv_desktop.ui.about import ShortcutsDialog

        ShortcutsDialog(self).exec()

    def _about(self) -> None:
        from cv_desktop.ui.about import AboutDialog

        AboutDialog(self).exec()

    def _region_of_screen(self) -> None:
        screen = self.screen_shown
        if not screen or not any(regions.enter(region) for region in screen.regions()):
            self.rail.buttons[self._key].setFocus()

    def _region(self, direction: int) -> None:
        screen = self.screen_shown
        rail = self.rail.buttons.get(self._key, self.rail)
        around: list[QWidget] = [self.toolbar, rail, self.messages, *(screen.regions() if screen else []), self.status]
        regions.step(around, direction)

    def _lay_out(self) -> None:
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(work, 1)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addLayout(middle, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(whole)

    def _verify_signature(self, context: Context) -> None:
        from cv_desktop.ui.letters.verify_dialog import VerifyDialog

        VerifyDialog(context, self).exec()

    def _bind(self) -> None:
        actions = self.actions_list
        for key, function in (
            ("open_base", self.base_asked.emit),
            ("back_up", self.backup_asked.emit),
            ("import_file", lambda: self.visit("applications", "import")),
            ("new_file", lambda: self.visit("applications", "new")),
            ("quick_entry", lambda: self.visit("applications", "entry")),
            ("quit", self.close),
            ("narrow", self._toggle_narrow),
            ("messages", self.messages.history),
            ("larger", lambda: self._scale(1)),
            ("smaller", lambda: self._scale(-1)),
            ("full_screen", self._full_screen),
            ("search", lambda: self.palette_box.open()),
            ("back", lambda: self._travel(self._history.back)),
            ("forward", lambda: self._travel(self._history.forward)),
            ("next_region", lambda: self._region(1)),
            ("previous_region", lambda: self._region(-1)),
            ("shortcuts", self._shortcuts),
            ("about", self._about),
        ):
            actions.bind(key, function)
        actions["back"].setEnabled(False)
        actions["forward"].setEnabled(False)
        self.rail.chosen.connect(self._chosen)
        menu = self._menus["Aller"]
        menu.addSeparator()
        for destination in self.destinations.values():
            entry = menu.addAction(destination.label)
            entry.triggered.connect(lambda _=False, key=destination.key: self.visit(key))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rail()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # The next turn of the loop: by then the picture is on the screen.
            QTimer.singleShot(0, self.painted.emit)

    def come_forward(self) -> None:
        """In front of the other windows, out of the bar if it was put there."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def may_close(self) -> bool:
        """Asks once when work is under way; True when nothing is left running."""
        return self._context is None or dialogs.may_stop(self, self._context.jobs)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self._geometry.setValue("geometry", self.saveGeometry())
        self._geometry.sync()
        self.settings.flush()
        self.closing.emit()
        super().closeEvent(event)
