"""What an arbitration compares of each file of a campaign, beyond its note and its request."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationPriority, BudgetLine
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.reference import Commune, Priority
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import calls, envelope_parts, structure_size, year_amounts
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.envelopes import Place

NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class About:
    """``eligible_cents`` is the eligible base of the budget, None without one; ``minimum_cents`` what was declared.

    ``previous_cents`` was granted to the structure the year before, by this service. ``small`` is None when what
    decides is not known; ``newcomer`` one of which no earlier request nor grant is known. ``commune`` names that of the
    seat, one that the service does not list included.
    """

    structure_id: str = ""
    place: Place = NOWHERE
    eligible_cents: int | None = None
    minimum_cents: int | None = None
    previous_cents: int = 0
    beneficiaries: int | None = None
    priorities: str = ""
    small: bool | None = None
    newcomer: bool = False
    commune: str = ""


UNKNOWN = About()


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> dict[str, About]:
    """What is known of each file of a campaign, by its key."""
    call = session.get_one(Call, call_id)
    places = envelope_parts.places(session, call_id=call_id)
    known_bases = bases(session, call_id=call_id)
    known = _known_before(session, call)
    priorities = _priorities(session, call_id)
    ceilings = structure_size.ceilings(session)
    before = {
        structure: sum(x.cents for _key, x in amounts if x.granted and (x.file or x.ours))
        for structure, amounts in year_amounts.of_year(session, call.year - 1, None).items()
    }
    query = (
        select(
            Application.id,
            Application.structure_id,
            Application.minimum_cents,
            Application.beneficiaries,
            Structure.legal_form,
            Structure.employees,
            Structure.budget_cents,
            func.coalesce(Commune.name, Structure.commune),
        )
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(Commune, Commune.code == Structure.commune_code)
        .where(Application.call_id == call_id, visible(viewer))
    )
    return {
        key: About(
            structure_id=structure,
            place=places.get(key, NOWHERE),
            eligible_cents=known_bases.get(key),
            minimum_cents=minimum,
            previous_cents=before.get(structure, 0),
            beneficiaries=people,
            priorities=", ".join(priorities[key]),
            small=ceilings.small(form or "", employees, budget),
            newcomer=structure not in known,
            commune=commune or "",
        )
        for key, structure, minimum, people, form, employees, budget, commune in session.execute(query)
    }


def bases(session: Session, *, call_id: str, application_id: str | None = None) -> dict[str, int]:
    """The charges of each budget without 86 and without what the règlement leaves out, as ``eligible_base`` does.

    In cents, by file of a campaign or for one alone; a file without budget has none.
    """
    rules = calls.rules(session, call_id)
    left_out = rules.list("ineligible_accounts") if "ineligible_accounts" in rules else ()
    conditions = [BudgetLine.account.not_like(f"{prefix}%") for prefix in ("86", "87", *left_out) if prefix]
    query = (
        select(BudgetLine.application_id, func.sum(BudgetLine.amount_cents))
        .join(Application, Application.id == BudgetLine.application_id)
        .where(Application.call_id == call_id, BudgetLine.side == "charge", *conditions)
        .group_by(BudgetLine.application_id)
    )
    if application_id is not None:
        query = query.where(Application.id == application_id)
    return dict(session.execute(query).all())


def _known_before(session: Session, call: Call) -> set[str]:
    asked = (
        select(Application.structure_id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.year < call.year, Application.status != "draft")
    )
    granted = select(PastGrant.structure_id).where(PastGrant.year < call.year, PastGrant.structure_id.is_not(None))
    return {*session.scalars(asked), *(key for key in session.scalars(granted) if key)}


def _priorities(session: Session, call_id: str) -> dict[str, list[str]]:
    query = (
        select(ApplicationPriority.application_id, Priority.label)
        .join(Priority, Priority.code == ApplicationPriority.priority_code)
        .join(Application, Application.id == ApplicationPriority.application_id)
        .where(Application.call_id == call_id)
        .order_by(Priority.position)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for key, label in session.execute(query):
        found[key].append(label)
    return found
