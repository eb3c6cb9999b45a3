"""What leaves the register: a draft deleted and given back, a file withdrawn, and the deposit that ends a draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import (
    Application,
    ApplicationObjective,
    ApplicationPriority,
    ApplicationQuarter,
    BudgetLine,
    Document,
)
from cv_desktop.db.models.attachment import ApplicationAttachment
from cv_desktop.db.models.decision import Letter, ScenarioLine
from cv_desktop.db.models.funding import Funding, Tranche
from cv_desktop.db.models.indicator import Indicator
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.meeting import AgendaItem, Recusal, Review
from cv_desktop.db.models.movement import Movement
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.report import Report
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.entry import listed, missing
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.form import ALL
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.domain.text import NBSP
from cv_desktop.services import movements, versions
from cv_desktop.services.applications import set_status

DELETED = "drafts.delete"
Snapshot = dict[str, Any]
# In the order they are written back; the file itself comes first.
_PARTS: tuple[type[Any], ...] = (
    ApplicationQuarter,
    ApplicationObjective,
    ApplicationPriority,
    BudgetLine,
    Document,
    Partner,
    Indicator,
    ApplicationAttachment,
    Funding,
    Tranche,
)
_USERS = (Review, AgendaItem, Letter, Link, Recusal, Report, ScenarioLine, Movement)


def deposit(session: Session, *, application_id: str) -> Changes:
    """End a draft: the file is « déposé » and its checks run. Raises UserError with what it still needs."""
    file = session.get_one(Application, application_id)
    if file.status != ApplicationStatus.DRAFT:
        raise UserError(f"Le dossier {file.number} est déjà déposé.")
    structure = session.get_one(Structure, file.structure_id)
    lacking = missing({name: getattr(file, name) for name in ALL}, structure=structure.name)
    if lacking:
        raise UserError(f"Ce dossier reste un brouillon. Il manque {listed(lacking)}.", field="title")
    return set_status(session, file, ApplicationStatus.DEPOSITED, None, "", "")


def delete(session: Session, *, application_id: str) -> Changes:
    """Delete a draft, whole; the undo gives it back. Raises UserError for any other file: it is withdrawn instead."""
    file = session.get_one(Application, application_id)
    if file.status != ApplicationStatus.DRAFT:
        raise UserError(
            f"Le dossier {file.number} est déposé{NBSP}: il ne se supprime pas. Enregistrez plutôt son retrait."
        )
    return _remove(session, file)


def take_back(session: Session, *, application_id: str) -> Changes:
    """Undo the typing of a file, as long as nothing was done with it. Raises UserError otherwise."""
    file = session.get_one(Application, application_id)
    used = [t for t in _USERS if session.scalars(select(t.application_id).where(t.application_id == file.id)).first()]
    if used or file.status not in (ApplicationStatus.DRAFT, ApplicationStatus.DEPOSITED):
        raise UserError(f"Le dossier {file.number} a déjà servi{NBSP}: enregistrez plutôt son retrait.")
    return _remove(session, file)


def restore(session: Session, *, content: Snapshot) -> Changes:
    """Give back a deleted file exactly as it was, under its own number."""
    row = content["application"]
    # What was empty is left out: a None would be written as a JSON null where there was nothing.
    session.execute(insert(Application), [{name: value for name, value in row.items() if value is not None}])
    for part in _PARTS:
        if rows := content[part.__tablename__]:
            session.execute(insert(part), rows)
    for key in content["renewals"]:
        session.get_one(Application, key).renewed_from_id = row["id"]
    record(
        session,
        verb="drafts.restore",
        noun="application",
        noun_id=row["id"],
        summary=f"Dossier {row['number']} rétabli",
        after=plain(content),
    )
    return Changes.of("application", row["id"], undo=Step(take_back, {"application_id": row["id"]}))


def withdraw(session: Session, *, application_id: str, reason: str) -> Changes:
    """Record that the association withdraws its request; asks a reason. Raises UserError once a letter told a decision.

    A draft is deleted instead, and a file submitted to the vote waits for its return.
    """
    file = session.get_one(Application, application_id)
    required_reason(reason, "du retrait")
    if file.status in (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN):
        raise UserError(
            "Ce dossier est déjà retiré."
            if file.status == ApplicationStatus.WITHDRAWN
            else "Ce dossier est un brouillon : supprimez-le."
        )
    if versions.current(session, file.id):
        raise UserError(f"{file.number} est décidé : enregistrez la renonciation dans l’onglet Décision du dossier.")
    before = file.withdrawn_on
    file.withdrawn_on = today(session)
    done = set_status(session, file, ApplicationStatus.WITHDRAWN, file.checks_snapshot, reason.strip(), reason.strip())
    assert done.undo is not None
    movements.settle(session, call_id=file.call_id, files=[file.id], verb="drafts.withdraw", reason=reason.strip())
    return Changes(done.touched, Step(_rejoin, {"application_id": file.id, "step": done.undo, "withdrawn_on": before}))


def _rejoin(session: Session, *, application_id: str, step: Step, withdrawn_on: date | None) -> Changes:
    """Take a withdrawal back: the file is where it stood."""
    file = session.get_one(Application, application_id)
    reason = file.status_reason
    done = step(session)
    file.withdrawn_on = withdrawn_on
    movements.settle(session, call_id=file.call_id, files=[file.id], verb="drafts.rejoin")
    return Changes(done.touched, Step(withdraw, {"application_id": application_id, "reason": reason}))


def snapshot(session: Session, application_id: str) -> Snapshot:
    """All the rows of a file, table by table, as they would be written back."""
    session.flush()
    file = (
        session.execute(select(*Application.__table__.columns).where(Application.id == application_id)).mappings().one()
    )
    content: Snapshot = {"application": dict(file)}
    for part in _PARTS:
        rows = session.execute(select(*part.__table__.columns).where(part.application_id == application_id)).mappings()
        content[part.__tablename__] = [dict(row) for row in rows]
    content["renewals"] = list(
        session.scalars(select(Application.id).where(Application.renewed_from_id == application_id))
    )
    return content


def plain(content: Any) -> Any:
    """The same, for the journal: days and moments as texts."""
    if isinstance(content, dict):
        return {key: plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [plain(value) for value in content]
    return content.isoformat() if isinstance(content, (date, datetime)) else content


def _remove(session: Session, file: Application) -> Changes:
    content = snapshot(session, file.id)
    for key in content["renewals"]:
        session.get_one(Application, key).renewed_from_id = None
    key, number = file.id, file.number
    session.delete(file)
    session.flush()
    record(
        session,
        verb=DELETED,
        noun="application",
        noun_id=key,
        summary=f"Dossier {number} supprimé",
        before=plain(content),
    )
    return Changes.of("application", key, undo=Step(restore, {"content": content}))
