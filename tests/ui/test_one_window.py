"""Nothing but the window comes on the screen while its places are built: no label or button flashes on its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cv_desktop.db.queries import applications
from cv_desktop.db.store import Store
from cv_desktop.services.demonstration import Story
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.applications.screen import ApplicationsScreen
from cv_desktop.ui.destinations import destinations
from cv_desktop.ui.main_window import MainWindow
from cv_desktop.ui.workspace import Workspace


class Windows(QObject):
    """What was shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            text = watched.text() if hasattr(watched, "text") else ""
            self.shown.append(f"{type(watched).__name__} {text}".strip())
        return False


def test_only_the_window_is_shown(
    base_at: Callable[[str], tuple[Store, Story]], qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    store, story = base_at("told")
    settings = LocalSettings(tmp_path / "poste.json")
    window = MainWindow(destinations(), settings, QSettings(str(tmp_path / "f.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(window)
    windows = Windows()
    qapp.installEventFilter(windows)
    window.show()
    workspace = Workspace(window, store, settings, lambda _base, folder, _moment: folder)
    try:
        file = workspace.context.read(applications.rows, call_id=story.call_id)[3]
        for key in window.destinations:
            window.visit(key)
        for noun, id in (("application", file.id), ("new", ""), ("entry", ""), ("import", "")):
            window.visit("applications", noun, id)
        screen = window.screen_shown
        assert isinstance(screen, ApplicationsScreen)
        assert screen.pages.currentWidget() is screen.import_page
        window.rail.buttons["applications"].click()
        assert screen.pages.currentWidget() is screen.split
        window.visit("structures", "structure", file.structure_id)
    finally:
        qapp.removeEventFilter(windows)
        workspace.context.jobs.stop_all()
    assert windows.shown == ["MainWindow"]
