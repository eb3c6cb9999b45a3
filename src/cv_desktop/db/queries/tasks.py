"""What waits for the service today, read from the base: never typed, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter, Lot
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import (
    call_rows,
    calls,
    completions,
    conditions,
    convention_standings,
    institution,
    letters,
    meetings,
    recourses,
    rounds,
    silences,
    standing,
)
from cv_desktop.db.queries.call_rows import CallRow
from cv_desktop.db.queries.lots import in_force
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.silence import alert_days
from cv_desktop.domain.standing import Standing
from cv_desktop.domain.states import Outcome

# Beyond these the late files of a campaign are told in one line.
MOST_FILES = 5
# Letters a file calls for by its own state, before any meeting.
_ACKNOWLEDGED = ("deposited", "incomplete", "eligible", "ineligible")
_OWN = (("AR", _ACKNOWLEDGED), ("AR-P", ("incomplete",)), ("IRR", ("ineligible",)))


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: ``kind`` says which, ``count`` how many, of ``total`` when it makes sense.

    ``due`` is the day it is expected, None when it has none. ``noun`` and ``target`` name the record to open, empty
    when the screen is enough. ``name`` and ``detail`` are what the base calls it: a meeting, a file, its structure.
    """

    kind: str
    count: int = 1
    total: int = 0
    due: date | None = None
    call_id: str = ""
    call: str = ""
    noun: str = ""
    target: str = ""
    name: str = ""
    detail: str = ""

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.call_id}:{self.target}"


@dataclass(frozen=True, slots=True)
class Coming:
    """A date ahead: ``what`` is "opens", "closes", "meeting", "completion" or "condition"."""

    day: date
    what: str
    call: str
    name: str = ""


def rows(session: Session, *, day: date, call_id: str | None = None, viewer: str | None = None) -> list[Task]:
    """What is to be done, in the campaign named or in all of them, the most urgent kinds first."""
    campaigns = [row for row in call_rows.rows(session) if call_id in (None, row.id) and row.closed_on is None]
    if not campaigns:
        return [Task("no_call"), *_institution(session)]
    found = [task for row in campaigns for task in _of_call(session, row, day, viewer)]
    return [*found, *_institution(session)]


def coming(session: Session, *, day: date, call_id: str | None = None, viewer: str | None = None) -> list[Coming]:
    """The dates ahead of that day, the nearest first."""
    found = []
    for row in call_rows.rows(session):
        if call_id not in (None, row.id) or row.closed_on is not None:
            continue
        rules = calls.rules(session, row.id)
        sessions = rounds.dates(session, row.id)
        for what, key in (("opens", "deposit_opens"), ("closes", "deposit_closes")):
            when = rules.day(key, row.year)
            if when is not None and when > day and not (what == "closes" and sessions):
                found.append(Coming(when, what, row.label))
        found += [Coming(r.deposit_closes, "closes", row.label, r.label) for r in sessions if r.deposit_closes > day]
        found += [
            Coming(meeting.held_on, "meeting", row.label, meeting.label)
            for meeting in meetings.rows(session, call_id=row.id, viewer=viewer)
            if meeting.state != "closed" and meeting.held_on > day
        ]
        waiting = and_(Application.call_id == row.id, Application.status == "incomplete", visible(viewer))
        due = [
            asked.due_on
            for asked in completions.opened(session, waiting).values()
            if asked.due_on and asked.due_on > day
        ]
        if due:
            found.append(Coming(min(due), "completion", row.label))
        reserves = [one.condition for one in conditions.rows(session, call_id=row.id, viewer=viewer)]
        open_days = [one.due_on for one in reserves if one.lifted_on is None and one.due_on > day]
        if open_days:
            found.append(Coming(min(open_days), "condition", row.label))
    return sorted(found, key=lambda c: (c.day, c.what))


def _of_call(session: Session, row: CallRow, day: date, viewer: str | None) -> Iterator[Task]:
    stand = standing.standing(session, call_id=row.id, viewer=viewer)
    task = partial(Task, call_id=row.id, call=row.label)
    yield from _late_files(session, row, day, viewer)
    yield from _silences(session, row, day, viewer)
    yield from _meetings(session, row, day, viewer)
    if stand.deposited:
        first = _first_deposited(session, row.id, viewer)
        yield task("examine", stand.deposited, stand.files, noun="application", target=first)
    yield from _letters(session, row, day, viewer)
    yield from _conventions(session, row, viewer)
    yield from _conditions(session, row, day, viewer)
    yield from _recourses(session, row, day, viewer)
    if stand.unscheduled and not stand.meetings_pending:
        yield task("schedule", stand.unscheduled, noun="meeting")
    if not stand.meetings_pending:
        yield from _amounts(stand, row)
    yield from _lots(session, row)
    if not row.envelope_cents:
        yield task("envelope", noun="call", target=row.id)
    if stand.eligible and not meetings.members(session, call_id=row.id):
        yield task("committee", noun="committee", target=row.id)
    if row.to_validate:
        due = stand.opens if stand.opens and stand.opens >= day and not stand.files else None
        yield task("validate", row.to_validate, due=due, noun="phase", target=row.id)


def _late_files(session: Session, row: CallRow, day: date, viewer: str | None) -> Iterator[Task]:
    waiting = and_(Application.call_id == row.id, Application.status == "incomplete", visible(viewer))
    asked = completions.opened(session, waiting)
    late = {key: row.due_on for key, row in asked.items() if row.due_on and row.due_on < day}
    if not late:
        return
    query = (
        select(Application.id, Application.number, Structure.name)
        .join(Structure, Structure.id == Application.structure_id)
        .where(Application.id.in_(late))
        .order_by(Application.seq)
    )
    found = sorted(session.execute(query).all(), key=lambda file: late[file.id])
    if len(found) > MOST_FILES:
        yield Task(
            "late_files", len(found), due=late[found[0].id], call_id=row.id, call=row.label,
            noun="application", target=found[0].id,
        )  # fmt: skip
        return
    for file in found:
        yield Task(
            "late_file", due=late[file.id], call_id=row.id, call=row.label,
            noun="application", target=file.id, name=file.number, detail=file.name,
        )  # fmt: skip


def _silences(session: Session, row: CallRow, day: date, viewer: str | None) -> Iterator[Task]:
    """The requests that silence is about to reject, the first one first: one line each, or one for all."""
    days = alert_days(calls.rules(session, row.id))
    found = silences.of_files(session, and_(Application.call_id == row.id, visible(viewer)), day)
    near = sorted((s.rejects_on, key) for key, s in found.items() if s.near(days))
    if not near:
        return
    task = partial(Task, call_id=row.id, call=row.label, noun="application")
    if len(near) > MOST_FILES:
        due, first = near[0]
        yield task("silences", len(near), due=due, target=first)
        return
    names = {
        key: (number, name)
        for key, number, name in session.execute(
            select(Application.id, Application.number, Structure.name)
            .join(Structure, Structure.id == Application.structure_id)
            .where(Application.id.in_([key for _due, key in near]))
        )
    }
    for due, key in near:
        yield task("silence", due=due, target=key, name=names[key][0], detail=names[key][1])


def _meetings(session: Session, row: CallRow, day: date, viewer: str | None) -> Iterator[Task]:
    for meeting in meetings.rows(session, call_id=row.id, viewer=viewer):
        if meeting.state == "closed":
            continue
        task = partial(
            Task, due=meeting.held_on, call_id=row.id, call=row.label,
            noun="meeting", target=meeting.id, name=meeting.label,
        )  # fmt: skip
        missing = meeting.sheets_expected - meeting.sheets
        if meeting.revealed_at is None and missing > 0:
            yield task("sheets", missing, meeting.sheets_expected)
        elif meeting.state == "prepared" and meeting.held_on <= day:
            yield task("open", meeting.files)
        elif meeting.state == "open":
            yield task("close", meeting.opinions, meeting.files)


def _letters(session: Session, row: CallRow, day: date, viewer: str | None) -> Iterator[Task]:
    task = partial(Task, call_id=row.id, call=row.label, noun="letter")
    unprepared = sum(_without_letter(session, row.id, viewer, kind, statuses) for kind, statuses in _OWN)
    decided = (
        select(func.count())
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .outerjoin(Letter, Letter.decision_id == Decision.id)
        .where(
            Application.call_id == row.id,
            Letter.id.is_(None),
            Decision.outcome != Outcome.WAITING,
            in_force(),
            visible(viewer),
        )
    )
    unprepared += session.scalar(decided) or 0
    if unprepared:
        yield task("prepare", unprepared)
    counts = letters.counts(session, call_id=row.id, viewer=viewer)
    shelf = partial(Task, call_id=row.id, call=row.label, noun="outbox")
    if counts.get("to_read"):
        yield shelf("read", counts["to_read"], sum(counts.values()), target="to_read")
    for kind, state, tab in (
        ("issue", "read", "to_sign"),
        ("sign", "issued", "to_sign"),
        ("send", "signed", "to_send"),
    ):
        if counts.get(state):
            yield shelf(kind, counts[state], target=tab)
    waiting, first = letters.without_receipt(session, call_id=row.id, day=day, viewer=viewer)
    if waiting:
        yield shelf("receipts", waiting, due=first, target="overdue")


def _conventions(session: Session, row: CallRow, viewer: str | None) -> Iterator[Task]:
    """The conventions that keep money waiting, then the grants above the threshold whose data are to publish."""
    found = convention_standings.rows(session, call_id=row.id, viewer=viewer)
    task = partial(Task, call_id=row.id, call=row.label, noun="application")
    # One that is only to write, to read or to issue is told with the letters.
    waiting = [one for one in found if one.lacking and (one.to_sign is not None or one.earlier)]
    if waiting:
        yield task("conventions", len(waiting), target=waiting[0].application_id)
    unpublished = sorted(
        (one.standing.publish_by, one.application_id)
        for one in found
        if one.standing.publish_by is not None and one.standing.published_on is None
    )
    if unpublished:
        due, file = unpublished[0]
        yield task("essential_data", len(unpublished), due=due, target=file)


def _conditions(session: Session, row: CallRow, day: date, viewer: str | None) -> Iterator[Task]:
    """The conditions of grants whose day has passed: each is lifted, or its decision withdrawn."""
    late = [one for one in conditions.rows(session, call_id=row.id, viewer=viewer) if one.condition.late(day)]
    if late:
        first = late[0]
        yield Task(
            "conditions", len(late), due=first.condition.due_on, call_id=row.id, call=row.label, noun="application",
            target=first.application_id, name=first.number, detail=first.structure,
        )  # fmt: skip


def _recourses(session: Session, row: CallRow, day: date, viewer: str | None) -> Iterator[Task]:
    """The gracious recourses to answer before silence rejects them."""
    waiting = recourses.waiting(session, call_id=row.id, day=day, viewer=viewer)
    if waiting:
        first = waiting[0]
        yield Task(
            "recourses", len(waiting), due=first.silent_on, call_id=row.id, call=row.label, noun="application",
            target=first.application_id, name=first.number, detail=first.structure,
        )  # fmt: skip


def _without_letter(session: Session, call_id: str, viewer: str | None, kind: str, statuses: tuple[str, ...]) -> int:
    has_one: ColumnElement[bool] = (
        select(Letter.id).where(Letter.application_id == Application.id, Letter.kind == kind).exists()
    )
    query = select(func.count()).where(
        Application.call_id == call_id, Application.status.in_(statuses), ~has_one, visible(viewer)
    )
    return session.scalar(query) or 0


def _amounts(stand: Standing, row: CallRow) -> Iterator[Task]:
    if stand.unpriced:
        yield Task("price", stand.unpriced, stand.to_submit, call_id=row.id, call=row.label)
    elif stand.to_submit:
        yield Task("submit", stand.to_submit, call_id=row.id, call=row.label)


def _lots(session: Session, row: CallRow) -> Iterator[Task]:
    query = (
        select(Lot)
        .where(
            Lot.call_id == row.id,
            or_(
                Lot.state == "submitted",
                and_(Lot.state == "voted", or_(Lot.sent_to_prefect_on.is_(None), Lot.published_on.is_(None))),
            ),
        )
        .order_by(Lot.submitted_at)
    )
    for lot in session.scalars(query):
        task = partial(Task, call_id=row.id, call=row.label, noun="lot", target=lot.id, name=lot.label)
        if lot.state == "submitted":
            yield task("vote")
        else:
            missing = "sent" if lot.sent_to_prefect_on is None else "published"
            yield task("transmission", detail=missing, name=lot.act_number or lot.label)


def _first_deposited(session: Session, call_id: str, viewer: str | None) -> str:
    query = (
        select(Application.id)
        .where(Application.call_id == call_id, Application.status == "deposited", visible(viewer))
        .order_by(Application.seq)
        .limit(1)
    )
    return session.scalars(query).one()


def _institution(session: Session) -> Iterator[Task]:
    values = institution.values(session)
    for kind, key in (("signatory", "signatory_name"), ("agent", "agent_name")):
        if not values.get(key):
            yield Task(kind, noun=kind)
