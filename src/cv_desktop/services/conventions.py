"""Conventions: signed by both parties, their essential data published; nothing is paid before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.convention import Convention
from cv_desktop.db.queries import convention_standings
from cv_desktop.db.queries.convention_standings import ConventionRow, Text
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError

_SIGNED = ("reference", "authority_signed_on", "structure_signed_on", "structure_signatory")


def sign(
    session: Session,
    *,
    application_id: str,
    authority_signed_on: date | None,
    structure_signed_on: date | None,
    structure_signatory: str = "",
    reference: str = "",
    letter_id: str = "",
) -> Changes:
    """Record the days on which the two parties signed the convention of a file; None takes one away.

    ``letter_id`` is the text signed, the last one issued when empty. A convention signed elsewhere has no letter here:
    ``reference`` says how it is called, and then covers the decision in force. Raises UserError when the file needs no
    convention and has none, when it is neither issued here nor named, or when a day has not come or precedes the text
    that is signed.
    """
    row, file = _of(session, application_id), session.get_one(Application, application_id)
    text = None if reference.strip() else _issued(row, letter_id)
    if text is None and not reference.strip():
        raise UserError(
            f"La convention de {file.number} n’est pas émise. Émettez-la dans Courriers, ou indiquez la référence de "
            "celle qui a été signée ailleurs.",
            field="reference",
        )
    for name, day in (("authority_signed_on", authority_signed_on), ("structure_signed_on", structure_signed_on)):
        if day is not None and day > today(session):
            raise UserError(
                f"Le {long_date(day)} n’est pas venu : une signature s’enregistre une fois donnée.", field=name
            )
        if day is not None and text is not None and text.dated_on is not None and day < text.dated_on:
            raise UserError(
                f"Le {long_date(day)} précède la convention {text.standing.reference}, du {long_date(text.dated_on)}.",
                field=name,
            )
    values = {
        "reference": reference.strip(),
        "authority_signed_on": authority_signed_on,
        "structure_signed_on": structure_signed_on,
        "structure_signatory": structure_signatory.strip(),
    }
    return _write(session, file, row.decision_id, text.letter_id if text else None, values)


def publish(session: Session, *, application_id: str, published_on: date | None) -> Changes:
    """Record the day on which the essential data of the grant were published; None takes it away.

    Raises UserError when the convention is not signed, or when the day has not come or precedes its signature.
    """
    row, file = _of(session, application_id), session.get_one(Application, application_id)
    signed, text = row.standing.signed_on, row.text
    if signed is None or text is None:
        raise UserError(
            f"La convention de {file.number} est {row.standing.label} : ses données se publient une fois signée.",
            field="published_on",
        )
    if published_on is not None and not signed <= published_on <= today(session):
        raise UserError(
            f"Le {long_date(published_on)} n’est pas entre la signature, le {long_date(signed)}, et aujourd’hui.",
            field="published_on",
        )
    found = _found(session, row.decision_id, text.letter_id or None)
    if found is None:
        raise UserError(f"La signature de la structure n’est pas enregistrée pour {file.number}.")
    before, found.published_on = found.published_on, published_on
    record(
        session,
        verb="conventions.publish",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}, données essentielles : "
        + (f"publiées le {long_date(published_on)}" if published_on else "publication effacée"),
        before=before.isoformat() if before else None,
        after=published_on.isoformat() if published_on else None,
    )
    undo = Step(publish, {"application_id": file.id, "published_on": before})
    return Changes.of("application", file.id, undo=undo)


def require_signed(session: Session, application_id: str, day: date) -> None:
    """Raises UserError on a day when the convention that the decision of a file calls for was not signed by both."""
    row = convention_standings.of_application(session, application_id=application_id)
    why = row.standing.why_not_paid(row.number, day) if row else ""
    if why:
        raise UserError(why, field="amount")


def _write(
    session: Session, file: Application, decision_id: str, letter_id: str | None, values: Mapping[str, object]
) -> Changes:
    found = _found(session, decision_id, letter_id)
    before = {name: getattr(found, name) for name in _SIGNED} if found else None
    if found is None:
        found = Convention(id=new_id(session), decision_id=decision_id, letter_id=letter_id, published_on=None)
        session.add(found)
    for name, value in values.items():
        setattr(found, name, value)
    session.flush()
    standing = _of(session, file.id).standing
    record(
        session,
        verb="conventions.sign",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}, convention {standing.reference} : {standing.label}",
        before=_said(before) if before else None,
        after=_said(values),
    )
    key, nothing = {"application_id": file.id}, {"authority_signed_on": None, "structure_signed_on": None}
    back = {**key, "letter_id": letter_id or "", **(before or nothing)}
    undo = Step(sign, back) if before or letter_id else Step(forget, key)
    return Changes.of("application", file.id, undo=undo)


def forget(session: Session, *, application_id: str) -> Changes:
    """Take away a convention said to be signed elsewhere. Raises UserError when there is none."""
    row, file = _of(session, application_id), session.get_one(Application, application_id)
    found = _found(session, row.decision_id, None)
    if found is None:
        raise UserError(f"{file.number} n’a pas de convention signée ailleurs.")
    values = {name: getattr(found, name) for name in _SIGNED}
    session.delete(found)
    record(
        session,
        verb="conventions.forget",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number}, convention {values['reference']} : retirée",
        before=_said(values),
    )
    return Changes.of("application", file.id, undo=Step(sign, {"application_id": file.id, **values}))


def _of(session: Session, application_id: str) -> ConventionRow:
    session.flush()
    row = convention_standings.of_application(session, application_id=application_id)
    if row is None:
        number = session.get_one(Application, application_id).number
        raise UserError(f"{number} n’a pas de convention : aucune n’est requise, aucune n’est préparée.")
    return row


def _found(session: Session, decision_id: str, letter_id: str | None) -> Convention | None:
    """The signatures of a text issued here, or, without one, of the convention signed elsewhere."""
    own = Convention.letter_id == letter_id if letter_id else Convention.letter_id.is_(None)
    return session.scalars(select(Convention).where(Convention.decision_id == decision_id, own)).first()


def _issued(row: ConventionRow, letter_id: str) -> Text | None:
    """The text issued of that key, or the one to sign, else the one that counts."""
    known = [one for one in row.texts if one.letter_id and one.standing.reference]
    if letter_id:
        return next((one for one in known if one.letter_id == letter_id), None)
    return row.to_sign if row.to_sign in known else next((one for one in reversed(known)), None)


def _said(values: Mapping[str, object]) -> dict[str, str]:
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) for name, value in values.items() if value
    }
