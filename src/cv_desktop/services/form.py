"""The fields of a file, written one by one as they are typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.form import ALL, TEXTS, read, shown
from cv_desktop.services import scenario_lines
from cv_desktop.services.applications import refuse_judged


def set_field(session: Session, *, application_id: str, name: str, text: str) -> Changes:
    """Change one field of a file as typed: any of ``domain.form``.

    Raises UserError when the value does not fit, or when the file was already judged.
    """
    if name not in ALL:
        raise UserError(f"Le champ « {name} » ne se modifie pas.", field=name)
    return put(session, application_id=application_id, name=name, value=read(name, text))


def put(session: Session, *, application_id: str, name: str, value: Any) -> Changes:
    """Give one field its value, exactly: the way back of an edit.

    The viable minimum is also typed at the arbitration, and may change once the file is judged.
    """
    if name == "minimum_cents":
        return scenario_lines.set_minimum(session, application_id=application_id, minimum_cents=value)
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    before = getattr(file, name)
    setattr(file, name, value)
    was, now = shown(name, before), shown(name, value)
    record(
        session,
        verb="applications.set_field",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} › {ALL[name].label} : texte modifié"
        if name in TEXTS
        else f"{file.number} › {ALL[name].label} : {was or 'vide'} → {now or 'vide'}",
        before=_plain(before),
        after=_plain(value),
    )
    undo = Step(put, {"application_id": application_id, "name": name, "value": before})
    return Changes.of("application", application_id, undo=undo)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") or isinstance(value, datetime) else value
