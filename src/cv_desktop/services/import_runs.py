"""Writes what was read, whatever kind of file it was, and takes it back."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Import
from cv_desktop.domain import repairs
from cv_desktop.domain.bulk import in_bulk
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.file_kinds import DIRECTORY, HISTORY
from cv_desktop.services import directory, import_removal, imports, mappings, past_grants, vocabulary
from cv_desktop.services.readings import Reading, rows_of


@in_bulk()
def run(
    session: Session,
    *,
    call_id: str,
    reading: Reading,
    remember: bool,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Changes, str]:
    """Write a reading in one go: (changes, key of the import). ``remember`` keeps its columns for its source.

    ``progress(done, total)`` is called on the way and may raise to stop: nothing is then written.
    """
    file = reading.file
    if remember and reading.mapping:
        kept = mappings.memorable(reading.mapping)
        if kept != dict(reading.remembered):
            mappings.remember(session, source=reading.source, kind=reading.kind, mapping=kept)
    if reading.history is not None:
        return past_grants.run(
            session,
            history=reading.history.history,
            filename=file.name,
            sha256=file.sha256,
            year=reading.wanted.year,
            path=file.path,
        )
    if reading.register is not None:
        return directory.run(
            session,
            registers=vocabulary.registers(),
            rows=rows_of(file),
            filename=file.name,
            sha256=file.sha256,
            source=reading.source,
            path=file.path,
        )[:2]
    if reading.plan is None:
        raise UserError(reading.refusal)
    made = reading.wanted.repairs
    return imports.run(
        session,
        call_id=call_id,
        intake=reading.plan.intake,
        filename=file.name,
        sha256=file.sha256,
        path=file.path,
        decisions=repairs.decisions(made),
        owners=repairs.owners(made),
        repairs=tuple(one.sentence for one in made),
        progress=progress,
    )


def remove(session: Session, *, import_id: str) -> Changes:
    """Take a whole import back, whatever it held. Raises UserError when something of it was changed since."""
    kind = session.get_one(Import, import_id).kind
    if kind == HISTORY:
        return past_grants.remove(session, import_id=import_id)
    if kind == DIRECTORY:
        return directory.remove(session, import_id=import_id)
    return import_removal.remove(session, import_id=import_id)
