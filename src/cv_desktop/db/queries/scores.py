"""Marks as they may be read: one's own sheet always, the committee's only once revealed.

Sheets count when they are returned and when no déport is in force between their member and the file.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Member, Recusal, Review
from cv_desktop.db.queries import calls
from cv_desktop.domain import scoring
from cv_desktop.domain.grid import MEDIAN, Grid
from cv_desktop.domain.scoring import CommitteeNote, Tally, committee_note, note_of_tallies


def sheet(session: Session, *, application_id: str, member_id: str) -> dict[str, scoring.Mark]:
    """One member's own marks on one file, by code of criterion."""
    query = (
        select(Mark.criterion, Mark.level, Mark.not_applicable, Mark.comment, Mark.dedicated)
        .join(Review, Review.id == Mark.review_id)
        .where(Review.application_id == application_id, Review.member_id == member_id)
    )
    return {
        code: scoring.Mark(level, away, comment, dedicated)
        for code, level, away, comment, dedicated in session.execute(query)
    }


def committee(session: Session, *, call_id: str, application_id: str) -> CommitteeNote | None:
    """The committee's note of one file, criterion by criterion; None before the revelation."""
    return committees(session, call_id=call_id, only=application_id).get(application_id)


def committees(session: Session, *, call_id: str, only: str | None = None) -> dict[str, CommitteeNote]:
    """The committee's note of every revealed file of a campaign."""
    grid = calls.grid(session, call_id).grid
    return {key: committee_note(grid, sheets.values()) for key, sheets in _sheets(session, call_id, only).items()}


def _sheets(session: Session, call_id: str, only: str | None) -> dict[str, dict[str, dict[str, scoring.Mark]]]:
    query = (
        select(Review.application_id, Review.id, Mark.criterion, Mark.level, Mark.not_applicable)
        .join(Review, Review.id == Mark.review_id)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call_id, _counts(), _revealed())
    )
    if only is not None:
        query = query.where(Application.id == only)
    files: dict[str, dict[str, dict[str, scoring.Mark]]] = defaultdict(lambda: defaultdict(dict))
    for application, review, code, level, away in session.execute(query):
        files[application][review][code] = scoring.Mark(level, away)
    return files


def spread(session: Session, *, call_id: str, application_id: str) -> tuple[Fraction, Fraction] | None:
    """Lowest and highest note among the members' sheets of a revealed file, without their names."""
    grid = calls.grid(session, call_id).grid
    sheets = _sheets(session, call_id, application_id).get(application_id, {})
    found = [note for x in sheets.values() if (note := scoring.sheet_note(grid, x).note) is not None]
    return (min(found), max(found)) if found else None


def notes(session: Session, *, call_id: str) -> dict[str, Fraction | None]:
    """Exact note of every revealed file: counts and sums come from the base, not marks."""
    grid = calls.grid(session, call_id).grid
    if grid.method == MEDIAN:
        return {key: found.note for key, found in committees(session, call_id=call_id).items()}
    return {key: note_of_tallies(grid, tallies) for key, tallies in _tallies(session, call_id, grid).items()}


def _tallies(session: Session, call_id: str, grid: Grid) -> dict[str, list[Tally]]:
    """Per revealed file, its criteria added up by number of members who marked them: rarely more than one row each."""
    # Grouped by the order number of the file: the base sorts whole numbers sooner than keys.
    marked = (
        select(Application.seq, Mark.criterion, func.count().label("members"), func.sum(Mark.level).label("levels"))
        .join(Review, Review.application_id == Application.id)
        .join(Mark, Mark.review_id == Review.id)
        .where(Application.call_id == call_id, _counts(), _revealed(), Mark.level.is_not(None))
        .group_by(Application.seq, Mark.criterion)
        .subquery()
        .c
    )
    # A criterion that the grid no longer has weighs nothing.
    weight = case({c.code: c.weight for c in grid.criteria}, value=marked.criterion, else_=0)
    added = (
        select(
            marked.seq,
            marked.members,
            func.sum(weight * marked.levels).label("total"),
            func.sum(weight).label("weight"),
        )
        .group_by(marked.seq, marked.members)
        .subquery()
        .c
    )
    query = select(Application.id, added.members, added.total, added.weight).where(
        Application.call_id == call_id, Application.seq == added.seq
    )
    files: dict[str, list[Tally]] = defaultdict(list)
    for application, members, total, weight_of_all in session.execute(query):
        files[application].append(Tally(members, total, weight_of_all))
    return files


def returned_sheets(session: Session, meeting_id: str) -> dict[str, tuple[int, int]]:
    """Per number of file on the agenda: sheets returned, and members able to return one (no déport)."""
    agenda = (
        select(AgendaItem.application_id, Application.number, Application.call_id)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(AgendaItem.meeting_id == meeting_id)
    )
    items = session.execute(agenda).all()
    by_file = select(Review.application_id, func.count()).where(_counts()).group_by(Review.application_id)
    returned = dict(session.execute(by_file).all())
    in_force = Recusal.lifted_at.is_(None)
    kept_out = select(Recusal.application_id, func.count()).where(in_force).group_by(Recusal.application_id)
    recused = dict(session.execute(kept_out).all())
    members = 0
    if items:
        members = session.scalar(select(func.count()).where(Member.call_id == items[0][2])) or 0
    return {number: (returned.get(key, 0), members - recused.get(key, 0)) for key, number, _call in items}


def _counts() -> ColumnElement[bool]:
    recused = exists().where(
        and_(
            Recusal.member_id == Review.member_id,
            Recusal.application_id == Review.application_id,
            Recusal.lifted_at.is_(None),
        )
    )
    return and_(Review.returned_at.is_not(None), ~recused)


def _revealed() -> ColumnElement[bool]:
    return Application.id.in_(
        select(AgendaItem.application_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.revealed_at.is_not(None))
    )
