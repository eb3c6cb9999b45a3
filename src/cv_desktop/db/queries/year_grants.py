"""What this authority gives a structure in a year besides its files of that year: agreements of before, and lists."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision
from cv_desktop.db.models.funding import Tranche
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.reference import Scheme
from cv_desktop.db.queries import institution
from cv_desktop.db.queries.lots import in_force
from cv_desktop.domain.structure_ceiling import YearGrant
from cv_desktop.domain.text import words

OUT = ("draft", "ineligible", "withdrawn")  # no request, or none any more


class Promise(NamedTuple):
    """What the agreement of a file of an earlier year gives its structure in a year, in cents, while it is in force.

    ``renewals`` are the files of that year that take it up again.
    """

    file: str
    structure_id: str
    number: str
    scheme: str
    cents: int
    renewals: frozenset[str]


def besides(session: Session, *, year: int, scheme: str | None) -> dict[str, list[YearGrant]]:
    """The years of agreements in force, then the lines of lists of this authority, in money, by key of structure.

    ``scheme`` limits them to one, by its code; None takes all of them.
    """
    found: dict[str, list[YearGrant]] = defaultdict(list)
    for one in promised(session, year=year):
        if scheme in (None, one.scheme):
            found[one.structure_id].append(YearGrant(one.number, one.cents, renewals=one.renewals))
    _listed(session, year, scheme, found)
    return dict(found)


def promised(session: Session, *, year: int) -> list[Promise]:
    """The years of agreements that fall in a year, all campaigns together."""
    query = (
        select(Application.id, Application.structure_id, Application.number, Call.scheme_code, Tranche.amount_cents)
        .join(Application, Application.id == Tranche.application_id)
        .join(Call, Call.id == Application.call_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(Tranche.year == year, Decision.amount_cents > 0, in_force())
        .order_by(Application.number)
    )
    found = session.execute(query).all()
    again = (
        select(Application.renewed_from_id, Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.year == year,
            Application.renewed_from_id.in_([row.id for row in found]),
            Application.status.not_in(OUT),
        )
    )
    renewals: dict[str | None, set[str]] = defaultdict(set)
    for source, key in session.execute(again) if found else ():
        renewals[source].add(key)
    return [
        Promise(key, structure, number, scheme, cents, frozenset(renewals[key]))
        for key, structure, number, scheme, cents in found
    ]


def _listed(session: Session, year: int, scheme: str | None, found: dict[str, list[YearGrant]]) -> None:
    authority = words(str(institution.values(session).get("authority") or ""))
    if not authority:
        return
    own = {words(x) for x in (scheme, session.get_one(Scheme, scheme).label)} if scheme is not None else set()
    query = (
        select(PastGrant)
        .where(
            PastGrant.year == year,
            PastGrant.granted_cents > 0,
            PastGrant.in_kind.is_(False),
            PastGrant.structure_id.is_not(None),
        )
        .order_by(PastGrant.scheme, PastGrant.title, PastGrant.id)
    )
    for grant in session.scalars(query):
        if words(grant.funder) == authority and (scheme is None or words(grant.scheme) in own):
            name = grant.scheme or grant.title or grant.funder
            found[grant.structure_id or ""].append(YearGrant(name, grant.granted_cents or 0, listed=True))
