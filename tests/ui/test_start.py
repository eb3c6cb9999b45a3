"""From nothing to a window: what is loaded at the first paint, and a base opened for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cv_desktop.db.store import NAME
from cv_desktop.desk import STOPPED, Desk, application
from cv_desktop.domain.errors import Unavailable
from cv_desktop.services import bases, demonstration, example
from cv_desktop.services.demonstration import Story
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.curtain import Curtain
from cv_desktop.ui.doorbell import ring
from cv_desktop.ui.first_start import NewBase

PAINT = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from cv_desktop import app
from cv_desktop.settings import LocalSettings
folder = Path(sys.argv[1])
settings = LocalSettings(folder / "poste.json")
application = QApplication([])
late = "sqlalchemy reportlab openpyxl pikepdf alembic python_calamine pypdfium2 pyhanko".split()
def loaded():
    return ",".join(name for name in late if name in sys.modules) or "nothing"
curtain = app.open_curtain(settings, application.quit)
application.exec()
print(loaded(), any(name.startswith("cv_desktop.desk") for name in sys.modules))
from cv_desktop import desk
def painted(self, window, base):
    print(loaded())
    application.quit()
desk.Desk._enter = painted
opened = desk.Desk(settings, folder)
opened.begin(folder / "base.sqlite")
application.exec()
"""


def test_a_window_that_is_never_painted_does_not_keep_the_program_waiting(qtbot: QtBot, tmp_path: Path) -> None:
    curtain = Curtain("light", QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(curtain)
    with qtbot.waitSignal(curtain.painted, timeout=5000):
        pass  # never shown: as a window started minimised
    assert not curtain.isVisible()


def test_nothing_heavy_is_loaded_at_the_first_paint(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PAINT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert done.stdout.split("\n")[:2] == ["nothing False", "nothing"], done.stderr


FILL = """
import sys
from pathlib import Path
from cv_desktop import desk
from cv_desktop.settings import LocalSettings
folder = Path(sys.argv[1])
settings = LocalSettings(folder / "poste.json")
application = desk.application(settings)
late = (
    "sqlalchemy reportlab openpyxl pikepdf alembic python_calamine pypdfium2 rapidfuzz stdnum asyncio "
    "PySide6.QtNetwork cv_desktop.ui.palette cv_desktop.ui.first_start cv_desktop.ui.applications.record "
    "cv_desktop.ui.transfer.page "
    "cv_desktop.ui.entry.page cv_desktop.services.letters cv_desktop.domain.eligibility cv_desktop.db.backup"
).split()
enter = desk.Desk._enter
def entered(self, window, base):
    window.first = "applications"
    enter(self, window, base)
    window.repaint()
    rows = window.screen_shown.list.table.rows.rowCount()
    print(rows, ",".join(name for name in late if name in sys.modules) or "nothing")
    application.quit()
desk.Desk._enter = entered
opened = desk.Desk(settings, folder)
opened.begin(folder / "cv-desktop.sqlite")
application.exec()
opened.close()
"""


def test_what_the_first_list_does_not_need_is_not_loaded_before_it(
    stages: Callable[[str], tuple[Path, Story]], tmp_path: Path
) -> None:
    folder, _ = stages("imported")
    shutil.copytree(folder, tmp_path / "base")
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path / "base")],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert done.stdout.split("\n")[0] == "39 nothing", done.stderr


def desk_of(tmp_path: Path) -> Desk:
    return Desk(LocalSettings(tmp_path / "poste.json"), tmp_path)


def close(desk: Desk) -> None:
    if desk.window:
        desk.window.close()
    desk.close()
    desk.jobs.stop_all()


def test_a_new_base_is_made_then_opened_and_found_again(qtbot: QtBot, tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    desk.begin(None)
    assert desk.first is not None
    desk.first.new_chosen.emit(NewBase("Cohésion", "Melun", tmp_path / "Base", "FIA"))
    qtbot.waitUntil(lambda: desk.workspace is not None, timeout=20000)
    assert desk.first is None
    assert desk.window is not None
    assert "FIA" in desk.window.windowTitle()
    close(desk)
    assert (tmp_path / "Base" / "sauvegardes").is_dir()

    again = desk_of(tmp_path)
    again.begin(None)
    qtbot.waitUntil(lambda: again.workspace is not None)
    close(again)


def test_the_same_base_twice_is_refused_in_the_first_window(qtbot: QtBot, tmp_path: Path) -> None:
    path = bases.create(tmp_path / "Base", actor="Camille Témoin")
    one, two = desk_of(tmp_path), desk_of(tmp_path)
    one.begin(path)
    qtbot.waitUntil(lambda: one.workspace is not None)
    two.begin(path)
    qtbot.waitUntil(lambda: two.first is not None)
    assert two.first is not None
    assert two.first.closed.isVisible()
    assert two.first.closed.sentence.text().startswith("La base est déjà ouverte sur ce poste")
    close(one)
    two.first.closed.retry.click()
    qtbot.waitUntil(lambda: two.workspace is not None)
    close(two)


def test_the_window_that_has_the_base_comes_forward(qtbot: QtBot, tmp_path: Path) -> None:
    path = bases.create(tmp_path / "Base", actor="Camille Témoin")
    one, two = desk_of(tmp_path), desk_of(tmp_path)
    one.begin(path)
    qtbot.waitUntil(lambda: one.workspace is not None)
    assert one.window is not None
    window = one.window
    with qtbot.waitSignal(window.filled):
        pass
    window.showMinimized()
    assert window.isMinimized()
    two.begin(tmp_path / "Base" / ".." / "Base" / NAME)
    qtbot.waitUntil(lambda: not window.isMinimized())
    assert two.first is not None
    assert two.first.closed.sentence.text().startswith("La base est déjà ouverte sur ce poste")
    close(one)
    assert not ring(path)
    two.first.close()
    close(two)


def test_an_example_under_way_tells_where_it_is_and_leaves_nothing_once_stopped(qtbot: QtBot, tmp_path: Path) -> None:
    began = Event()

    def make(folder: Path, tell: Callable[[int, int, str], None]) -> Path:
        def told(done: int, total: int, label: str) -> None:
            if done == 2:
                began.set()
                sleep(0.6)
            tell(done, total, label)

        return example.create(folder, lambda content: b"", told)

    desk = Desk(LocalSettings(tmp_path / "poste.json"), tmp_path, make)
    desk.show_first()
    first = desk.first
    assert first is not None
    first.example_button.click()
    qtbot.waitUntil(began.is_set, timeout=20000)
    qtbot.waitUntil(first.progress.isVisible)
    qtbot.waitUntil(lambda: first.progress.bar.value() == 1)
    assert first.progress.bar.maximum() == 15
    first.progress.stop.click()
    qtbot.waitUntil(first.create_button.isEnabled, timeout=20000)
    assert first.sentence.text() == STOPPED
    assert not (tmp_path / "Exemple").exists()
    assert list((tmp_path / "Exemple en préparation").iterdir()) == []
    first.close()
    close(desk)


def test_an_example_somebody_worked_in_is_opened_as_it_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(folder: Path, tell: Callable[[int, int, str], None]) -> Path:
        calls.append(folder)
        return bases.create(folder, actor="Camille Témoin")

    for _start in range(2):
        desk = Desk(LocalSettings(tmp_path / "poste.json"), tmp_path, make)
        desk.show_first()
        assert desk.first is not None
        desk.first.example_button.click()
        qtbot.waitUntil(lambda desk=desk: desk.workspace is not None)
        close(desk)
    assert calls == [tmp_path / "Exemple en préparation"]
    assert (tmp_path / "Exemple" / NAME).exists()
    assert not calls[0].exists()


def test_an_example_that_is_open_is_not_replaced(tmp_path: Path) -> None:
    with demonstration.open_base(tmp_path) as store:
        before = store.path.stat().st_ino
        with pytest.raises(Unavailable, match="déjà ouverte sur ce poste"):
            example.create(tmp_path, lambda content: b"")
        assert store.path.stat().st_ino == before


def test_a_folder_with_a_base_is_not_overwritten(qtbot: QtBot, tmp_path: Path) -> None:
    bases.create(tmp_path / "Base", actor="Camille Témoin")
    desk = desk_of(tmp_path)
    desk.show_first()
    assert desk.first is not None
    first = desk.first
    first.new_chosen.emit(NewBase("", "", tmp_path / "Base", ""))
    qtbot.waitUntil(lambda: bool(first.sentence.text()))
    assert first.sentence.text().startswith("Une base existe déjà")
    first.close()
    close(desk)


def test_qt_speaks_french(qtbot: QtBot, tmp_path: Path) -> None:
    application(LocalSettings(tmp_path / "poste.json"))
    assert QApplication.translate("QPlatformTheme", "Cancel") == "Annuler"
