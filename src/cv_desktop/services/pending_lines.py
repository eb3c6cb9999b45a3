"""« Import à reprendre »: the lines that an import left out, until a later one takes them or a person does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, Import
from cv_desktop.db.models.pending_line import PendingLine
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.intake import BLOCKING, Intake, Place, Problem
from cv_desktop.domain.past_grants import History
from cv_desktop.domain.text import NBSP, counted, quote


def add(session: Session, batch: Import, intake: Intake) -> None:
    """Keep the lines that an import refused or left aside; a line that waits already waits once."""
    blocking = [one for one in intake.problems if one.severity == BLOCKING and one.sheet in intake.lists]
    reasons = _reasons(blocking)
    numbers = {(one.sheet, one.line): one.number for one in blocking}
    for place, number in intake.left.items():
        reasons[place] = ["Laissée de côté à la main."]
        numbers[place] = number
    _supersede(session, batch, [number for number in numbers.values() if number])
    _wait(session, batch, reasons, numbers, intake.names, several=len(intake.lists) > 1)


def add_grants(session: Session, batch: Import, history: History) -> None:
    """Keep the lines of past grants that an import could not read."""
    reasons = _reasons([one for one in history.problems if one.severity == BLOCKING])
    several = len({match.sheet for match in history.mapping}) > 1
    _wait(session, batch, reasons, {}, history.names, several=several)


def settle_grants(session: Session, batch: Import, history: History) -> None:
    """Close the lines of earlier imports of the same file whose grant is now read."""
    same = select(Import.id).where(Import.sha256 == batch.sha256, Import.id != batch.id)
    lines = {grant.line for grant in history.grants}
    session.execute(
        update(PendingLine)
        .where(PendingLine.settled_as == "", PendingLine.import_id.in_(same), PendingLine.line.in_(lines))
        .values(settled_as="imported", settled_at=now(session), settled_by_id=batch.id)
        .execution_options(synchronize_session=False)
    )


def _reasons(problems: Sequence[Problem]) -> dict[Place, list[str]]:
    found: dict[Place, list[str]] = defaultdict(list)
    for problem in problems:
        where = f"{problem.column}{NBSP}: " if problem.column else ""
        found[problem.sheet, problem.line].append(where + problem.message)
    return found


def _wait(
    session: Session,
    batch: Import,
    reasons: Mapping[Place, list[str]],
    numbers: Mapping[Place, str],
    names: Mapping[Place, str],
    *,
    several: bool,
) -> None:
    query = (
        select(Import.sha256, PendingLine.line, PendingLine.label)
        .join(Import, Import.id == PendingLine.import_id)
        .where(Import.kind == batch.kind, Import.call_id.is_not_distinct_from(batch.call_id))
        .where(PendingLine.settled_as == "")
    )
    waiting = {tuple(row) for row in session.execute(query)}
    session.add_all(
        PendingLine(
            id=new_id(session),
            import_id=batch.id,
            line=place[1],
            number=numbers.get(place, ""),
            label=names.get(place, ""),
            # Lines of several sheets bear the same numbers.
            problems=[f"Feuille {quote(place[0])}, {said[0]}", *said[1:]] if several else said,
            settled_as="",
        )
        for place, said in sorted(reasons.items())
        if (batch.sha256, place[1], names.get(place, "")) not in waiting
    )


def settle(session: Session, batch: Import) -> None:
    """Close the lines of earlier imports whose application is now in the campaign."""
    there = select(Application.external_id).where(
        Application.call_id == batch.call_id, Application.source == batch.source, Application.external_id.is_not(None)
    )
    _close(session, batch, PendingLine.number.in_(there))


def _supersede(session: Session, batch: Import, numbers: Sequence[str]) -> None:
    """Lines that wait in an older export of another content wait in this one from now on."""
    others = select(Import.id).where(Import.sha256 != batch.sha256)
    _close(session, batch, PendingLine.number.in_(numbers), PendingLine.import_id.in_(others))


def _close(session: Session, batch: Import, *where: ColumnElement[bool]) -> None:
    earlier = select(Import.id).where(Import.call_id == batch.call_id, Import.source == batch.source)
    session.execute(
        update(PendingLine)
        .where(PendingLine.settled_as == "", PendingLine.import_id.in_(earlier), PendingLine.number != "", *where)
        .values(settled_as="imported", settled_at=now(session), settled_by_id=batch.id)
        .execution_options(synchronize_session=False)
    )


def reopen(session: Session, import_id: str) -> None:
    """The lines that an import closed wait again: it is being taken back."""
    session.execute(
        update(PendingLine)
        .where(PendingLine.settled_by_id == import_id)
        .values(settled_as="", settled_at=None, settled_by_id=None)
        .execution_options(synchronize_session=False)
    )


def dismiss(session: Session, *, keys: Sequence[str]) -> Changes:
    """Take lines out of « Import à reprendre »: nobody will import them."""
    return _put(session, keys, "dismissed", "écartée")


def restore(session: Session, *, keys: Sequence[str]) -> Changes:
    """Put lines back in « Import à reprendre »."""
    return _put(session, keys, "", "remise à reprendre")


def _put(session: Session, keys: Sequence[str], settled_as: str, word: str) -> Changes:
    rows = session.scalars(select(PendingLine).where(PendingLine.id.in_(keys))).all()
    before = {row.id: row.settled_as for row in rows}
    for row in rows:
        row.settled_as, row.settled_at = settled_as, now(session) if settled_as else None
    names = ", ".join(f"ligne {row.line} {quote(row.label)}" if row.label else f"ligne {row.line}" for row in rows[:5])
    record(
        session,
        verb="pending_lines.put",
        noun="import",
        noun_id=rows[0].import_id if rows else "",
        summary=f"Import à reprendre{NBSP}: {counted(len(rows), f'ligne {word}')} ({names})",
        before=before,
        after=settled_as,
    )
    undo = Step(restore if settled_as else dismiss, {"keys": tuple(keys)})
    return Changes.of("pending_line", *keys, undo=undo)
