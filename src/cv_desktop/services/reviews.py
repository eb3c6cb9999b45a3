"""Sheets: one member's marks on one file, each kept as it is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Grid
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Member, Review
from cv_desktop.db.queries import grids, scores
from cv_desktop.db.queries.visibility import visible
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain import grid_faults
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Criterion
from cv_desktop.domain.grid import Grid as Rated
from cv_desktop.domain.marks import Mark as Given
from cv_desktop.domain.marks import check_mark, may_return


def set_mark(
    session: Session,
    *,
    application_id: str,
    member_id: str,
    criterion: str,
    level: int | None,
    not_applicable: bool = False,
) -> Changes:
    """Give a level to a criterion, or « sans objet », or clear both. The first mark freezes the grid.

    Raises UserError on a déport, a revealed meeting, a returned sheet, or a level off the scale.
    """
    sheet = _sheet(session, application_id, member_id, criterion)
    check_mark(sheet.grid, sheet.rule, level, not_applicable)
    mark = _mark(session, sheet.review, criterion)
    before = {"level": mark.level, "not_applicable": mark.not_applicable}
    mark.level = None if not_applicable else level
    mark.not_applicable = not_applicable
    mark.marked_at = now(session)
    after = {"level": mark.level, "not_applicable": not_applicable}
    _journal(session, sheet, before, after)
    _tidy(session, sheet.review, mark)
    key = {"application_id": application_id, "member_id": member_id, "criterion": criterion}
    return Changes.of("review", sheet.review.id, undo=Step(set_mark, {**key, **before}))


def set_comment(session: Session, *, application_id: str, member_id: str, criterion: str, text: str) -> Changes:
    """Write the sentence of a criterion. Raises UserError on a déport, a revealed meeting or a returned sheet."""
    _allowed(session, application_id, member_id)
    known = scores.sheet(session, application_id=application_id, member_id=member_id).get(criterion, Given())
    if known.comment == text.strip():
        return Changes()
    sheet = _sheet(session, application_id, member_id, criterion)
    mark = _mark(session, sheet.review, criterion)
    before, mark.comment = mark.comment, text.strip()
    _journal(session, sheet, before, mark.comment)
    _tidy(session, sheet.review, mark)
    key = {"application_id": application_id, "member_id": member_id, "criterion": criterion}
    return Changes.of("review", sheet.review.id, undo=Step(set_comment, {**key, "text": before}))


def set_dedicated(session: Session, *, application_id: str, member_id: str, criterion: str, dedicated: bool) -> Changes:
    """Flag the action as dedicated to a transversal priority. Raises UserError on a merit criterion."""
    sheet = _sheet(session, application_id, member_id, criterion)
    if not sheet.rule.may_be_dedicated:
        raise UserError("« Action dédiée » ne concerne que les priorités transversales.")
    mark = _mark(session, sheet.review, criterion)
    before, mark.dedicated = mark.dedicated, dedicated
    _journal(session, sheet, before, dedicated)
    _tidy(session, sheet.review, mark)
    key = {"application_id": application_id, "member_id": member_id, "criterion": criterion}
    return Changes.of("review", sheet.review.id, undo=Step(set_dedicated, {**key, "dedicated": before}))


def may_mark(session: Session, *, application_id: str, member_id: str) -> None:
    """Raises UserError when this member's sheet on this file no longer takes a mark: déport, revealed, returned."""
    file, _member = _allowed(session, application_id, member_id)
    returned = select(Review.returned_at).where(Review.application_id == file.id, Review.member_id == member_id)
    if session.scalars(returned).first() is not None:
        raise UserError("Cette grille est rendue. Reprenez-la pour la modifier.")


def hand_in(session: Session, *, application_id: str, member_id: str) -> Changes:
    """Return a sheet (rendre). Raises UserError while a mark or a sentence that the grid asks is missing."""
    file, member = _allowed(session, application_id, member_id)
    row = grids.of_file(session, application_id=file.id)
    sheet = scores.sheet(session, application_id=application_id, member_id=member_id)
    may_return(row.grid, sheet)
    review = _review(session, file, member_id, row.id)
    if review.returned_at is not None:
        raise UserError("Cette grille est déjà rendue.")
    review.returned_at = now(session)
    record(
        session,
        verb="reviews.hand_in",
        noun="review",
        noun_id=review.id,
        summary=f"{file.number} : grille de {member.name} rendue",
    )
    key = {"application_id": application_id, "member_id": member_id}
    touched = Changes.of("review", review.id) | Changes.of("meeting", file.call_id)
    return Changes(touched.touched, Step(take_back, key))


def take_back(session: Session, *, application_id: str, member_id: str) -> Changes:
    """Take a returned sheet back to change it, until the marks are revealed."""
    file, member = _allowed(session, application_id, member_id)
    review = session.scalars(
        select(Review).where(Review.application_id == file.id, Review.member_id == member_id)
    ).first()
    if review is None or review.returned_at is None:
        raise UserError("Cette grille n’est pas rendue : elle se modifie sans être reprise.")
    review.returned_at = None
    # Marks that may change here wait for the revelation like all others.
    review.outside = False
    record(
        session,
        verb="reviews.take_back",
        noun="review",
        noun_id=review.id,
        summary=f"{file.number} : grille de {member.name} reprise",
    )
    key = {"application_id": application_id, "member_id": member_id}
    touched = Changes.of("review", review.id) | Changes.of("meeting", file.call_id)
    return Changes(touched.touched, Step(hand_in, key))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that takes marks, with what was read to know it."""

    file: Application
    member: Member
    grid: Rated
    rule: Criterion
    review: Review


def _allowed(session: Session, application_id: str, member_id: str) -> tuple[Application, Member]:
    file, member, seen, revealed = session.execute(_known(member_id), {"file": application_id}).one()
    if not seen:
        raise UserError("Un déport est enregistré : ce dossier ne peut pas être noté par ce membre.")
    if file.status != "eligible":
        raise UserError(f"{file.number} n’est pas recevable : il ne se note pas.")
    if revealed:
        raise UserError(f"Les grilles ont été révélées à « {revealed} » : elles ne changent plus.")
    return file, member


# Writing these two questions down takes longer than asking them, and they are asked at every key of a member.
@lru_cache(maxsize=64)
def _known(member_id: str) -> Select[Any]:
    """The file and the member, whether the one sees the other, and the meeting that revealed its sheets."""
    file: BindParameter[str] = bindparam("file")
    revealed_in = (
        select(Meeting.label)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.application_id == file, Meeting.revealed_at.is_not(None))
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(Application, Member, visible(member_id), revealed_in)
        .join(Member, Member.id == member_id)
        .where(Application.id == file)
    )


@cache
def _of() -> Select[Review]:
    return select(Review).where(Review.application_id == bindparam("file"), Review.member_id == bindparam("member"))


def _sheet(session: Session, application_id: str, member_id: str, criterion: str) -> _Sheet:
    file, member = _allowed(session, application_id, member_id)
    row = grids.of_file(session, application_id=file.id)
    try:
        rule = row.grid.criterion(criterion)
    except KeyError:
        raise UserError(f"Le critère « {criterion} » n’est pas dans la grille de ce dossier.") from None
    review = _review(session, file, member_id, row.id)
    if review.returned_at is not None:
        raise UserError("Cette grille est rendue. Reprenez-la pour la modifier.")
    if review.grid_id != row.id or row.frozen_at is None:
        _freeze(session, review.grid_id)
    return _Sheet(file, member, row.grid, rule, review)


def _freeze(session: Session, grid_id: str) -> None:
    row = session.get_one(Grid, grid_id)
    if row.frozen_at is not None:
        return
    grid_faults.refuse_use(Rated.from_json(row.content))
    row.frozen_at = now(session)
    record(
        session,
        verb="reviews.freeze_grid",
        noun="grid",
        noun_id=row.id,
        summary=f"Grille version {row.version} figée par sa première note",
        source="calcul",
    )


def _review(session: Session, file: Application, member_id: str, grid_id: str) -> Review:
    found = session.scalars(_of(), {"file": file.id, "member": member_id}).first()
    if found is None:
        found = Review(
            id=new_id(session), application_id=file.id, member_id=member_id, grid_id=grid_id, returned_at=None
        )
        session.add(found)
        session.flush()
    return found


def _mark(session: Session, review: Review, criterion: str) -> Mark:
    found = session.get(Mark, (review.id, criterion))
    if found is None:
        found = Mark(
            review_id=review.id,
            criterion=criterion,
            level=None,
            not_applicable=False,
            dedicated=False,
            comment="",
            marked_at=now(session),
        )
        session.add(found)
    return found


def _tidy(session: Session, review: Review, mark: Mark) -> None:
    """Forgets a mark that says nothing any more, the sheet that was only it, the freeze that was only this sheet."""
    if mark.level is not None or mark.not_applicable or mark.comment or mark.dedicated:
        return
    session.delete(mark)
    session.flush()
    if review.returned_at or session.scalars(select(Mark.criterion).where(Mark.review_id == review.id)).first():
        return
    grid = session.get_one(Grid, review.grid_id)
    session.delete(review)
    session.flush()
    if session.scalars(select(Review.id).where(Review.grid_id == grid.id)).first() is None:
        grid.frozen_at = None
        record(
            session,
            verb="reviews.free_grid",
            noun="grid",
            noun_id=grid.id,
            summary=f"Grille version {grid.version} libérée : sa seule note est retirée",
            source="calcul",
        )


def _journal(session: Session, sheet: _Sheet, before: object, after: object) -> None:
    # The journal keeps the mark itself in before and after; its sentence stays silent until the revelation.
    record(
        session,
        verb="reviews.set_mark",
        noun="review",
        noun_id=sheet.review.id,
        summary=f"{sheet.file.number} : {sheet.member.name} note {sheet.rule.code}",
        before=before if before != after else None,
        after=after,
    )
