"""A mark changed after the revelation: with a reason, while the meeting is held; both stay in the journal."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Mark, Member, Review
from cv_desktop.db.queries import grids
from cv_desktop.db.queries.visibility import counts
from cv_desktop.db.work import now, record
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.marks import check_mark
from cv_desktop.domain.reasons import required_reason
from cv_desktop.services import agenda


def correct(
    session: Session,
    *,
    meeting_id: str,
    application_id: str,
    member_id: str,
    criterion: str,
    level: int | None,
    reason: str,
    not_applicable: bool = False,
) -> Changes:
    """Change one mark of a returned sheet that the meeting has revealed; nothing takes it back but another change.

    Raises UserError without a reason of ten characters, before the revelation, after the closing, on a sheet that
    does not count (not returned, or a déport), or on a level that the criterion does not admit.
    """
    required_reason(reason, "de la modification")
    meeting = agenda.revealed(session, meeting_id)
    file, member = session.get_one(Application, application_id), session.get_one(Member, member_id)
    if session.get(AgendaItem, (meeting_id, application_id)) is None:
        raise UserError(f"{file.number} n’est pas à l’ordre du jour de cette séance.")
    review = session.scalars(
        select(Review).where(Review.application_id == application_id, Review.member_id == member_id, counts())
    ).first()
    if review is None:
        raise UserError(f"{member.name} n’a pas de grille qui compte pour {file.number}\u00a0: rien n’est à corriger.")
    grid = grids.of_file(session, application_id=application_id).grid
    try:
        rule = grid.criterion(criterion)
    except KeyError:
        raise UserError(f"Le critère «\u00a0{criterion}\u00a0» n’est pas dans la grille de ce dossier.") from None
    check_mark(grid, rule, level, not_applicable)
    if level is None and not not_applicable:
        raise UserError("Choisissez un niveau\u00a0: une note révélée ne s’efface pas.", field="level")
    mark = session.get(Mark, (review.id, criterion))
    if mark is None:
        raise UserError(f"{member.name} n’a pas noté ce critère\u00a0: rien n’est à corriger.")
    if (mark.level, mark.not_applicable) == (level, not_applicable):
        raise UserError("C’est déjà la note de ce membre.", field="level")
    before = {"level": mark.level, "not_applicable": mark.not_applicable}
    mark.level, mark.not_applicable, mark.marked_at = None if not_applicable else level, not_applicable, now(session)
    meeting.reread_at = None
    record(
        session,
        verb="corrections.correct",
        noun="review",
        noun_id=review.id,
        summary=f"{file.number}\u00a0: note {criterion} de {member.name} modifiée après la révélation",
        before=before,
        after={
            "level": mark.level,
            "not_applicable": not_applicable,
            "criterion": criterion,
            "meeting": meeting_id,
            "file": file.number,
            "member": member.name,
        },
        reason=reason.strip(),
    )
    return Changes.of("review", review.id) | Changes.of("meeting", meeting_id) | Changes.of("application", file.id)
