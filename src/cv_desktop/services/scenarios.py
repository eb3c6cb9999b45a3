"""The working distribution of the envelope: the amount, the lock and the motive of each file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Lot, LotLine, Scenario, ScenarioLine
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.queries import calls, envelopes
from cv_desktop.db.queries.envelopes import ArbitrationRow
from cv_desktop.db.queries.lots import held
from cv_desktop.db.work import record
from cv_desktop.domain.allocation import SKIP, Candidate, Rule, allocate, rounded_share
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted
from cv_desktop.services import movements


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
    state = _state(line)
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
        verb="scenarios.set_amount",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, proposé : {shown[0]} → {shown[1]}",
        before=before,
        after=amount_cents,
    )
    _settle(session, scenario_id, [application_id], "set_amount")
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario", scenario_id, undo=Step(restore_line, key | state))


def set_locked(session: Session, *, scenario_id: str, application_id: str, locked: bool) -> Changes:
    """Lock or free the amount of a file, so that a proposal keeps it."""
    file = session.get_one(Application, application_id)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    if line is None:
        raise UserError(f"{file.number} n’a pas de montant proposé : il n’y a rien à verrouiller.")
    before, line.locked = line.locked, locked
    record(
        session,
        verb="scenarios.set_locked",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} {'verrouillé' if locked else 'déverrouillé'} à {euros(line.amount_cents)}",
        before=before,
        after=locked,
    )
    key = {"scenario_id": scenario_id, "application_id": application_id, "locked": before}
    return Changes.of("scenario", scenario_id, undo=Step(set_locked, key))


def set_excluded(session: Session, *, scenario_id: str, application_id: str, excluded: bool) -> Changes:
    """Exclude a file: nothing, locked so that no proposal serves it; or take the exclusion back."""
    file = session.get_one(Application, application_id)
    _refuse_submitted(session, file)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    before = _state(line)
    if line is None:
        line = _line(scenario_id, application_id, 0)
        session.add(line)
    line.amount_cents, line.locked = 0, excluded
    record(
        session,
        verb="scenarios.set_excluded",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} {'écarté' if excluded else 'repris'}",
        before=before,
        after={"amount_cents": 0, "locked": excluded},
    )
    _settle(session, scenario_id, [application_id], "set_excluded")
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario", scenario_id, undo=Step(restore_line, key | before))


def restore_line(
    session: Session, *, scenario_id: str, application_id: str, amount_cents: int | None, locked: bool, motive: str
) -> Changes:
    """Put back the amount, the lock and the motive of a file together, or nothing (None): the way back of a change."""
    file = session.get_one(Application, application_id)
    _refuse_submitted(session, file)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    before = _state(line)
    if amount_cents is None:
        if line is not None:
            session.delete(line)
    else:
        if line is None:
            line = _line(scenario_id, application_id, amount_cents)
            session.add(line)
        line.amount_cents, line.locked, line.motive = amount_cents, locked, motive
    shown = "sans montant" if amount_cents is None else f"à {euros(amount_cents)}"
    record(
        session,
        verb="scenarios.restore_line",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} remis {shown}{', verrouillé' if locked else ''}",
        before=before,
        after={"amount_cents": amount_cents, "locked": locked, "motive": motive},
    )
    _settle(session, scenario_id, [application_id], "restore_line")
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario", scenario_id, undo=Step(restore_line, key | before))


def set_motive(session: Session, *, scenario_id: str, application_id: str, text: str) -> Changes:
    """Write why a file is cut or left out: the letter will say it."""
    file = session.get_one(Application, application_id)
    _refuse_submitted(session, file)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    state = _state(line)
    if line is None:
        line = _line(scenario_id, application_id, 0)
        session.add(line)
    before, line.motive = line.motive, text.strip()
    record(
        session,
        verb="scenarios.set_motive",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, motif : {line.motive or 'vide'}",
        before=before,
        after=line.motive,
    )
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario", scenario_id, undo=Step(restore_line, key | state))


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
        verb="scenarios.propose",
        noun="scenario",
        noun_id=scenario_id,
        summary=f"Répartition proposée : {rate} % des demandes de « {call.label} », "
        f"{counted(sum(c.chosen for c in choices), 'dossier servi')}, {euros(sum(after.values()))}",
        before=before,
        after={c.application_id: {"amount_cents": c.amount_cents, "reason": c.reason} for c in choices},
        source="calcul",
    )
    _write_amounts(session, scenario_id, {**after})
    _settle(session, scenario_id, after, "propose")
    undo = Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    return Changes.of("scenario", scenario_id, undo=undo)


def set_amounts(session: Session, *, scenario_id: str, amounts: dict[str, int | None]) -> Changes:
    """Write a pasted block of amounts in one go. Raises UserError as ``set_amount`` does, and then writes none."""
    before: dict[str, int | None] = {}
    for key, cents in amounts.items():
        changes = set_amount(session, scenario_id=scenario_id, application_id=key, amount_cents=cents)
        before[key] = changes.undo.arguments["amount_cents"] if changes.undo else None
    return Changes.of(
        "scenario", scenario_id, undo=Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    )


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
        verb="scenarios.restore_amounts",
        noun="scenario",
        noun_id=scenario_id,
        summary="Montants d’avant rétablis",
        before=before,
        after=amounts,
    )
    _settle(session, scenario_id, amounts, "restore_amounts")
    undo = Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    return Changes.of("scenario", scenario_id, undo=undo)


def _wanted(row: ArbitrationRow, rate: int, step_cents: int) -> int:
    if row.opinion in (Opinion.ADJOURNED, Opinion.UNFAVORABLE):
        return 0
    return rounded_share(row.asked_cents, rate, step_cents)


def _line(scenario_id: str, application_id: str, amount: int) -> ScenarioLine:
    return ScenarioLine(
        scenario_id=scenario_id, application_id=application_id, amount_cents=amount, locked=False, motive=""
    )


def _state(line: ScenarioLine | None) -> dict[str, Any]:
    """What ``restore_line`` puts back."""
    if line is None:
        return {"amount_cents": None, "locked": False, "motive": ""}
    return {"amount_cents": line.amount_cents, "locked": line.locked, "motive": line.motive}


def _settle(session: Session, scenario_id: str, files: Collection[str], verb: str) -> None:
    call = session.get_one(Scenario, scenario_id).call_id
    movements.settle(session, call_id=call, files=files, verb=f"scenarios.{verb}")


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
        select(Lot.label).join(LotLine, LotLine.lot_id == Lot.id).where(LotLine.application_id == file.id, held())
    ).first()
    if found:
        raise UserError(f"{file.number} est dans le lot « {found} » : son montant ne change plus ici.")
    adjourned = session.scalars(
        select(Lot.id)
        .join(LotLine, LotLine.lot_id == Lot.id)
        .where(LotLine.application_id == file.id, Lot.state == "voted", LotLine.outcome == "adjourned")
    ).first()
    last = session.scalars(
        select(AgendaItem.opinion)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.application_id == file.id, AgendaItem.opinion.is_not(None))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    ).first()
    if adjourned and last == "adjourned":
        raise UserError(f"{file.number} est ajourné : il attend l’avis d’une nouvelle séance.")
