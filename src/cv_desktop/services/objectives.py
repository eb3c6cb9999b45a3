"""Where an action takes place and what it serves: quarters, objectives of the action plan, transversal priorities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import (
    Application,
    ApplicationObjective,
    ApplicationPriority,
    ApplicationQuarter,
)
from cv_desktop.db.models.reference import Objective, Priority, Quarter, Stake
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.quarter_split import said_split
from cv_desktop.services import phases
from cv_desktop.services.applications import refuse_judged

OUTSIDE = "Hors QPV"


def set_quarters(session: Session, *, application_id: str, codes: Sequence[str], outside: bool) -> Changes:
    """The quarters an action concerns, and whether it also takes place outside of them.

    Raises UserError on an unknown quarter, or when the file was judged.
    """
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    names = _names(session, Quarter, Quarter.name, codes)
    before = list(
        session.scalars(select(ApplicationQuarter.quarter_code).where(ApplicationQuarter.application_id == file.id))
    )
    was = [*_names(session, Quarter, Quarter.name, before), *([OUTSIDE] if file.outside_quarters else [])]
    back = {"application_id": application_id, "codes": tuple(before), "outside": file.outside_quarters}
    kept = _weights(session, file.id)
    write_quarters(session, file, codes, outside)
    now = [*names, *([OUTSIDE] if outside else [])]
    _record(session, file, "quarters", "Quartiers", was, now)
    undo = Step(set_quarters, back)
    if kept and set(kept) != set(codes):
        undo = together(Step(set_split, {"application_id": file.id, "weights": kept}), undo) or undo
    return Changes.of("application", file.id, undo=undo)


def set_split(session: Session, *, application_id: str, weights: Mapping[str, int]) -> Changes:
    """Declare what each quarter of an action counts for in its amounts; none goes back to equal parts.

    It is the officer's, and may change once the file is judged. Raises UserError unless every quarter has a weight, or
    when one is negative or all are zero.
    """
    file = session.get_one(Application, application_id)
    phases.of_open(session, file.call_id)
    rows = session.scalars(
        select(ApplicationQuarter)
        .where(ApplicationQuarter.application_id == file.id)
        .order_by(ApplicationQuarter.quarter_code)
    ).all()
    codes = [row.quarter_code for row in rows]
    before = _weights(session, file.id)
    if weights and (set(weights) != set(codes) or min(weights.values()) < 0 or not any(weights.values())):
        raise UserError(f"Donnez une part à chaque quartier de {file.number}.", field="split")
    for row in rows:
        row.weight = weights.get(row.quarter_code)
    session.flush()
    names = _names(session, Quarter, Quarter.name, codes)
    was, now = (said_split(names, [known[code] for code in codes] if known else []) for known in (before, weights))
    _record(session, file, "split", "Parts des quartiers", [was], [now])
    return Changes.of("application", file.id, undo=Step(set_split, {"application_id": file.id, "weights": before}))


def _weights(session: Session, application_id: str) -> dict[str, int]:
    query = select(ApplicationQuarter.quarter_code, ApplicationQuarter.weight)
    found = session.execute(query.where(ApplicationQuarter.application_id == application_id)).all()
    return {} if any(weight is None for _code, weight in found) else {code: weight or 0 for code, weight in found}


def set_objectives(session: Session, *, application_id: str, codes: Sequence[str]) -> Changes:
    """The objectives of the action plan that an action serves, the main one first; it gives the file its volet.

    Raises UserError on an unknown objective, or when the file was judged.
    """
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    names = _names(session, Objective, Objective.label, codes)
    before = list(
        session.scalars(
            select(ApplicationObjective.objective_code)
            .where(ApplicationObjective.application_id == file.id)
            .order_by(ApplicationObjective.position)
        )
    )
    theme = file.theme_code
    write_objectives(session, file, codes)
    _record(
        session, file, "objectives", "Objectifs du contrat", _names(session, Objective, Objective.label, before), names
    )
    undo = Step(_restore_objectives, {"application_id": file.id, "codes": tuple(before), "theme": theme})
    return Changes.of("application", file.id, undo=undo)


def _restore_objectives(session: Session, *, application_id: str, codes: Sequence[str], theme: str | None) -> Changes:
    """The objectives as they were, and the volet that may have come from elsewhere."""
    done = set_objectives(session, application_id=application_id, codes=codes)
    session.get_one(Application, application_id).theme_code = theme
    return done


def set_priorities(session: Session, *, application_id: str, codes: Sequence[str]) -> Changes:
    """The transversal priorities to which an action is dedicated. Raises UserError on an unknown one."""
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    names = _names(session, Priority, Priority.label, codes)
    before = list(
        session.scalars(select(ApplicationPriority.priority_code).where(ApplicationPriority.application_id == file.id))
    )
    write_priorities(session, file.id, codes)
    _record(session, file, "priorities", "Action dédiée", _names(session, Priority, Priority.label, before), names)
    undo = Step(set_priorities, {"application_id": file.id, "codes": tuple(before)})
    return Changes.of("application", file.id, undo=undo)


def write_quarters(session: Session, file: Application, codes: Sequence[str], outside: bool) -> None:
    """A split declared between the same quarters stays; between others it means nothing and goes."""
    kept = _weights(session, file.id)
    if set(kept) != set(codes):
        kept = {}
    session.execute(delete(ApplicationQuarter).where(ApplicationQuarter.application_id == file.id))
    session.add_all(
        ApplicationQuarter(application_id=file.id, quarter_code=code, weight=kept.get(code))
        for code in dict.fromkeys(codes)
    )
    file.outside_quarters = outside
    if outside and not file.quarters_text:
        file.quarters_text = OUTSIDE
    elif not outside and file.quarters_text == OUTSIDE:
        file.quarters_text = ""
    session.flush()


def write_objectives(session: Session, file: Application, codes: Sequence[str]) -> None:
    session.execute(delete(ApplicationObjective).where(ApplicationObjective.application_id == file.id))
    unique = list(dict.fromkeys(codes))
    session.add_all(
        ApplicationObjective(application_id=file.id, objective_code=code, position=place)
        for place, code in enumerate(unique)
    )
    if unique:
        file.theme_code = session.scalars(
            select(Stake.theme_code)
            .join(Objective, Objective.stake_code == Stake.code)
            .where(Objective.code == unique[0])
        ).one()
    session.flush()


def write_priorities(session: Session, application_id: str, codes: Sequence[str]) -> None:
    session.execute(delete(ApplicationPriority).where(ApplicationPriority.application_id == application_id))
    session.add_all(
        ApplicationPriority(application_id=application_id, priority_code=code) for code in dict.fromkeys(codes)
    )
    session.flush()


def _names(session: Session, table: type, label: object, codes: Sequence[str]) -> list[str]:
    known: dict[str, str] = dict(session.execute(select(table.code, label)).all())  # type: ignore[attr-defined, call-overload]
    if unknown := [code for code in codes if code not in known]:
        raise UserError(f"« {unknown[0]} » n’est pas dans la liste. Choisissez une des lignes proposées.")
    return [known[code] for code in codes]


def _record(
    session: Session, file: Application, verb: str, label: str, before: Sequence[str], after: Sequence[str]
) -> None:
    record(
        session,
        verb=f"objectives.set_{verb}",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} › {label} : {', '.join(before) or 'vide'} → {', '.join(after) or 'vide'}",
        before=list(before),
        after=list(after),
    )
