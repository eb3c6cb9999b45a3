"""The statutory documents of a structure: each kind with the last one received, then the earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.attachment import Attachment
from cv_desktop.db.models.structure_document import StructureDocument, StructureDocumentKind
from cv_desktop.db.queries import year_amounts
from cv_desktop.db.work import today
from cv_desktop.domain.structure_alerts import DocumentFact

# A kind that the règlements name otherwise.
_IN_FILES = {"activite": "rapport_activite"}


@dataclass(frozen=True, slots=True)
class Held:
    """A document that the service has: the day it bears, the last day it is good (None: as long as no other comes)."""

    dated_on: date | None
    valid_until: date | None

    def good_on(self, day: date | None) -> bool:
        return self.valid_until is None or day is None or day <= self.valid_until


@dataclass(frozen=True, slots=True)
class KindRow:
    """``validity_months`` is None when the document holds until another one replaces it.

    ``threshold_cents``: awaited above so much of grants in the year only. ``closed``: no more asked nor proposed.
    """

    code: str
    label: str
    validity_months: int | None
    expected: bool
    to_validate: bool
    threshold_cents: int | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class StructureDocumentRow:
    """``state``: « valid », « soon », « expired », « replaced » by a later one, « awaited » when none came.

    ``sha256`` is empty while no file is joined; ``missing`` and ``altered`` tell that its content is not there, or is
    not the one received.
    """

    id: str
    kind: str
    label: str
    dated_on: date | None
    valid_until: date | None
    received_on: date | None
    filename: str
    note: str
    state: str
    sha256: str = ""
    media_type: str = ""
    missing: bool = False
    altered: bool = False


def kinds(session: Session) -> list[KindRow]:
    """The kinds of document that the service asks of structures, in its order."""
    day = today(session)
    query = select(StructureDocumentKind).order_by(StructureDocumentKind.position)
    return [
        KindRow(
            k.code, k.label, k.validity_months, k.expected, k.to_validate, k.threshold_cents,
            closed=k.closed_on is not None and k.closed_on <= day,
        )
        for k in session.scalars(query)
    ]  # fmt: skip


def rows(session: Session, *, structure_id: str) -> list[StructureDocumentRow]:
    """What was received and what is awaited, kind by kind, the last of each first."""
    day = today(session)
    received: dict[str, list[StructureDocument]] = {}
    query = select(StructureDocument).where(StructureDocument.structure_id == structure_id)
    for document in sorted(session.scalars(query), key=_age, reverse=True):
        received.setdefault(document.kind, []).append(document)
    of_them = [d.sha256 for several in received.values() for d in several if d.sha256]
    types = dict(
        session.execute(select(Attachment.sha256, Attachment.media_type).where(Attachment.sha256.in_(of_them))).all()
    )
    wrong = {fault.sha256: fault.altered for fault in pieces.faults(pieces.folder_of(session), types)}
    found = []
    asked = kinds(session)
    granted = _granted(session, structure_id) if any(kind.threshold_cents is not None for kind in asked) else 0
    for kind in asked:
        for place, d in enumerate(received.get(kind.code, ())):
            state = "replaced" if place else DocumentFact(d.kind, kind.label, d.dated_on, d.valid_until).state(day)
            key = d.sha256 or ""
            found.append(
                StructureDocumentRow(
                    d.id, d.kind, kind.label, d.dated_on, d.valid_until, d.received_on, d.filename, d.note, state,
                    key, types.get(key, ""), missing=wrong.get(key) is False, altered=wrong.get(key, False),
                )
            )  # fmt: skip
        needed = kind.expected and not kind.closed and granted >= _least(kind)
        if needed and kind.code not in received:
            found.append(
                StructureDocumentRow(f"awaited:{kind.code}", kind.code, kind.label, None, None, None, "", "", "awaited")
            )
    return found


def _least(kind: KindRow) -> int:
    """From how much granted in the year a kind is awaited, in cents."""
    return 0 if kind.threshold_cents is None else kind.threshold_cents + 1


def _granted(session: Session, structure_id: str) -> int:
    """What a structure is known to be granted this year, by any funder, in cents."""
    amounts = year_amounts.of_year(session, today(session).year, structure_id).get(structure_id, ())
    return sum(amount.cents for _key, amount in amounts if amount.granted)


def last_of_each(session: Session, *, structure_id: str | None = None) -> dict[str, list[DocumentFact]]:
    """The last document of each kind by structure, for the alerts."""
    labels = dict(session.execute(select(StructureDocumentKind.code, StructureDocumentKind.label)).all())
    query = select(StructureDocument)
    if structure_id is not None:
        query = query.where(StructureDocument.structure_id == structure_id)
    last: dict[tuple[str, str], StructureDocument] = {}
    for document in sorted(session.scalars(query), key=_age):
        last[document.structure_id, document.kind] = document
    found: dict[str, list[DocumentFact]] = {}
    for (owner, kind), d in sorted(last.items()):
        found.setdefault(owner, []).append(DocumentFact(kind, labels.get(kind, kind), d.dated_on, d.valid_until))
    return found


def _age(document: StructureDocument) -> tuple[date, date, str]:
    return document.dated_on or document.received_on, document.received_on, document.id


def held(session: Session, *, structure_id: str | None = None) -> dict[str, dict[str, Held]]:
    """The last document of each kind that structures gave once for all, by structure then by kind of a file."""
    query = select(StructureDocument).order_by(StructureDocument.received_on)
    if structure_id is not None:
        query = query.where(StructureDocument.structure_id == structure_id)
    found: dict[str, dict[str, Held]] = {}
    for d in session.scalars(query):
        found.setdefault(d.structure_id, {})[_IN_FILES.get(d.kind, d.kind)] = Held(d.dated_on, d.valid_until)
    return found
