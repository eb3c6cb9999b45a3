"""The indicators an association sets itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.indicator import Indicator
from cv_desktop.db.queries import form
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.indicators import Planned
from cv_desktop.services.applications import refuse_judged


def put(session: Session, *, application_id: str, indicators: Sequence[Planned]) -> Changes:
    """Give a file these indicators and no others. Raises UserError on one without a label, or when it was judged."""
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    before = form.indicators(session, application_id=application_id)
    write(session, application_id, indicators)
    after = form.indicators(session, application_id=application_id)
    record(
        session,
        verb="indicators.put",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} › Indicateurs : {_said(before)} → {_said(after)}",
        before=[asdict(x) for x in before],
        after=[asdict(x) for x in after],
    )
    undo = Step(put, {"application_id": application_id, "indicators": before})
    return Changes.of("application", application_id, undo=undo)


def write(session: Session, application_id: str, indicators: Sequence[Planned]) -> None:
    if any(not x.label.strip() for x in indicators):
        raise UserError("Un indicateur a besoin d’un intitulé, par exemple « ateliers tenus ».", field="label")
    session.execute(delete(Indicator).where(Indicator.application_id == application_id))
    session.add_all(
        Indicator(
            id=x.id or new_id(session),
            application_id=application_id,
            position=position,
            label=x.label.strip(),
            unit=x.unit.strip(),
            planned=x.planned,
        )
        for position, x in enumerate(indicators)
    )
    session.flush()


def _said(indicators: Sequence[Planned]) -> str:
    return ", ".join(f"{x.label} {'' if x.planned is None else x.planned}".strip() for x in indicators) or "aucun"
