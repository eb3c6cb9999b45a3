"""Decisions that follow a decision: a file reopened, the waiting list promoted, each by a lot and an act of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Lot, LotLine
from cv_desktop.db.queries import calls, conditions, envelope_parts, envelopes, scenarios, waiting
from cv_desktop.db.queries.lots import awaiting, in_force
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain import shares
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.conditions import Condition
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.envelopes import reserve_cents
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.states import Outcome
from cv_desktop.domain.structure_ceiling import StructureCeiling
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import lot_changes, movements, phases
from cv_desktop.services.ballot import default_motive, require_bounds
from cv_desktop.services.lot_guards import Parts, parts, require_parts
from cv_desktop.services.opinion_guards import judged
from cv_desktop.services.structure_ceilings import ceiling, require_under


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a file of the waiting list could receive now, in cents; ``words`` say why, or what it lacks."""

    row: waiting.WaitingRow
    cents: int
    words: str


def promotions(session: Session, *, call_id: str, viewer: str | None = None) -> list[Promotion]:
    """The waiting list against what is free out of the reserve, in its order: the first served, then what is left.

    A file takes its request, or what is left when that is enough for its viable minimum. One that does not fit is told
    what it lacks, and the next one is looked at: the officer confirms, or not. Files at the same place of the list
    enter together or wait for the officer's choice, and so do those after them.
    """
    rows = waiting.rows(session, call_id=call_id, viewer=viewer)
    if not rows:
        return []
    free = envelopes.buckets(session, call_id=call_id).free_cents
    free -= reserve_cents(envelope_parts.nodes(session, call_id=call_id))
    rules = calls.rules(session, call_id)
    room = _Room(parts(session, call_id), ceiling(session, call_id, rules), max(0, free), rules, {})
    found: list[Promotion] = []
    undecided = ""
    for _place, group in groupby(rows, key=lambda row: (row.rank, row.score)):
        wanted = [(row, _most(session, row, rules)) for row in group]
        if undecided:
            found += [Promotion(row, 0, undecided) for row, _cents in wanted]
        elif len(wanted) > 1 and not room.all_fit(wanted):
            numbers = ", ".join(row.number for row, _cents in wanted)
            tied = f"À égalité de note ({numbers}){NBSP}: {euros(room.free_cents)} ne suffisent pas à tous. Choisissez."
            found += [Promotion(row, 0, tied) for row, _cents in wanted]
            undecided = f"Attend le choix entre {numbers}, à égalité avant lui."
        else:
            found += [room.take(row, cents) for row, cents in wanted]
    return found


def out_of_turn(proposed: Sequence[Promotion], chosen: Collection[str]) -> bool:
    """Whether these files are not served in the order of the list, so that a reason is asked.

    One enters that the list does not propose, or one that it proposes at its place or before it is left waiting.
    """
    served = [one.row for one in proposed if one.row.id in chosen]
    if not served:
        return False
    last = proposed.index(next(one for one in proposed if one.row is served[-1]))
    place = (served[-1].rank, served[-1].score)
    reached = [one for at, one in enumerate(proposed) if at <= last or (one.row.rank, one.row.score) == place]
    return any((one.row.id in chosen) != bool(one.cents) for one in reached)


@dataclass(slots=True)
class _Room:
    """What is left for the waiting list while it is read: free cents, parts of the envelope, those promoted."""

    parts: Parts
    ceiling: StructureCeiling
    free_cents: int
    rules: Rules
    promoted: dict[str, int]

    def all_fit(self, wanted: Sequence[tuple[waiting.WaitingRow, int]]) -> bool:
        """Whether files at the same place can all receive what they want."""
        return sum(cents for _row, cents in wanted) <= self.free_cents and not self._broken(
            {row.application_id: cents for row, cents in wanted}
        )

    def take(self, row: waiting.WaitingRow, wanted: int) -> Promotion:
        declared = row.minimum_cents
        least = wanted
        if declared is not None:
            least = min(wanted, shares.least(asked_cents=row.asked_cents, minimum_cents=declared, rules=self.rules))
        step = self.rules.cents("rounding_step") or 1
        cents = wanted if wanted <= self.free_cents else self.free_cents // step * step
        if not wanted:
            return Promotion(row, 0, "Sa base éligible ne permet aucun montant.")
        if cents < least or not cents:
            reached = min(wanted, max(1, -(-least // step)) * step)
            return Promotion(row, 0, f"Il manque {euros(reached - self.free_cents)}.")
        broken = self._broken({row.application_id: cents})
        if broken:
            return Promotion(row, 0, " ".join(broken))
        self.free_cents -= cents
        self.promoted[row.application_id] = cents
        whole = "toute sa demande" if cents == row.asked_cents else f"{euros(cents)} sur {euros(row.asked_cents)}"
        return Promotion(row, cents, f"Entre pour {whole}.")

    def _broken(self, more: Mapping[str, int]) -> list[str]:
        # The reserve is out of what is free already: only the caps are asked.
        added = self.promoted | dict(more)
        over = self.ceiling.over(added)
        return [*self.parts.over_caps(added), *(over[key] for key in more if key in over)]


def promote(
    session: Session, *, call_id: str, amounts: Mapping[str, int], label: str = "", reason: str = ""
) -> tuple[Changes, str]:
    """Submit to the vote the files of the waiting list that receive these cents, by a lot of their own.

    ``reason`` is asked when they are ``out_of_turn``: chosen among files of the same note, or before one above them.
    Raises UserError on a file that does not wait, an amount above its request, its eligible base or the règlement's
    maximum, off its rounding step, on more than what is free, or when who gave their opinion forbids it today.
    """
    call = phases.of_open(session, call_id)
    known = {row.application_id: row for row in waiting.rows(session, call_id=call_id)}
    chosen = {key: cents for key, cents in amounts.items() if cents}
    if not chosen:
        raise UserError("Aucun dossier n’est promu : donnez un montant à l’un d’eux.")
    for key, cents in chosen.items():
        if key not in known:
            raise UserError("Un de ces dossiers n’attend plus sur la liste. Revoyez la liste d’attente.")
        require_bounds(session, session.get_one(Application, key), cents, field="amount")
    require_under(session, call_id, calls.rules(session, call_id), chosen, field="amount")
    total, free = sum(chosen.values()), envelopes.buckets(session, call_id=call_id).free_cents
    if total > free:
        raise UserError(f"Ces promotions font {euros(total)} : {euros(max(0, free))} sont libres.")
    require_parts(session, call_id, chosen, free, field="amount")
    before = {session.get_one(Decision, known[key].decision_id).lot_id for key in chosen}
    for guard in lot_changes.unexcused(session, call_id=call_id, files=chosen, lots=before):
        raise UserError(
            f"{guard.label}. {' '.join(guard.facts[:3])} Décidez du lien s’il en reste un, laissez ce dossier sur la "
            "liste, ou rouvrez sa décision avec un motif qui le dit."
        )
    if out_of_turn(promotions(session, call_id=call_id), chosen):
        reason = required_reason(reason, "de ce choix dans la liste d’attente")
    lot = _lot(session, call.id, label or f"Liste d’attente du {long_date(today(session))}")
    for key, row in known.items():
        if key in chosen:
            outcome = Outcome.of_amount(chosen[key], row.asked_cents)
            motive = default_motive(session, outcome)
            _line(
                session, lot, key, outcome, chosen[key], row.decision_id, rank=row.rank, score=row.score, motive=motive
            )
    numbers = ", ".join(row.number for key, row in known.items() if key in chosen)
    record(
        session,
        verb="versions.promote",
        noun="lot",
        noun_id=lot.id,
        summary=f"Liste d’attente : {counted(len(chosen), 'dossier promu')}, {euros(total)} ({numbers})",
        after={known[key].number: cents for key, cents in chosen.items()},
        reason=reason,
    )
    movements.settle(session, call_id=call_id, files=chosen, verb="versions.promote", reason=reason, lot_id=lot.id)
    return Changes.of("lot", lot.id) | Changes.of("application", *chosen), lot.id


def reopen(session: Session, *, application_id: str, amount_cents: int, reason: str) -> tuple[Changes, str]:
    """Put a decided file to the vote again with another amount, 0 to refuse it. Asks a reason.

    The decision in force stays readable and counts until the new act replaces it; only what is added to it is held
    meanwhile. Its condition, if not lifted yet, goes with the new amount. Raises UserError when no decision is in
    force, when a lot already holds the file, or when more is added than what is free or than a cap leaves.
    """
    required_reason(reason, "de la réouverture")
    file = session.get_one(Application, application_id)
    phases.of_open(session, file.call_id)
    old = current(session, application_id)
    if old is None:
        raise UserError(f"{file.number} n’a pas de décision en vigueur : il n’y a rien à rouvrir.")
    if held := awaiting(session, application_id=application_id):
        raise UserError(f"{file.number} attend déjà son vote dans « {held} ».")
    require_bounds(session, file, amount_cents, field="amount")
    if amount_cents == old.amount_cents:
        raise UserError(f"{file.number} a déjà {euros(amount_cents)} : indiquez un autre montant.", field="amount")
    more, free = amount_cents - old.amount_cents, envelopes.buckets(session, call_id=file.call_id).free_cents
    if more > max(0, free):
        raise UserError(f"{euros(more)} de plus sont demandés : {euros(max(0, free))} sont libres.", field="amount")
    require_parts(session, file.call_id, {application_id: more}, free, field="amount")
    lot = _lot(session, file.call_id, f"Réouverture de {file.number}")
    outcome = Outcome.of_amount(amount_cents, file.asked_cents)
    unmet = conditions.of_application(session, application_id=application_id) if amount_cents else None
    kept = unmet.condition if unmet and unmet.condition.lifted_on is None else None
    first = session.get(LotLine, (old.lot_id, application_id))
    _line(
        session, lot, application_id, outcome, amount_cents, old.id,
        score=first.score if first else "", motive=reason.strip(), condition=kept,
    )  # fmt: skip
    record(
        session,
        verb="versions.reopen",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} rouvert : {euros(old.amount_cents)} → {euros(amount_cents)}, à voter",
        before=old.amount_cents,
        after=amount_cents,
        reason=reason.strip(),
    )
    # A decision is often reopened on account of what a guard found: its reason answers for it.
    guards = judged(session, call_id=file.call_id, rules=calls.rules(session, file.call_id), files=[file.id])
    if any(guard.state == "block" for guard in guards):
        lot_changes.excuse(session, lot, guards, reason=reason)
    movements.settle(
        session, call_id=file.call_id, files=[file.id], verb="versions.reopen", reason=reason.strip(), lot_id=lot.id
    )
    return Changes.of("lot", lot.id) | Changes.of("application", application_id), lot.id


def answered_for(session: Session, *, application_id: str) -> str:
    """What the reason of a reopening would answer for besides: what is found of the opinion today; else empty."""
    file, old = session.get_one(Application, application_id), current(session, application_id)
    if old is None:
        return ""
    found = lot_changes.unexcused(session, call_id=file.call_id, files=[file.id], lots=[old.lot_id])
    told = " ".join(fact for guard in found for fact in guard.facts[:3])
    return f"Ce motif répondra aussi de ce qui est trouvé depuis. {told}" if told else ""


def current(session: Session, application_id: str) -> Decision | None:
    """The decision of a file that counts today; an adjournment is none."""
    return session.scalars(
        select(Decision)
        .where(Decision.application_id == application_id, Decision.outcome != "adjourned", in_force())
        .order_by(Decision.decided_at.desc())
        .limit(1)
    ).first()


def _most(session: Session, row: waiting.WaitingRow, rules: Rules) -> int:
    """The most that a file that waits may be given: its request, or what the règlement or its base leave of it."""
    base = scenarios.base(session, application_id=row.application_id)
    return shares.most(asked_cents=row.asked_cents, base_cents=base, rules=rules)


def _lot(session: Session, call_id: str, label: str) -> Lot:
    lot = Lot(
        id=new_id(session), call_id=call_id, label=label.strip(), state="submitted", submitted_at=now(session),
        body=None, act_number=None, act_on=None, sent_to_prefect_on=None, published_on=None, delegated=False,
    )  # fmt: skip
    session.add(lot)
    session.flush()
    return lot


def _line(
    session: Session,
    lot: Lot,
    application_id: str,
    outcome: Outcome,
    cents: int,
    supersedes: str,
    *,
    rank: int | None = None,
    score: str = "",
    motive: str = "",
    condition: Condition | None = None,
) -> None:
    session.add(
        LotLine(
            lot_id=lot.id, application_id=application_id, outcome=outcome.value, amount_cents=cents, rank=rank,
            score=score, motive=motive, supersedes_id=supersedes, condition=condition.text if condition else "",
            condition_due_on=condition.due_on if condition else None,
        )
    )  # fmt: skip
