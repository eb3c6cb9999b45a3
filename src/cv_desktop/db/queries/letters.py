"""The outbox: letters to re-read, to issue, issued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.models.decision import Decision, Letter, Lot
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import visible


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter of the outbox. ``number`` is empty until it is issued; ``state`` is to_read, read or issued."""

    id: str
    number: str
    kind: str
    label: str
    version: int
    application_id: str
    application_number: str
    structure_id: str
    structure: str
    title: str
    amount_cents: int | None
    state: str
    lot_id: str
    lot: str
    act_number: str
    act_on: date | None
    dated_on: date | None
    filename: str

    @property
    def issued(self) -> bool:
        return self.state == "issued"


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """What is kept of an issued letter to find or to make its file again."""

    id: str
    number: str
    filename: str
    sha256: str
    content: dict[str, object]


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[LetterRow]:
    """The letters of a campaign in the order of the files; those of one file in the order of their preparation."""
    query = (
        select(
            Letter.id,
            func.coalesce(Letter.number, ""),
            Letter.kind,
            LetterTemplate.label,
            LetterTemplate.version,
            Application.id,
            Application.number,
            Structure.id,
            Structure.name,
            Application.title,
            func.nullif(Decision.amount_cents, 0),
            Letter.state,
            func.coalesce(Lot.id, ""),
            func.coalesce(Lot.label, ""),
            func.coalesce(Lot.act_number, ""),
            Lot.act_on,
            Letter.dated_on,
            func.coalesce(Letter.filename, ""),
        )
        .join(LetterTemplate, LetterTemplate.id == Letter.template_id)
        .join(Application, Application.id == Letter.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(Decision, Decision.id == Letter.decision_id)
        .outerjoin(Lot, Lot.id == Decision.lot_id)
        .where(Letter.call_id == call_id, visible(viewer))
        .order_by(Application.seq, Letter.prepared_at, Letter.kind)
    )
    return [LetterRow(*tuple(row)) for row in session.execute(query)]


def counts(session: Session, *, call_id: str | None = None, viewer: str | None = None) -> dict[str, int]:
    """How many letters are to_read, read and issued, in a campaign or in all."""
    query = (
        select(Letter.state, func.count())
        .join(Application, Application.id == Letter.application_id)
        .where(visible(viewer))
        .group_by(Letter.state)
    )
    if call_id is not None:
        query = query.where(Letter.call_id == call_id)
    return Counter(dict(session.execute(query).all()))


def issued_files(session: Session, letter_ids: Sequence[str]) -> list[IssuedFile]:
    """The issued letters among these, in the order given."""
    query = select(Letter).where(Letter.id.in_(letter_ids), Letter.number.is_not(None))
    found = {letter.id: letter for letter in session.scalars(query)}
    return [
        IssuedFile(x.id, x.number or "", x.filename or "", x.sha256 or "", dict(x.content or {}))
        for x in (found[key] for key in letter_ids if key in found)
    ]
