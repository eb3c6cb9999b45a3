"""From amounts to decisions: the lot submitted to the vote, its act."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter, Lot, LotLine, Scenario
from cv_desktop.db.queries import calls, envelopes, scenarios
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.allocation import may_submit
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import counted
from cv_desktop.services import movements
from cv_desktop.services.ballot import default_motive, outcome_of, refusals


def submit(session: Session, *, scenario_id: str, label: str, reason: str = "") -> tuple[Changes, str]:
    """Submit to the vote every instructed file that is in no lot yet, with the amount of the scenario.

    A file without amount is submitted as a refusal, one adjourned by the committee as an
    adjournment. Raises UserError when the scenario is not the retained one, when the lot exceeds the
    envelope without a ``reason``, when an amount exceeds its request or the règlement's maximum or is off
    the rounding step.
    """
    scenario = session.get_one(Scenario, scenario_id)
    if not scenario.retained:
        raise UserError(f"« {scenario.label} » n’est pas le scénario retenu. Retenez-le (★) avant de préparer le lot.")
    ranked = [r for r in scenarios.ranking(session, scenario_id=scenario_id) if r.row.lot_id is None]
    if not ranked:
        raise UserError("Aucun dossier instruit à soumettre : l’arbitrage commence quand une séance a rendu ses avis.")
    problems = refusals(calls.rules(session, scenario.call_id), ranked)
    if problems:
        more = f" Et {counted(len(problems) - 3, 'autre')}." if len(problems) > 3 else ""
        raise UserError(" ".join(problems[:3]) + more)
    buckets = envelopes.buckets(session, call_id=scenario.call_id, scenario_id=scenario_id)
    total = sum(r.row.amount_cents or 0 for r in ranked)
    may_submit(total, buckets.free_cents + buckets.marked_cents, reason=reason)
    lot = Lot(
        id=new_id(session),
        call_id=scenario.call_id,
        label=label.strip() or f"Lot du {long_date(today(session))}",
        state="submitted",
        submitted_at=now(session),
        body=None,
        act_number=None,
        act_on=None,
        sent_to_prefect_on=None,
        published_on=None,
    )
    session.add(lot)
    session.flush()
    for r in ranked:
        outcome = outcome_of(r.row)
        session.add(
            LotLine(
                lot_id=lot.id,
                application_id=r.row.application_id,
                outcome=outcome.value,
                amount_cents=(r.row.amount_cents or 0) if outcome.gives else 0,
                rank=r.rank,
                score=r.shown,
                motive=r.row.motive or default_motive(session, r.row, outcome),
            )
        )
    record(
        session,
        verb="decisions.submit",
        noun="lot",
        noun_id=lot.id,
        summary=f"Lot « {lot.label} » soumis au vote : {counted(len(ranked), 'dossier')}, {euros(total)}",
        after={r.row.number: r.row.amount_cents or 0 for r in ranked},
        reason=reason.strip(),
    )
    files = [r.row.application_id for r in ranked]
    movements.settle(
        session, call_id=lot.call_id, files=files, verb="decisions.submit", reason=reason.strip(), lot_id=lot.id
    )
    return Changes.of("lot", lot.id) | Changes.of("application", *files), lot.id


def return_lot(session: Session, *, lot_id: str, reason: str) -> Changes:
    """Take a lot back from the vote: its files are arbitrated again. Asks a reason."""
    required_reason(reason, "du retour")
    lot = session.get_one(Lot, lot_id)
    if lot.state != "submitted":
        raise UserError("Ce lot est déjà voté ou retourné.")
    lot.state = "returned"
    files = session.scalars(select(LotLine.application_id).where(LotLine.lot_id == lot_id)).all()
    record(
        session,
        verb="decisions.return_lot",
        noun="lot",
        noun_id=lot_id,
        summary=f"Lot « {lot.label} » retourné à l’arbitrage",
        reason=reason.strip(),
    )
    movements.settle(
        session, call_id=lot.call_id, files=files, verb="decisions.return_lot", reason=reason.strip(), lot_id=lot_id
    )
    return Changes.of("lot", lot_id) | Changes.of("application", *files)


def record_act(
    session: Session,
    *,
    lot_id: str,
    body: str,
    number: str,
    act_on: date,
    sent_to_prefect_on: date | None = None,
    published_on: date | None = None,
) -> Changes:
    """Record the act that votes a lot: each of its lines becomes a decision that nothing edits any more.

    Raises UserError when the body or the number is missing, when the number already serves, or when
    the date lies in the future or after its transmission.
    Source: CGCT L2131-1 (an act binds once transmitted and published or notified).
    """
    body, number = body.strip(), number.strip()
    for name, value, words in (("body", body, "L’organe délibérant"), ("number", number, "Le numéro de l’acte")):
        if not value:
            raise UserError(f"{words} est obligatoire.", field=name)
    if act_on > today(session):
        raise UserError(f"L’acte ne peut pas être daté du {long_date(act_on)}, qui n’est pas venu.", field="act_on")
    for name, later in (("sent_to_prefect_on", sent_to_prefect_on), ("published_on", published_on)):
        if later is not None and later < act_on:
            raise UserError(f"Le {long_date(later)} précède l’acte, daté du {long_date(act_on)}.", field=name)
        if later is not None and later > today(session):
            raise UserError(f"Le {long_date(later)} n’est pas encore venu.", field=name)
    lot = session.get_one(Lot, lot_id)
    if lot.state != "submitted":
        raise UserError("Ce lot est déjà voté ou retourné.")
    if session.scalars(select(Lot.id).where(Lot.act_number == number, Lot.id != lot_id)).first():
        raise UserError(f"L’acte n° {number} est déjà celui d’un autre lot.", field="number")
    lot.state, lot.body, lot.act_number, lot.act_on = "voted", body, number, act_on
    lot.sent_to_prefect_on, lot.published_on = sent_to_prefect_on, published_on
    lines = session.scalars(select(LotLine).where(LotLine.lot_id == lot_id)).all()
    made: dict[str, str] = {}
    for line in lines:
        file = session.get_one(Application, line.application_id)
        made[file.id] = key = new_id(session)
        decision = Decision(
            id=key,
            application_id=line.application_id,
            lot_id=lot_id,
            outcome=line.outcome,
            amount_cents=line.amount_cents,
            motive=line.motive,
            decided_at=now(session),
        )
        session.add(decision)
        record(
            session,
            verb="decisions.decide",
            noun="application",
            noun_id=line.application_id,
            summary=f"{file.number} : {Outcome(line.outcome).label.lower()}, {euros(line.amount_cents)} "
            f"({body}, acte n° {number})",
            after={"outcome": line.outcome, "amount_cents": line.amount_cents},
            reason=line.motive,
        )
    total = sum(line.amount_cents for line in lines)
    record(
        session,
        verb="decisions.record_act",
        noun="lot",
        noun_id=lot_id,
        summary=f"{body}, acte n° {number} du {long_date(act_on)} : {counted(len(lines), 'décision')}, {euros(total)}",
        after={"body": body, "number": number, "act_on": act_on.isoformat()},
    )
    movements.settle(
        session, call_id=lot.call_id, files=made, verb="decisions.record_act", lot_id=lot_id, decisions=made
    )
    return Changes.of("lot", lot_id) | Changes.of("decision", *made) | Changes.of("application", *made)


def set_act_dates(
    session: Session, *, lot_id: str, sent_to_prefect_on: date | None, published_on: date | None
) -> Changes:
    """Write when the act of a lot was transmitted to the prefect and published: its letters quote both.

    Raises UserError when a day precedes the act or is still to come, or once a letter quoting them is issued.
    Source: CGCT L2131-1.
    """
    lot = session.get_one(Lot, lot_id)
    if lot.state != "voted" or lot.act_on is None:
        raise UserError("Enregistrez d’abord le vote de ce lot.")
    for name, day in (("sent_to_prefect_on", sent_to_prefect_on), ("published_on", published_on)):
        if day is not None and day < lot.act_on:
            raise UserError(f"Le {long_date(day)} précède l’acte, daté du {long_date(lot.act_on)}.", field=name)
        if day is not None and day > today(session):
            raise UserError(f"Le {long_date(day)} n’est pas encore venu.", field=name)
    issued = (
        select(func.count())
        .select_from(Letter)
        .join(Decision, Decision.id == Letter.decision_id)
        .where(Decision.lot_id == lot_id, Letter.number.is_not(None))
    )
    if count := session.scalar(issued):
        told = f"{counted(count, 'courrier émis')} {'citent' if count > 1 else 'cite'} ces dates"
        raise UserError(f"{told} : elles ne changent plus.")
    before = {"sent_to_prefect_on": lot.sent_to_prefect_on, "published_on": lot.published_on}
    lot.sent_to_prefect_on, lot.published_on = sent_to_prefect_on, published_on
    after = {"sent_to_prefect_on": sent_to_prefect_on, "published_on": published_on}
    words = [long_date(day) if day else "non renseignée" for day in after.values()]
    record(
        session,
        verb="decisions.set_act_dates",
        noun="lot",
        noun_id=lot_id,
        summary=f"Acte n° {lot.act_number} : transmission {words[0]}, publication {words[1]}",
        before={key: day.isoformat() if day else None for key, day in before.items()},
        after={key: day.isoformat() if day else None for key, day in after.items()},
    )
    return Changes.of("lot", lot_id, undo=Step(set_act_dates, {"lot_id": lot_id} | before))
