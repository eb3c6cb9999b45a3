"""A distribution proposed by the application, in the order of the notes and within what is free."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Scenario
from cv_desktop.db.queries import calls, envelopes, scenarios
from cv_desktop.db.queries.scenarios import ArbitrationRow
from cv_desktop.db.work import record
from cv_desktop.domain.allocation import SKIP, Candidate, Rule, allocate, rounded_share
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted
from cv_desktop.services.scenario_lines import restore_amounts, settle, write_amounts


def propose(session: Session, *, scenario_id: str, rate: int, rule: Rule = SKIP) -> Changes:
    """Propose ``rate`` percent of each request, rounded down to the step of the règlement, served in
    the strict order of the notes within what is free; a file that does not fit is skipped, or ends
    the service, by the ``rule``. Locked amounts are kept; unfavourable and adjourned files get nothing.

    Raises UserError when no file can be served.
    """
    if not 0 < rate <= 100:
        raise UserError("Le taux proposé va de 1 à 100 %.", field="rate")
    scenario = session.get_one(Scenario, scenario_id)
    rules = calls.rules(session, scenario.call_id)
    step = rules.cents("rounding_step") or 1
    ranked = [r for r in scenarios.ranking(session, scenario_id=scenario_id) if r.row.lot_id is None]
    if not ranked:
        raise UserError("Aucun dossier instruit n’attend de montant.")
    buckets = envelopes.buckets(session, call_id=scenario.call_id, scenario_id=scenario_id)
    candidates = [
        Candidate(
            r.row.application_id,
            r.row.number,
            (r.row.amount_cents or 0) if r.row.locked else _wanted(r.row, rate, step),
            r.row.locked,
        )
        for r in ranked
    ]
    choices = allocate(candidates, buckets.free_cents + buckets.marked_cents, rule)
    before = {r.row.application_id: r.row.amount_cents for r in ranked}
    after = {c.application_id: c.amount_cents for c in choices}
    call = session.get_one(Call, scenario.call_id)
    record(
        session,
        verb="scenarios.propose",
        noun="scenario",
        noun_id=scenario_id,
        summary=f"Répartition proposée : {rate} % des demandes de « {call.label} », "
        f"{counted(sum(c.chosen for c in choices), 'dossier servi')}, {euros(sum(after.values()))}",
        before=before,
        after={c.application_id: {"amount_cents": c.amount_cents, "reason": c.reason} for c in choices},
        source="calcul",
    )
    write_amounts(session, scenario_id, {**after})
    settle(session, scenario_id, after, "propose")
    undo = Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    return Changes.of("scenario", scenario_id, undo=undo)


def _wanted(row: ArbitrationRow, rate: int, step_cents: int) -> int:
    if row.opinion in (Opinion.ADJOURNED, Opinion.UNFAVORABLE):
        return 0
    return rounded_share(row.asked_cents, rate, step_cents)
