"""PDF forms that associations filled: a Cerfa 12156 becomes a file, a Cerfa 15059 the report of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db.queries import form_kinds
from cv_desktop.domain import filled_form, form_entry, report_entry, report_table
from cv_desktop.domain.changes import Changes, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import REPORT, Box, Filled, FormKind
from cv_desktop.services import attachments, entries, form_mappings, reference, reports
from cv_desktop.services.reports import NOBODY_SAID, Placing


@dataclass(frozen=True, slots=True)
class FormReading:
    """A PDF read once: its boxes, the form it is, and what was remembered of the places of its boxes."""

    kind: FormKind
    to_validate: bool
    boxes: tuple[Box, ...]
    fingerprint: str
    remembered: Mapping[str, str]


def reading(session: Session, *, path: Path) -> FormReading:
    """What a PDF form holds. Raises UserError when it is none: not a form, blank, printed, protected, unknown."""
    from cv_desktop.documents.form_read import read_form

    file = read_form(path)
    known = form_kinds.current(session)
    kind = filled_form.recognise([form.kind for form in known], file.boxes, file.printed)
    key = filled_form.fingerprint(file.boxes)
    waiting = any(form.to_validate for form in known if form.kind is kind)
    return FormReading(kind, waiting, file.boxes, key, form_mappings.remembered(session, fingerprint=key))


def filled(session: Session, *, reading: FormReading, chosen: Mapping[str, str] | None = None) -> Filled:
    """The fields and the budget of a form, ``chosen`` over what was remembered of it."""
    places = {**reading.remembered, **(chosen or {})}
    read = report_table.read if reading.kind.code == REPORT else filled_form.read
    return read(reading.kind, reading.boxes, reference.accounts(session), places)


def read(session: Session, *, path: Path) -> Filled:
    """The filled form of a PDF, as it was taught to this base. Raises UserError as ``reading`` does."""
    return filled(session, reading=reading(session, path=path))


def take(
    session: Session,
    *,
    call_id: str | None,
    path: Path,
    reading: FormReading,
    chosen: Mapping[str, str],
    placing: Placing = NOBODY_SAID,
) -> tuple[Changes, str]:
    """Write a form as ``write`` does, and remember the places a person gave to its boxes for the next PDF like it."""
    steps = [remember(session, reading=reading, chosen=chosen).undo] if chosen else []
    told = filled(session, reading=reading, chosen=chosen)
    done, key = write(session, call_id=call_id, path=path, filled=told, placing=placing)
    return Changes(done.touched, together(*steps, done.undo)), key


def remember(session: Session, *, reading: FormReading, chosen: Mapping[str, str]) -> Changes:
    """Keep the places given to the boxes of a form beside those already remembered."""
    return form_mappings.remember(
        session,
        fingerprint=reading.fingerprint,
        kind=reading.kind.code,
        mapping={**reading.remembered, **chosen},
    )


def forget(session: Session, *, reading: FormReading) -> Changes:
    """Know the boxes of a form by their words again."""
    return form_mappings.remember(session, fingerprint=reading.fingerprint, kind=reading.kind.code, mapping={})


def write(
    session: Session, *, call_id: str | None, path: Path, filled: Filled, placing: Placing = NOBODY_SAID
) -> tuple[Changes, str]:
    """Write a filled form, the PDF joined to it. Gives the changes and the key of the file, or of the report.

    A request makes a file of the campaign, deposited when nothing it needs is missing. A report (bilan) is kept with
    its structure. Raises UserError when a request has no campaign, and as ``reports.receive`` does.
    """
    if filled.kind.code == REPORT:
        read = report_entry.entry(filled)[0]
        return reports.receive(session, read=read, path=path, call_id=call_id, placing=placing)
    if call_id is None:
        raise UserError("Ce formulaire est une demande\u00a0: indiquez sa campagne.", field="call")
    made, key = entries.create(session, call_id=call_id, entry=form_entry.entry(filled)[0])
    session.flush()
    joined = attachments.add(session, application_id=key, kind="", path=path)
    # Taking the file back takes what is joined to it away.
    return Changes(made.touched | joined.touched, made.undo), key
