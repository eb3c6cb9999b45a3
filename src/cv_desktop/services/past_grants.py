"""Brings a list of past grants into the base: linked to known structures, written in one go, undone in one go."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.application import Import
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.bulk import in_bulk
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import INFORMATION, Problem
from cv_desktop.domain.past_grants import GrantRead, History
from cv_desktop.domain.text import NBSP, counted, normalised_name, quote
from cv_desktop.services import pending_lines
from cv_desktop.services.kept_files import keep
from cv_desktop.services.registry import Known

_TOLD = 2_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do: the structure of each grant (None: not known here), its folded name, every problem.

    ``proposed`` counts the grants whose name alone is known: a person links them, the import never does.
    """

    history: History
    owners: tuple[str | None, ...]
    folded: tuple[str, ...]
    proposed: int
    problems: tuple[Problem, ...]

    @property
    def linked(self) -> int:
        return sum(owner is not None for owner in self.owners)


def plan(session: Session, *, history: History) -> Plan:
    """Recognise the structures of a list by SIREN, then RNA; nothing is written."""
    known = Known.load(session)
    owners: list[str | None] = []
    folded: list[str] = []
    problems = list(history.problems)
    proposed = 0
    for grant in history.grants:
        name = normalised_name(grant.name)
        found = known.numbered(grant.siren, grant.rna)
        owners.append(found.id if found else None)
        folded.append(name)
        if found is None and (same := known.by_name.get(name)):
            proposed += 1
            message = f"Une structure porte ce nom, {quote(same.name)}{NBSP}: la subvention lui sera proposée."
            problems.append(Problem(grant.line, "", INFORMATION, message, sheet=grant.sheet))
    return Plan(history, tuple(owners), tuple(folded), proposed, tuple(problems))


@in_bulk()
def run(
    session: Session, *, history: History, filename: str, sha256: str, year: int | None = None, path: Path | None = None
) -> tuple[Changes, str]:
    """Write the grants of a list. ``year`` is theirs where the file says none; ``path`` is kept as it came.

    Of a file that is in the base already, only the lines mended since are written: raises UserError when there is none.
    """
    again = Step(run, {"history": history, "filename": filename, "sha256": sha256, "year": year, "path": path})
    whole = history
    if (written := _written(session, sha256)) is not None:
        fresh = tuple(one for one in history.grants if (one.line, normalised_name(one.name)) not in written)
        if not fresh:
            raise UserError(f"Rien de nouveau dans {quote(filename)}{NBSP}: ce fichier est déjà dans la base.")
        history = replace(
            history,
            grants=fresh,
            accepted=len({(one.sheet, one.line) for one in fresh}),
            amount_cents=sum(one.amount_cents for one in fresh),
        )
    todo = plan(session, history=history)
    if path is not None:
        keep(session, path, sha256)
    batch = Import(
        id=new_id(session),
        call_id=None,
        kind="history",
        source=history.source,
        filename=filename,
        sha256=sha256,
        imported_at=now(session),
        report={
            "rows": history.rows,
            "accepted": history.accepted,
            "amount_total_cents": history.amount_cents,
            "refused": list(history.refused),
            "set_aside": [asdict(aside) for aside in history.asides[:_TOLD]],
            "problems": [asdict(problem) for problem in todo.problems[:_TOLD]],
        },
    )
    session.add(batch)
    session.flush()
    # A list that says no year nowhere is of the year in which it is brought in, and the report says so.
    usual = year or today(session).year
    rows = [
        _row(grant, owner, folded, batch.id, new_id(session), usual)
        for grant, owner, folded in zip(history.grants, todo.owners, todo.folded, strict=True)
    ]
    insert_rows(session, PastGrant, rows)
    record(
        session,
        verb="past_grants.run",
        noun="import",
        noun_id=batch.id,
        summary=f"Import de {quote(filename)}{NBSP}: {counted(len(history.grants), 'subvention passée')}, "
        f"{todo.linked} de structures connues",
        after={
            "sha256": sha256,
            "grants": len(history.grants),
            "linked": todo.linked,
            "amount_total_cents": history.amount_cents,
        },
        source="import",
    )
    owners = {owner for owner in todo.owners if owner}
    touched = Changes.of("import", batch.id) | Changes.of("past_grant", batch.id) | Changes.of("structure", *owners)
    pending_lines.settle_grants(session, batch, history)
    pending_lines.add_grants(session, batch, whole)
    return Changes(touched.touched, Step(remove, {"import_id": batch.id, "again": again})), batch.id


def _written(session: Session, sha256: str) -> set[tuple[int, str]] | None:
    """The lines and folded names of a file that the base holds; None when it does not know the file."""
    of_file = (Import.kind == "history", Import.sha256 == sha256)
    if session.scalars(select(Import.id).where(*of_file)).first() is None:
        return None
    query = select(PastGrant.line, PastGrant.folded_name).join(Import, Import.id == PastGrant.import_id).where(*of_file)
    return {(line or 0, name) for line, name in session.execute(query)}


def remove(session: Session, *, import_id: str, again: Step | None = None) -> Changes:
    """Take back a whole list of past grants; ``again`` is the step that would bring it in once more."""
    batch = session.get_one(Import, import_id)
    if batch.kind != "history":
        raise UserError("Cet import n’est pas une liste de subventions passées.")
    of_it = PastGrant.import_id == import_id
    count = session.scalar(select(func.count()).select_from(PastGrant).where(of_it)) or 0
    owners = set(session.scalars(select(PastGrant.structure_id).where(of_it, PastGrant.structure_id.is_not(None))))
    session.execute(delete(PastGrant).where(of_it))
    pending_lines.reopen(session, import_id)
    session.flush()
    session.delete(batch)
    record(
        session,
        verb="past_grants.remove",
        noun="import",
        noun_id=import_id,
        summary=f"Import de {quote(batch.filename)} défait{NBSP}: {counted(count, 'subvention passée')} en moins",
        before={"sha256": batch.sha256, "grants": count},
    )
    touched = Changes.of("structure", *(owner for owner in owners if owner))
    touched |= Changes.of("import", import_id) | Changes.of("past_grant", import_id)
    return Changes(touched.touched, again)


def _row(grant: GrantRead, owner: str | None, folded: str, import_id: str, key: str, year: int) -> dict[str, object]:
    return {
        "id": key,
        "structure_id": owner,
        "import_id": import_id,
        "year": grant.year or year,
        "funder": grant.funder,
        "scheme": grant.scheme,
        "title": grant.title,
        "asked_cents": grant.asked_cents,
        "granted_cents": grant.granted_cents,
        "paid_cents": grant.paid_cents,
        "name": grant.name,
        "folded_name": folded,
        "siret": grant.siret_raw or grant.siret or "",
        "rna": grant.rna or "",
        "line": grant.line,
    }
