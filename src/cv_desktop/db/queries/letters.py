"""The outbox: letters to re-read, to issue, issued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call, LetterTemplate
from cv_desktop.db.models.decision import Decision, Letter, Lot
from cv_desktop.db.models.signatory import Dispatch, Signature
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.visibility import visible
from cv_desktop.domain.delegations import ToSign

_Newer = aliased(Letter)


@dataclass(frozen=True, slots=True)
class Signed:
    """``way`` is image, pades, parapheur or hand; one by hand has a file once its copy came back."""

    way: str
    signer: str
    at: datetime
    filename: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Sent:
    """``channel`` is post, lrar, email or hand; ``reminder_on`` is None once it was received."""

    channel: str
    on: date
    registered_number: str
    proof_name: str
    received_on: date | None
    reminder_on: date | None


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter of the outbox. ``number`` is empty until it is issued; ``edition`` is 2 for the one that replaces a 1.

    ``state`` is to_read, read, issued, signed, sent or replaced; ``own_text`` when its blocks are not of its template.
    """

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
    replaces_id: str
    signed: Signed | None = None
    sent: Sent | None = None
    edition: int = 1
    own_text: bool = False

    @property
    def issued(self) -> bool:
        """Whether it has its number: from then on it is never written again."""
        return bool(self.number)


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """What is kept of an issued letter to find or to make its file again, and its signed file if it has one."""

    id: str
    number: str
    filename: str
    sha256: str
    content: dict[str, object]
    signed_filename: str = ""
    signed_sha256: str = ""


def replaced() -> ColumnElement[bool]:
    """Whether another letter took the place of this one."""
    return select(_Newer.id).where(_Newer.replaces_id == Letter.id).exists()


def shown_state() -> ColumnElement[str]:
    """The state that people see, of a letter joined to its signature and to its dispatch."""
    return case(
        (replaced(), "replaced"),
        (Dispatch.id.is_not(None), "sent"),
        (Signature.id.is_not(None), "signed"),
        else_=Letter.state,
    )


def rows(session: Session, *, call_id: str, viewer: str | None = None) -> list[LetterRow]:
    """The letters of a campaign in the order of the files; those of one file in the order of their preparation."""
    what = (
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
        shown_state(),
        func.coalesce(Lot.id, ""),
        func.coalesce(Lot.label, ""),
        func.coalesce(Lot.act_number, ""),
        Lot.act_on,
        Letter.dated_on,
        func.coalesce(Letter.filename, ""),
        func.coalesce(Letter.replaces_id, ""),
    )
    query = (
        select(*what, func.json_extract(Letter.given, "$.blocks").is_not(None), Signature, Dispatch)
        .join(LetterTemplate, LetterTemplate.id == Letter.template_id)
        .join(Application, Application.id == Letter.application_id)
        .join(Structure, Structure.id == Application.structure_id)
        .outerjoin(Decision, Decision.id == Letter.decision_id)
        .outerjoin(Lot, Lot.id == Decision.lot_id)
        .outerjoin(Signature, Signature.letter_id == Letter.id)
        .outerjoin(Dispatch, Dispatch.letter_id == Letter.id)
        .where(Letter.call_id == call_id, visible(viewer))
        .order_by(Application.seq, Letter.prepared_at, Letter.kind)
    )
    found: list[LetterRow] = []
    editions: dict[str, int] = {}
    for row in session.execute(query):
        *values, own_text, signature, dispatch = tuple(row)
        edition = editions[values[0]] = editions.get(values[-1], 0) + 1
        whole: list[Any] = [*values, _signed(signature), _sent(dispatch), edition, bool(own_text)]
        found.append(LetterRow(*whole))
    return found


def counts(session: Session, *, call_id: str | None = None, viewer: str | None = None) -> dict[str, int]:
    """How many letters are in each state, in a campaign or in all."""
    state = shown_state()
    query = (
        select(state, func.count())
        .select_from(Letter)
        .join(Application, Application.id == Letter.application_id)
        .outerjoin(Signature, Signature.letter_id == Letter.id)
        .outerjoin(Dispatch, Dispatch.letter_id == Letter.id)
        .where(visible(viewer))
        .group_by(state)
    )
    if call_id is not None:
        query = query.where(Letter.call_id == call_id)
    return Counter(dict(session.execute(query).all()))


def without_receipt(session: Session, *, call_id: str, day: date, viewer: str | None = None) -> tuple[int, date | None]:
    """How many letters of a campaign left and should have come back received by a day, and since when the first."""
    query = (
        select(func.count(), func.min(Dispatch.reminder_on))
        .select_from(Letter)
        .join(Application, Application.id == Letter.application_id)
        .join(Dispatch, Dispatch.letter_id == Letter.id)
        .where(
            Letter.call_id == call_id,
            Dispatch.received_on.is_(None),
            Dispatch.reminder_on <= day,
            ~replaced(),
            visible(viewer),
        )
    )
    count, first = session.execute(query).one()
    return count, first


def issued_files(session: Session, letter_ids: Sequence[str]) -> list[IssuedFile]:
    """The issued letters among these, in the order given."""
    query = (
        select(Letter, Signature)
        .outerjoin(Signature, Signature.letter_id == Letter.id)
        .where(Letter.id.in_(letter_ids), Letter.number.is_not(None))
    )
    found = {
        letter.id: IssuedFile(
            letter.id,
            letter.number or "",
            letter.filename or "",
            letter.sha256 or "",
            dict(letter.content or {}),
            signature.filename if signature else "",
            signature.sha256 or "" if signature else "",
        )
        for letter, signature in session.execute(query)
    }
    return [found[key] for key in letter_ids if key in found]


def to_sign(session: Session, letter_ids: Sequence[str]) -> list[ToSign]:
    """What the register of signatories asks of these letters, in the order given."""
    query = (
        select(Letter, LetterTemplate.label, Application.number, Call.code, Call.scheme_code, shown_state())
        .join(LetterTemplate, LetterTemplate.id == Letter.template_id)
        .join(Application, Application.id == Letter.application_id)
        .join(Call, Call.id == Letter.call_id)
        .outerjoin(Signature, Signature.letter_id == Letter.id)
        .outerjoin(Dispatch, Dispatch.letter_id == Letter.id)
        .where(Letter.id.in_(letter_ids))
    )
    amounts = dict(
        session.execute(
            select(Letter.id, Decision.amount_cents)
            .join(Decision, Decision.id == Letter.decision_id)
            .where(Letter.id.in_(letter_ids))
        ).all()
    )
    found = {
        letter.id: ToSign(
            id=letter.id,
            number=letter.number or "",
            short=file.rsplit("-", 1)[-1],
            kind=letter.kind,
            label=label,
            state=state,
            printed="".join(span["text"] for span in (letter.content or {}).get("signatory_name", ())),
            call=call,
            scheme=scheme,
            amount_cents=amounts.get(letter.id),
        )
        for letter, label, file, call, scheme, state in session.execute(query)
    }
    return [found[key] for key in letter_ids if key in found]


def _signed(one: Signature | None) -> Signed | None:
    return Signed(one.way, one.signer, one.signed_at, one.filename, one.sha256 or "") if one else None


def _sent(one: Dispatch | None) -> Sent | None:
    if one is None:
        return None
    return Sent(one.channel, one.sent_on, one.registered_number, one.proof_name, one.received_on, one.reminder_on)
