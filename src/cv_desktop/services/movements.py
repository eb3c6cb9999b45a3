"""Money moved from bucket to bucket: what each verb that changes a fact ends with, and the calls and payments."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.movement import Movement
from cv_desktop.db.queries import movements
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
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


def call_payment(session: Session, *, application_id: str, cents: int) -> Changes:
    """Ask the finance service to pay ``cents`` of what was decided: engagé → appelé.

    Raises UserError when less than that is engaged and not yet called, or while the convention that the grant calls for
    is not signed by both parties.
    """
    conventions.require_signed(session, application_id)
    return _move(session, application_id, Transfer(Bucket.ENGAGED, Bucket.CALLED, cents), "appelés au paiement")


def pay(session: Session, *, application_id: str, cents: int) -> Changes:
    """Record that the comptable paid ``cents`` of what was called: appelé → payé.

    Raises UserError beyond it, or while the convention that the grant calls for is not signed by both parties.
    """
    conventions.require_signed(session, application_id)
    return _move(session, application_id, Transfer(Bucket.CALLED, Bucket.PAID, cents), "payés")


def reject_payment(session: Session, *, application_id: str, cents: int, reason: str = "") -> Changes:
    """Record that the comptable refused ``cents`` of what was called: appelé → engagé. Raises UserError beyond it."""
    return _move(session, application_id, Transfer(Bucket.CALLED, Bucket.ENGAGED, cents), "rejetés", reason)


def take_back_payment(session: Session, *, application_id: str, cents: int, reason: str = "") -> Changes:
    """Record that ``cents`` paid came back, or were never paid: payé → appelé. Raises UserError beyond what was paid.

    What is given back for good is then rejected, and its decision lowered.
    """
    return _move(session, application_id, Transfer(Bucket.PAID, Bucket.CALLED, cents), "revenus", reason)


_BACK = {
    (Bucket.ENGAGED, Bucket.CALLED): reject_payment,
    (Bucket.CALLED, Bucket.PAID): take_back_payment,
    (Bucket.CALLED, Bucket.ENGAGED): call_payment,
    (Bucket.PAID, Bucket.CALLED): pay,
}


def _move(session: Session, application_id: str, move: Transfer, words: str, reason: str = "") -> Changes:
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
    back = _BACK[move.source, move.target]
    record(
        session,
        verb=f"movements.{move.target}",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} : {euros(move.cents)} {words}",
        after=move.cents,
        reason=reason.strip(),
    )
    _write(session, file.call_id, [(application_id, move)], verb=f"movements.{move.target}", reason=reason.strip())
    undo = Step(back, {"application_id": application_id, "cents": move.cents})
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
            }
            for key, move in moves
        ],
    )
