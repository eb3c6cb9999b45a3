"""What the service must not forget of a structure: raised with a reason, lifted with another."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from cv_desktop.db.models.structure import Structure
from cv_desktop.db.models.structure_flag import StructureFlag
from cv_desktop.db.work import actor, new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.structure_alerts import FLAG_KINDS


def raise_flag(
    session: Session, *, structure_id: str, kind: str, reason: str, since: date | None = None, id: str = ""
) -> tuple[Changes, str]:
    """Mark a structure, from today or from ``since``. Raises UserError when the reason is too short."""
    structure = session.get_one(Structure, structure_id)
    flag = StructureFlag(
        id=id or new_id(session),
        structure_id=structure_id,
        kind=kind,
        since=since or today(session),
        reason=required_reason(reason, "du signalement"),
        author=actor(session),
        lifted_by="",
        lifted_reason="",
    )
    session.add(flag)
    record(
        session,
        verb="structure_flags.raise_flag",
        noun="structure",
        noun_id=structure_id,
        summary=f"{structure.name} : signalement « {FLAG_KINDS[kind]} »",
        reason=flag.reason,
    )
    return Changes.of("structure", structure_id, undo=Step(take_back, {"flag_id": flag.id})), flag.id


def take_back(session: Session, *, flag_id: str) -> Changes:
    """Remove a flag raised by mistake. Raises UserError once it was lifted: it is then history."""
    flag = session.get_one(StructureFlag, flag_id)
    if flag.lifted_at is not None:
        raise UserError("Ce signalement a été levé depuis : il reste dans l’historique.")
    again = {"structure_id": flag.structure_id, "kind": flag.kind, "reason": flag.reason, "since": flag.since}
    session.delete(flag)
    record(
        session,
        verb="structure_flags.take_back",
        noun="structure",
        noun_id=flag.structure_id,
        summary=f"Signalement « {FLAG_KINDS[flag.kind]} » annulé",
        before={"reason": flag.reason},
    )
    return Changes.of("structure", flag.structure_id, undo=Step(raise_flag, {**again, "id": flag_id}))


def lift(session: Session, *, flag_id: str, reason: str) -> Changes:
    """Lift a flag and say why. Raises UserError when it is lifted already or when the reason is too short."""
    flag = session.get_one(StructureFlag, flag_id)
    if flag.lifted_at is not None:
        raise UserError("Ce signalement est déjà levé.")
    _set(session, flag, now(session), actor(session), required_reason(reason, "de la levée"))
    return Changes.of("structure", flag.structure_id, undo=Step(put_back, {"flag_id": flag_id}))


def put_back(session: Session, *, flag_id: str) -> Changes:
    """A lifted flag holds again."""
    flag = session.get_one(StructureFlag, flag_id)
    why = flag.lifted_reason
    _set(session, flag, None, "", "")
    return Changes.of("structure", flag.structure_id, undo=Step(lift, {"flag_id": flag_id, "reason": why}))


def _set(session: Session, flag: StructureFlag, at: datetime | None, by: str, why: str) -> None:
    flag.lifted_at, flag.lifted_by, flag.lifted_reason = at, by, why
    structure = session.get_one(Structure, flag.structure_id)
    record(
        session,
        verb="structure_flags.lift" if at else "structure_flags.put_back",
        noun="structure",
        noun_id=flag.structure_id,
        summary=f"{structure.name} : signalement « {FLAG_KINDS[flag.kind]} » {'levé' if at else 'maintenu'}",
        reason=why,
    )
