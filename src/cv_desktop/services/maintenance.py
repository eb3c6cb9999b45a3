"""Whether an installation can do all it must: asked once after an update, or when something looks odd."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cv_desktop.db import backup, journal
from cv_desktop.db.store import NAME, Store
from cv_desktop.domain.errors import UserError
from cv_desktop.paths import resource
from cv_desktop.services import demonstration
from cv_desktop.services.demonstration import Story


@dataclass(frozen=True, slots=True)
class Examined:
    label: str
    passed: bool
    detail: str = ""


def self_test() -> list[Examined]:
    """Walk the example campaign in a temporary folder, step by step; a step that fails ends the walk.

    Refusals are reported; a fault of the program goes through, to be seen whole.
    """
    from cv_desktop.documents import letter_pdf

    results: list[Examined] = []
    story = Story()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        demonstration.open_base(Path(folder) / "base") as store,
    ):
        workbook = Path(folder) / "depots.xlsx"
        workbook.write_bytes(resource("demo", "depots_fia_2026.xlsx").read_bytes())
        steps: list[tuple[str, Callable[[], object]]] = [
            ("Tables de référence et campagne", lambda: demonstration.campaign(store, story)),
            ("Lecture et import d’un classeur", lambda: demonstration.deposits(store, story, workbook)),
            ("Contrôles et recevabilité", lambda: demonstration.examine(store, story)),
            ("Notes du comité", lambda: demonstration.committee(store, story)),
            ("Séance et avis", lambda: demonstration.meeting(store, story)),
            ("Répartition", lambda: demonstration.arbitration(store, story)),
            ("Vote et décisions", lambda: demonstration.vote(store, story)),
            ("Courriers en PDF", lambda: demonstration.correspondence(store, story, letter_pdf.render)),
            ("Chaîne du journal", lambda: _journal(store)),
            ("Sauvegarde et restauration", lambda: _backup(store, Path(folder))),
        ]
        for label, step in steps:
            try:
                step()
            except UserError as refusal:
                results.append(Examined(label, False, refusal.message))
                break
            results.append(Examined(label, True))
    return results


def _journal(store: Store) -> None:
    with store.read() as session:
        found = journal.verify(session)
    if not found.sound:
        raise UserError(found.why)


def _backup(store: Store, folder: Path) -> None:
    copy = folder / "copie.sqlite"
    backup.copy(store.path, copy)
    backup.restore(copy, folder / "autre" / NAME)
