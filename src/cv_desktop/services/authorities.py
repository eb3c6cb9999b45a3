"""The authorities of certificates that the service recognises, with the lists of those that they revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.reference import Setting
from cv_desktop.db.queries import authorities as queries
from cv_desktop.db.refusals import opened
from cv_desktop.db.work import record
from cv_desktop.documents import certificate_chain
from cv_desktop.documents.certificate_chain import Trusted
from cv_desktop.documents.revocation import Found
from cv_desktop.documents.signing import Certificate
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import contents

_LARGEST = 5 * 1024 * 1024


def add(session: Session, *, path: Path) -> Changes:
    """Recognise the authority of a file, or take its list of revocations.

    Raises UserError when the file is neither, or is known already.
    """
    with opened(path):
        if path.stat().st_size > _LARGEST:
            raise UserError(f"{quote(path.name)} pèse plus de 5{NBSP}Mo{NBSP}: ce n’est pas le fichier d’une autorité.")
        data = path.read_bytes()
    read = certificate_chain.read(data)
    kept = contents.keep_bytes(session, data)
    known = [row.sha256 for row in queries.rows(session)]
    if kept.sha256 in known:
        raise UserError(f"{quote(path.name)} est déjà parmi les autorités reconnues.")
    line = {
        "sha256": kept.sha256,
        "filename": path.name,
        "name": ", ".join(read.names[:3]),
        "until": read.until.date().isoformat() if read.until else "",
        "revocations": bool(read.lists),
    }
    return _put(session, line=line, place=len(known))


def remove(session: Session, *, sha256: str) -> Changes:
    """No longer recognise an authority; what was signed stays as it was judged."""
    lines = _lines(session)
    place = next((at for at, line in enumerate(lines) if line["sha256"] == sha256), None)
    if place is None:
        raise UserError("Cette autorité n’est plus parmi celles qui sont reconnues.")
    gone = lines.pop(place)
    _write(session, lines)
    record(
        session,
        verb="authorities.remove",
        noun="settings",
        noun_id=queries.KEY,
        summary=f"Autorité de certification retirée{NBSP}: {gone['name']}",
        before=gone,
    )
    return Changes.of("settings", queries.KEY, undo=Step(_put, {"line": gone, "place": place}))


def trusted(session: Session) -> list[Trusted]:
    """Their certificates and lists. Raises Unavailable when a file was lost or altered."""
    return [certificate_chain.read(data) for data in files(session)]


def files(session: Session) -> list[bytes]:
    """Their files as they were given. Raises Unavailable when one was lost or altered."""
    folder = pieces.folder_of(session)
    found = []
    for row in queries.rows(session):
        path = pieces.place(folder, row.sha256)
        if not pieces.sound(path, row.sha256):
            raise Unavailable(
                f"Le fichier de l’autorité {row.name} a été effacé ou modifié. Ajoutez-le de nouveau dans "
                f"Réglages{NBSP}› Signataires et délégations."
            )
        found.append(path.read_bytes())
    return found


def recognising(session: Session) -> bool:
    """Whether an authority is recognised at all: a list of revocations alone recognises nobody."""
    return any(one.certificates for one in trusted(session))


def check(known: Sequence[Trusted], certificate: Certificate, found: Found, *, at: datetime) -> None:
    """Raises UserError when the authorities recognised do not vouch for a certificate; without any, it passes.

    ``found`` is what they were asked over the network.
    """
    told = Trusted((), (), found.lists, None)
    certificate_chain.check(certificate, [*known, told], found.answers, at=at)


def _put(session: Session, *, line: dict[str, Any], place: int) -> Changes:
    lines = _lines(session)
    lines.insert(place, line)
    _write(session, lines)
    record(
        session,
        verb="authorities.add",
        noun="settings",
        noun_id=queries.KEY,
        summary=f"Autorité de certification reconnue{NBSP}: {line['name']}",
        after=line,
    )
    return Changes.of("settings", queries.KEY, undo=Step(remove, {"sha256": line["sha256"]}))


def _lines(session: Session) -> list[dict[str, Any]]:
    kept = session.get(Setting, queries.KEY)
    return list(kept.value or ()) if kept else []


def _write(session: Session, lines: list[dict[str, Any]]) -> None:
    session.merge(Setting(key=queries.KEY, value=lines))
    session.flush()
