"""Wires the application: the settings of this computer, a first picture at once, then all the rest."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from cv_desktop import paths
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.curtain import Curtain

# ``desk`` brings every screen and is imported once the curtain is painted: a person sees the window sooner.


def run(argv: list[str]) -> int:
    """Opens the window on the base named in ``argv`` (its file or its folder), else on the last one."""
    # What is made at the start lives as long as the program: a tenth of the time went into looking for garbage in it.
    # ``desk.work`` takes it up again.
    gc.disable()
    app = QApplication(sys.argv[:1])
    settings = LocalSettings(paths.settings_file())
    base = _named(argv) or settings.last_base()
    if base is None:
        return _work(settings, argv, None, None)
    curtain = open_curtain(settings, app.quit)
    app.exec()  # ends with the first paint
    return _work(settings, argv, base, curtain)


def open_curtain(settings: LocalSettings, painted: Callable[[], object]) -> Curtain:
    """Shows the empty frame where the window will be; ``painted`` is called once it is on the screen."""
    geometry = QSettings(str(settings.path.with_name("fenetre.ini")), QSettings.Format.IniFormat)
    curtain = Curtain(settings.values.theme, geometry)
    curtain.painted.connect(painted)
    curtain.show()
    return curtain


def pictures(folder: Path, out: Path, wanted: Sequence[str]) -> list[str]:
    """Draws named screens of the example base in ``folder``, as they stand, into PNG files of ``out``; their names."""
    from cv_desktop.desk import pictures as draw

    return draw(folder, out, wanted)


def _work(settings: LocalSettings, argv: list[str], base: Path | None, curtain: Curtain | None) -> int:
    from cv_desktop import desk, logs

    logs.start(paths.log_folder())
    code = desk.work(settings, argv, base, curtain)
    logs.stop()
    return code


def _named(argv: list[str]) -> Path | None:
    if not argv:
        return None
    path = Path(argv[0]).absolute()
    # The name of the file in a folder is the store's; asking it would load SQLAlchemy before the first paint.
    return path / "cv-desktop.sqlite" if path.is_dir() else path
