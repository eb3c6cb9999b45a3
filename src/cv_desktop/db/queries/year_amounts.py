"""What each structure has or asks in one year, all campaigns together."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision, DecisionEnd, Lot, LotLine
from cv_desktop.db.models.derogation import Derogation
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import institution, year_grants
from cv_desktop.db.queries.lots import in_force, written
from cv_desktop.domain.facts import YearAmount
from cv_desktop.domain.structure_ceiling import YearFile
from cv_desktop.domain.text import words

OVER_YEAR = "over_structure_year"


def of_year(session: Session, year: int, structure_id: str | None) -> dict[str, list[tuple[str, YearAmount]]]:
    """By structure, (key of the file, amount) in order of deposit: what was awarded, else asked; a refusal is nothing.

    Then the years of agreements signed before, unless a file of the year takes them up again, and what lists say.
    ``structure_id`` limits it to one of them.
    """
    query = (
        select(
            Application.structure_id,
            Application.id,
            Application.number,
            Call.scheme_code,
            Application.asked_cents,
            case((DecisionEnd.decision_id.is_not(None), "refused"), else_=Decision.outcome),
            case((DecisionEnd.decision_id.is_not(None), 0), else_=Decision.amount_cents),
        )
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .outerjoin(DecisionEnd, DecisionEnd.decision_id == Decision.id)
        .where(Call.year == year, Application.status.not_in(year_grants.OUT))
        .order_by(
            Application.deposited_at.is_(None),
            Application.deposited_at,
            Application.number,
            Decision.decided_at,
            written("decision"),
        )
    )
    if structure_id is not None:
        query = query.where(Application.structure_id == structure_id)
    # A file adjourned then voted, or voted again, has two decisions: the last one stands; ended, it gives nothing.
    latest: dict[str, tuple[str, YearAmount]] = {}
    for structure, key, number, scheme, asked, outcome, given in session.execute(query):
        decided = outcome is not None and outcome != "adjourned"
        cents = given if decided else asked
        latest[key] = (structure, YearAmount(number, scheme, cents or 0, granted=decided))
    found: dict[str, list[tuple[str, YearAmount]]] = defaultdict(list)
    for key, (structure, amount) in latest.items():
        if amount.cents:
            found[structure].append((key, amount))
    for one in year_grants.promised(session, year=year):
        if structure_id in (None, one.structure_id) and not one.renewals:
            amount = YearAmount(one.number, one.scheme, one.cents, granted=True)
            found[one.structure_id].append((one.file, amount))
    for structure, grants in _known(session, year, structure_id, {*found}).items():
        found[structure] += grants
    return found


def granted_before(session: Session, year: int, structure_id: str | None) -> dict[str, int]:
    """What each structure was granted in the two years before, by any funder known here, in cents."""
    found: dict[str, int] = defaultdict(int)
    for earlier in (year - 2, year - 1):
        for structure, amounts in of_year(session, earlier, structure_id).items():
            found[structure] += sum(amount.cents for _key, amount in amounts if amount.granted)
    return dict(found)


def held(session: Session, *, year: int, scheme: str | None) -> list[YearFile]:
    """The files of a year, with what each holds, decided or awaiting its vote, wherever its instruction stands.

    ``scheme`` limits them to one; None takes all of them.
    """
    decided = (
        select(func.coalesce(func.sum(Decision.amount_cents), 0))
        .where(Decision.application_id == Application.id, in_force())
        .correlate(Application)
        .scalar_subquery()
    )
    submitted = (
        select(func.coalesce(func.max(LotLine.amount_cents), 0))
        .join(Lot, Lot.id == LotLine.lot_id)
        .where(LotLine.application_id == Application.id, Lot.state == "submitted", LotLine.outcome != "returned")
        .correlate(Application)
        .scalar_subquery()
    )
    dispensed = exists().where(
        Derogation.application_id == Application.id, Derogation.code == OVER_YEAR, Derogation.lifted_at.is_(None)
    )
    query = (
        select(
            Application.id, Application.number, Structure.id, Structure.name, func.max(decided, submitted), dispensed
        )
        .join(Call, Call.id == Application.call_id)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Call.year == year)
    )
    if scheme is not None:
        query = query.where(Call.scheme_code == scheme)
    return [YearFile(*row) for row in session.execute(query)]


def _known(
    session: Session, year: int, structure_id: str | None, filed: set[str]
) -> dict[str, list[tuple[str, YearAmount]]]:
    """Grants of the year that lists of other programs told; ours are left out where this base holds a file."""
    authority = words(str(institution.values(session).get("authority") or ""))
    query = select(
        PastGrant.id, PastGrant.structure_id, PastGrant.funder, PastGrant.granted_cents, PastGrant.in_kind
    ).where(PastGrant.year == year, PastGrant.granted_cents > 0, PastGrant.structure_id.is_not(None))
    if structure_id is not None:
        query = query.where(PastGrant.structure_id == structure_id)
    found: dict[str, list[tuple[str, YearAmount]]] = defaultdict(list)
    for key, structure, funder, cents, in_kind in session.execute(query):
        ours = bool(authority) and words(funder) == authority
        # No file of this base holds an aid in kind.
        if structure is not None and (in_kind or not (ours and structure in filed)):
            amount = YearAmount(funder, "", cents or 0, granted=True, ours=ours, file=False, in_kind=in_kind)
            found[structure].append((key, amount))
    return found
