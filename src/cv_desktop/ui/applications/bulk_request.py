"""« Demander les pièces… » for the files selected: who will be asked what, who will not, then the requests."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.completion import points
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.services import applications, completion
from cv_desktop.ui.applications.rows import short_number
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.message_bar import Message

NBSP = "\u00a0"
NAMED = 6
_OPEN = (ApplicationStatus.DEPOSITED, ApplicationStatus.INCOMPLETE)


class BulkRequest:
    """Asks in the message bar, without a dialog; all or nothing, in the background."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def preview(self, rows: Sequence[ApplicationRow], call_id: str) -> None:
        """Runs the checks of the selected files, then says what would be asked."""
        todo = [row for row in rows if row.progress.status in _OPEN]
        judged = [row for row in rows if row.progress.status not in _OPEN]
        if not todo:
            self._context.refuse(UserError("Aucun dossier sélectionné n’est à compléter : tous sont déjà instruits."))
            return
        ids = {row.id for row in todo}
        self._context.jobs.run(
            "Contrôles des dossiers sélectionnés",
            lambda _token: self._lacking(call_id, ids),
            on_done=lambda found: self._ask(todo, judged, found),
            on_failed=self._failed,
        )

    def _lacking(self, call_id: str, ids: set[str]) -> dict[str, int]:
        with self._context.store.read() as session:
            results = applications.checks(session, call_id=call_id)
        return {key: len(points(found)) for key, found in results.items() if key in ids}

    def _ask(self, todo: Sequence[ApplicationRow], judged: Sequence[ApplicationRow], lacking: dict[str, int]) -> None:
        asked = [row for row in todo if lacking.get(row.id)]
        sound = [row for row in todo if not lacking.get(row.id)]
        if not asked:
            self._context.refuse(UserError("Rien ne manque à ces dossiers que leurs associations puissent compléter."))
            return
        total = sum(lacking[row.id] for row in asked)
        lead = f"{_count(len(asked), 'demande')} de pièces à préparer, {_count(total, 'point')} en tout."
        left = [_named(sound, "rien à compléter"), _named(judged, "déjà instruit")]
        text = " ; ".join(part for part in left if part)
        ids = [row.id for row in asked]
        label = f"Préparer {_count(len(ids), 'demande')}"
        buttons = ((label, lambda: self._apply(ids)), ("Abandonner", lambda: None))
        self._context.messages.show_message(Message("info", lead, f"Laissés : {text}." if text else "", buttons))

    def _apply(self, ids: list[str]) -> None:
        def work(_token: Token) -> Changes:
            with self._context.store.write(self._context.actor) as session:
                return completion.ask_all(session, application_ids=ids)

        self._context.jobs.run(
            "Préparation des demandes de pièces",
            work,
            on_done=lambda changes: self._done(changes, len(ids)),
            on_failed=self._failed,
        )

    def _done(self, changes: Changes, count: int) -> None:
        label = f"{_count(count, 'demande')} de pièces"
        self._context.accept(label, changes)
        said = "Demande de pièces préparée" if count == 1 else f"{count} demandes de pièces préparées"
        letters = (("Relire les courriers", lambda: self._context.visit.emit("letters", "", "")),)
        self._context.messages.show_message(Message("success", f"{said}.", "", letters))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._context.refuse(error)


def _count(count: int, noun: str) -> str:
    return f"{count}{NBSP}{noun}{'s' if count > 1 else ''}"


def _named(rows: Sequence[ApplicationRow], why: str) -> str:
    """« 2 dossiers, rien à compléter (0012, 0044) »."""
    if not rows:
        return ""
    numbers = ", ".join(short_number(row) for row in rows[:NAMED]) + ("…" if len(rows) > NAMED else "")
    return f"{_count(len(rows), 'dossier')}, {why} ({numbers})"
