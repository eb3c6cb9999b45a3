"""The documents of a file: received, found valid or not, with the reason and the dates that count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, Document
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.completion import Point, left
from cv_desktop.domain.dates import long_date, short_date, typed_date
from cv_desktop.domain.documents import State, label
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import LENGTH
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.services import requests
from cv_desktop.services.applications import current_checks, refuse_judged

_COLUMNS = ("filename", "state", "reason", "received_on", "dated_on")
Values = Mapping[str, Any]


def receive(session: Session, *, application_id: str, kind: str, filename: str = "", on: date | None = None) -> Changes:
    """Say that a document came, today or on a day; one that had been refused is to be looked at again.

    Raises UserError on a day that is not reached yet, or when the file is judged.
    """
    day = on or today(session)
    _refuse_future(session, day, "received_on")
    found = _found(session, application_id, kind)
    name = filename.strip() or (found.filename if found else "")
    values = {"filename": name, "state": State.RECEIVED.value, "reason": "", "received_on": day}
    return _put(session, application_id, kind, {**_values(found), **values}, f"reçue le {long_date(day)}")


def accept(session: Session, *, application_id: str, kind: str) -> Changes:
    """Say that a document received is right. Raises UserError when it did not come."""
    found = _received(session, application_id, kind)
    values = {**_values(found), "state": State.VALID.value, "reason": ""}
    return _put(session, application_id, kind, values, "conforme")


def reject(session: Session, *, application_id: str, kind: str, reason: str) -> Changes:
    """Say that a document received is not right, and why. Raises UserError without a reason of ten characters."""
    bare = reason.strip()
    if len(bare) < LENGTH:
        raise UserError("Indiquez en quoi la pièce n’est pas conforme, en dix caractères au moins.", field="reason")
    found = _received(session, application_id, kind)
    values = {**_values(found), "state": State.REJECTED.value, "reason": bare}
    return _put(session, application_id, kind, values, "non conforme", bare)


def remove(session: Session, *, application_id: str, kind: str) -> Changes:
    """Say that a document did not come after all."""
    return _put(session, application_id, kind, None, "attendue")


def set_filename(session: Session, *, application_id: str, kind: str, text: str) -> Changes:
    """Name the file of a document as typed: a document named has come, one without a name nor a day has not."""
    name = text.strip()
    found = _found(session, application_id, kind)
    if found is None and not name:
        return Changes()
    if found is None:
        return receive(session, application_id=application_id, kind=kind, filename=name)
    if not name and found.received_on is None:
        return remove(session, application_id=application_id, kind=kind)
    return _put(session, application_id, kind, {**_values(found), "filename": name}, name or "sans nom de fichier")


def set_day(session: Session, *, application_id: str, kind: str, name: str, text: str) -> Changes:
    """Change the day a document came (``received_on``) or bears (``dated_on``), as typed; empty: not known.

    Raises UserError when it is no date, when it is not reached yet, or when the document did not come.
    """
    if name not in _DAYS:
        raise ValueError(name)
    day = typed_date(text) if text.strip() else None
    if day is not None:
        _refuse_future(session, day, name)
    found = _found(session, application_id, kind)
    if found is None and name == "received_on" and day is not None:
        return receive(session, application_id=application_id, kind=kind, on=day)
    found = found or _received(session, application_id, kind)
    words = f"{_DAYS[name]} {short_date(day) or 'non renseignée'}"
    return _put(session, application_id, kind, {**_values(found), name: day}, words)


_DAYS = {"received_on": "date de réception", "dated_on": "date de la pièce"}


def restore(
    session: Session, *, application_id: str, kind: str, values: Values | None, requested: requests.State
) -> Changes:
    """Put a document back exactly as it was, with the request it had answered: the way back."""
    changes = _put(session, application_id, kind, values, "rétablie comme avant", settle=False)
    requests.restore(session, application_id, requested)
    return changes


def _put(
    session: Session,
    application_id: str,
    kind: str,
    values: Values | None,
    words: str,
    reason: str = "",
    *,
    settle: bool = True,
) -> Changes:
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    requested = requests.kept(session, application_id)
    row = _found(session, application_id, kind)
    before = _values(row) if row else None
    if row is not None and values is None:
        session.delete(row)
    elif row is not None and values is not None:
        for name, value in values.items():
            setattr(row, name, value)
    elif values is not None:
        session.add(Document(id=new_id(session), application_id=application_id, kind=kind, **values))
    session.flush()
    record(
        session,
        verb="documents.set",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number}, pièce « {label(kind)} » : {words}",
        before=_said(before),
        after=_said(values),
        reason=reason,
    )
    if settle:
        _settle(session, file)
    undo = Step(restore, {"application_id": application_id, "kind": kind, "values": before, "requested": requested})
    return Changes.of("application", application_id, undo=undo)


def _settle(session: Session, file: Application) -> None:
    """The request is closed, and the delay of silence runs again, once nothing of what was asked is missing."""
    if file.status != ApplicationStatus.INCOMPLETE:
        return
    asked = requests.opened(session, file.id)
    if asked is None or asked.asked_on is None:
        return
    if left(map(Point.from_json, asked.items), current_checks(session, file)):
        return
    asked.closed_on = requests.came_on(session, asked) or today(session)
    record(
        session,
        verb="completion.close",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : tout ce qui était demandé est arrivé le {long_date(asked.closed_on)}",
        source="calcul",
    )


def _found(session: Session, application_id: str, kind: str) -> Document | None:
    return session.scalars(
        select(Document).where(Document.application_id == application_id, Document.kind == kind)
    ).first()


def _received(session: Session, application_id: str, kind: str) -> Document:
    found = _found(session, application_id, kind)
    if found is None:
        raise UserError(f"La pièce « {label(kind)} » n’est pas arrivée : marquez-la d’abord reçue.")
    return found


def _values(row: Document | None) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COLUMNS} if row else {"dated_on": None}


def _said(values: Values | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _refuse_future(session: Session, day: date, field: str) -> None:
    if day > today(session):
        raise UserError(
            f"Le {long_date(day)} n’est pas encore passé. Indiquez la date d’aujourd’hui au plus tard.", field=field
        )
