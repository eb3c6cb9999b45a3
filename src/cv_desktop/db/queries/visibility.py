"""Who sees what, and whose sheets count: the one place that keeps the files of a déport out of every question.

A déport comes from a link confirmed between a member and a structure, which hides every file that it leads or takes
part in, deposited before or after; or from a recusal on one file. Nothing else of the program reads these tables to
decide.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, true, union
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import aliased

from cv_desktop.db.engine import ask
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.link import Link
from cv_desktop.db.models.meeting import Member, PresenceMove, Recusal, Review
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.structure import Structure

if TYPE_CHECKING:
    from cv_desktop.db.engine import Reading

Pairs = Select[Any, Any]


def visible(viewer: str | None) -> ColumnElement[bool]:
    """Condition on ``application`` for a viewer: a member's key, or None for an officer.

    A member with a déport in force finds no trace of the file, whatever its campaign.
    """
    return true() if viewer is None else Application.id.not_in(_hidden_from(viewer))


def hidden(reading: Reading, viewer: str) -> set[str]:
    """The keys of the files that a member must not see, for the questions written as text."""
    asked = _hidden_from(viewer).compile(dialect=sqlite.dialect(paramstyle="named"))
    return {key for (key,) in ask(reading, str(asked), **asked.params)}


def known(viewer: str | None) -> ColumnElement[bool]:
    """Condition on ``structure``: neither one the viewer is linked to, nor one of which every file is hidden."""
    if viewer is None:
        return true()
    linked = select(Link.structure_id).where(
        Link.member_id == viewer, Link.state == "confirmed", Link.application_id.is_(None)
    )
    hidden = _hidden_from(viewer)
    led = select(Application.structure_id).where(Application.id.in_(hidden))
    shown = select(Application.structure_id).where(Application.id.not_in(hidden))
    return and_(Structure.id.not_in(linked), or_(Structure.id.not_in(led), Structure.id.in_(shown)))


def sitting(call_id: str) -> ColumnElement[bool]:
    """Condition on ``member``: on the committee of a campaign and still there, substitutes included."""
    return and_(Member.call_id == call_id, Member.kind == "member", Member.left_on.is_(None))


def served() -> ColumnElement[bool]:
    """Condition on ``member``: still there, or gone after entering a meeting or returning a sheet."""
    return or_(
        Member.left_on.is_(None),
        Member.id.in_(select(PresenceMove.member_id)),
        Member.id.in_(select(Review.member_id).where(Review.returned_at.is_not(None))),
    )


@cache
def kept_out() -> CompoundSelect[Any, Any]:
    """Each (application, member) of a committee kept out of a file of its own campaign, once."""
    file, seat = aliased(Application), aliased(Member)
    return union(
        *(
            pairs.join(file, file.id == pairs.selected_columns[0])
            .join(seat, seat.id == pairs.selected_columns[1])
            .where(seat.call_id == file.call_id, seat.kind == "member")
            for pairs in _pairs()
        )
    )


@cache
def counts() -> ColumnElement[bool]:
    """Condition on ``review``: a returned sheet that counts for its file.

    Not one of a member with a déport on the file, nor without a vote, nor of a substitute whose titular member
    returned one that counts: a seat has one sheet.
    """
    first, second, seat = aliased(Review), aliased(Review), aliased(Member)
    doubled = (
        select(second.id)
        .join(seat, seat.id == second.member_id)
        .join(first, and_(first.member_id == seat.substitute_of, first.application_id == second.application_id))
        .where(*_heard(first))
    )
    return and_(*_heard(Review), Review.id.not_in(doubled))


def _heard(review: Any) -> tuple[ColumnElement[bool], ...]:
    # What is kept out is few: found once by its keys, where a condition on each sheet would look it up every time.
    unheard = select(Member.id).where(or_(Member.kind != "member", ~Member.voice))
    other, pairs = aliased(Review), union(*_pairs()).subquery().c
    away = select(other.id).where(other.application_id == pairs[0], other.member_id == pairs[1])
    return review.returned_at.is_not(None), review.member_id.not_in(unheard), review.id.not_in(away)


# Writing these statements down takes longer than asking them: each is kept, and asked at every key of a member.
@lru_cache(maxsize=64)
def _hidden_from(viewer: str) -> CompoundSelect[Any]:
    """Keys of the files that a member must not see."""
    return union(
        *(
            pairs.where(pairs.selected_columns[1] == viewer).with_only_columns(pairs.selected_columns[0])
            for pairs in _pairs()
        )
    )


@cache
def _pairs() -> tuple[Pairs, ...]:
    """(application, member) of the déports in force: one select for each way that leads to one."""
    own, tied = aliased(Recusal), aliased(Link)
    return (
        select(own.application_id, own.member_id).where(own.lifted_at.is_(None)),
        *(files.where(tied.state == "confirmed") for files in _of_links(tied, tied.member_id)),
    )


@cache
def covered() -> CompoundSelect[Any, Any]:
    """Each (application, link) of the files that a link hides while it is confirmed, whatever its state today."""
    tied = aliased(Link)
    return union(*_of_links(tied, tied.id))


def _of_links(tied: Any, beside: Any) -> tuple[Pairs, ...]:
    """(application, ``beside``) of what each link covers: its own file, or all those of its structure."""
    partner, file, lead = aliased(Partner), aliased(Application), aliased(Structure)
    whole = tied.application_id.is_(None)
    # A partner known by its number or its name only is the same body as the structure that bears them.
    named = and_(
        partner.structure_id.is_(None),
        or_(func.substr(partner.siret, 1, 9) == lead.siren, func.lower(partner.name) == func.lower(lead.name)),
    )
    return (
        select(tied.application_id, beside).where(tied.application_id.is_not(None)),
        select(file.id, beside).join(file, file.structure_id == tied.structure_id).where(whole),
        select(partner.application_id, beside).join(partner, partner.structure_id == tied.structure_id).where(whole),
        select(partner.application_id, beside)
        .join(lead, lead.id == tied.structure_id)
        .join(partner, named)
        .where(whole),
    )
