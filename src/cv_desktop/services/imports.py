"""Brings the applications of a file into a campaign: compared first, written in one go, undone in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db import search
from cv_desktop.db.base import Base
from cv_desktop.db.bulk import insert_objects
from cv_desktop.db.models.application import Application, Import
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.reference import Funder
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import settings
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain import imported
from cv_desktop.domain.bulk import in_bulk
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import INFORMATION, TO_CHECK, Deposit, Intake, Problem
from cv_desktop.domain.own_funding import OwnNames
from cv_desktop.domain.reimport import Decisions, Difference, Update, compare
from cv_desktop.domain.text import NBSP, counted, fold, normalised_name, quote
from cv_desktop.domain.uncollected import uncollected
from cv_desktop.services import import_values, pending_lines, phases
from cv_desktop.services.budgets import FunderLabels, own_names
from cv_desktop.services.import_plan import Plan, report, said
from cv_desktop.services.import_removal import remove
from cv_desktop.services.import_rows import Rows
from cv_desktop.services.kept_files import keep
from cv_desktop.services.registry import Known, register

_NAMED = 12
_MANY = 200


def year_of(session: Session, call_id: str) -> int:
    """The year of the campaign, that of the columns of co-funders that count."""
    return session.get_one(Call, call_id).year


def known_funders(session: Session, call_id: str | None = None) -> dict[str, list[str]]:
    """The label then the other names of each co-funder that may have a column, by code: ours is none of them."""
    ours = own_names(session, call_id) if call_id else None
    query = select(Funder.code, Funder.label, Funder.synonyms).where(
        Funder.account.startswith("74"), Funder.closed_on.is_(None)
    )
    return {
        code: [label, *synonyms]
        for code, label, synonyms in session.execute(query.order_by(Funder.position))
        if ours is None or not ours.is_ours(label)
    }


def known_quarters(session: Session) -> dict[str, str]:
    """Codes of the priority quarters by every name they are known under, folded."""
    names: dict[str, str] = {}
    for quarter in settings.quarters(session):
        for name in (quarter.name, quarter.layer_name, quarter.code):
            names[fold(name)] = quarter.code
    return names


def plan(
    session: Session,
    *,
    call_id: str,
    intake: Intake,
    decisions: Decisions | None = None,
    owners: Mapping[str, str] | None = None,
) -> Plan:
    """Compare what a file holds with what the campaign has; nothing is written.

    ``decisions`` settle differences, ``owners`` say which structure is meant where only a name is known.
    """
    known = Known.load(session)
    owners = owners or {}
    present = import_values.present(session, call_id=call_id, source=intake.source)
    new: list[Deposit] = []
    problems = list(intake.problems)
    namesakes: dict[str, tuple[str, str]] = {}
    updates: list[Update] = []
    differences: list[Difference] = []
    unchanged: list[str] = []
    already: list[str] = []
    codes, themes, own = _references(session, call_id)
    carried = intake.carried
    for deposit in intake.deposits:
        there = present.get(deposit.number)
        if there is None:
            new.append(deposit)
            if same := known.namesake(deposit.structure):
                namesakes[deposit.number] = (same.id, same.name)
            if deposit.number not in owners and (words := known.doubt(deposit.structure)):
                problems.append(Problem(deposit.line, "Structure", TO_CHECK, words, deposit.number, deposit.sheet))
            continue
        already.append(deposit.number)
        owner = known.recognise(deposit.structure)
        told = imported.told(
            deposit, carried, codes=codes, themes=themes, own=own, structure_id=owner.id if owner else ""
        )
        here = there.values[imported.STRUCTURE]
        alike = normalised_name(there.owner) == normalised_name(deposit.structure.name)
        stranger = owner.id != here if owner else not alike
        if stranger and there.imported is not None:
            message = (
                f"Le numéro {deposit.number} est, dans la campagne, celui de {quote(there.owner)}{NBSP}; le fichier le "
                f"donne à {quote(deposit.structure.name)}. Rien n’en est repris sans votre choix."
            )
            problems.append(Problem(deposit.line, "", TO_CHECK, message, "", deposit.sheet))
        update, left = compare(there, deposit.line, told, decisions or {}, stranger=stranger)
        differences += left
        if update.fields or update.settled:
            updates.append(update)
        elif not left:
            unchanged.append(deposit.number)
    seen = {*already, *intake.drafts, *intake.duplicates, *intake.refused}
    vanished = tuple(number for number, one in present.items() if number not in seen) if already else ()
    if vanished:
        shown = ", ".join(vanished[:_NAMED]) + ("…" if len(vanished) > _NAMED else "")
        subject = "dossiers de la campagne ne sont" if len(vanished) > 1 else "dossier de la campagne n’est"
        message = f"{len(vanished)} {subject} plus dans ce fichier{NBSP}: {shown}. Rien n’en est retiré."
        problems.append(Problem(0, "", INFORMATION, message))
    return Plan(
        intake,
        tuple(new),
        tuple(already),
        tuple(problems),
        tuple(updates),
        tuple(differences),
        tuple(unchanged),
        vanished,
        namesakes,
        owners,
    )


@uncollected()
@in_bulk()
def run(
    session: Session,
    *,
    call_id: str,
    intake: Intake,
    filename: str,
    sha256: str,
    path: Path | None = None,
    decisions: Decisions | None = None,
    owners: Mapping[str, str] | None = None,
    repairs: tuple[str, ...] = (),
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Changes, str]:
    """Write the new applications of a file, with the report of all that was set aside; ``path`` is kept as it came.

    Applications that the campaign has take what the file changed and nobody changed here; the rest of the differences
    is kept in the report. ``repairs`` are the sentences of what a person mended. ``progress(done, total)`` is called
    on the way. Raises UserError when nothing is new: a second import of the same file changes nothing and says so.
    """
    call = phases.of_open(session, call_id)
    todo = plan(session, call_id=call_id, intake=intake, decisions=decisions, owners=owners)
    if not todo.writes and not todo.differences:
        there = f"{counted(len(todo.already), 'dossier')} déjà dans la campagne."
        raise UserError(
            f"Rien de nouveau dans {quote(filename)}{NBSP}: {there}"
            if todo.already
            else f"Aucun dossier déposé dans {quote(filename)}. Rien n’a été importé."
        )
    if path is not None:
        keep(session, path, sha256)
    batch = Import(
        id=new_id(session),
        call_id=call_id,
        kind="applications",
        source=intake.source,
        filename=filename,
        sha256=sha256,
        imported_at=now(session),
        report=report(todo, repairs),
    )
    session.add(batch)
    session.flush()
    known = Known.load(session)
    seq = session.scalar(select(func.max(Application.seq)).where(Application.call_id == call_id)) or 0
    codes, themes, own = _references(session, call_id)
    rows = Rows(own, intake.carried, codes, themes, FunderLabels.load(session))
    made: list[Base] = []
    total = len(todo.new) + len(todo.updates)
    for done, deposit in enumerate(todo.new):
        if progress is not None and done % 100 == 0:
            progress(done, total)
        seq += 1
        owner = todo.owners.get(deposit.number)
        same = session.get_one(Structure, owner) if owner else None
        structure, created = register(session, known, deposit.structure, batch.id, same=same, put=made.append)
        if created:
            record(
                session,
                verb="structures.create",
                noun="structure",
                noun_id=structure.id,
                summary=f"Structure {quote(structure.name)} créée par l’import",
                source="import",
            )
        rows.take(session, call, structure, batch.id, seq, intake.source, deposit)
    if known.filled:
        batch.report = {**batch.report, "filled": known.filled}
    session.flush()
    at_once = len(todo.new) >= _MANY
    with search.indexed_at_once(session.connection(), "structure", "application") if at_once else nullcontext():
        insert_objects(session, made)
        rows.write(session)
    touched = _update(session, todo, len(todo.new), total, progress)
    pending_lines.settle(session, batch)
    pending_lines.add(session, batch, intake)
    record(
        session,
        verb="imports.run",
        noun="import",
        noun_id=batch.id,
        summary=f"Import de {quote(filename)}{NBSP}: {said(todo)}",
        after={"sha256": sha256, "applications": len(todo.new), **batch.report},
        source="import",
    )
    again = Step(
        run,
        {
            "call_id": call_id,
            "intake": intake,
            "filename": filename,
            "sha256": sha256,
            "path": path,
            "decisions": decisions,
            "owners": owners,
            "repairs": repairs,
        },
    )
    touched |= Changes.of("import", batch.id) | Changes.of("application", call_id)
    touched |= Changes.of("structure", call_id, *known.filled)
    return Changes(touched.touched, Step(remove, {"import_id": batch.id, "again": again})), batch.id


def _references(session: Session, call_id: str) -> tuple[frozenset[str], dict[str, str], OwnNames]:
    themes = {fold(label): code for code, label in settings.themes(session).items()}
    return frozenset(known_quarters(session).values()), themes, own_names(session, call_id)


def _update(
    session: Session, todo: Plan, done: int, total: int, progress: Callable[[int, int], None] | None
) -> Changes:
    """Write the fields that take the value of the file, and keep what it said for the next one."""
    touched = Changes()
    kept: dict[str, dict[str, Any]] = {}
    for place, update in enumerate(todo.updates, done):
        if progress is not None and place % 100 == 0:
            progress(place, total)
        there = update.present
        taken = {name: after for name, (_before, after) in update.fields.items()}
        import_values.write(session, there.application_id, taken)
        settled = {name: update.told[name] for name in update.settled}
        kept[there.application_id] = {**(there.imported or {}), **taken, **settled}
        if taken:
            labels = ", ".join(imported.label(name) for name in taken)
            record(
                session,
                verb="imports.update",
                noun="application",
                noun_id=there.application_id,
                summary=f"{there.number} mis à jour par l’import{NBSP}: {labels}",
                before={name: before for name, (before, _after) in update.fields.items()},
                after=taken,
                source="import",
            )
            touched |= Changes.of("application", there.application_id)
    import_values.remember(session, kept)
    return touched
