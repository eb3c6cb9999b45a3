"""The first window, or the window on one base, from its opening to its end."""

from __future__ import annotations

import gc
import getpass
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QProcess, QSettings, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog

from cv_desktop import __version__, logs, paths
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.settings import LocalSettings, Settings
from cv_desktop.ui import icons, theme
from cv_desktop.ui.crash import CrashHook
from cv_desktop.ui.destinations import destinations
from cv_desktop.ui.french_of_qt import FrenchOfQt
from cv_desktop.ui.jobs import Jobs, Stopped, Token
from cv_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from cv_desktop.ui.curtain import Curtain
    from cv_desktop.ui.doorbell import Doorbell
    from cv_desktop.ui.first_start import FirstStart, NewBase, Restoration
    from cv_desktop.ui.workspace import Workspace

# The store and the services are imported inside the functions that need them: at the top they would delay the first
# paint by half a second.

STARTED = 5_000  # ms: by then what the start makes is made
SWITCH_S = 0.0005
BASES = "Base de CV Desktop (*.sqlite)"
PREPARING = "Préparation de la base…"
EXAMPLE = "Préparation de l’exemple…"
STOPPED = "Préparation arrêtée. Rien n’a été gardé."
Tell = Callable[[int, int, str], None]


class Desk(QObject):
    """The first window, or one window on one base."""

    def __init__(
        self,
        settings: LocalSettings,
        data: Path,
        example: Callable[[Path, Tell], Path] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``data`` is the folder proposed for bases; ``example`` makes the example base in a folder, telling
        how far it is, and gives its file.
        """
        super().__init__(parent)
        self._make_example = example
        self.settings = settings
        self.data = data
        self.jobs = Jobs(self)
        self.first: FirstStart | None = None
        self.window: MainWindow | None = None
        self.workspace: Workspace | None = None
        self._bell: Doorbell | None = None
        settings.watch(self._settings_changed)

    def begin(self, base: Path | None) -> None:
        """The base named, else the last one, else the first window."""
        found = base or self.settings.last_base()
        if found:
            self.show_window(found)
        else:
            self.show_first()

    def show_first(self, closed: Path | None = None, message: str = "") -> None:
        """The first window, with what prevented the base ``closed`` from opening."""
        from cv_desktop.ui.first_start import FirstStart

        first = FirstStart(
            self.data / "Base",
            on_network=_on_network,
            describe=_describe,
            with_example=self._make_example is not None,
        )
        first.example_chosen.connect(self._example)
        first.new_chosen.connect(self._create)
        first.restoration_chosen.connect(self._restore)
        first.base_chosen.connect(self.show_window)
        self.first = first
        first.show()
        if closed is not None:
            first.explain(closed, message)

    def show_window(self, base: Path) -> None:
        """Paints the frame, then opens the base in it."""
        geometry = QSettings(str(self.settings.path.with_name("fenetre.ini")), QSettings.Format.IniFormat)
        window = MainWindow(destinations(), self.settings, geometry)
        window.painted.connect(lambda: self._enter(window, base))
        window.closing.connect(self.close)
        window.base_asked.connect(self._ask_base)
        self.window = window
        window.show()
        if self.first:
            self.first.close()
            self.first = None

    def refuse(self, refusal: UserError) -> None:
        """Shows a refusal nobody caught."""
        if self.workspace:
            self.workspace.context.refuse(refusal)
        elif self.first:
            self.first.refuse(refusal.message)

    def saved(self) -> datetime | None:
        return self.workspace.last_write if self.workspace else None

    def close(self) -> None:
        """Gives the base back."""
        if self.workspace:
            workspace, self.workspace = self.workspace, None
            if self._bell:
                self._bell.close()
                self._bell = None
            workspace.close()
            logs.event("base closed")

    def _enter(self, window: MainWindow, base: Path) -> None:
        from cv_desktop.services import opening
        from cv_desktop.ui.workspace import Workspace

        values = self.settings.values
        try:
            store = opening.enter(base, actor=values.user, station=values.station)
        except UserError as refusal:
            from cv_desktop.ui.doorbell import ring

            self.show_first(base, refusal.message)
            window.close()
            self.window = None
            ring(base)  # after the explanation, which would cover the window that has the base
            return
        self.settings.opened(base)
        self.workspace = Workspace(window, store, self.settings, _rotate)
        logs.event("base opened")
        window.filled.connect(self.workspace.backups.start)
        window.filled.connect(lambda: self._hang_bell(window, store.path))

    def _hang_bell(self, window: MainWindow, base: Path) -> None:
        from cv_desktop.ui.doorbell import Doorbell

        if self.workspace:
            self._bell = Doorbell(base, self)
            self._bell.rung.connect(window.come_forward)

    def _ask_base(self) -> None:
        window = self.window
        chosen, _ = QFileDialog.getOpenFileName(window, "Base à ouvrir", str(self.data), BASES)
        if chosen and window and window.may_close():
            # The new one first: closing the last window would end the application.
            self.show_window(Path(chosen))
            window.close()
            window.deleteLater()

    def _example(self) -> None:
        from cv_desktop.db.store import NAME

        make, folder = self._make_example, self.data / "Exemple"
        if (folder / NAME).exists():
            # Somebody may have worked in it: it is opened as it was left, never made again over their work.
            self.show_window(folder / NAME)
        elif make:
            # Made aside and put in its place whole: an example cut off in the middle is not taken for one.
            aside = folder.with_name(f"{folder.name} en préparation")

            def build(token: Token) -> Path:
                path = make(aside, _telling(token))
                aside.rename(folder)
                return folder / path.name

            self._prepare(build, EXAMPLE, stops=True)

    def _create(self, wanted: NewBase) -> None:
        def work(_token: Token) -> Path:
            from cv_desktop.services import bases

            return bases.create(
                wanted.folder, actor=self._person(), service=wanted.service, city=wanted.city, scheme=wanted.scheme
            )

        self._prepare(work)

    def _restore(self, wanted: Restoration) -> None:
        def work(_token: Token) -> Path:
            from cv_desktop.db.backup import restore
            from cv_desktop.db.store import NAME

            restore(wanted.backup, wanted.folder / NAME)
            return wanted.folder / NAME

        self._prepare(work)

    def _prepare(self, work: Callable[[Token], Path], name: str = PREPARING, *, stops: bool = False) -> None:
        first = self.first
        if first:
            first.busy(name, stops=stops)
            job = self.jobs.run(
                name, work, on_done=self.show_window, on_failed=self._not_made, on_progress=first.progress.progress
            )
            first.stop_asked.connect(job.cancel)

    def _not_made(self, error: BaseException) -> None:
        if self.first is None:
            return
        if isinstance(error, Stopped):
            self.first.refuse(STOPPED, "secondary")
        else:
            self.first.refuse(error.message if isinstance(error, UserError) else "La base n’a pas pu être préparée.")

    def _person(self) -> str:
        return self.settings.values.user or getpass.getuser()

    def _settings_changed(self, before: Settings, after: Settings) -> None:
        seen = ("theme", "text_scale", "strong_contrast")
        if any(getattr(before, key) != getattr(after, key) for key in seen):
            dress(after)
        if self.window:
            self.window.status.put_zoom(after.text_scale)


def dress(values: Settings) -> None:
    """Gives the application the look chosen on this computer."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, values.theme, values.text_scale / 100, values.strong_contrast)


def application(settings: LocalSettings) -> QApplication:
    """The QApplication: French, dressed."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(paths.APPLICATION)
    app.setApplicationVersion(__version__)
    QLocale.setDefault(QLocale("fr_FR"))
    app.installTranslator(FrenchOfQt(app))
    translator = QTranslator(app)
    if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    dress(settings.values)
    app.setWindowIcon(icons.icon("waves-horizontal", "accent", 32))
    return app


def work(settings: LocalSettings, argv: list[str], base: Path | None, curtain: Curtain | None) -> int:
    """Opens the window on a base, else the first window, and runs until it is closed. ``argv`` serves a new start.

    The ``curtain`` drawn while this module was imported goes once the window is painted.
    """
    # Each row read waits that long for a thread that computes: at the usual 5 ms, opening a panel took seconds.
    sys.setswitchinterval(SWITCH_S)
    app = application(settings)
    desk = Desk(settings, paths.data_folder(), _example)
    again: list[str] = []

    def restart() -> None:
        again.append(sys.executable)
        app.exit(1)

    hook = CrashHook(refuse=desk.refuse, restart=restart, saved=desk.saved, parent=desk)
    hook.install()
    desk.begin(base)
    if curtain is not None:
        if desk.window is not None:
            desk.window.painted.connect(curtain.close)
        else:
            curtain.close()
    QTimer.singleShot(STARTED, _collect)
    code = app.exec()
    desk.close()
    if again:
        QProcess.startDetached(again[0], ["-m", "cv_desktop", "gui", *argv])
    return code


def _collect() -> None:
    """Collects garbage again, and never more among what the start has made: a pause is shorter than a keystroke."""
    gc.freeze()
    gc.enable()


def pictures(folder: Path, out: Path, wanted: Sequence[str]) -> list[str]:
    """Draws named screens of the example base in ``folder``, as they stand, into PNG files of ``out``; their names."""
    from cv_desktop.db.backup import rotate
    from cv_desktop.services.demonstration import reopen
    from cv_desktop.ui.portrait import Portrait
    from cv_desktop.ui.workspace import Workspace

    with tempfile.TemporaryDirectory() as own:
        settings = LocalSettings(Path(own) / "poste.json")
        settings.change(station="PV-01", theme="light")
        application(settings)
        geometry = QSettings(str(Path(own) / "fenetre.ini"), QSettings.Format.IniFormat)
        window = MainWindow(destinations(), settings, geometry)
        workspace = Workspace(window, reopen(folder), settings, rotate)
        try:
            return Portrait(window, workspace.context).draw(out, wanted)
        finally:
            workspace.context.jobs.stop_all()
            workspace.store.close()
            window.close()
            window.deleteLater()


def _example(folder: Path, tell: Tell) -> Path:
    from cv_desktop.documents import letter_pdf
    from cv_desktop.services import example

    return example.create(folder, letter_pdf.render, tell)


def _telling(token: Token) -> Tell:
    def tell(done: int, total: int, label: str) -> None:
        if token.cancelled:
            raise Stopped
        token.progress(done, total, label)

    return tell


def _rotate(base: Path, folder: Path, moment: datetime) -> Path:
    from cv_desktop.db.backup import rotate

    return rotate(base, folder, moment)


def _on_network(folder: Path) -> bool:
    from cv_desktop.db.engine import on_network

    return on_network(folder)


def _describe(backup: Path) -> list[str]:
    from cv_desktop.db.backup import inspect

    content = inspect(backup)
    day = f"Dernière écriture : {long_date(date.fromisoformat(content.last_entry[:10]))}" if content.last_entry else ""
    counts = f"{content.applications} dossiers, {content.structures} structures, {content.letters} courriers"
    version = f"Version {content.version}" if content.version else ""
    return [line for line in (day, counts, version) if line]
