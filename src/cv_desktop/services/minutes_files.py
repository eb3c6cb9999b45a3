"""The files of a meeting: minutes, annexed table, and the frozen content itself, byte for byte the same each time."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.meeting import Meeting, MeetingSnapshot
from cv_desktop.db.queries import snapshots
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.minutes import Minutes, canonical, from_json
from cv_desktop.domain.text import fold
from cv_desktop.services import minutes
from cv_desktop.services.letters import write_file

FOLDER = "seances"
ANNEX = "annexe.pdf"
KINDS = (".pdf", ".docx", ".xlsx", ".json", ANNEX)


def content(session: Session, *, meeting_id: str) -> tuple[Minutes, str, str]:
    """What the minutes say, its canonical text and its SHA-256: the last closing, else a draft without fingerprint.

    Raises UserError when a kept text is no longer what its fingerprint says.
    """
    meeting = session.get_one(Meeting, meeting_id)
    kept = snapshots.last(session, meeting_id=meeting_id)
    if meeting.state != "closed" or kept is None:
        draft = minutes.compose(session, meeting_id=meeting_id)
        return draft, canonical(draft), ""
    if not snapshots.sound(kept):
        raise UserError(
            f"Le relevé figé de «\u00a0{meeting.label}\u00a0» ne correspond plus à son empreinte\u00a0: il a été "
            "modifié hors de l’application. Restaurez une sauvegarde."
        )
    return from_json(kept.content), kept.content, kept.sha256


def faults(session: Session) -> list[str]:
    """The frozen minutes that are no longer what their fingerprint says, each in a sentence."""
    query = select(MeetingSnapshot, Meeting.label).join(Meeting, Meeting.id == MeetingSnapshot.meeting_id)
    return [
        f"Relevé de «\u00a0{label}\u00a0», version {kept.version}\u00a0: contenu et empreinte ne correspondent plus."
        for kept, label in session.execute(query.order_by(Meeting.held_on, MeetingSnapshot.version))
        if not snapshots.sound(kept)
    ]


def make(said: Minutes, text: str, sha256: str, kind: str) -> bytes:
    """One file: ``kind`` is one of ``KINDS``. The JSON is the very text that the fingerprint is of."""
    match kind:
        case ".pdf":
            from cv_desktop.documents import minutes_pdf

            return minutes_pdf.render(said, sha256)
        case ".docx":
            from cv_desktop.documents import minutes_docx

            return minutes_docx.render(said, sha256)
        case ".xlsx":
            from cv_desktop.documents import minutes_annex

            return minutes_annex.workbook(said)
        case ".json":
            return text.encode()
        case "annexe.pdf":
            from cv_desktop.documents import minutes_annex

            return minutes_annex.pdf(said, sha256)
    raise UserError(
        f"«\u00a0{kind}\u00a0» n’est pas une forme du relevé\u00a0: choisissez .pdf, .docx, .xlsx ou .json."
    )


def export(store: Store, *, actor: str, meeting_id: str, kind: str) -> bytes:
    """One file of the minutes; the export is journaled."""
    with store.read() as session:
        said, text, sha256 = content(session, meeting_id=meeting_id)
    made = make(said, text, sha256, kind)
    with store.write(actor) as session:
        state = "projet" if said.draft else f"version {said.version}"
        record(
            session,
            verb="minutes_files.export",
            noun="meeting",
            noun_id=meeting_id,
            summary=f"Relevé d’avis de «\u00a0{said.meeting}\u00a0» exporté ({kind.removeprefix('.')}, {state})",
            after={"sha256": sha256},
            source="export",
        )
    return made


def write_all(store: Store, *, meeting_id: str) -> list[Path]:
    """Every file of a closed meeting in the folder of the base, under its day, its name and its version.

    They are made of what was frozen: one that is lost is made again, the same, at the next call.
    """
    with store.read() as session:
        said, text, sha256 = content(session, meeting_id=meeting_id)
    folder = folder_of(store, said)
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    names = {".pdf": "releve-d-avis.pdf", ".docx": "releve-d-avis.docx", ".xlsx": "annexe.xlsx",
             ".json": "releve-fige.json", ANNEX: ANNEX}  # fmt: skip
    paths = []
    for kind, name in names.items():
        paths.append(folder / name)
        write_file(paths[-1], make(said, text, sha256, kind))
    return paths


def folder_of(store: Store, said: Minutes) -> Path:
    """« seances/2026-04-16_comite-fia-n-1_v1 » in the folder of the base."""
    version = f"_v{said.version}" if said.version else ""
    return store.folder / FOLDER / f"{said.held_on}_{slug(said.meeting)}{version}"


def slug(text: str) -> str:
    """A name for a file: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:40].rstrip("-")
