"""From amounts to decisions: the lot submitted to the vote, its act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter, Lot, LotLine, Scenario
from cv_desktop.db.queries import calls, opinions, scenarios
from cv_desktop.db.queries.tuples import tuples
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.allocation import may_submit
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import Conflict, UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.scenarios import rule_words
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.text import counted
from cv_desktop.domain.votes import Votes
from cv_desktop.services import lot_changes, movements
from cv_desktop.services.ballot import Ballot, default_motive, outcome_of, to_vote, weigh
from cv_desktop.services.opinion_guards import listed

Tell = Callable[[int, int, str], object]


def silent(_done: int, _total: int, _item: str) -> None:
    """Nobody waits to hear."""


def submit(
    session: Session,
    *,
    scenario_id: str,
    label: str,
    reason: str = "",
    waiting: bool = False,
    seen: Ballot | None = None,
    tell: Tell = silent,
) -> tuple[Changes, str]:
    """Submit to the vote every instructed file that is in no lot yet, with the amount of the scenario.

    One that is not eligible any more stays out of it, or stops it when it has an amount.

    A file without amount is submitted as a refusal, one adjourned by the committee as an adjournment; with
    ``waiting``, one that the committee favours and that nobody set aside goes on the waiting list, in the order of the
    notes. Raises UserError when the scenario is not the retained one, when a guard of the lot blocks, or without a
    ``reason`` when the lot exceeds the envelope, its reserve or one of its caps, leaves a possible link unanswered, or
    holds an opinion given without quorum that the règlement lets excuse. Raises Conflict when its files or their
    amounts are not those of the lot ``seen``. ``tell`` hears how far it is; what it raises ends the work.
    """
    tell(0, 3, "Lecture")
    scenario = session.get_one(Scenario, scenario_id)
    if not scenario.retained:
        raise UserError(f"« {scenario.label} » n’est pas le scénario retenu. Retenez-le (★) avant de préparer le lot.")
    whole = scenarios.ranking(session, scenario_id=scenario_id)
    ranked = to_vote(whole)
    if whole and all(r.row.lot_id is not None for r in whole):
        raise UserError("Tous les dossiers instruits sont déjà dans un lot\u00a0: aucun n’attend d’être soumis.")
    if not ranked:
        raise UserError("Aucun dossier instruit à soumettre : l’arbitrage commence quand une séance a rendu ses avis.")
    tell(1, 3, "Contrôles")
    weighed = weigh(session, scenario_id=scenario_id, call_id=scenario.call_id, ranked=ranked, waiting=waiting)
    if seen is not None and (weighed.outcomes, weighed.amounts) != (seen.outcomes, seen.amounts):
        raise Conflict("Ce lot a changé depuis que vous l’avez vu. Relisez-le, puis soumettez-le de nouveau.")
    if problems := next(guard.details for guard in weighed.guards if guard.code == "amounts"):
        more = f" Et {counted(len(problems) - 3, 'autre')}." if len(problems) > 3 else ""
        raise UserError(" ".join(problems[:3]) + more)
    for guard in weighed.guards:
        # The amounts and the sums have their own sentences, above and below.
        excused = guard.excusable and reason.strip()
        if guard.state == "block" and guard.code in ("minimum", "quorum", "recusals", "motives") and not excused:
            raise UserError(f"{guard.label}. {' '.join(guard.details[:4])}")
    if weighed.needs_reason and reason.strip():
        required_reason(reason, "du lot")
    total = weighed.total_cents
    may_submit(total, weighed.available_cents, reason=reason)
    if weighed.excess and not reason.strip():
        raise UserError(f"{weighed.excess[0]} Réduisez des montants ou indiquez le motif du dépassement.")
    for guard in weighed.guards:
        if guard.code == "links" and guard.state == "block" and not reason.strip():
            raise UserError(f"{guard.label}. {' '.join(guard.details[:4])}")
    tell(2, 3, "Écriture")
    place = 0
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
        rule=scenario.rule,
    )
    session.add(lot)
    session.flush()
    waits, last = 0, None
    kinds = {(outcome_of(r.row, waiting=waiting), r.row.opinion) for r in ranked}
    usual = {kind: default_motive(session, *kind) for kind in kinds}
    lines = []
    for r in ranked:
        outcome = outcome_of(r.row, waiting=waiting)
        if outcome is Outcome.WAITING:
            waits += 1
            # Files of the same note wait at the same place: their order in the list says nothing.
            place, last = (place if waits > 1 and r.rank == last else waits), r.rank
        lines.append(
            {
                "lot_id": lot.id,
                "application_id": r.row.application_id,
                "outcome": outcome.value,
                "amount_cents": (r.row.amount_cents or 0) if outcome.gives else 0,
                "rank": place if outcome is Outcome.WAITING else r.rank,
                "score": r.shown,
                "motive": r.row.motive or usual[outcome, r.row.opinion],
            }
        )
    insert_rows(session, LotLine, lines)
    record(
        session,
        verb="decisions.submit",
        noun="lot",
        noun_id=lot.id,
        summary=f"Lot « {lot.label} » soumis au vote : {counted(len(ranked), 'dossier')}, {euros(total)}"
        + (f" ; règle du scénario : {rule_words(scenario.rule)}" if scenario.rule else ""),
        after={r.row.number: r.row.amount_cents or 0 for r in ranked},
        reason=reason.strip(),
    )
    files = [r.row.application_id for r in ranked]
    movements.settle(
        session, call_id=lot.call_id, files=files, verb="decisions.submit", reason=reason.strip(), lot_id=lot.id
    )
    lot_changes.excuse(session, lot, weighed.guards, reason=reason)
    tell(3, 3, "Journal")
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
    votes: Votes | None = None,
    delegated: bool = False,
    tell: Tell = silent,
) -> Changes:
    """Record the act that votes a lot: each of its lines becomes a decision that nothing edits any more.

    A line that replaces a decision makes its next version. ``delegated``: the act is a decision of the president, who
    votes alone within the ceiling of the règlement. Raises UserError when the body or the number is missing, when the
    number already serves, when the date lies in the future, after its transmission, before the opinions or before the
    act that it replaces or once a condition was due, when the votes reject the act, when a file is above the
    delegation, or when a guard blocks that did not at the submission. ``tell`` as ``submit`` does.
    Source: CGCT L2131-1 (an act binds once transmitted and published or notified), L5211-10 (delegations).
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
    lines = session.scalars(select(LotLine).where(LotLine.lot_id == lot_id, LotLine.outcome != Outcome.RETURNED)).all()
    _refuse_before(session, lot, lines, act_on)
    _refuse_past(session, lines, act_on)
    tell(0, 2, "Contrôles")
    lot_changes.require_unchanged(session, lot)
    if delegated:
        _refuse_above(session, lot, lines)
    elif votes is not None:
        _refuse_rejected(votes)
        lot.votes_for, lot.votes_against, lot.votes_abstention = votes.favour, votes.against, votes.abstention
    lot.state, lot.body, lot.act_number, lot.act_on = "voted", body, number, act_on
    lot.sent_to_prefect_on, lot.published_on, lot.delegated = sent_to_prefect_on, published_on, delegated
    tell(1, 2, "Écriture")
    made: dict[str, str] = {}
    decided = []
    query = select(Application.id, Application.number).where(Application.id.in_([x.application_id for x in lines]))
    numbers = dict(tuples(session, query))
    for line in lines:
        made[line.application_id] = key = new_id(session)
        decided.append(
            {
                "id": key,
                "application_id": line.application_id,
                "lot_id": lot_id,
                "outcome": line.outcome,
                "amount_cents": line.amount_cents,
                "motive": line.motive,
                "decided_at": now(session),
                "condition": line.condition,
                "condition_due_on": line.condition_due_on,
                "refusal_code": line.refusal_code,
                "rank": line.rank if line.outcome == Outcome.WAITING else None,
                "supersedes_id": line.supersedes_id,
            }
        )
        record(
            session,
            verb="decisions.decide",
            noun="application",
            noun_id=line.application_id,
            summary=f"{numbers[line.application_id]} : {Outcome(line.outcome).label.lower()}, "
            f"{euros(line.amount_cents)} ({body}, acte n° {number})",
            after={"outcome": line.outcome, "amount_cents": line.amount_cents},
            reason=line.motive,
        )
    insert_rows(session, Decision, decided)
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
    tell(2, 2, "Journal")
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


def _refuse_before(session: Session, lot: Lot, lines: Sequence[LotLine], act_on: date) -> None:
    """An act votes on opinions already given, and replaces decisions already taken."""
    files = [line.application_id for line in lines]
    heard = max((x.held_on for x in opinions.given(session, call_id=lot.call_id, files=files)), default=None)
    if heard is not None and act_on < heard:
        raise UserError(
            f"Le {long_date(act_on)} précède la séance du {long_date(heard)}, qui a donné les avis.", field="act_on"
        )
    former = [session.get_one(Lot, session.get_one(Decision, x.supersedes_id).lot_id) for x in lines if x.supersedes_id]
    for old in former:
        if old.act_on is not None and act_on < old.act_on:
            raise UserError(
                f"Le {long_date(act_on)} précède l’acte n°\u00a0{old.act_number} du {long_date(old.act_on)}, "
                "qu’il remplace.",
                field="act_on",
            )


def _refuse_past(session: Session, lines: Sequence[LotLine], act_on: date) -> None:
    """A condition is still to be met when the act sets it: time may have passed since it was written in the lot."""
    for line in lines:
        if line.condition and line.condition_due_on is not None and line.condition_due_on <= act_on:
            raise UserError(
                f"{session.get_one(Application, line.application_id).number}\u00a0: la réserve serait à lever avant le "
                f"{long_date(line.condition_due_on)}, et l’acte est du {long_date(act_on)}. Donnez-lui un autre jour "
                "dans le lot."
            )


def _refuse_above(session: Session, lot: Lot, lines: Sequence[LotLine]) -> None:
    rules = calls.rules(session, lot.call_id)
    ceiling = rules.cents("delegation_max") if "delegation_max" in rules else None
    if ceiling is None:
        raise UserError(
            "Le règlement de cette campagne ne prévoit pas de délégation\u00a0: le lot est voté en séance.",
            field="delegated",
        )
    keys = [line.application_id for line in lines if line.amount_cents > ceiling]
    query = select(Application.number).where(Application.id.in_(keys)).order_by(Application.seq)
    if above := session.scalars(query).all():
        raise UserError(
            f"La délégation du président s’arrête à {euros(ceiling)} par dossier ; "
            f"{counted(len(above), 'dossier')} {'sont' if len(above) > 1 else 'est'} au-dessus : {listed(above)}.",
            field="delegated",
        )


def _refuse_rejected(votes: Votes) -> None:
    if votes.favour <= votes.against:
        raise UserError(
            f"{votes.favour} pour, {votes.against} contre : l’acte n’est pas adopté. "
            "Retournez le lot à l’arbitrage, ou corrigez les votes.",
            field="votes_for",
        )
