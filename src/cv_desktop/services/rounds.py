"""Rounds of a rolling fund: created, dated, closed with what is left passed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.round import Round
from cv_desktop.db.queries import calls, rounds
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.dates import long_date, short_date, typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.rounds import proposed
from cv_desktop.services import phases

FIELDS = {
    "label": "nom",
    "deposit_closes": "fin du dépôt",
    "committee_on": "comité",
    "share_cents": "part de l’enveloppe",
    "rolls_over": "report du reste",
}


def create(
    session: Session,
    *,
    call_id: str,
    deposit_closes: date,
    label: str = "",
    committee_on: date | None = None,
    share_cents: int | None = None,
    rolls_over: bool = True,
) -> tuple[Changes, str]:
    """Add a round to a campaign. Raises UserError when another ends its deposit the same day, or on wrong dates."""
    call = phases.of_open(session, call_id)
    count = len(rounds.dates(session, call_id))
    _check_dates(session, call_id, None, deposit_closes, committee_on)
    row = Round(
        id=new_id(session),
        call_id=call_id,
        label=label.strip() or f"Session {count + 1}",
        deposit_closes=deposit_closes,
        committee_on=committee_on,
        share_cents=share_cents,
        rolls_over=rolls_over,
        closed_on=None,
    )
    session.add(row)
    session.flush()
    _say(session, call, row, "create", f"ajoutée, dépôt jusqu’au {long_date(deposit_closes)}")
    return Changes.of("round", row.id, undo=Step(remove, {"round_id": row.id})), row.id


def propose(session: Session, *, call_id: str) -> Changes:
    """Add the rounds that the règlement foresees: their number, and the days between deposit and committee.

    Raises UserError when the campaign already has rounds, or when the règlement gives no number.
    """
    call = phases.of_open(session, call_id)
    if rounds.dates(session, call_id):
        raise UserError("Cette campagne a déjà des sessions. Ajoutez-en une, ou supprimez-les d’abord.")
    rules = calls.rules(session, call_id)
    count = rules.count("rounds_per_year") if "rounds_per_year" in rules else None
    if not count:
        raise UserError("Le règlement ne dit pas combien de sessions se tiennent dans l’année (article 2).")
    before = (rules.count("days_before_round") if "days_before_round" in rules else None) or 0
    step = (rules.cents("rounding_step") if "rounding_step" in rules else None) or 100
    steps = []
    touched = Changes()
    for one in proposed(call.year, min(count, 12), before, call.envelope_cents, step):
        changes, _key = create(
            session,
            call_id=call_id,
            label=one.label,
            deposit_closes=one.deposit_closes,
            committee_on=one.committee_on,
            share_cents=one.share_cents,
            rolls_over=one.rolls_over,
        )
        touched |= changes
        steps.append(changes.undo)
    return Changes(touched.touched, together(*steps))


def set_field(session: Session, *, round_id: str, name: str, text: str) -> Changes:
    """Change one field of a round as typed: name, deposit, committee, share or roll-over.

    Raises UserError when the value does not fit or when the round is closed.
    """
    row = session.get_one(Round, round_id)
    call = phases.of_open(session, row.call_id)
    _refuse_closed(row)
    before = _shown(name, getattr(row, name))
    value = _parsed(name, text.strip())
    if name in ("deposit_closes", "committee_on"):
        dates = {"deposit_closes": row.deposit_closes, "committee_on": row.committee_on, name: value}
        _check_dates(session, row.call_id, row.id, dates["deposit_closes"], dates["committee_on"])
    setattr(row, name, value)
    session.flush()
    after = _shown(name, value)
    _say(session, call, row, "set_field", f"{FIELDS[name]} : {before or 'vide'} → {after or 'vide'}", before, after)
    undo = Step(set_field, {"round_id": round_id, "name": name, "text": before})
    return Changes.of("round", round_id, undo=undo)


def remove(session: Session, *, round_id: str) -> Changes:
    """Take a round away; its files fall in the next one. Raises UserError once it is closed."""
    row = session.get_one(Round, round_id)
    call = phases.of_open(session, row.call_id)
    _refuse_closed(row)
    values = {c.name: getattr(row, c.name) for c in Round.__table__.columns}
    files = session.scalars(select(Application.id).where(Application.round_id == round_id)).all()
    session.execute(update(Application).where(Application.round_id == round_id).values(round_id=None))
    session.delete(row)
    session.flush()
    _say(session, call, row, "remove", "supprimée")
    return Changes.of("round", round_id, undo=Step(restore, {"values": values, "files": tuple(files)}))


def restore(session: Session, *, values: dict[str, Any], files: Sequence[str]) -> Changes:
    """Put a round back exactly as it was: the way back of a removal."""
    row = Round(**values)
    session.add(row)
    session.flush()
    session.execute(update(Application).where(Application.id.in_(files)).values(round_id=row.id))
    _say(session, session.get_one(Call, row.call_id), row, "restore", "rétablie")
    return Changes.of("round", row.id, undo=Step(remove, {"round_id": row.id}))


def close(session: Session, *, round_id: str) -> Changes:
    """Close a round: its files stay in it, and what is left of its envelope goes to the next one if it rolls over.

    Raises UserError while files may still be deposited in it.
    """
    row = session.get_one(Round, round_id)
    call = phases.of_open(session, row.call_id)
    _refuse_closed(row)
    if today(session) <= row.deposit_closes:
        raise UserError(
            f"Le dépôt de « {row.label} » est ouvert jusqu’au {long_date(row.deposit_closes)} : "
            "la session se clôt après."
        )
    placed = [key for key, place in rounds.places(session, row.call_id).items() if place == round_id]
    moved = session.scalars(
        select(Application.id).where(Application.id.in_(placed), Application.round_id.is_(None))
    ).all()
    session.execute(update(Application).where(Application.id.in_(moved)).values(round_id=round_id))
    row.closed_on = today(session)
    session.flush()
    left = next(r.passed_cents for r in rounds.rows(session, row.call_id) if r.id == round_id)
    passed = f", {euros(left)} reportés sur la session suivante" if left else ""
    _say(session, call, row, "close", f"close{passed}")
    return Changes.of("round", round_id, undo=Step(reopen, {"round_id": round_id, "files": tuple(moved)}))


def reopen(session: Session, *, round_id: str, files: Sequence[str] = ()) -> Changes:
    """Open a closed round again; what it passed on comes back to it."""
    row = session.get_one(Round, round_id)
    call = phases.of_open(session, row.call_id)
    before, row.closed_on = row.closed_on, None
    session.execute(update(Application).where(Application.id.in_(files)).values(round_id=None))
    session.flush()
    _say(session, call, row, "reopen", "rouverte")
    if before is None:
        return Changes.of("round", round_id)
    back = Step(_close_again, {"round_id": round_id, "closed_on": before, "files": tuple(files)})
    return Changes.of("round", round_id, undo=back)


def _close_again(session: Session, *, round_id: str, closed_on: date, files: Sequence[str]) -> Changes:
    """A round closed as it was, on its day, with the files that its closing had put in it."""
    row = session.get_one(Round, round_id)
    call = phases.of_open(session, row.call_id)
    row.closed_on = closed_on
    session.execute(update(Application).where(Application.id.in_(files)).values(round_id=round_id))
    session.flush()
    _say(session, call, row, "close", f"de nouveau close, le {long_date(closed_on)}")
    return Changes.of("round", round_id, undo=Step(reopen, {"round_id": round_id, "files": tuple(files)}))


def move_file(session: Session, *, application_id: str, round_id: str | None) -> Changes:
    """Put a file in a round whatever the day of its deposit; None lets its deposit decide again.

    Raises UserError when the round it leaves or the one it goes to is closed.
    """
    file = session.get_one(Application, application_id)
    phases.of_open(session, file.call_id)
    for key in {round_id, file.round_id} - {None}:
        _refuse_closed(session.get_one(Round, key))
    before, file.round_id = file.round_id, round_id
    label = session.get_one(Round, round_id).label if round_id else "selon son dépôt"
    record(
        session,
        verb="rounds.move_file",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, session : {label}",
        before=before,
        after=round_id,
    )
    undo = Step(move_file, {"application_id": application_id, "round_id": before})
    return Changes.of("application", application_id, undo=undo)


def _check_dates(session: Session, call_id: str, own: str | None, closes: date, committee: date | None) -> None:
    for other in rounds.dates(session, call_id):
        if other.id != own and other.deposit_closes == closes:
            raise UserError(
                f"« {other.label} » finit déjà son dépôt le {long_date(closes)}. Choisissez un autre jour.",
                field="deposit_closes",
            )
    if committee is not None and committee < closes:
        raise UserError(
            f"Le comité du {long_date(committee)} se tiendrait avant la fin du dépôt, le {long_date(closes)}.",
            field="committee_on",
        )


def _refuse_closed(row: Round) -> None:
    if row.closed_on is not None:
        raise UserError(f"« {row.label} » est close depuis le {long_date(row.closed_on)}. Rouvrez-la pour la modifier.")


def _shown(name: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case date():
            return short_date(value)
        case int():
            return euros(value)
    return str(value)


def _parsed(name: str, text: str) -> Any:
    match name:
        case "label":
            if not text:
                raise UserError("Le nom de la session est obligatoire.", field=name)
            return text
        case "deposit_closes":
            return typed_date(text)
        case "committee_on":
            return typed_date(text) if text else None
        case "share_cents":
            cents = parse_amount(text) if text else None
            if cents is not None and cents < 0:
                raise UserError(f"« {text} » est négatif. Exemple : 7 500.", field=name)
            return cents
        case "rolls_over":
            if text.casefold() not in ("oui", "non"):
                raise UserError("Répondez par oui ou par non.", field=name)
            return text.casefold() == "oui"
    raise ValueError(f"{name} is no field of a round")


def _say(
    session: Session, call: Call, row: Round, verb: str, words: str, before: Any = None, after: Any = None
) -> None:
    record(
        session,
        verb=f"rounds.{verb}",
        noun="call",
        noun_id=call.id,
        summary=f"{call.label}, {row.label} : {words}",
        before=before,
        after=after,
    )
