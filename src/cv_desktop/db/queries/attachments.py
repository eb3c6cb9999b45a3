"""The documents joined to a file, and whether their contents are still what was received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.application import Application, Import
from cv_desktop.db.models.attachment import ApplicationAttachment, Attachment
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.report import Report
from cv_desktop.db.models.scan import ScanPile
from cv_desktop.db.models.signatory import Dispatch, Signatory, Signature
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.models.structure_document import StructureDocument
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.text import NBSP, quote


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """``missing`` and ``altered`` tell that the content is not there, or not the one received."""

    id: str
    kind: str
    filename: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    missing: bool
    altered: bool


def rows(session: Session, *, application_id: str) -> list[AttachmentRow]:
    """The documents of a file in the order they came, their contents verified."""
    query = (
        select(ApplicationAttachment, Attachment.media_type, Attachment.size)
        .join(Attachment, Attachment.sha256 == ApplicationAttachment.sha256)
        .where(ApplicationAttachment.application_id == application_id)
        .order_by(ApplicationAttachment.position)
    )
    folder = pieces.folder_of(session)
    found = []
    for joined, media_type, size in session.execute(query):
        path = pieces.place(folder, joined.sha256)
        there = path.is_file()
        altered = there and not pieces.sound(path, joined.sha256)
        found.append(
            AttachmentRow(
                joined.id, joined.kind, joined.filename, media_type, size, joined.sha256, joined.added_at,
                not there, altered,
            )
        )  # fmt: skip
    return found


def content(session: Session, *, sha256: str) -> Path:
    """Where the content of a document lies."""
    return pieces.place(pieces.folder_of(session), sha256)


def faults(session: Session) -> list[str]:
    """One sentence for each document or imported file of the base whose content is missing or altered."""
    sums = session.scalars(select(Attachment.sha256)).all()
    wrong = {x.sha256: x.altered for x in pieces.faults(pieces.folder_of(session), sums)}
    if not wrong:
        return []
    of_files = (
        select(Application.number, ApplicationAttachment.filename, ApplicationAttachment.sha256)
        .join(Application, Application.id == ApplicationAttachment.application_id)
        .where(ApplicationAttachment.sha256.in_(wrong))
        .order_by(Application.number, ApplicationAttachment.position)
    )
    of_structures = (
        select(Structure.name, StructureDocument.filename, StructureDocument.sha256)
        .join(Structure, Structure.id == StructureDocument.structure_id)
        .where(StructureDocument.sha256.in_(wrong))
        .order_by(Structure.name, StructureDocument.received_on)
    )
    of_reports = (
        select(Structure.name, Report.filename, Report.sha256)
        .join(Structure, Structure.id == Report.structure_id)
        .where(Report.sha256.in_(wrong))
        .order_by(Structure.name, Report.year)
    )
    of_signatories = select(Signatory.name, Signatory.image_name, Signatory.image_sha256).where(
        Signatory.image_sha256.in_(wrong)
    )
    of_signatures = (
        select(Letter.number, Signature.filename, Signature.sha256)
        .join(Letter, Letter.id == Signature.letter_id)
        .where(Signature.sha256.in_(wrong))
        .order_by(Letter.number)
    )
    of_dispatches = (
        select(Letter.number, Dispatch.proof_name, Dispatch.proof_sha256)
        .join(Letter, Letter.id == Dispatch.letter_id)
        .where(Dispatch.proof_sha256.in_(wrong))
        .order_by(Letter.number)
    )
    of_piles = (
        select(literal("Scans à classer"), ScanPile.filename, ScanPile.sha256)
        .where(ScanPile.sha256.in_(wrong))
        .order_by(ScanPile.read_at)
    )
    found = [
        sentence(f"{owner}, {quote(name)}", wrong[sha or ""])
        for query in (of_files, of_structures, of_reports, of_signatories, of_signatures, of_dispatches, of_piles)
        for owner, name, sha in session.execute(query)
    ]
    imported = select(Import).where(Import.sha256.in_(wrong)).order_by(Import.imported_at)
    return found + [_of_import(batch, wrong[batch.sha256]) for batch in session.scalars(imported)]


def sentence(which: str, altered: bool) -> str:
    """What is wrong with a content, and the way out."""
    state = "a été modifiée depuis sa réception" if altered else f"est absente du dossier {quote(pieces.FOLDER)}"
    return f"{which}{NBSP}: la pièce {state}. Restaurez une sauvegarde, ou joignez-la de nouveau."


def _of_import(batch: Import, altered: bool) -> str:
    state = "a été modifié depuis son import" if altered else f"est absent du dossier {quote(pieces.FOLDER)}"
    day = short_date(local(batch.imported_at).date())
    return f"Import du {day}, {quote(batch.filename)}{NBSP}: le fichier {state}. Restaurez une sauvegarde."
