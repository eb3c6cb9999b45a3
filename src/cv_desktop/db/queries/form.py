"""A file as its form shows it, and the lists its fields are chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import (
    Application,
    ApplicationObjective,
    ApplicationPriority,
    ApplicationQuarter,
)
from cv_desktop.db.models.indicator import Indicator
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.reference import Funder, Objective, Priority, Quarter, Stake, Theme
from cv_desktop.db.work import today
from cv_desktop.domain import consortium, form
from cv_desktop.domain.indicators import Planned


@dataclass(frozen=True, slots=True)
class FormRecord:
    """``values`` holds every field of ``domain.form`` by its name; ``weights`` the split declared between quarters."""

    id: str
    number: str
    values: dict[str, Any]
    quarters: tuple[str, ...]
    weights: tuple[int, ...]
    outside: bool
    objectives: tuple[str, ...]
    priorities: tuple[str, ...]
    partners: tuple[consortium.Partner, ...]
    indicators: tuple[Planned, ...]
    renewed_from: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose by typing: ``detail`` is what it belongs to. ``closed``: named where it was chosen, no more
    proposed."""

    code: str
    label: str
    detail: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    quarters: tuple[Choice, ...]
    objectives: tuple[Choice, ...]
    priorities: tuple[Choice, ...]
    funders: tuple[Choice, ...]


def record(session: Session, *, application_id: str) -> FormRecord | None:
    """The form of one file; None when it does not exist."""
    file = session.get(Application, application_id)
    if file is None:
        return None
    origin = session.get(Application, file.renewed_from_id) if file.renewed_from_id else None
    places = session.execute(
        select(ApplicationQuarter.quarter_code, ApplicationQuarter.weight)
        .where(ApplicationQuarter.application_id == file.id)
        .order_by(ApplicationQuarter.quarter_code)
    ).all()
    weights = tuple(weight for _code, weight in places if weight is not None)
    return FormRecord(
        id=file.id,
        number=file.number,
        values={name: getattr(file, name) for name in form.ALL},
        quarters=tuple(code for code, _weight in places),
        weights=weights if len(weights) == len(places) else (),
        outside=file.outside_quarters,
        objectives=tuple(
            session.scalars(
                select(ApplicationObjective.objective_code)
                .where(ApplicationObjective.application_id == file.id)
                .order_by(ApplicationObjective.position)
            )
        ),
        priorities=tuple(
            session.scalars(
                select(ApplicationPriority.priority_code)
                .join(Priority, Priority.code == ApplicationPriority.priority_code)
                .where(ApplicationPriority.application_id == file.id)
                .order_by(Priority.position)
            )
        ),
        partners=partners(session, application_id=file.id),
        indicators=indicators(session, application_id=file.id),
        renewed_from=(origin.id, origin.number) if origin else None,
    )


def partners(session: Session, *, application_id: str) -> tuple[consortium.Partner, ...]:
    """The partners of a consortium besides its lead, in the order typed."""
    rows = session.scalars(select(Partner).where(Partner.application_id == application_id).order_by(Partner.position))
    return tuple(consortium.Partner(x.id, x.name, x.siret or "", x.role, x.share, x.structure_id or "") for x in rows)


def indicators(session: Session, *, application_id: str) -> tuple[Planned, ...]:
    """The indicators of the association's own, in the order typed."""
    rows = session.scalars(
        select(Indicator).where(Indicator.application_id == application_id).order_by(Indicator.position)
    )
    return tuple(Planned(x.id, x.label, x.unit, x.planned) for x in rows)


def themes(session: Session) -> tuple[Choice, ...]:
    """The volets of the calls, then their objectives: what a criterion of a grid may be limited to."""
    day = today(session)
    query = select(Theme.code, Theme.label, Theme.closed_on).where(Theme.kind == "thematic").order_by(Theme.position)
    volets = (Choice(code, label, "volet", closed=_past(day, ended)) for code, label, ended in session.execute(query))
    return (*volets, *choices(session).objectives)


def choices(session: Session) -> Choices:
    """Quarters, objectives by volet and enjeu (governance is no theme of a call), priorities and co-funders."""
    day = today(session)
    objectives = session.execute(
        select(
            Objective.code,
            Objective.label,
            Stake.label,
            Theme.label,
            Objective.closed_on,
            Stake.closed_on,
            Theme.closed_on,
        )
        .join(Stake, Stake.code == Objective.stake_code)
        .join(Theme, Theme.code == Stake.theme_code)
        .where(Theme.kind == "thematic")
        .order_by(Theme.position, Stake.position, Objective.position)
    )
    quarters = session.execute(select(Quarter.code, Quarter.name, Quarter.closed_on).order_by(Quarter.code))
    funders = session.execute(
        select(Funder.code, Funder.label, Funder.account, Funder.closed_on).order_by(Funder.position)
    )
    return Choices(
        quarters=tuple(Choice(code, name, closed=_past(day, ended)) for code, name, ended in quarters),
        objectives=tuple(
            Choice(code, label, f"{theme} › {stake}", closed=_past(day, *ended))
            for code, label, stake, theme, *ended in objectives
        ),
        priorities=tuple(
            Choice(*x) for x in session.execute(select(Priority.code, Priority.label).order_by(Priority.position))
        ),
        funders=tuple(
            Choice(code, label, account, closed=_past(day, ended)) for code, label, account, ended in funders
        ),
    )


def _past(day: date, *ended: date | None) -> bool:
    """Whether one of these days of closing has come: a list is closed with what it belongs to."""
    return any(last is not None and last <= day for last in ended)
