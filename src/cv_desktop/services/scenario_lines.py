"""What a scenario says of each file: the amount, the base, the lock and the motive."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.engine import ask
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import ScenarioLine
from cv_desktop.db.queries import scenarios
from cv_desktop.db.queries.lots import HELD
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.shares import wrong_minimum
from cv_desktop.services import movements


def set_amount(session: Session, *, scenario_id: str, application_id: str, amount_cents: int | None) -> Changes:
    """Propose an amount for a file in a scenario, in cents; None takes the proposal away, a base or a motive stay.

    An amount above the request is kept and marked: only the lot refuses it. Raises UserError when
    the amount is negative, the line is locked or the file is already submitted to the vote.
    """
    file = session.get_one(Application, application_id)
    refuse_submitted(session, file)
    if amount_cents is not None and amount_cents < 0:
        raise UserError("Un montant proposé ne peut pas être négatif.", field="amount")
    line = session.get(ScenarioLine, (scenario_id, application_id))
    if line is not None and line.locked:
        raise UserError(f"{file.number} est verrouillé à {euros(line.amount_cents)}. Déverrouillez-le (L) d’abord.")
    state = state_of(line)
    before = line.amount_cents if line else None
    if amount_cents is None and line is not None and line.base_cents is None and not line.motive:
        session.delete(line)
    elif line is not None:
        line.amount_cents, line.cut, line.taken = amount_cents or 0, "", None
    elif amount_cents is not None:
        session.add(new_line(scenario_id, application_id, amount_cents))
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
    settle(session, scenario_id, [application_id], "set_amount")
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario_line", application_id, undo=Step(restore_line, key | state))


def set_base(
    session: Session, *, scenario_id: str, application_id: str, base_cents: int | None, amount_cents: int | None = None
) -> Changes:
    """Work with another eligible base for a file, in cents; None goes back to that of its budget.

    ``amount_cents`` changes the amount with it, to keep its share of the base; None keeps the amount. Raises UserError
    when the base is negative, the line is locked or the file is in a lot.
    """
    file = session.get_one(Application, application_id)
    refuse_submitted(session, file)
    if base_cents is not None and base_cents < 0:
        raise UserError("Une base éligible ne peut pas être négative.", field="base")
    line = session.get(ScenarioLine, (scenario_id, application_id))
    if line is not None and line.locked and amount_cents not in (None, line.amount_cents):
        raise UserError(f"{file.number} est verrouillé à {euros(line.amount_cents)}. Déverrouillez-le (L) d’abord.")
    before = state_of(line)
    if line is None:
        line = new_line(scenario_id, application_id, 0)
        session.add(line)
    line.base_cents = base_cents
    if amount_cents is not None and amount_cents != line.amount_cents:
        line.amount_cents, line.cut, line.taken = amount_cents, "", None
    words = "celle du budget" if base_cents is None else euros(base_cents)
    record(
        session,
        verb="scenarios.set_base",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, base éligible : {words}, proposé {euros(line.amount_cents)}",
        before=before,
        after=state_of(line),
    )
    settle(session, scenario_id, [application_id], "set_base")
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario_line", application_id, undo=Step(restore_line, key | before))


def set_minimum(session: Session, *, application_id: str, minimum_cents: int | None) -> Changes:
    """Write the least the association says it can do its action with, in cents; None when it says nothing.

    Raises UserError when it is negative or above the request.
    """
    file = session.get_one(Application, application_id)
    if wrong := wrong_minimum(minimum_cents, file.asked_cents):
        raise UserError(wrong, field="minimum")
    before, file.minimum_cents = file.minimum_cents, minimum_cents
    shown = [euros(x) if x is not None else "non déclaré" for x in (before, minimum_cents)]
    record(
        session,
        verb="applications.set_minimum",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, minimum viable : {shown[0]} → {shown[1]}",
        before=before,
        after=minimum_cents,
    )
    key = {"application_id": application_id, "minimum_cents": before}
    return Changes.of("application", application_id, undo=Step(set_minimum, key))


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
    return Changes.of("scenario_line", application_id, undo=Step(set_locked, key))


def restore_line(
    session: Session,
    *,
    scenario_id: str,
    application_id: str,
    amount_cents: int | None,
    locked: bool,
    motive: str,
    base_cents: int | None = None,
    cut: str = "",
    taken: dict[str, Any] | None = None,
) -> Changes:
    """Put back all that a line said of a file, or no line at all (None): the way back of a change."""
    file = session.get_one(Application, application_id)
    refuse_submitted(session, file)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    before = state_of(line)
    if amount_cents is None:
        if line is not None:
            session.delete(line)
    else:
        if line is None:
            line = new_line(scenario_id, application_id, amount_cents)
            session.add(line)
        line.amount_cents, line.locked, line.motive = amount_cents, locked, motive
        line.base_cents, line.cut, line.taken = base_cents, cut, taken
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
    settle(session, scenario_id, [application_id], "restore_line")
    key = {"scenario_id": scenario_id, "application_id": application_id}
    return Changes.of("scenario_line", application_id, undo=Step(restore_line, key | before))


def set_motive(session: Session, *, scenario_id: str, application_id: str, text: str) -> Changes:
    """Write why a file is cut or left out: the letter will say it."""
    file = session.get_one(Application, application_id)
    refuse_submitted(session, file)
    line = session.get(ScenarioLine, (scenario_id, application_id))
    state = state_of(line)
    if line is None:
        line = new_line(scenario_id, application_id, 0)
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
    return Changes.of("scenario_line", application_id, undo=Step(restore_line, key | state))


def set_amounts(session: Session, *, scenario_id: str, amounts: dict[str, int | None]) -> Changes:
    """Write a pasted block of amounts in one go. Raises UserError as ``set_amount`` does, and then writes none."""
    undos = [
        set_amount(session, scenario_id=scenario_id, application_id=key, amount_cents=cents).undo
        for key, cents in amounts.items()
    ]
    return Changes.of("scenario_line", *amounts, undo=together(*undos))


def set_all_locked(session: Session, *, scenario_id: str, files: Collection[str], locked: bool) -> Changes:
    """Lock or free the amounts of several files in one go. Raises UserError as ``set_locked`` does."""
    undos = [set_locked(session, scenario_id=scenario_id, application_id=file, locked=locked).undo for file in files]
    return Changes.of("scenario_line", *files, undo=together(*undos))


def restore_amounts(session: Session, *, scenario_id: str, amounts: dict[str, int | None]) -> Changes:
    """Put back the amounts of a whole scenario: the way back of a proposal."""
    before = dict.fromkeys(amounts) | {
        line.application_id: line.amount_cents
        for line in session.scalars(select(ScenarioLine).where(ScenarioLine.scenario_id == scenario_id))
        if line.application_id in amounts
    }
    write_amounts(session, scenario_id, amounts)
    record(
        session,
        verb="scenarios.restore_amounts",
        noun="scenario",
        noun_id=scenario_id,
        summary="Montants d’avant rétablis",
        before=before,
        after=amounts,
    )
    settle(session, scenario_id, amounts, "restore_amounts")
    undo = Step(restore_amounts, {"scenario_id": scenario_id, "amounts": before})
    return Changes.of("scenario", scenario_id, undo=undo)


def new_line(scenario_id: str, application_id: str, amount: int) -> ScenarioLine:
    return ScenarioLine(
        scenario_id=scenario_id,
        application_id=application_id,
        amount_cents=amount,
        base_cents=None,
        locked=False,
        motive="",
        cut="",
    )


def state_of(line: ScenarioLine | None) -> dict[str, Any]:
    """What ``restore_line`` puts back."""
    if line is None:
        return {"amount_cents": None, "locked": False, "motive": "", "base_cents": None, "cut": "", "taken": None}
    return {
        "amount_cents": line.amount_cents,
        "locked": line.locked,
        "motive": line.motive,
        "base_cents": line.base_cents,
        "cut": line.cut,
        "taken": line.taken,
    }


def settle(session: Session, scenario_id: str, files: Collection[str], verb: str) -> None:
    """Move what these files hold, when the scenario is the one that marks."""
    call_id = scenarios.marks(session, scenario_id=scenario_id)
    if call_id:
        movements.settle(session, call_id=call_id, files=files, verb=f"scenarios.{verb}")


def write_amounts(session: Session, scenario_id: str, amounts: dict[str, int | None]) -> None:
    for key, cents in amounts.items():
        line = session.get(ScenarioLine, (scenario_id, key))
        if cents is None:
            if line is not None:
                session.delete(line)
        elif line is None:
            session.add(new_line(scenario_id, key, cents))
        elif line.amount_cents != cents:
            line.amount_cents, line.taken = cents, None


def refuse_submitted(session: Session, file: Application) -> None:
    found, adjourned, last = next(iter(ask(session, _HOLDING, file=file.id)))
    if found is not None:
        raise UserError(f"{file.number} est dans le lot «\u00a0{found}\u00a0»\u00a0: son montant ne change plus ici.")
    if adjourned and last == "adjourned":
        raise UserError(f"{file.number} est ajourné\u00a0: il attend l’avis d’une nouvelle séance.")


# As text, and once: it is asked at every key. The lot that holds a file, whether a vote adjourned it, its last opinion.
_HOLDING = f"""
SELECT
    (SELECT lot.label FROM lot JOIN lot_line ON lot_line.lot_id = lot.id
        WHERE lot_line.application_id = :file AND {HELD} LIMIT 1),
    EXISTS (SELECT 1 FROM lot JOIN lot_line ON lot_line.lot_id = lot.id
        WHERE lot_line.application_id = :file AND lot.state = 'voted' AND lot_line.outcome = 'adjourned'),
    (SELECT agenda_item.opinion FROM agenda_item JOIN meeting ON meeting.id = agenda_item.meeting_id
        WHERE agenda_item.application_id = :file AND agenda_item.opinion IS NOT NULL
        ORDER BY meeting.held_on DESC, meeting.id DESC LIMIT 1)
"""
