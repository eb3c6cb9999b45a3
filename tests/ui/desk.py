"""A context on a real base, as the window would make it."""

from __future__ import annotations

from cv_desktop.db.store import Store
from cv_desktop.settings import LocalSettings
from cv_desktop.ui.backup_keeper import BackupKeeper
from cv_desktop.ui.calls_selection import CallChoice, CallsSelection
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Jobs
from cv_desktop.ui.message_bar import MessageBar


def context(store: Store, call: str, actor: str = "Camille Témoin") -> Context:
    """The campaign ``call`` chosen; nothing is backed up."""
    messages = MessageBar()
    settings = LocalSettings(store.folder / "poste.json")
    jobs = Jobs(messages)
    calls = CallsSelection(settings, "base", messages)
    calls.offer([CallChoice(call, "FIA 2026", "FIA")])
    backups = BackupKeeper(store.path, lambda _base, folder, _moment: folder, jobs, store.clock, messages)
    return Context(
        store=store,
        messages=messages,
        settings=settings,
        jobs=jobs,
        calls=calls,
        backups=backups,
        actor=actor,
        clock=store.clock,
        parent=messages,
    )
