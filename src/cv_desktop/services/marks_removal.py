"""Takes the marks of an imported file back, while nobody has built on them; those it replaced come back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Review
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import members

IMPORTED, UNDONE = "marks.import", "marks_removal.undo"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Written:
    """What an import wrote: ``sheets`` it made, criteria ``added`` by sheet, lines it ``filled`` with the sentence
    they had, sheets begun here that it ``returned``, ``members`` it made. ``said`` names the file, ``at`` is ISO.
    """

    at: str
    said: str
    sheets: list[str]
    added: dict[str, list[str]]
    filled: dict[str, dict[str, str]]
    returned: list[str]
    members: list[str]


def last(session: Session, *, call_id: str) -> str:
    """The key of the last import of marks of a campaign that still stands. Raises UserError when there is none."""
    gone = set(session.scalars(select(JournalEntry.noun_id).where(JournalEntry.verb == UNDONE)))
    query = select(JournalEntry).where(JournalEntry.verb == IMPORTED).order_by(JournalEntry.seq.desc())
    for entry in session.scalars(query):
        if entry.noun_id not in gone and (entry.after or {}).get("call") == call_id:
            return str(entry.noun_id)
    raise UserError("Aucun import de notes à défaire dans cette campagne.")


def undo(session: Session, *, call_id: str, import_id: str) -> Changes:
    """Take back one import of marks: its sheets and its members go, the lines it filled have their sentence again.

    Raises UserError when a file was revealed since, or when a mark it wrote was changed or completed by hand.
    """
    written = _written(session, import_id)
    reviews = {*written.sheets, *written.added, *written.filled}
    _refuse_revealed(session, reviews)
    _refuse_changed(session, written)
    for review, codes in written.added.items():
        session.execute(delete(Mark).where(Mark.review_id == review, Mark.criterion.in_(codes)))
    for review, sentences in written.filled.items():
        for code, comment in sentences.items():
            mark = session.get_one(Mark, (review, code))
            mark.level, mark.not_applicable, mark.comment = None, False, comment
    session.flush()
    session.execute(update(Review).where(Review.id.in_(written.returned)).values(returned_at=None))
    files = set(session.scalars(select(Review.application_id).where(Review.id.in_(reviews))))
    session.execute(delete(Review).where(Review.id.in_(written.sheets)))
    stayed = _remove_members(session, written.members)
    number = sum(map(len, written.added.values())) + sum(map(len, written.filled.values()))
    record(
        session,
        verb=UNDONE,
        noun="import",
        noun_id=import_id,
        summary=f"Import de notes de {written.said} défait{NBSP}: {counted(number, 'note')} en moins",
        before={"sheets": len(written.sheets), "members_kept": stayed},
        source="import",
    )
    return Changes.of("review", *files) | Changes.of("meeting", call_id)


def _written(session: Session, import_id: str) -> Written:
    query = select(JournalEntry).where(JournalEntry.noun_id == import_id, JournalEntry.verb.in_((IMPORTED, UNDONE)))
    entries = {entry.verb: entry for entry in session.scalars(query)}
    if IMPORTED not in entries:
        raise UserError("Cet import de notes n’est pas au journal.")
    if UNDONE in entries:
        raise UserError("Cet import de notes est déjà défait.")
    kept: dict[str, Any] = dict(entries[IMPORTED].after or {})
    kept.pop("call")
    return Written(**kept)


def _refuse_revealed(session: Session, reviews: Collection[str]) -> None:
    query = (
        select(Application.number)
        .join(AgendaItem, AgendaItem.application_id == Application.id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Review, Review.application_id == Application.id)
        .where(Review.id.in_(reviews), Meeting.revealed_at.is_not(None))
        .distinct()
    )
    if numbers := sorted(session.scalars(query)):
        raise UserError(f"Les notes de {_some(numbers)} sont révélées{NBSP}: l’import ne peut plus être défait.")


def _refuse_changed(session: Session, written: Written) -> None:
    """The marks must be those of the import still, and the sheets it made must hold nothing else."""
    moment = datetime.fromisoformat(written.at)
    wanted = {(r, c) for given in (written.added, written.filled) for r, codes in given.items() for c in codes}
    query = (
        select(Mark.review_id, Mark.criterion, Mark.marked_at, Application.number)
        .join(Review, Review.id == Mark.review_id)
        .join(Application, Application.id == Review.application_id)
        .where(Mark.review_id.in_({review for review, _code in wanted}))
    )
    own, found, changed = set(written.sheets), set(), set()
    for review, code, at, number in session.execute(query):
        found.add((review, code))
        if ((review, code) in wanted and at != moment) or ((review, code) not in wanted and review in own):
            changed.add(number)
    if changed or wanted - found:
        where = f" sur {_some(sorted(changed))}" if changed else ""
        raise UserError(
            f"Des notes de cet import ont été changées depuis{where}{NBSP}: il ne peut plus être défait. Corrigez ces "
            "notes une à une."
        )


def _remove_members(session: Session, keys: Collection[str]) -> list[str]:
    """Those who have done nothing else go; gives the keys of the others."""
    stayed = []
    for key in keys:
        try:
            members.remove(session, member_id=key)
        except UserError:
            stayed.append(key)
    return stayed


def _some(numbers: list[str]) -> str:
    more = f" et {len(numbers) - _NAMED} autres" if len(numbers) > _NAMED else ""
    return ", ".join(numbers[:_NAMED]) + more
