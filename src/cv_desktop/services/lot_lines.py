"""What a lot puts to the vote, file by file, until its act: one taken back, an outcome, a condition, a coded reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Lot, LotLine
from cv_desktop.db.queries import envelopes, opinions, settings
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.states import Opinion, Outcome
from cv_desktop.services import movements
from cv_desktop.services.ballot import default_motive, default_motives, require_bounds
from cv_desktop.services.lot_guards import require_parts

# What may change of a line before its vote, and is put back by the undo.
FIELDS = ("outcome", "amount_cents", "motive", "condition", "condition_due_on", "refusal_code", "rank")


def return_file(session: Session, *, lot_id: str, application_id: str, reason: str) -> Changes:
    """Take one file back from a lot that awaits its vote: it is arbitrated again, the others stay. Asks a reason.

    Raises UserError when it is the last of the lot: the whole lot is then returned.
    """
    required_reason(reason, "du retour")
    lot, line, file = _open(session, lot_id, application_id)
    others = [x for x in _lines(session, lot_id) if x.application_id != application_id]
    if not others:
        raise UserError(f"{file.number} est le seul dossier de « {lot.label} » : retournez le lot.")
    before = _state(line)
    line.outcome, line.amount_cents, line.motive = Outcome.RETURNED.value, 0, reason.strip()
    record(
        session,
        verb="lot_lines.return_file",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} retourné du lot « {lot.label} » à l’arbitrage",
        before=_plain(before),
        reason=reason.strip(),
    )
    _settle(session, lot, file, "return_file", reason.strip())
    return Changes.of("lot", lot_id) | Changes.of("application", application_id)


def set_outcome(session: Session, *, lot_id: str, application_id: str, outcome: str) -> Changes:
    """Refuse, adjourn or put on the waiting list a file of a lot: it then receives nothing.

    To grant, write its amount. Raises UserError on another outcome, or once the lot is voted.
    """
    wanted = Outcome(outcome)
    lot, line, file = _open(session, lot_id, application_id)
    if wanted not in (Outcome.REFUSED, Outcome.ADJOURNED, Outcome.WAITING):
        raise UserError("Pour attribuer une subvention, saisissez son montant.", field="amount_cents")
    before = _state(line)
    line.outcome, line.amount_cents, line.condition, line.condition_due_on = wanted.value, 0, "", None
    if wanted is not Outcome.REFUSED and line.refusal_code is not None:
        line.refusal_code, line.motive = None, ""
    line.rank = _last_rank(session, lot_id) + 1 if wanted is Outcome.WAITING and line.rank is None else line.rank
    _follow(session, line)
    return _written(session, lot, line, file, before, wanted.label.lower())


def set_amount(session: Session, *, lot_id: str, application_id: str, amount_cents: int) -> Changes:
    """Write the amount that the deciding body gives a file of a lot, in cents; its outcome follows.

    Raises UserError above the request, the eligible base or the règlement's maximum, off its rounding step, on more
    than what is free, or once the lot is voted.
    """
    lot, line, file = _open(session, lot_id, application_id)
    require_bounds(session, file, amount_cents, field="amount_cents")
    more = amount_cents - line.amount_cents
    free = max(0, envelopes.buckets(session, call_id=lot.call_id).free_cents)
    if more > free:
        raise UserError(
            f"{euros(more)} de plus pour {file.number}\u00a0: {euros(free)} sont libres. "
            "Réduisez d’abord un autre dossier.",
            field="amount_cents",
        )
    require_parts(session, lot.call_id, {application_id: more}, free, field="amount_cents")
    before = _state(line)
    line.amount_cents = amount_cents
    line.outcome = Outcome.of_amount(amount_cents, file.asked_cents).value
    if not amount_cents:
        line.condition, line.condition_due_on = "", None
    elif line.refusal_code is not None:
        line.refusal_code, line.motive = None, ""
    _follow(session, line)
    return _written(session, lot, line, file, before, euros(amount_cents))


def set_motive(session: Session, *, lot_id: str, application_id: str, text: str) -> Changes:
    """Write the reason that the letter of a file of a lot gives; empty, it is the standard one of its outcome.

    Raises UserError once the lot is voted.
    """
    lot, line, file = _open(session, lot_id, application_id)
    before = _state(line)
    line.motive = text.strip()
    _follow(session, line)
    return _written(session, lot, line, file, before, f"motif\u00a0: {line.motive}" if line.motive else "sans motif")


def set_condition(session: Session, *, lot_id: str, application_id: str, text: str, due_on: date | None) -> Changes:
    """Grant a file of a lot under a condition to be met before a day; an empty text takes it away.

    Raises UserError when the file receives nothing, or without a day to come.
    """
    lot, line, file = _open(session, lot_id, application_id)
    text = text.strip()
    if text and not Outcome(line.outcome).gives:
        raise UserError(f"{file.number} ne reçoit rien : une réserve n’accompagne qu’un montant.", field="condition")
    if text and (due_on is None or due_on <= today(session)):
        raise UserError("Indiquez le jour, à venir, avant lequel la réserve doit être levée.", field="condition_due_on")
    before = _state(line)
    line.condition, line.condition_due_on = text, due_on if text else None
    words = f"sous réserve, avant le {long_date(due_on)} : {text}" if text and due_on else "sans réserve"
    return _written(session, lot, line, file, before, words)


def set_refusal(session: Session, *, lot_id: str, application_id: str, code: str | None, text: str = "") -> Changes:
    """Give the reason of a refusal: a code of the list of the service, and its own words, else those of the code.

    Raises UserError when the file receives something, or on an unknown code.
    """
    lot, line, file = _open(session, lot_id, application_id)
    if Outcome(line.outcome).gives:
        raise UserError(
            f"{file.number} reçoit {euros(line.amount_cents)} : ce n’est pas un refus.", field="refusal_code"
        )
    words = settings.text_in_force(session, code, today(session)) if code else ""
    if code and not words:
        raise UserError("Ce motif n’est plus dans la liste du service. Choisissez-en un autre.", field="refusal_code")
    before = _state(line)
    line.refusal_code, line.motive = code, text.strip() or words or line.motive
    return _written(session, lot, line, file, before, f"motif : {line.motive}")


def settle(session: Session, *, lot_id: str, files: Collection[str], outcome: str, code: str | None = None) -> Changes:
    """Give an outcome without money to several files of a lot in one go, a refusal with the code of its reason.

    Raises UserError as ``set_outcome`` and ``set_refusal`` do, and then writes none.
    """
    done = []
    for file in files:
        key = {"lot_id": lot_id, "application_id": file}
        line = session.get(LotLine, (lot_id, file))
        if line is None or line.outcome != outcome:
            done.append(set_outcome(session, outcome=outcome, **key))
        if code:
            done.append(set_refusal(session, code=code, **key))
    touched = frozenset[tuple[str, str]]().union(*(changes.touched for changes in done))
    return Changes(touched, together(*(changes.undo for changes in done)))


def restore(session: Session, *, lot_id: str, application_id: str, values: dict[str, Any]) -> Changes:
    """Put a line back as it was: the way back of the changes above."""
    lot, line, file = _open(session, lot_id, application_id)
    before = _state(line)
    for name, value in values.items():
        setattr(line, name, value)
    return _written(session, lot, line, file, before, "remis comme avant")


def _open(session: Session, lot_id: str, application_id: str) -> tuple[Lot, LotLine, Application]:
    lot, file = session.get_one(Lot, lot_id), session.get_one(Application, application_id)
    line = session.get(LotLine, (lot_id, application_id))
    if lot.state != "submitted":
        raise UserError(f"« {lot.label} » est déjà voté ou retourné : il ne change plus.")
    if line is None or line.outcome == Outcome.RETURNED:
        raise UserError(f"{file.number} n’est plus dans « {lot.label} ».")
    return lot, line, file


def _follow(session: Session, line: LotLine) -> None:
    """A reason that nobody wrote is the one of the outcome: an award never keeps that of a refusal."""
    outcome = Outcome(line.outcome)
    own = {default_motive(session, outcome, opinion) for opinion in (None, Opinion.UNFAVORABLE)}
    if not line.motive.strip() or line.motive in default_motives(session) - own:
        line.motive = default_motive(session, outcome, opinions.last(session, application_id=line.application_id))


def _lines(session: Session, lot_id: str) -> list[LotLine]:
    query = select(LotLine).where(LotLine.lot_id == lot_id, LotLine.outcome != Outcome.RETURNED)
    return list(session.scalars(query))


def _last_rank(session: Session, lot_id: str) -> int:
    return max((x.rank or 0 for x in _lines(session, lot_id)), default=0)


def _state(line: LotLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in FIELDS}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _settle(session: Session, lot: Lot, file: Application, verb: str, reason: str = "") -> None:
    movements.settle(
        session, call_id=lot.call_id, files=[file.id], verb=f"lot_lines.{verb}", reason=reason, lot_id=lot.id
    )


def _written(
    session: Session, lot: Lot, line: LotLine, file: Application, before: dict[str, Any], words: str
) -> Changes:
    record(
        session,
        verb="lot_lines.write",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}, lot « {lot.label} » : {words}",
        before=_plain(before),
        after=_plain(_state(line)),
    )
    _settle(session, lot, file, "write")
    key = {"lot_id": lot.id, "application_id": file.id, "values": before}
    touched = Changes.of("lot", lot.id) | Changes.of("application", file.id)
    return Changes(touched.touched, Step(restore, key))
