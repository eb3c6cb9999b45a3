"""Brings the applications of a file into a campaign: compared first, written in one go, undone in one go."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document, Import
from cv_desktop.db.models.bank_account import BankAccount
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Letter, ScenarioLine
from cv_desktop.db.models.mandate import Mandate
from cv_desktop.db.models.meeting import AgendaItem, Recusal, Review
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import settings
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.budget import Funding
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import TO_CHECK, Deposit, Intake, Problem
from cv_desktop.domain.own_funding import OwnNames
from cv_desktop.domain.quarters import is_outside
from cv_desktop.domain.text import counted, fold
from cv_desktop.services import phases
from cv_desktop.services.budgets import own_names
from cv_desktop.services.kept_files import keep
from cv_desktop.services.registry import Known, register

_STATES = {
    "acquis": Funding.ACQUIRED,
    "sollicite": Funding.ASKED,
    "refuse": Funding.REFUSED,
    "demande": Funding.OURS,
    "": Funding.NONE,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do: the deposits to write, those already in the campaign, and every problem."""

    intake: Intake
    new: tuple[Deposit, ...]
    already: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def asked_cents(self) -> int:
        return sum(deposit.asked_cents for deposit in self.new)

    @property
    def cost_cents(self) -> int:
        return sum(deposit.cost_cents or 0 for deposit in self.new)


def known_quarters(session: Session) -> dict[str, str]:
    """Codes of the priority quarters by every name they are known under, folded."""
    names: dict[str, str] = {}
    for quarter in settings.quarters(session):
        for name in (quarter.name, quarter.layer_name, quarter.code):
            names[fold(name)] = quarter.code
    return names


def plan(session: Session, *, call_id: str, intake: Intake) -> Plan:
    """Compare what a file holds with what the campaign has; nothing is written."""
    known = Known.load(session)
    present = set(
        session.scalars(
            select(Application.external_id).where(Application.call_id == call_id, Application.source == intake.source)
        )
    )
    new = tuple(d for d in intake.deposits if d.number not in present)
    problems = list(intake.problems)
    for deposit in new:
        if words := known.doubt(deposit.structure):
            problems.append(Problem(deposit.line, "Structure", TO_CHECK, words, deposit.number, "Dossiers"))
    already = tuple(d.number for d in intake.deposits if d.number in present)
    return Plan(intake, new, already, tuple(problems))


def run(
    session: Session, *, call_id: str, intake: Intake, filename: str, sha256: str, path: Path | None = None
) -> tuple[Changes, str]:
    """Write the new applications of a file, with the report of all that was set aside; ``path`` is kept as it came.

    Files already imported from the same source are left as they are. Raises UserError when nothing
    is new: a second import of the same file changes nothing and says so.
    """
    call = phases.of_open(session, call_id)
    todo = plan(session, call_id=call_id, intake=intake)
    if not todo.new:
        raise UserError(
            f"Rien de nouveau dans « {filename} » : {counted(len(todo.already), 'dossier')} déjà dans la campagne."
            if todo.already
            else f"Aucun dossier déposé dans « {filename} ». Rien n’a été importé."
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
        report={
            "rows": intake.rows,
            "drafts": list(intake.drafts),
            "duplicates": list(intake.duplicates),
            "refused": list(intake.refused),
            "already": list(todo.already),
            "problems": [asdict(p) for p in todo.problems],
        },
    )
    session.add(batch)
    session.flush()
    known = Known.load(session)
    seq = session.scalar(select(func.max(Application.seq)).where(Application.call_id == call_id)) or 0
    codes = set(known_quarters(session).values())
    themes = {fold(label): code for code, label in settings.themes(session).items()}
    rows = _Rows(own_names(session, call.id), [], [], [], [])
    for deposit in todo.new:
        seq += 1
        structure, created = register(session, known, deposit.structure, batch.id)
        if created:
            record(
                session,
                verb="structures.create",
                noun="structure",
                noun_id=structure.id,
                summary=f"Structure « {structure.name} » créée par l’import",
                source="import",
            )
        rows.take(session, call, structure, batch.id, seq, intake.source, deposit, codes, themes)
    session.flush()
    rows.write(session)
    record(
        session,
        verb="imports.run",
        noun="import",
        noun_id=batch.id,
        summary=f"Import de « {filename} » : {counted(len(todo.new), 'dossier')}, "
        f"{counted(len(intake.drafts), 'brouillon écarté')}",
        after={"sha256": sha256, "applications": len(todo.new), **batch.report},
        source="import",
    )
    touched = Changes.of("import", batch.id) | Changes.of("application", call_id) | Changes.of("structure", call_id)
    return Changes(touched.touched, Step(remove, {"import_id": batch.id})), batch.id


def remove(session: Session, *, import_id: str) -> Changes:
    """Take back a whole import, while none of its files was changed, marked, put on an agenda or written to.

    Raises UserError otherwise, with the number of files that were.
    """
    batch = session.get_one(Import, import_id)
    files = session.scalars(select(Application).where(Application.import_id == import_id)).all()
    ids = [f.id for f in files]
    busy = {f.id for f in files if f.status != "deposited"}
    for table in (Review, AgendaItem, Letter, Recusal, ScenarioLine):
        busy |= set(session.scalars(select(table.application_id).where(table.application_id.in_(ids))))
    if busy:
        raise UserError(
            f"Déjà instruits ou notés dans cet import : {counted(len(busy), 'dossier')}. Il ne peut plus être défait. "
            "Retirez un à un les dossiers en trop."
        )
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
    session.flush()
    session.delete(batch)
    record(
        session,
        verb="imports.remove",
        noun="import",
        noun_id=import_id,
        summary=f"Import de « {batch.filename} » défait : {counted(len(ids), 'dossier retiré')}",
        before={"numbers": [f.number for f in files]},
    )
    return (
        Changes.of("import", import_id) | Changes.of("application", *ids) | Changes.of("structure", batch.call_id or "")
    )


@dataclass(slots=True)
class _Rows:
    """Plain rows gathered for a few large inserts: mapped objects would take ten times longer."""

    own: OwnNames
    applications: list[dict[str, object]]
    quarters: list[dict[str, object]]
    lines: list[dict[str, object]]
    documents: list[dict[str, object]]

    def take(
        self,
        session: Session,
        call: Call,
        structure: Structure,
        import_id: str,
        seq: int,
        source: str,
        deposit: Deposit,
        codes: set[str],
        themes: dict[str, str],
    ) -> None:
        key = new_id(session)
        number = f"{call.code}-{seq:04d}"
        inside = [q for q in deposit.quarters if q in codes]
        written = [q for q in deposit.quarters if q not in codes]
        raw = deposit.structure.siret_raw if deposit.structure.siret is None else ""
        self.applications.append(
            {
                "id": key,
                "call_id": call.id,
                "structure_id": structure.id,
                "import_id": import_id,
                "seq": seq,
                "number": number,
                "source": source,
                "external_id": deposit.number,
                "line": deposit.line,
                "status": "deposited",
                "status_reason": "",
                "title": deposit.title,
                "theme_code": themes.get(fold(deposit.theme_label)),
                "theme_label": deposit.theme_label,
                "quarters_text": ", ".join(written),
                "outside_quarters": any(map(is_outside, written)),
                "description": deposit.description,
                "beneficiaries": deposit.beneficiaries,
                "women": deposit.women,
                "quarter_residents": deposit.qpv_residents,
                "starts_on": deposit.starts_on,
                "ends_on": deposit.ends_on,
                "cost_cents": deposit.cost_cents or 0,
                "asked_cents": deposit.asked_cents,
                "equality": deposit.equality,
                "participation": deposit.participation,
                "ecology": deposit.ecology,
                "republican_contract": deposit.republican_contract,
                "siret_raw": raw or None,
                "deposited_at": deposit.deposited_at,
                "folded": fold(f"{number} {deposit.number} {structure.name} {deposit.title}"),
                "checks_snapshot": None,
            }
        )
        self.quarters.extend({"application_id": key, "quarter_code": code} for code in dict.fromkeys(inside))
        self.lines.extend(
            {
                "id": new_id(session),
                "application_id": key,
                "side": entry.side,
                "position": position,
                "account": entry.account,
                "label": entry.label,
                "amount_cents": entry.amount_cents,
                "state": self.own.state(entry, _STATES[entry.state]).value,
            }
            for position, entry in enumerate(deposit.budget)
        )
        self.documents.extend(
            {"id": new_id(session), "application_id": key, "kind": kind, "filename": name}
            for kind, name in deposit.documents.items()
            if name
        )
        record(
            session,
            verb="applications.create",
            noun="application",
            noun_id=key,
            summary=f"Dossier {number} créé par l’import (n° externe {deposit.number})",
            after={"asked_cents": deposit.asked_cents, "cost_cents": deposit.cost_cents},
            source="import",
        )

    def write(self, session: Session) -> None:
        for table, rows in (
            (Application, self.applications),
            (ApplicationQuarter, self.quarters),
            (BudgetLine, self.lines),
            (Document, self.documents),
        ):
            if rows:
                # The bare table: mapped rows would double the time of a long file.
                session.execute(insert(table.metadata.tables[table.__tablename__]), rows)
