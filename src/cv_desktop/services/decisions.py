"""From amounts to decisions: the scenario, the lot submitted to the vote, the act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision, Lot, LotLine, Scenario, ScenarioLine
from cv_desktop.db.queries import calls, envelopes, settings
from cv_desktop.db.queries.envelopes import ArbitrationRow
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.allocation import SKIP, Candidate, Rule, allocate, may_submit, rounded_share
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.ranking import Ranked
from cv_desktop.domain.states import Opinion, Outcome


def set_amount(session: Session, *, scenario_id: str, application_id: str, amount_cents: int | None) -> Changes:
    """Propose an amount for a file in a scenario, in cents; None takes the proposal away.

    An amount above the request is kept and marked: only the lot refuses it. Raises UserError when
    the amount is negative, the line is locked or the file is already submitted to the vote.
    """
    file = session.get_one(Application, application_id)
    _refuse_submitted(session, file)
    if amount_cents is not None and amount_cents < 0:
        raise UserError("Un montant proposé ne peut pas être négatif.", field="amount")
    line = session.get(ScenarioLine, (scenario_id, application_id))
    if line is not None and line.locked:
        raise UserError(f"{file.number} est verrouillé à {euros(line.amount_cents)}. Déverrouillez-le (L) d’abord.")
    before = line.amount_cents if line else None
    if amount_cents is None:
        if line is not None:
            session.delete(line)
    elif line is None:
        session.add(_line(scenario_id, application_id, amount_cents))
    else:
        line.amount_cents = amount_cents
    shown = [euros(x) if x is not None else "rien" for x in (before, amount_cents)]
    record(
        session,
        verb="decisions.set_amount",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, proposé : {shown[0]} → {shown[1]}",
        before=before,
        after=amount_cents,
    )
    key = {"scenario_id": scenario_id, "application_id": application_id, "amount_cents": before}
    return Changes.of("scenario", scenario_id, undo=Step(set_amount, key))


def set_locked(session: Session, *, scenario_id: str, application_id: str, locked: bool) -> Changes:
    """Lock or free the amount of a file, so that a proposal keeps it."""
    file = session.get_one(Application, application_id)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    if line is None:
        raise UserError(f"{file.number} n’a pas de montant proposé : il n’y a rien à verrouiller.")
    before, line.locked = line.locked, locked
    record(
        session,
        verb="decisions.set_locked",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} {'verrouillé' if locked else 'déverrouillé'} à {euros(line.amount_cents)}",
        before=before,
        after=locked,
    )
    key = {"scenario_id": scenario_id, "application_id": application_id, "locked": before}
    return Changes.of("scenario", scenario_id, undo=Step(set_locked, key))


def set_motive(session: Session, *, scenario_id: str, application_id: str, text: str) -> Changes:
    """Write why a file is cut or left out: the letter will say it."""
    file = session.get_one(Application, application_id)
    _refuse_submitted(session, file)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    if line is None:
        line = _line(scenario_id, application_id, 0)
        session.add(line)
    before, line.motive = line.motive, text.strip()
    record(
        session,
        verb="decisions.set_motive",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, motif : {line.motive or 'vide'}",
        before=before,
        after=line.motive,
    )
    key = {"scenario_id": scenario_id, "application_id": application_id, "text": before}
    return Changes.of("scenario", scenario_id, undo=Step(set_motive, key))


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
    ranked = [r for r in envelopes.ranking(session, scenario_id=scenario_id) if r.row.lot_id is None]
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
        verb="decisions.propose",
        noun="scenario",
        noun_id=scenario_id,
        summary=f"Répartition proposée : {rate} % des demandes de « {call.label} », "
        f"{sum(c.chosen for c in choices)} dossiers servis, {euros(sum(after.values()))}",
        before=before,
        after={c.application_id: {"amount_cents": c.amount_cents, "reason": c.reason} for c in choices},
        source="calcul",
    )
    _write_amounts(session, scenario_id, {**after})
    undo = Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    return Changes.of("scenario", scenario_id, undo=undo)


def restore_amounts(session: Session, *, scenario_id: str, amounts: dict[str, int | None]) -> Changes:
    """Put back the amounts of a whole scenario: the way back of a proposal."""
    before = dict.fromkeys(amounts) | {
        line.application_id: line.amount_cents
        for line in session.scalars(select(ScenarioLine).where(ScenarioLine.scenario_id == scenario_id))
        if line.application_id in amounts
    }
    _write_amounts(session, scenario_id, amounts)
    record(
        session,
        verb="decisions.restore_amounts",
        noun="scenario",
        noun_id=scenario_id,
        summary="Montants d’avant rétablis",
        before=before,
        after=amounts,
    )
    undo = Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    return Changes.of("scenario", scenario_id, undo=undo)


def submit(session: Session, *, scenario_id: str, label: str, reason: str = "") -> tuple[Changes, str]:
    """Submit to the vote every instructed file that is in no lot yet, with the amount of the scenario.

    A file without amount is submitted as a refusal, one adjourned by the committee as an
    adjournment. Raises UserError when the lot exceeds the envelope without a ``reason``, when an
    amount exceeds its request or the règlement's maximum or is off the rounding step.
    """
    scenario = session.get_one(Scenario, scenario_id)
    ranked = [r for r in envelopes.ranking(session, scenario_id=scenario_id) if r.row.lot_id is None]
    if not ranked:
        raise UserError("Aucun dossier instruit à soumettre : l’arbitrage commence quand une séance a rendu ses avis.")
    problems = refusals(session, call_id=scenario.call_id, ranked=ranked)
    if problems:
        raise UserError(" ".join(problems[:3]) + (f" Et {len(problems) - 3} autres." if len(problems) > 3 else ""))
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
                motive=r.row.motive or _default_motive(session, r.row, outcome),
            )
        )
    record(
        session,
        verb="decisions.submit",
        noun="lot",
        noun_id=lot.id,
        summary=f"Lot « {lot.label} » soumis au vote : {len(ranked)} dossiers, {euros(total)}",
        after={r.row.number: r.row.amount_cents or 0 for r in ranked},
        reason=reason.strip(),
    )
    touched = Changes.of("lot", lot.id) | Changes.of("application", *(r.row.application_id for r in ranked))
    return touched, lot.id


def refusals(session: Session, *, call_id: str, ranked: Sequence[Ranked[ArbitrationRow]]) -> list[str]:
    """What forbids a lot, one sentence per file: amount above the request or the maximum, or off the step."""
    rules = calls.rules(session, call_id)
    maximum = rules.cents("amount_max")
    step = rules.cents("rounding_step") or 1
    found = []
    for r in ranked:
        amount = r.row.amount_cents or 0
        if amount > r.row.asked_cents:
            found.append(f"{r.row.number} : {euros(amount)} dépasse la demande de {euros(amount - r.row.asked_cents)}.")
        elif maximum is not None and amount > maximum:
            article = rules["amount_max"].reference
            found.append(f"{r.row.number} : {euros(amount)} dépasse le maximum, {euros(maximum)} ({article}).")
        elif amount % step and amount != r.row.asked_cents:
            found.append(f"{r.row.number} : {euros(amount)} n’est pas arrondi à {euros(step)}.")
        elif amount and not outcome_of(r.row).gives:
            found.append(f"{r.row.number} : avis « {r.row.opinion.label.lower()} », aucun montant n’est possible.")
    return found


def return_lot(session: Session, *, lot_id: str, reason: str) -> Changes:
    """Take a lot back from the vote: its files are arbitrated again. Asks a reason."""
    if len(reason.strip()) < 10:
        raise UserError("Indiquez le motif du retour, en dix caractères au moins.", field="reason")
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
    for later in (sent_to_prefect_on, published_on):
        if later is not None and later < act_on:
            raise UserError(f"Le {long_date(later)} précède l’acte, daté du {long_date(act_on)}.", field="act_on")
    lot = session.get_one(Lot, lot_id)
    if lot.state != "submitted":
        raise UserError("Ce lot est déjà voté ou retourné.")
    if session.scalars(select(Lot.id).where(Lot.act_number == number, Lot.id != lot_id)).first():
        raise UserError(f"L’acte n° {number} est déjà celui d’un autre lot.", field="number")
    lot.state, lot.body, lot.act_number, lot.act_on = "voted", body, number, act_on
    lot.sent_to_prefect_on, lot.published_on = sent_to_prefect_on, published_on
    lines = session.scalars(select(LotLine).where(LotLine.lot_id == lot_id)).all()
    for line in lines:
        file = session.get_one(Application, line.application_id)
        decision = Decision(
            id=new_id(session),
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
            summary=f"{file.number} : {Outcome(line.outcome).label.lower()}, {euros(line.amount_cents)} "
            f"({body}, acte n° {number})",
            after={"outcome": line.outcome, "amount_cents": line.amount_cents},
            reason=line.motive,
        )
    total = sum(line.amount_cents for line in lines)
    record(
        session,
        verb="decisions.record_act",
        noun="lot",
        noun_id=lot_id,
        summary=f"{body}, acte n° {number} du {long_date(act_on)} : {len(lines)} décisions, {euros(total)}",
        after={"body": body, "number": number, "act_on": act_on.isoformat()},
    )
    files = [line.application_id for line in lines]
    return Changes.of("lot", lot_id) | Changes.of("decision", *files) | Changes.of("application", *files)


def outcome_of(row: ArbitrationRow) -> Outcome:
    """What the lot would decide of a file as it stands."""
    if row.opinion is Opinion.ADJOURNED:
        return Outcome.ADJOURNED
    if row.opinion is Opinion.UNFAVORABLE:
        return Outcome.REFUSED
    return Outcome.of_amount(row.amount_cents or 0, row.asked_cents)


def _wanted(row: ArbitrationRow, rate: int, step_cents: int) -> int:
    if row.opinion in (Opinion.ADJOURNED, Opinion.UNFAVORABLE):
        return 0
    return rounded_share(row.asked_cents, rate, step_cents)


def _default_motive(session: Session, row: ArbitrationRow, outcome: Outcome) -> str:
    key = {
        Outcome.PARTIAL: "motif_partiel",
        Outcome.ADJOURNED: "motif_ajournement",
        Outcome.REFUSED: "motif_avis" if row.opinion is Opinion.UNFAVORABLE else "motif_enveloppe",
    }.get(outcome)
    return settings.text_in_force(session, key, today(session)) if key else ""


def _line(scenario_id: str, application_id: str, amount: int) -> ScenarioLine:
    return ScenarioLine(
        scenario_id=scenario_id, application_id=application_id, amount_cents=amount, locked=False, motive=""
    )


def _write_amounts(session: Session, scenario_id: str, amounts: dict[str, int | None]) -> None:
    for key, cents in amounts.items():
        line = session.get(ScenarioLine, (scenario_id, key))
        if cents is None:
            if line is not None:
                session.delete(line)
        elif line is None:
            session.add(_line(scenario_id, key, cents))
        else:
            line.amount_cents = cents


def _refuse_submitted(session: Session, file: Application) -> None:
    found = session.scalars(
        select(Lot.label)
        .join(LotLine, LotLine.lot_id == Lot.id)
        .where(LotLine.application_id == file.id, Lot.state != "returned")
    ).first()
    if found:
        raise UserError(f"{file.number} est dans le lot « {found} » : son montant ne change plus ici.")
