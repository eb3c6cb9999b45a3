"""The files of the letters issued and signed: read as they were made, looked after, made again when they were lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.queries import letters as queries
from cv_desktop.db.queries.letters import IssuedFile
from cv_desktop.db.refusals import explained
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_json import content_from_json
from cv_desktop.domain.letters import LetterContent
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services.letterheads import drawn
from cv_desktop.services.letters import FOLDER, write_file

Render = Callable[[LetterContent], bytes]


class Damage(StrEnum):
    """What happened to a file on the disk."""

    ABSENT = "absent"
    ALTERED = "altered"


def issued_bytes(folder: Path, one: IssuedFile, render: Render) -> bytes:
    """The PDF as it was issued, from its file, else made again from what was kept of it.

    Raises UserError when it can no longer be made as it was.
    """
    path = folder / FOLDER / one.filename
    with explained(path):
        found = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(found).hexdigest() != one.sha256:
        found = drawn(folder, content_from_json(one.content), render)
        if hashlib.sha256(found).hexdigest() != one.sha256:
            raise UserError(f"Le courrier {one.number} ne peut plus être refait tel qu’il a été émis.")
    return found


def last_bytes(folder: Path, one: IssuedFile, render: Render) -> bytes:
    """The signed PDF of a letter that has one, else the PDF as it was issued.

    Raises UserError when neither can be found or made again.
    """
    if not one.signed_sha256:
        return issued_bytes(folder, one, render)
    kept = pieces.place(folder, one.signed_sha256)
    for path in (kept, folder / FOLDER / one.signed_filename):
        if pieces.sound(path, one.signed_sha256):
            with explained(path):
                return path.read_bytes()
    raise UserError(
        f"Le fichier signé du courrier {one.number} a été effacé ou modifié sur le disque{NBSP}: reprenez-le d’une "
        "sauvegarde."
    )


def damages(session: Session, *, letter_ids: Sequence[str]) -> dict[str, Damage]:
    """Which of these letters no longer have their file as it was made: the PDF issued, or the signed one."""
    folder = pieces.folder_of(session) / FOLDER
    found: dict[str, Damage] = {}
    for one in queries.issued_files(session, letter_ids):
        for name, sha256 in _files(one):
            if not pieces.sound(folder / name, sha256):
                found[one.id] = Damage.ALTERED if (folder / name).exists() else Damage.ABSENT
    return found


def mend(store: Store, *, actor: str, letter_ids: Sequence[str], render: Render) -> Changes:
    """Put the files of these letters back as they were made; an altered one is kept aside under another name.

    Raises UserError when one can no longer be made as it was.
    """
    folder = store.folder / FOLDER
    with explained(folder / "x"):
        folder.mkdir(parents=True, exist_ok=True)
    with store.read() as session:
        chosen = queries.issued_files(session, letter_ids)
    done = []
    for one in chosen:
        for name, sha256 in _files(one):
            path = folder / name
            if pieces.sound(path, sha256):
                continue
            signed = name == one.signed_filename
            data = last_bytes(store.folder, one, render) if signed else issued_bytes(store.folder, one, render)
            if path.exists():
                with explained(path):
                    path.replace(_aside(path))
            write_file(path, data)
            done.append((one, name))
    if done:
        with store.write(actor) as session:
            record(
                session,
                verb="letter_files.mend",
                noun="letter",
                noun_id=done[0][0].id,
                summary=f"{counted(len(done), 'fichier')} de courrier remis en place{NBSP}: "
                + ", ".join(quote(name) for _one, name in done[:8]),
                after=[name for _one, name in done],
            )
    return Changes.of("letter", *(one.id for one, _name in done))


def _files(one: IssuedFile) -> list[tuple[str, str]]:
    files = [(one.filename, one.sha256)]
    return [*files, (one.signed_filename, one.signed_sha256)] if one.signed_sha256 else files


def _aside(path: Path) -> Path:
    """« …_modifie.pdf », numbered when somebody altered it twice."""
    rank = 1
    while (named := path.with_name(f"{path.stem}_modifie{rank if rank > 1 else ''}{path.suffix}")).exists():
        rank += 1
    return named
