"""Which decisions call for a convention: what each structure receives from this authority in the year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call, RulesParameter
from cv_desktop.db.models.decision import Decision, DecisionEnd, Lot
from cv_desktop.db.models.funding import Tranche
from cv_desktop.db.models.past_grant import PastGrant
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.once import answer, once
from cv_desktop.db.queries import institution, rules
from cv_desktop.db.queries.lots import in_force
from cv_desktop.domain.conventions import Requirement, YearPart, requirement
from cv_desktop.domain.dates import local
from cv_desktop.domain.text import words

THRESHOLD, PUBLICATION = "convention_threshold", "publication_months"


def parts_of_year(session: Session, year: int, structures: Collection[str]) -> dict[str, list[YearPart]]:
    """What each of these structures receives in a year, all campaigns together: acts, years of an agreement, lists."""
    found: dict[str, list[YearPart]] = defaultdict(list)
    decided = (
        select(Application.structure_id, Application.number, Decision.amount_cents, Lot.act_on, Decision.decided_at)
        .join(Application, Application.id == Decision.application_id)
        .join(Call, Call.id == Application.call_id)
        .join(Lot, Lot.id == Decision.lot_id)
        .where(Call.year == year, Decision.amount_cents > 0, Application.structure_id.in_(structures), in_force())
        .order_by(Lot.act_on, Application.number)
    )
    for structure, number, cents, act_on, decided_at in session.execute(decided):
        found[structure].append(YearPart(number, cents, act_on or local(decided_at).date()))
    for structure, parts in _promised(session, year, structures).items():
        found[structure] += parts
    for structure, parts in _listed(session, year, structures, found).items():
        found[structure] += parts
    return found


def of_call(session: Session, *, call_id: str, decisions: Collection[str] | None = None) -> dict[str, Requirement]:
    """The conventions that the decisions in force of a campaign call for, by decision; ``decisions`` limits them."""
    query = (
        select(
            Decision.id,
            Application.id,
            Application.structure_id,
            Structure.legal_form,
            Application.status,
            Application.rules_version_id,
            Lot.act_on,
            Decision.decided_at,
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .join(Lot, Lot.id == Decision.lot_id)
        .where(Application.call_id == call_id, Decision.amount_cents > 0, in_force())
        .order_by(Application.seq)
    )
    if decisions is not None:
        query = query.where(Decision.id.in_(decisions))
    rows = session.execute(query).all()
    if not rows:
        return {}
    year = session.get_one(Call, call_id).year
    parts = parts_of_year(session, year, {row.structure_id for row in rows})
    thresholds: dict[tuple[str, str | None], int | None] = {}
    found = {}
    for decision, file, structure, form, status, version, act_on, decided_at in rows:
        judged = (status, version)
        if judged not in thresholds:
            thresholds[judged] = threshold_of(session, file)
        due = requirement(
            parts[structure],
            year=year,
            threshold_cents=thresholds[judged],
            legal_form=form or "",
            on=act_on or local(decided_at).date(),
        )
        if due is not None:
            found[decision] = due
    return found


def of_decision(session: Session, decision_id: str) -> Requirement | None:
    """The convention that one decision calls for; None when it does not, or counts no more."""

    def ask() -> Requirement | None:
        call = session.scalars(
            select(Application.call_id)
            .join(Decision, Decision.application_id == Application.id)
            .where(Decision.id == decision_id)
        ).one()
        return of_call(session, call_id=call, decisions=[decision_id]).get(decision_id)

    return once(session, ("convention", decision_id), ask)


def foresee(session: Session, *, call_id: str, decisions: Collection[str]) -> None:
    """Answer ``of_decision`` beforehand for many decisions of a campaign, inside ``once.kept``."""
    found = of_call(session, call_id=call_id, decisions=decisions)
    for decision in decisions:
        answer(session, ("convention", decision), found.get(decision))


def of_structure(session: Session, *, structure_id: str) -> tuple[Requirement, ...]:
    """The years in which what a structure receives calls for a convention, the last first.

    Each is held to the lowest threshold of its files of that year.
    """
    query = (
        select(Call.year, Application.id, Structure.legal_form)
        .join(Application, Application.call_id == Call.id)
        .join(Structure, Structure.id == Application.structure_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.structure_id == structure_id, Decision.amount_cents > 0, in_force())
    )
    files: dict[int, list[str]] = defaultdict(list)
    form = ""
    for year, file, legal_form in session.execute(query):
        files[year].append(file)
        form = legal_form or ""
    found = []
    for year in sorted(files, reverse=True):
        known = [cents for file in files[year] if (cents := threshold_of(session, file)) is not None]
        parts = parts_of_year(session, year, [structure_id])[structure_id]
        due = requirement(parts, year=year, threshold_cents=min(known, default=None), legal_form=form)
        if due is not None:
            found.append(due)
    return tuple(found)


def threshold_of(session: Session, application_id: str) -> int | None:
    """Cents above which the règlement that a file is held to asks for a convention; None when it has no threshold."""
    held = rules.of_application(session, application_id)
    return held.cents(THRESHOLD) if THRESHOLD in held else None


def publication_months(session: Session, call_id: str) -> int | None:
    """Months that the règlement of a campaign gives to publish essential data.

    A campaign closed before the parameter was known follows the newest one of its scheme.
    """
    query = (
        select(RulesParameter.value)
        .join(Call, (Call.id == RulesParameter.call_id) | (Call.scheme_code == RulesParameter.scheme_code))
        .where(
            Call.id == call_id,
            RulesParameter.key == PUBLICATION,
            RulesParameter.call_id.is_(None) | (RulesParameter.call_id == call_id),
        )
        .order_by(RulesParameter.call_id.is_(None), RulesParameter.version.desc())
    )
    found = session.scalars(query.limit(1)).first()
    return int(found) if isinstance(found, int) else None


def _promised(session: Session, year: int, structures: Collection[str]) -> dict[str, list[YearPart]]:
    """The years of agreements signed before; one that a file of that year takes up again is counted with this file."""
    # Few files have an agreement: asked first, they spare a walk through every decision.
    files = set(session.scalars(select(Tranche.application_id).where(Tranche.year == year)))
    if not files:
        return {}
    renewed, own, given, newer = aliased(Application), aliased(Call), aliased(Decision), aliased(Decision)
    again = (
        select(renewed.id)
        .join(own, own.id == renewed.call_id)
        .join(given, given.application_id == renewed.id)
        .where(
            own.year == year,
            renewed.renewed_from_id == Application.id,
            given.amount_cents > 0,
            ~select(newer.id).where(newer.supersedes_id == given.id).exists(),
            ~select(DecisionEnd.decision_id).where(DecisionEnd.decision_id == given.id).exists(),
        )
    )
    query = (
        select(Application.structure_id, Application.number, Tranche.amount_cents)
        .join(Application, Application.id == Tranche.application_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Tranche.year == year,
            Application.id.in_(files),
            Decision.amount_cents > 0,
            in_force(),
            ~again.exists(),
        )
        .order_by(Application.number)
    )
    found: dict[str, list[YearPart]] = defaultdict(list)
    for structure, number, cents in session.execute(query):
        if structure in structures:
            found[structure].append(YearPart(number, cents))
    return found


def _listed(
    session: Session, year: int, structures: Collection[str], decided: Mapping[str, list[YearPart]]
) -> dict[str, list[YearPart]]:
    """What lists or an officer say that this authority gave besides; a line of the amount of a file is that file."""
    authority = words(str(institution.values(session).get("authority") or ""))
    query = (
        select(PastGrant)
        .where(PastGrant.year == year, PastGrant.granted_cents > 0, PastGrant.structure_id.in_(structures))
        .order_by(PastGrant.in_kind, PastGrant.scheme, PastGrant.title, PastGrant.id)
    )
    same = {structure: Counter(part.cents for part in parts) for structure, parts in decided.items()}
    found: dict[str, list[YearPart]] = defaultdict(list)
    for grant in session.scalars(query):
        structure, cents = grant.structure_id or "", grant.granted_cents or 0
        if not authority or words(grant.funder) != authority:
            continue
        if not grant.in_kind and same.get(structure, Counter())[cents]:
            same[structure][cents] -= 1
            continue
        name = grant.title or grant.scheme or ("aide en nature" if grant.in_kind else "autre subvention")
        found[structure].append(YearPart(name, cents, in_kind=grant.in_kind))
    return found
