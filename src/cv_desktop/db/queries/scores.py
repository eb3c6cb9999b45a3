"""Marks as they may be read: one's own sheet always, the committee's only once revealed.

Sheets count when they are returned and when no déport is in force between their member and the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.levels import ZERO
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Member, Review
from cv_desktop.db.queries import grids, seats
from cv_desktop.db.queries.grids import FileGrids
from cv_desktop.db.queries.visibility import counts
from cv_desktop.domain import marks
from cv_desktop.domain.grid import LARGEST_SCALE, TOTAL, Grid
from cv_desktop.domain.scoring import CommitteeNote, by_sums, committee_note, note_of_levels

_MARKS = tuple(marks.Mark(level) for level in range(LARGEST_SCALE + 1))
_LEVELS = {ZERO + level: level for level in range(LARGEST_SCALE + 1)}


def sheet(session: Session, *, application_id: str, member_id: str) -> dict[str, marks.Mark]:
    """One member's own marks on one file, by code of criterion."""
    query = (
        select(Mark.criterion, Mark.level, Mark.not_applicable, Mark.comment, Mark.dedicated)
        .join(Review, Review.id == Mark.review_id)
        .where(Review.application_id == application_id, Review.member_id == member_id)
    )
    return {
        code: marks.Mark(level, away, comment, dedicated)
        for code, level, away, comment, dedicated in session.execute(query)
    }


def committee(session: Session, *, call_id: str, application_id: str) -> CommitteeNote | None:
    """The committee's note of one file, criterion by criterion; None before the revelation."""
    return committees(session, call_id=call_id, only=application_id).get(application_id)


def committees(session: Session, *, call_id: str, only: str | None = None) -> dict[str, CommitteeNote]:
    """The committee's note of every revealed file of a campaign."""
    held = grids.of_call(session, call_id=call_id)
    found = sheets(session, call_id=call_id, only=only)
    return {
        key: committee_note(held.of(key), [{code: _MARKS[level] for code, level in x.items()} for x in given.values()])
        for key, given in found.items()
    }


def sheets(session: Session, *, call_id: str, only: str | None = None) -> dict[str, dict[str, dict[str, int]]]:
    """The levels of the sheets that count, by revealed file, by member, by code of criterion."""
    query = (
        select(Review.application_id, Review.member_id, Review.codes, Review.levels)
        .join(Application, Application.id == Review.application_id)
        .join(Member, Member.id == Review.member_id)
        .where(Application.call_id == call_id, counts(), _revealed())
        .order_by(Review.application_id, Member.position, Member.id)
    )
    if only is not None:
        query = query.where(Application.id == only)
    files: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    names: dict[str, list[str]] = {}
    for application, member, codes, levels in session.execute(query):
        listed = names.get(codes)
        if listed is None:
            listed = names[codes] = codes.split(",") if codes else []
        files[application][member] = dict(zip(listed, map(_LEVELS.__getitem__, levels.encode()), strict=True))
    return dict(files)


def spread(session: Session, *, call_id: str, application_id: str) -> tuple[Fraction, Fraction] | None:
    """Lowest and highest note among the members' sheets of a revealed file, without their names."""
    grid = grids.of_file(session, application_id=application_id).grid
    given = sheets(session, call_id=call_id, only=application_id).get(application_id, {})
    found = [
        note for x in given.values() if (note := note_of_levels(grid, {c: (v,) for c, v in x.items()})) is not None
    ]
    return (min(found), max(found)) if found else None


def notes(session: Session, *, call_id: str, weights: Mapping[str, int] | None = None) -> dict[str, Fraction | None]:
    """Exact note of every revealed file. One row per file comes from the base: the levels of all its sheets.

    ``weights`` are those of a trial, in points by code of criterion, whatever the version of the grid.
    """
    held = grids.of_call(session, call_id=call_id)
    if weights:
        held = held.reweighed(weights)
    query = (
        select(
            Review.application_id,
            func.min(Review.codes),
            func.max(Review.codes),
            func.count(),
            func.group_concat(Review.levels, ""),
        )
        .where(Review.application_id.in_(select(Application.id).where(Application.call_id == call_id, _revealed())))
        .where(counts())
        .group_by(Review.application_id)
    )
    ways: dict[tuple[int, str], _Way] = {}
    found: dict[str, Fraction | None] = {}
    others: list[str] = []
    for key, codes, last, count, levels in session.execute(query):
        grid = held.of(key)
        way = ways.get((id(grid), codes))
        if way is None:
            way = ways[id(grid), codes] = _Way.of(grid, codes)
        if codes != last or not way.by_sums:
            others.append(key)
            continue
        total = sum(map(mul, way.shares * count, levels.encode())) - count * way.offset
        found[key] = Fraction(TOTAL * total, way.whole * count) if way.whole else None
    if others:
        found |= _one_by_one(session, call_id, held, others)
    return found


@dataclass(frozen=True, slots=True)
class _Way:
    """How the sheets that mark the same criteria of the same grid add up."""

    shares: tuple[int, ...]
    offset: int
    whole: int
    by_sums: bool

    @classmethod
    def of(cls, grid: Grid, codes: str) -> _Way:
        # A criterion that the grid does not have weighs nothing.
        known = {c.code: c for c in grid.criteria}
        marked = [known.get(code) for code in codes.split(",")] if codes else []
        shares = tuple(grid.share(c) if c else 0 for c in marked)
        weight = sum(c.summed for c in marked if c)
        return cls(shares, ZERO * sum(shares), weight * grid.common_scale, by_sums(grid))


def _one_by_one(session: Session, call_id: str, held: FileGrids, keys: Collection[str]) -> dict[str, Fraction | None]:
    """Files whose sheets do not all mark the same criteria, or that a median asks."""
    given = sheets(session, call_id=call_id)
    found: dict[str, Fraction | None] = {}
    for key in keys:
        levels: dict[str, list[int]] = defaultdict(list)
        for sheet in given[key].values():
            for code, level in sheet.items():
                levels[code].append(level)
        found[key] = note_of_levels(held.of(key), levels)
    return found


def returned_sheets(session: Session, meeting_id: str) -> dict[str, tuple[int, int]]:
    """Per number of file on the agenda: sheets that count, and members expected to return one."""
    agenda = (
        select(AgendaItem.application_id, Application.number, Application.call_id)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(AgendaItem.meeting_id == meeting_id)
    )
    items = session.execute(agenda).all()
    by_file = select(Review.application_id, func.count()).where(counts()).group_by(Review.application_id)
    returned = dict(session.execute(by_file).all())
    if not items:
        return {}
    call = items[0][2]
    away = seats.recused(session, call_id=call) | seats.outside(session, call_id=call)
    members = seats.titular(session, call_id=call)
    return {
        number: (returned.get(key, 0), sum((key, member) not in away for member in members))
        for key, number, _call in items
    }


def _revealed() -> ColumnElement[bool]:
    """Files of a revealed meeting; and those of no meeting, when all their sheets were made outside and imported."""
    shown = (
        select(AgendaItem.application_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.revealed_at.is_not(None))
    )
    awaited = select(AgendaItem.application_id)
    own = select(Review.application_id).where(~Review.outside)
    return or_(Application.id.in_(shown), and_(Application.id.not_in(awaited), Application.id.not_in(own)))
