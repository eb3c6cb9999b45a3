"""Marks from a file: read against the base, then written whole, and the empty file that members fill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Grid
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Member, Review
from cv_desktop.db.queries import calls, grids, visibility
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain import grid_faults
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grid import Grid as Content
from cv_desktop.domain.marks import Mark as Given
from cv_desktop.domain.marks import levels_said, may_return
from cv_desktop.domain.marks_file import Known, KnownFile, KnownSheet, Plan, plan, read
from cv_desktop.domain.text import counted, normalised_name, quote
from cv_desktop.services import marks_removal, vocabulary
from cv_desktop.services.marks_removal import IMPORTED, Written
from cv_desktop.services.readings import RawFile

BODY = "Import"
_CLOSED = {"draft": "est un brouillon", "withdrawn": "est retiré"}


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One mark to give: the five columns of an import, then what helps to fill it."""

    number: str
    member: str
    criterion: str
    label: str
    levels: str


def examine(session: Session, *, call_id: str, file: RawFile) -> Plan:
    """What the marks of a file would do. Raises UserError when its columns are not those of a file of marks."""
    words = vocabulary.marks()
    lines = read(file.sheets, words["columns"])
    return plan(lines, known(session, call_id), not_applicable=words["not_applicable"])


def known(session: Session, call_id: str) -> Known:
    """What the base says of the files, the members, the déports and the sheets of a campaign."""
    held = grids.of_call(session, call_id=call_id)
    revealed = set(
        session.scalars(
            select(AgendaItem.application_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(Meeting.call_id == call_id, Meeting.revealed_at.is_not(None))
        )
    )
    files: dict[str, KnownFile] = {}
    numbers: dict[str, KnownFile] = {}
    query = select(Application.id, Application.number, Application.external_id, Application.status)
    for key, number, external, status in session.execute(query.where(Application.call_id == call_id)):
        closed = ""
        if status in _CLOSED:
            closed = f"le dossier {number} {_CLOSED[status]}."
        elif key in revealed:
            closed = f"les grilles de {number} sont révélées\u00a0: elles ne changent plus."
        one = KnownFile(key, number, held.of(key), closed)
        numbers[number] = one
        if external:
            files[external] = one
    people = session.execute(select(Member.id, Member.name, Member.body).where(Member.call_id == call_id)).all()
    members = {normalised_name(name): key for key, name, _body in people}
    seated = {normalised_name(name): name for _key, name, body in people if body != BODY}
    names = {key: name for name, key in members.items()}
    recused = frozenset(
        (file, names[member]) for file, member in session.execute(visibility.kept_out()) if member in names
    )
    return Known(files | numbers, members, recused, _sheets(session, call_id, names), seated)


def _sheets(session: Session, call_id: str, names: Mapping[str, str]) -> dict[tuple[str, str], KnownSheet]:
    of_call = Review.application_id.in_(select(Application.id).where(Application.call_id == call_id))
    marks: dict[str, dict[str, Given]] = defaultdict(dict)
    query = (
        select(Mark.review_id, Mark.criterion, Mark.level, Mark.not_applicable, Mark.comment)
        .join(Review, Review.id == Mark.review_id)
        .where(of_call)
    )
    for review, code, level, away, comment in session.execute(query):
        marks[review][code] = Given(level, away, comment)
    reviews = select(Review.id, Review.application_id, Review.member_id, Review.returned_at).where(of_call)
    return {
        (file, names[member]): KnownSheet(returned is not None, marks.get(key, {}))
        for key, file, member, returned in session.execute(reviews)
        if member in names
    }


def write(session: Session, *, call_id: str, plan: Plan, said: str) -> Changes:
    """Write what a plan adds, refused lines left out; ``said`` names the file.

    Sheets that did not exist are made outside: they count as returned, complete or not. A sheet begun here takes its
    marks, and is returned when nothing that the grid asks is missing. The journal keeps what takes all of it back.
    """
    if not plan.added:
        return Changes()
    before = set(session.scalars(select(Member.id).where(Member.call_id == call_id)))
    members = _members(session, call_id, plan, said)
    moment = now(session)
    held = grids.of_call(session, call_id=call_id)
    of_call = Review.application_id.in_(select(Application.id).where(Application.call_id == call_id))
    begun = {
        (file, member): key
        for key, file, member in session.execute(
            select(Review.id, Review.application_id, Review.member_id).where(of_call)
        )
    }
    grid = calls.grid(session, call_id)
    if grid.frozen_at is None:
        grid_faults.refuse_use(grid.grid)
    newest = grid.id
    sheets: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    touched: dict[str, str] = {}
    levels: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    for (file, name), given in plan.added.items():
        member = members[name]
        review = begun.get((file, member))
        if review is None:
            review = new_id(session)
            sheets.append(
                {
                    "id": review,
                    "member_id": member,
                    "application_id": file,
                    "grid_id": held.version_of.get(file, newest),
                    "returned_at": moment,
                    "outside": True,
                }
            )
        else:
            touched[review] = file
        marks += [
            {
                "review_id": review,
                "criterion": code,
                "level": mark.level,
                "not_applicable": mark.not_applicable,
                "dedicated": False,
                "comment": mark.comment,
                "marked_at": moment,
            }
            for code, mark in given.items()
        ]
        levels[file][plan.names[name]] = {
            code: "sans objet" if mark.not_applicable else mark.level for code, mark in given.items()
        }
    filled = _replace_empty(session, touched, marks)
    insert_rows(session, Review, sheets)
    insert_rows(session, Mark, marks)
    returned = [review for review, file in touched.items() if _hand_in(session, review, held.of(file), moment)]
    session.execute(
        update(Grid)
        .where(Grid.id.in_({sheet["grid_id"] for sheet in sheets} or {newest}), Grid.frozen_at.is_(None))
        .values(frozen_at=moment)
    )
    numbers = dict(
        session.execute(select(Application.id, Application.number).where(Application.call_id == call_id)).all()
    )
    for file, given_levels in levels.items():
        record(
            session,
            verb="marks.write",
            noun="review",
            noun_id=file,
            summary=f"{numbers[file]}\u00a0: {counted(len(given_levels), 'grille')} de {said}",
            after=given_levels,
            source="import",
        )
    new = {sheet["id"] for sheet in sheets}
    key = new_id(session)
    kept = Written(
        at=moment.isoformat(),
        said=said,
        sheets=sorted(new),
        added=_codes(marks),
        filled=filled,
        returned=returned,
        members=sorted(set(members.values()) - before),
    )
    record(
        session,
        verb=IMPORTED,
        noun="import",
        noun_id=key,
        summary=f"{counted(plan.marks, 'note')} sur {counted(len(plan.added), 'grille')} de {said}",
        after={"call": call_id, **asdict(kept)},
        source="import",
    )
    undo = Step(marks_removal.undo, {"call_id": call_id, "import_id": key})
    return Changes((Changes.of("review", *levels) | Changes.of("meeting", call_id)).touched, undo)


def _codes(marks: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The criteria written, by sheet."""
    found: dict[str, list[str]] = defaultdict(list)
    for mark in marks:
        found[mark["review_id"]].append(mark["criterion"])
    return dict(found)


def _members(session: Session, call_id: str, plan: Plan, said: str) -> dict[str, str]:
    """Keys by normalised name, those that are new created in the order of the file."""
    found = {
        normalised_name(name): key
        for key, name in session.execute(select(Member.id, Member.name).where(Member.call_id == call_id))
    }
    last = session.scalar(select(func.max(Member.position)).where(Member.call_id == call_id))
    start = 0 if last is None else last + 1
    rows = [
        {"id": new_id(session), "call_id": call_id, "position": start + place, "name": plan.names[name], "body": BODY}
        for place, name in enumerate(plan.new)
    ]
    insert_rows(session, Member, rows)
    if rows:
        record(
            session,
            verb="members.add",
            noun="meeting",
            noun_id=call_id,
            summary=f"{counted(len(rows), 'membre')} au comité d’après {said}",
            after=[row["name"] for row in rows],
            source="import",
        )
    return found | {name: str(row["id"]) for name, row in zip(plan.new, rows, strict=True)}


def _replace_empty(
    session: Session, touched: Mapping[str, str], marks: list[dict[str, Any]]
) -> dict[str, dict[str, str]]:
    """A line that had only a sentence gets its level; the sentence typed here stays. Gives the sentences there were."""
    if not touched:
        return {}
    filled: dict[str, dict[str, str]] = defaultdict(dict)
    held = {(m.review_id, m.criterion): m for m in session.scalars(select(Mark).where(Mark.review_id.in_(touched)))}
    for given in list(marks):
        row = held.get((given["review_id"], given["criterion"]))
        if row is not None:
            filled[row.review_id][row.criterion] = row.comment
            row.level, row.not_applicable = given["level"], given["not_applicable"]
            row.comment = row.comment or given["comment"]
            row.marked_at = given["marked_at"]
            marks.remove(given)
    session.flush()
    return dict(filled)


def _hand_in(session: Session, review_id: str, grid: Content, moment: datetime) -> bool:
    """Returns a sheet begun here once it is complete; whether it did."""
    rows = session.execute(
        select(Mark.criterion, Mark.level, Mark.not_applicable, Mark.comment).where(Mark.review_id == review_id)
    )
    sheet = {code: Given(level, away, comment) for code, level, away, comment in rows}
    try:
        may_return(grid, sheet)
    except UserError:
        return False
    review = session.get_one(Review, review_id)
    before, review.returned_at = review.returned_at, review.returned_at or moment
    return before is None


def template(session: Session, *, call_id: str) -> Iterator[TemplateRow]:
    """What each member has to mark on each eligible file, déports left out; never a mark."""
    held = grids.of_call(session, call_id=call_id)
    members = session.execute(
        select(Member.id, Member.name).where(visibility.sitting(call_id)).order_by(Member.position)
    ).all()
    kept_out = {tuple(pair) for pair in session.execute(visibility.kept_out())}
    files = select(Application.id, Application.number).where(
        Application.call_id == call_id, Application.status == "eligible"
    )
    for key, number in session.execute(files.order_by(Application.seq)):
        grid = held.of(key)
        for member, name in members:
            if (key, member) in kept_out:
                continue
            for criterion in grid.criteria:
                yield TemplateRow(number, name, criterion.code, criterion.label, levels_said(grid, criterion))


def file_said(file: RawFile) -> str:
    """How the journal names a file."""
    return f"{quote(file.name)} ({file.sha256[:12]})"
