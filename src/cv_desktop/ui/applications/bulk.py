"""« Passer en instruction… » for the files selected: what will be done and what will not, then the passage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cv_desktop.db.queries import applications as queries
from cv_desktop.db.queries.applications import ApplicationRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus
from cv_desktop.services import applications
from cv_desktop.ui.applications.rows import short_number
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.message_bar import Message

NAMED = 6


class Bulk:
    """Asks in the message bar, without a dialog; all or nothing, in the background."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def preview(self, rows: Sequence[ApplicationRow], call_id: str) -> None:
        """Runs the checks without keeping anything, then says what would change."""
        todo = [row for row in rows if row.progress.status is ApplicationStatus.DEPOSITED]
        left = [row for row in rows if row.progress.status is not ApplicationStatus.DEPOSITED]
        if not todo:
            self._context.refuse(UserError("Aucun dossier sélectionné n’est « Déposé » : tous sont déjà instruits."))
            return
        ids = [row.id for row in todo]
        self._context.jobs.run(
            "Contrôles des dossiers sélectionnés",
            lambda _token: self._foreseen(call_id, ids),
            on_done=lambda states: self._ask(call_id, ids, states, left),
            on_failed=self._failed,
        )

    def _foreseen(self, call_id: str, ids: Sequence[str]) -> Counter[DisplayedStatus]:
        with self._context.store.write(self._context.actor, rehearsal=True) as session:
            applications.examine(session, call_id=call_id, only=ids)
            session.flush()
            return Counter(row.status for row in queries.some(session, ids=ids))

    def _ask(
        self, call_id: str, ids: list[str], states: Counter[DisplayedStatus], left: Sequence[ApplicationRow]
    ) -> None:
        parts = [f"{count} «\u00a0{state.label}\u00a0»" for state, count in states.most_common()]
        lead = f"{_files(len(ids), 'passera', 'passeront')} en instruction\u00a0: {', '.join(parts)}."
        text = ""
        if left:
            named = ", ".join(short_number(row) for row in left[:NAMED]) + ("…" if len(left) > NAMED else "")
            judged = "déjà instruit" if len(left) == 1 else "déjà instruits"
            text = f"{_files(len(left), 'n’y passera', 'n’y passeront')} pas\u00a0: {judged} ({named})."
        buttons = ((f"Appliquer aux {len(ids)}", lambda: self._apply(call_id, ids)), ("Abandonner", lambda: None))
        self._context.messages.show_message(Message("info", lead, text, buttons))

    def _apply(self, call_id: str, ids: list[str]) -> None:
        def work(_token: Token) -> Changes:
            with self._context.store.write(self._context.actor) as session:
                return applications.examine(session, call_id=call_id, only=ids)

        self._context.jobs.run(
            "Passage en instruction",
            work,
            on_done=lambda changes: self._done(changes, len(ids)),
            on_failed=self._failed,
        )

    def _done(self, changes: Changes, count: int) -> None:
        label = f"passage en instruction de {_files(count)}"
        self._context.accept(label, changes)
        undo = (("Annuler", lambda: self._undo(label)),)
        self._context.messages.show_message(
            Message("success", f"{_files(count, 'passé', 'passés')} en instruction.", "", undo)
        )

    def _undo(self, label: str) -> None:
        # The message may outlive its step: another one would be taken back.
        if self._context.undo.undo_label == label:
            self._context.undo_last()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._context.refuse(error)


def _files(count: int, one: str = "", several: str = "") -> str:
    """« 3 dossiers passeront »."""
    return f"{count} dossier {one}".rstrip() if count < 2 else f"{count} dossiers {several}".rstrip()
