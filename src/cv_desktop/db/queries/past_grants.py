"""What a structure asked, was granted and was paid, year by year and funder by funder."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.queries import institution
from cv_desktop.db.queries.lots import in_force
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.text import words

OUT = ("draft", "withdrawn")


@dataclass(frozen=True, slots=True)
class GrantRow:
    """``own``: a file of this base, which its own screen changes; amounts in cents, None when not known.

    ``in_kind``: no money, the value of a room or of a service.
    """

    id: str
    year: int
    funder: str
    scheme: str
    title: str
    asked_cents: int | None
    granted_cents: int | None
    paid_cents: int | None
    own: bool
    in_kind: bool = False


@dataclass(frozen=True, slots=True)
class YearTotals:
    year: int
    asked_cents: int
    granted_cents: int
    paid_cents: int


def rows(session: Session, *, structure_id: str, viewer: str | None = None) -> list[GrantRow]:
    """The files of this base and the grants of before, the last year first."""
    found = [*_own(session, structure_id, viewer), *_before(session, structure_id)]
    return sorted(found, key=lambda g: (-g.year, not g.own, g.funder, g.title))


def by_year(grants: list[GrantRow]) -> list[YearTotals]:
    """The money of each year, the first year first, years without anything included; aids in kind are left out."""
    if not grants:
        return []
    years = range(min(g.year for g in grants), max(g.year for g in grants) + 1)
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for grant in (one for one in grants if not one.in_kind):
        for place, cents in enumerate((grant.asked_cents, grant.granted_cents, grant.paid_cents)):
            sums[grant.year][place] += cents or 0
    return [YearTotals(year, *sums[year]) for year in years]


def granted_since(session: Session, *, year: int, viewer: str | None = None) -> dict[str, int]:
    """Cents that this authority granted each structure since a year, that year included.

    A grant of before counts when its funder is this authority, for the years of which this base holds no decision.
    """
    own = (
        select(Application.structure_id, Call.year, func.sum(Decision.amount_cents))
        .join(Application, Application.id == Decision.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.year >= year, in_force(), visible(viewer))
        .group_by(Application.structure_id, Call.year)
    )
    decided: dict[tuple[str, int], int] = {(key, when): cents for key, when, cents in session.execute(own)}
    authority = words(str(institution.values(session).get("authority") or ""))
    total: dict[str, int] = defaultdict(int)
    for (key, _when), cents in decided.items():
        total[key] += cents
    query = select(PastGrant.structure_id, PastGrant.year, PastGrant.funder, PastGrant.granted_cents).where(
        PastGrant.structure_id.is_not(None), PastGrant.year >= year, PastGrant.in_kind.is_(False)
    )
    for owner, when, funder, granted in session.execute(query):
        if owner and words(funder) == authority and (owner, when) not in decided:
            total[owner] += granted or 0
    return total


def _own(session: Session, structure_id: str, viewer: str | None) -> list[GrantRow]:
    granted = (
        select(Decision.application_id, func.sum(Decision.amount_cents).label("cents"))
        .where(in_force())
        .group_by(Decision.application_id)
        .subquery()
    )
    query = (
        select(Application.id, Call.year, Call.scheme_code, Application.title, Application.asked_cents, granted.c.cents)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(granted, granted.c.application_id == Application.id)
        .where(Application.structure_id == structure_id, Application.status.not_in(OUT), visible(viewer))
    )
    authority = str(institution.values(session).get("authority") or "Ce service")
    return [
        GrantRow(key, year, authority, scheme, title, asked, cents, None, own=True)
        for key, year, scheme, title, asked, cents in session.execute(query)
    ]


def _before(session: Session, structure_id: str) -> list[GrantRow]:
    found = session.scalars(select(PastGrant).where(PastGrant.structure_id == structure_id))
    return [
        GrantRow(
            g.id, g.year, g.funder, g.scheme, g.title, g.asked_cents, g.granted_cents, g.paid_cents, False, g.in_kind
        )
        for g in found
    ]
