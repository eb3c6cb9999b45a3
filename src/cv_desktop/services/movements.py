"""Money moved from bucket to bucket: what each verb that changes a fact ends with, and the calls and payments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.movement import Movement
from cv_desktop.db.queries import conditions, movements, reports
from cv_desktop.db.queries import rules as rules_queries
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.movements import Bucket, Facts, Transfer, transfers, wanted
from cv_desktop.services import conventions


def settle(
    session: Session,
    *,
    call_id: str,
    files: Collection[str],
    verb: str,
    reason: str = "",
    lot_id: str | None = None,
    decisions: dict[str, str] | None = None,
) -> None:
    """Write the movements that bring each of these files from what it held to what the facts now say of it.

    So are the campaigns that bear the next years of their agreements. ``decisions`` names the decision of a file when
    one moves its money. Raises UserError when a decision falls below
    what was already called or paid.
    """
    session.flush()
    _settle(session, call_id, files, verb, reason, lot_id, decisions or {})
    for other, own in movements.elsewhere(session, call_id=call_id, files=files).items():
        _settle(session, other, own, verb, reason, lot_id, decisions or {})


def _settle(
    session: Session,
    call_id: str,
    files: Collection[str],
    verb: str,
    reason: str,
    lot_id: str | None,
    decisions: dict[str, str],
) -> None:
    held = movements.balances(session, call_id=call_id, files=files)
    facts = movements.facts(session, call_id=call_id, files=files)
    moves: list[tuple[str | None, Transfer]] = []
    for key in files:
        before = held.get(key, {})
        moves += [(key, move) for move in transfers(before, wanted(facts.get(key, Facts()), before))]
    _write(session, call_id, moves, verb=verb, reason=reason, lot_id=lot_id, decisions=decisions)


def fund(session: Session, *, call_id: str, cents: int, verb: str, reason: str = "") -> None:
    """Write that an envelope received ``cents``, or gave them back when negative."""
    if cents:
        way = (Bucket.OUTSIDE, Bucket.FREE) if cents > 0 else (Bucket.FREE, Bucket.OUTSIDE)
        session.flush()
        _write(session, call_id, [(None, Transfer(*way, abs(cents)))], verb=verb, reason=reason)


def call_payment(
    session: Session, *, application_id: str, cents: int, dated_on: date | None = None, piece: str = ""
) -> Changes:
    """Ask the finance service to pay ``cents`` of what was decided, on a day, by a document: engagé → appelé.

    ``dated_on`` None is today. Raises UserError when less than that is engaged and not yet called, while the convention
    that the grant calls for is not signed by both parties or its condition is not lifted, on the balance that awaits
    the report, or on a day before the act or still to come.
    """
    require_payable(session, application_id, cents, dated_on or today(session))
    move = Transfer(Bucket.ENGAGED, Bucket.CALLED, cents)
    return _move(session, application_id, move, "appelés au paiement", dated_on=dated_on, piece=piece)


def pay(session: Session, *, application_id: str, cents: int, dated_on: date | None = None, piece: str = "") -> Changes:
    """Record that the comptable paid ``cents`` of what was called: appelé → payé.

    Raises UserError beyond it, while the convention that the grant calls for is not signed by both parties or its
    condition is not lifted, or on a day before the act or still to come.
    """
    require_payable(session, application_id, 0, dated_on or today(session))
    move = Transfer(Bucket.CALLED, Bucket.PAID, cents)
    return _move(session, application_id, move, "payés", dated_on=dated_on, piece=piece)


def reject_payment(
    session: Session,
    *,
    application_id: str,
    cents: int,
    reason: str = "",
    dated_on: date | None = None,
    piece: str = "",
) -> Changes:
    """Record that the comptable refused ``cents`` of what was called: appelé → engagé. Raises UserError beyond it."""
    move = Transfer(Bucket.CALLED, Bucket.ENGAGED, cents)
    return _move(session, application_id, move, "rejetés", reason, dated_on=dated_on, piece=piece)


def take_back_payment(
    session: Session,
    *,
    application_id: str,
    cents: int,
    reason: str = "",
    dated_on: date | None = None,
    piece: str = "",
) -> Changes:
    """Record that ``cents`` paid came back, or were never paid: payé → appelé. Raises UserError beyond what was paid.

    What is given back for good is then rejected, and its decision lowered.
    """
    move = Transfer(Bucket.PAID, Bucket.CALLED, cents)
    return _move(session, application_id, move, "revenus", reason, dated_on=dated_on, piece=piece)


_BACK = {
    (Bucket.ENGAGED, Bucket.CALLED): reject_payment,
    (Bucket.CALLED, Bucket.PAID): take_back_payment,
    (Bucket.CALLED, Bucket.ENGAGED): call_payment,
    (Bucket.PAID, Bucket.CALLED): pay,
}


def require_payable(session: Session, application_id: str, more_cents: int, day: date) -> None:
    """Raises UserError on a day when the convention, condition or report that a payment waits for was missing."""
    conventions.require_signed(session, application_id, day)
    _require_lifted(session, application_id, day)
    file = session.get_one(Application, application_id)
    rules = rules_queries.of_application(session, application_id)
    share = rules.percent("payment_advance") if "payment_advance" in rules else None
    if share is None or share >= 100:
        return
    held = movements.balances(session, call_id=file.call_id, files=[file.id]).get(file.id, {})
    gone = held.get(Bucket.CALLED, 0) + held.get(Bucket.PAID, 0)
    advance = (gone + held.get(Bucket.ENGAGED, 0)) * share // 100
    year = session.get_one(Call, file.call_id).year
    known = reports.before(session, year + 1, file.structure_id).get(file.structure_id, [])
    if gone + more_cents > advance and more_cents and reports.received_on(known, file.number, year) is None:
        raise UserError(
            f"{file.number}\u00a0: le solde attend le bilan. Avant lui, {share}\u00a0% au plus sont versés, "
            f"{euros(advance)} ({rules['payment_advance'].reference})\u00a0: il en reste "
            f"{euros(max(0, advance - gone))}.",
            field="amount",
        )


def _require_lifted(session: Session, application_id: str, day: date) -> None:
    """Raises UserError while the condition of the decision in force of a file is not lifted on a day."""
    row = conditions.of_application(session, application_id=application_id)
    why = row.condition.why_not_paid(row.number, day) if row else ""
    if why:
        raise UserError(why, field="amount")


def _move(
    session: Session,
    application_id: str,
    move: Transfer,
    words: str,
    reason: str = "",
    *,
    dated_on: date | None,
    piece: str,
) -> Changes:
    file = session.get_one(Application, application_id)
    held = movements.balances(session, call_id=file.call_id, files=[application_id]).get(application_id, {})
    if move.cents <= 0:
        raise UserError(f"{euros(move.cents)} n’est pas un montant possible : il en faut un positif.", field="amount")
    if held.get(move.source, 0) < move.cents:
        raise UserError(
            f"{file.number} n’a que {euros(held.get(move.source, 0))} en « {move.source.label.lower()} » : "
            f"{euros(move.cents)} ne peuvent pas en sortir.",
            field="amount",
        )
    day = dated_on or today(session)
    act_on = movements.act_day(session, application_id=application_id)
    if day > today(session):
        raise UserError(f"Le {long_date(day)} n’est pas encore venu.", field="dated_on")
    if act_on is not None and day < act_on:
        raise UserError(f"Le {long_date(day)} précède l’acte, daté du {long_date(act_on)}.", field="dated_on")
    then = movements.held_on(session, application_id=application_id, bucket=move.source, day=day)
    if then < move.cents:
        raise UserError(
            f"Le {long_date(day)}, {file.number} n’avait encore que {euros(max(0, then))} en "
            f"«\u00a0{move.source.label.lower()}\u00a0». Vérifiez le jour.",
            field="dated_on",
        )
    back = _BACK[move.source, move.target]
    told = {"dated_on": day, "piece": piece.strip()}
    record(
        session,
        verb=f"movements.{move.target}",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} : {euros(move.cents)} {words} le {long_date(day)}"
        + (f", pièce {piece.strip()}" if piece.strip() else ""),
        after=move.cents,
        reason=reason.strip(),
    )
    verb = f"movements.{move.target}"
    _write(session, file.call_id, [(application_id, move)], verb=verb, reason=reason.strip(), told=told)
    undo = Step(back, {"application_id": application_id, "cents": move.cents, **told})
    return Changes.of("application", application_id, undo=undo)


def _write(
    session: Session,
    call_id: str,
    moves: Iterable[tuple[str | None, Transfer]],
    *,
    verb: str,
    reason: str,
    lot_id: str | None = None,
    decisions: dict[str, str] | None = None,
    told: Mapping[str, Any] | None = None,
) -> None:
    moment, year = now(session), session.get_one(Call, call_id).year
    insert_rows(
        session,
        Movement,
        [
            {
                "id": new_id(session),
                "call_id": call_id,
                "year": year,
                "application_id": key,
                "source": move.source.value,
                "target": move.target.value,
                "amount_cents": move.cents,
                "at": moment,
                "verb": verb,
                "reason": reason,
                "lot_id": lot_id,
                "decision_id": (decisions or {}).get(key or ""),
                **(told or {"dated_on": None, "piece": ""}),
            }
            for key, move in moves
        ],
    )
