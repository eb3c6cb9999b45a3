"""A context and a window on a store in memory, with small screens of the tests' own."""

from __future__ import annotations

from pathlib import Path

from fakes import NOON, MemoryStore, value
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cv_desktop.settings import LocalSettings
from cv_desktop.ui.backup_keeper import BackupKeeper
from cv_desktop.ui.calls_selection import CallChoice, CallsSelection
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Jobs
from cv_desktop.ui.main_window import MainWindow
from cv_desktop.ui.message_bar import MessageBar
from cv_desktop.ui.navigation import Destination
from cv_desktop.ui.palette import Hit
from cv_desktop.ui.screen import Command, Screen

CALLS = [
    CallChoice("fia", "FIA 2026", "FIA", "Instruction"),
    CallChoice("aap", "Appel à projets 2026", "Appels à projets", "Dépôt"),
]


def context(tmp_path: Path, messages: MessageBar, parent: QWidget | None = None) -> Context:
    store = MemoryStore()
    settings = LocalSettings(tmp_path / "poste.json")
    jobs = Jobs(parent)
    calls = CallsSelection(settings, "base", parent)
    calls.offer(CALLS)
    backups = BackupKeeper(tmp_path / "base.sqlite", lambda _base, folder, _moment: folder, jobs, lambda: NOON, parent)
    return Context(
        store=store,  # type: ignore[arg-type]
        messages=messages,
        settings=settings,
        jobs=jobs,
        calls=calls,
        backups=backups,
        actor="Camille Témoin",
        clock=lambda: NOON,
        parent=parent,
    )


class FilesScreen(Screen):
    title = "Dossiers"
    nouns = frozenset({"application"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.reads = 0
        self.opened: list[tuple[str, str]] = []
        self.shown: tuple[str, str] | None = None
        self.field = QLineEdit()
        self.field.setAccessibleName("Filtre")
        QVBoxLayout(self).addWidget(self.field)

    def refresh(self) -> None:
        self.reads += 1
        self.field.setText(self.context.read(value, "A"))

    def commands(self) -> dict[str, Command]:
        return {"filter": self.field.setFocus}

    def open(self, noun: str, id: str) -> None:
        self.opened.append((noun, id))
        self.shown = (noun, id)

    def place(self) -> tuple[str, str] | None:
        return self.shown


class HomeScreen(Screen):
    title = "Accueil"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAccessibleName("Accueil")


def destinations() -> list[Destination]:
    return [
        Destination("home", "Accueil", "house", HomeScreen),
        Destination(
            "applications",
            "Dossiers",
            "folder-open",
            FilesScreen,
            counter=lambda context: len(context.store.values),  # type: ignore[attr-defined]
            nouns=frozenset({"application"}),
        ),
        Destination("preferences", "Réglages", "settings", HomeScreen, bottom=True),
    ]


def window(tmp_path: Path) -> MainWindow:
    settings = LocalSettings(tmp_path / "poste.json")
    geometry = QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat)
    made = MainWindow(destinations(), settings, geometry)
    made.search = lambda text: [Hit("Dossiers", f"Dossier {text}", destination="applications", noun="a", id="7")]
    return made
