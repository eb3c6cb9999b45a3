"""PDF forms that associations filled: a Cerfa 12156 becomes a file, a Cerfa 15059 the report joined to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.queries import form_kinds
from cv_desktop.domain import filled_form, form_entry
from cv_desktop.domain.changes import Changes, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import Box, Filled, FormKind
from cv_desktop.domain.text import NBSP
from cv_desktop.services import attachments, entries, form_mappings, reference
from cv_desktop.services.registry import Known

_OUT = ("ineligible", "withdrawn")


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
    return filled_form.read(reading.kind, reading.boxes, reference.accounts(session), places)


def read(session: Session, *, path: Path) -> Filled:
    """The filled form of a PDF, as it was taught to this base. Raises UserError as ``reading`` does."""
    return filled(session, reading=reading(session, path=path))


def take(
    session: Session, *, call_id: str, path: Path, reading: FormReading, chosen: Mapping[str, str]
) -> tuple[Changes, str]:
    """Write a form as ``write`` does, and remember the places a person gave to its boxes for the next PDF like it."""
    steps = [remember(session, reading=reading, chosen=chosen).undo] if chosen else []
    done, key = write(session, call_id=call_id, path=path, filled=filled(session, reading=reading, chosen=chosen))
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


def write(session: Session, *, call_id: str, path: Path, filled: Filled) -> tuple[Changes, str]:
    """Write a filled form in a campaign, the PDF joined to it. Gives the changes and the key of the file.

    A request makes a file, deposited when nothing it needs is missing. A report (bilan) is joined to the file that
    the same structure has in the campaign. Raises UserError when no structure or no file can be told.
    """
    if filled.kind.code == form_entry.REPORT:
        file = _file_of(session, call_id, filled)
        return attachments.add(session, application_id=file.id, kind="bilan", path=path), file.id
    made, key = entries.create(session, call_id=call_id, entry=form_entry.entry(filled)[0])
    session.flush()
    joined = attachments.add(session, application_id=key, kind="", path=path)
    # Taking the file back takes what is joined to it away.
    return Changes(made.touched | joined.touched, made.undo), key


def _file_of(session: Session, call_id: str, filled: Filled) -> Application:
    read = form_entry.structure(filled.values, [])
    known = Known.load(session).recognise(read)
    code = session.get_one(Call, call_id).code
    if known is None:
        raise UserError(
            f"Ce compte rendu ne dit pas de quelle structure connue il vient{NBSP}: ni son SIRET ni son RNA ne sont "
            "au registre. Ouvrez le dossier et joignez le PDF à la pièce «\u00a0bilan\u00a0»."
        )
    file = session.scalars(
        select(Application)
        .where(
            Application.call_id == call_id,
            Application.structure_id == known.id,
            Application.status.not_in(_OUT),
        )
        .order_by(Application.seq.desc())
    ).first()
    if file is None:
        raise UserError(f"«{NBSP}{known.name}{NBSP}» n’a pas de dossier dans la campagne {code} où joindre ce bilan.")
    return file
