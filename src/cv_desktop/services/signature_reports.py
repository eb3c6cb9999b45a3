"""« Vérifier une signature… »: who signed any PDF, when, what is covered, whether recognised; in sentences."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.signatory import Signature as Kept
from cv_desktop.db.refusals import opened
from cv_desktop.db.store import Store
from cv_desktop.documents import signature_check
from cv_desktop.documents.signature_check import Signature, Verdict
from cv_desktop.documents.signature_trust import Lack
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import spoken_moment
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.services import authorities

_COVERED = {True: "Tout le fichier est couvert.", False: "Une partie du fichier n’est pas couverte."}
_ARCHIVED = (
    "Des données d’archivage (révocations, horodatages) ont été ajoutées après elle, comme le permet la norme PAdES. "
    "Le document lui-même n’a pas changé."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One signature as it is told: ``level`` is success, warning or danger."""

    level: str
    verdict: str
    who: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``known`` says which of our letters the file is, empty when it is none; ``level`` is that of the worst line."""

    file: str
    known: str
    lines: tuple[Line, ...]

    @property
    def level(self) -> str:
        found = {line.level for line in self.lines}
        return next((level for level in ("danger", "warning", "success") if level in found), "neutral")


def report(store: Store, path: Path) -> Report:
    """What a PDF bears. Raises UserError when it is no PDF or is larger than 200 MB, Unavailable when unreadable."""
    with opened(path):
        if path.stat().st_size > signature_check.LARGEST:
            raise UserError(f"{quote(path.name)} pèse plus de 200{NBSP}Mo{NBSP}: il n’est pas lu.")
        pdf = path.read_bytes()
    with store.read() as session:
        trusted, recognising = authorities.files(session), authorities.recognising(session)
        known = _known(session, hashlib.sha256(pdf).hexdigest())
    found = signature_check.check(pdf, trusted, at=store.clock())
    return Report(path.name, known, tuple(_line(one, recognising) for one in found))


def _line(one: Signature, recognising: bool) -> Line:
    moment = one.signed_at
    when = f"Le {long_date(local(moment).date())} à {spoken_moment(moment)}, selon la signature." if moment else ""
    told = [when, one.why]
    if one.dated_at is not None:
        day, hour = long_date(local(one.dated_at).date()), spoken_moment(one.dated_at)
        told.insert(1, f"Horodatée le {day} à {hour} par une autorité reconnue.")
    if one.archived:
        told.append(_ARCHIVED)
    elif one.verdict is not Verdict.UNREADABLE and one.intact:
        told.append(_COVERED[one.covers_whole_document])
    if one.lack is Lack.AUTHORITY and not recognising:
        told.append(f"Ajoutez son autorité dans Réglages{NBSP}› Signataires et délégations pour la reconnaître.")
    level = {Verdict.VALID: "success", Verdict.UNKNOWN: "warning"}.get(one.verdict, "danger")
    verdict = f"Signature {one.verdict.value}"
    return Line(level, verdict, one.signer or "Signataire illisible", tuple(dict.fromkeys(x for x in told if x)))


def _known(session: Session, sha256: str) -> str:
    query = (
        select(Letter.number, Letter.sha256)
        .outerjoin(Kept, Kept.letter_id == Letter.id)
        .where(or_(Letter.sha256 == sha256, Kept.sha256 == sha256))
    )
    for number, issued in session.execute(query):
        as_it_was = "tel qu’il a été émis, avant sa signature" if issued == sha256 else "tel qu’il a été signé"
        return f"C’est le courrier {number}, {as_it_was}."
    return ""
