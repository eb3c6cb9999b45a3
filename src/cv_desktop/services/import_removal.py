"""Takes a whole import back, while nobody has built on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import (
    Application,
    ApplicationObjective,
    ApplicationPriority,
    Document,
    Import,
)
from cv_desktop.db.models.attachment import ApplicationAttachment
from cv_desktop.db.models.bank_account import BankAccount
from cv_desktop.db.models.completion import Completion
from cv_desktop.db.models.decision import Letter, ScenarioLine
from cv_desktop.db.models.declaration import Declaration
from cv_desktop.db.models.derogation import Derogation
from cv_desktop.db.models.funding import Funding, Tranche
from cv_desktop.db.models.import_value import ImportValue
from cv_desktop.db.models.indicator import Indicator
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.meeting import AgendaItem, Recusal, Review
from cv_desktop.db.models.movement import Movement
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.report import Report
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.work import record
from cv_desktop.domain import form
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.imported import PLAIN, SIRET, same
from cv_desktop.domain.reimport import Present
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import import_values, pending_lines
from cv_desktop.services.registry import give_back

_NAMED = 5
# What a person adds to a file beyond its own fields.
_BUILT: tuple[Any, ...] = (
    Review, AgendaItem, Letter, Link, Declaration, Recusal, ScenarioLine, Movement, ApplicationAttachment, Completion,
    Derogation, Funding, Tranche, Indicator, Partner, Report, ApplicationObjective, ApplicationPriority,
)  # fmt: skip


def remove(session: Session, *, import_id: str, again: Step | None = None) -> Changes:
    """Take back a whole import: its applications go, those it updated take their former values again.

    ``again`` is the step that would do it once more. Raises UserError when a file was changed, marked, put on an
    agenda or written to since, with the numbers of those files.
    """
    batch = session.get_one(Import, import_id)
    created = import_values.of_import(session, import_id=import_id)
    updates: Mapping[str, Any] = batch.report.get("updates") or {}
    numbers = _changed(session, created) + _moved(session, batch, updates)
    if numbers:
        shown = ", ".join(numbers[:_NAMED]) + (f" et {len(numbers) - _NAMED} autres" if len(numbers) > _NAMED else "")
        raise UserError(
            f"{counted(len(numbers), 'dossier')} de cet import {'ont' if len(numbers) > 1 else 'a'} changé depuis{NBSP}"
            f": {shown}. Il ne peut plus être défait. Retirez un à un les dossiers en trop."
        )
    ids = [one.application_id for one in created]
    session.execute(delete(Application).where(Application.import_id == import_id))
    still_used = select(Application.structure_id)
    # What a file told of a structure goes with it, unless a person has confirmed it since.
    session.execute(delete(BankAccount).where(BankAccount.import_id == import_id, BankAccount.validated_at.is_(None)))
    session.execute(update(BankAccount).where(BankAccount.import_id == import_id).values(import_id=None))
    session.execute(delete(Mandate).where(Mandate.import_id == import_id))
    session.execute(delete(Structure).where(Structure.import_id == import_id, Structure.id.not_in(still_used)))
    # A structure kept for a later file no longer comes from an import that exists.
    for structure in session.scalars(select(Structure).where(Structure.import_id == import_id)):
        structure.import_id = None
    emptied = give_back(session, batch.report.get("filled") or {})
    for key, one in updates.items():
        import_values.write(session, key, one["before"])
        session.execute(delete(ImportValue).where(ImportValue.application_id == key))
    import_values.remember(
        session, {key: one["imported"] for key, one in updates.items() if one["imported"] is not None}
    )
    pending_lines.reopen(session, import_id)
    session.flush()
    session.delete(batch)
    back = f", {len(updates)} remis à leurs valeurs d’avant" if updates else ""
    record(
        session,
        verb="imports.remove",
        noun="import",
        noun_id=import_id,
        summary=f"Import de {quote(batch.filename)} défait{NBSP}: {counted(len(ids), 'dossier retiré')}{back}",
        before={
            "numbers": [one.number for one in created],
            "updates": dict(updates),
            "filled": {key: batch.report["filled"][key] for key in emptied},
        },
    )
    touched = Changes.of("import", import_id) | Changes.of("application", *ids, *updates)
    return Changes((touched | Changes.of("structure", batch.call_id or "", *emptied)).touched, again)


def _changed(session: Session, created: Sequence[Present]) -> list[str]:
    """Numbers of the files of an import that are no longer as it wrote them."""
    ids = [one.application_id for one in created]
    busy: set[str] = set()
    for table in _BUILT:
        busy |= set(session.scalars(select(table.application_id).where(table.application_id.in_(ids))))
    judged = select(Document.application_id).where(Document.application_id.in_(ids), Document.state != "received")
    busy |= set(session.scalars(judged))
    busy |= {f.id for f in session.scalars(select(Application).where(Application.id.in_(ids))) if _touched(f)}
    return [one.number for one in created if one.application_id in busy or _differs(one)]


def _touched(file: Application) -> bool:
    """Whether a file was judged, or holds something in a field that no import fills."""
    return file.status != "deposited" or any(getattr(file, name) for name in form.ALL if name not in PLAIN)


def _differs(one: Present) -> bool:
    # The number of a structure belongs to the registry: to mend it there takes nothing from the import.
    told = {name: value for name, value in (one.imported or {}).items() if name != SIRET}
    return any(not same(value, one.values.get(name)) for name, value in told.items())


def _moved(session: Session, batch: Import, updates: Mapping[str, Any]) -> list[str]:
    """Numbers of the updated files of which a field changed again since."""
    if not updates or batch.call_id is None:
        return []
    present = import_values.present(session, call_id=batch.call_id, source=batch.source).values()
    now = {one.application_id: one for one in present}
    return [
        now[key].number
        for key, one in updates.items()
        if key in now
        and (
            (now[key].locked and one["after"])
            or any(not same(value, now[key].values.get(name)) for name, value in one["after"].items())
        )
    ]
