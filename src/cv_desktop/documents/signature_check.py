"""Who signed a PDF, when, what is covered and whether it is recognised: read from any file, even a hostile one.

Nothing is fetched. What cannot be understood is never said valid.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from cv_desktop.documents.signature_trust import Lack, common_name, known, tampered
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP

LARGEST = 200 * 1024 * 1024
_TAIL = 4096


class Verdict(StrEnum):
    """What a signature is worth."""

    VALID = "valide"
    UNKNOWN = "valide mais non reconnue"
    ALTERED = "altérée"
    PARTIAL = "partielle"
    UNREADABLE = "illisible"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: ``signer`` and ``signed_at`` are what it says of itself.

    ``dated_at`` is when a recognised authority saw it, None when none did; ``archived`` tells that data for its archive
    (revocations, timestamps) and nothing else was added after it; ``followed`` tells that other signatures were, and
    nothing more; ``lack`` is what it lacks to be recognised.
    """

    field: str
    signer: str
    signed_at: datetime | None
    intact: bool
    covers_whole_document: bool
    changed_after: bool
    trusted: bool
    verdict: Verdict
    why: str
    dated_at: datetime | None = None
    archived: bool = False
    lack: Lack | None = None
    followed: bool = False


def check(pdf: bytes, authorities: Sequence[bytes] = (), *, at: datetime) -> tuple[Signature, ...]:
    """The signatures of a PDF, in the order they were made; none is an empty answer.

    ``authorities`` are the certificates of those that are recognised and their lists of revocation (PEM or DER), ``at``
    the moment of the check. Raises UserError when the file is no PDF or is encrypted, or an authority is none.
    """
    from cv_desktop.documents.signature_additions import faults

    for noisy in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    if not pdf.lstrip()[:5] == b"%PDF-":
        raise UserError("Ce fichier n’est pas un PDF." if pdf else f"Ce fichier est vide{NBSP}: ce n’est pas un PDF.")
    if b"startxref" not in pdf[-_TAIL:]:
        # Where every PDF says its table: without it a reader goes back through all of a large file, sign by sign.
        return (_unreadable("", "Le fichier est incomplet, ou quelque chose d’autre le suit."),)
    try:
        reader, strict = _opened(pdf)
        if reader.encrypted:
            raise UserError(
                f"Ce PDF est protégé par un mot de passe{NBSP}: ses signatures ne se lisent pas. Demandez-le sans "
                "protection."
            )
        embedded, stamps = list(reader.embedded_regular_signatures), list(reader.embedded_timestamp_signatures)
        unknown = _unknown_fields(reader, {one.field_name for one in (*embedded, *stamps)})
    except UserError:
        raise
    except faults():
        return (_unreadable("", "Le fichier est abîmé ou construit de façon trompeuse."),)
    file = _File(pdf, strict, known(authorities, reader), tuple(stamps), at)
    judged = [_judged(file, one) for one in embedded]
    return (*judged, *(_unreadable(name, "Elle est d’un genre qui ne se vérifie pas.") for name in unknown))


@dataclass(frozen=True, slots=True)
class _File:
    """``strict`` tells that the file keeps to the norm in all that two programs could read in two ways."""

    pdf: bytes
    strict: bool
    known: Any
    stamps: tuple[Any, ...]
    at: datetime


def _opened(pdf: bytes) -> tuple[Any, bool]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    from cv_desktop.documents.signature_additions import faults

    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        _ = reader.encrypted or reader.embedded_signatures
        return reader, True
    except faults():
        return PdfFileReader(BytesIO(pdf), strict=False), False


def _unknown_fields(reader: Any, read: set[str]) -> list[str]:
    """Signatures that the file bears and nobody here can read."""
    from pyhanko.sign.fields import enumerate_sig_fields

    found = enumerate_sig_fields(reader, filled_status=True)
    return [str(name) for name, _value, _field in found if name not in read]


def _judged(file: _File, embedded: Any) -> Signature:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    from cv_desktop.documents.signature_additions import ends_cleanly, faults, policy
    from cv_desktop.documents.signature_range import covers_all, odd_range

    name = str(embedded.field_name)
    lack: Lack | None = None
    followed = False
    try:
        if why := odd_range(file.pdf, embedded):
            return _unreadable(name, why)
        moment, dated_at, wrong_stamp = _dated(file, embedded)
        context = file.known.context(moment)
        status = validate_pdf_signature(embedded, context, context, diff_policy=policy())
        certificate = status.signing_cert
        stamp = status.timestamp_validity
        if stamp is not None and stamp.intact and stamp.valid and file.known.vouched(stamp, moment):
            moment = dated_at = stamp.timestamp
            context = file.known.context(moment)
            status = validate_pdf_signature(embedded, context, context, diff_policy=policy())
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and covers_all(file.pdf, embedded)
        revision = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        archived = not whole and revision and _is_archive(status) and ends_cleanly(file.pdf)
        intact = bool(status.intact and status.valid)
        trusted = file.known.vouched(status, moment)
        signer = common_name(certificate)
        reported = status.signer_reported_dt
        if not intact:
            verdict, why = Verdict.ALTERED, "Le fichier a changé depuis la signature."
        elif tampered(embedded, file.known):
            verdict, why = Verdict.ALTERED, "Un des certificats joints à la signature a été modifié."
        elif not revision:
            verdict, why = Verdict.PARTIAL, "La signature ne couvre qu’une partie du fichier."
        elif not whole and not archived:
            verdict, why = Verdict.PARTIAL, _added(status)
            followed = _is_signatures(status)
            if followed and not trusted:
                lack, told = file.known.lack(status, embedded.signed_data, moment, dated=dated_at is not None)
                why = f"{why} {told}"
        elif wrong_stamp:
            verdict, why = Verdict.PARTIAL, "Un horodatage a été ajouté après la signature, et il ne vaut pas."
        elif not file.strict:
            why = f"Le fichier s’écarte de la norme PDF{NBSP}: deux logiciels peuvent y lire deux documents."
            verdict = Verdict.UNREADABLE
        elif not trusted:
            verdict = Verdict.UNKNOWN
            lack, why = file.known.lack(status, embedded.signed_data, moment, dated=dated_at is not None)
        elif archived:
            verdict, why = Verdict.VALID, "Rien n’a changé depuis, sauf des données d’archivage ajoutées à la fin."
        else:
            verdict, why = Verdict.VALID, "Tout le fichier est couvert et rien n’a changé depuis."
    except faults():
        return _unreadable(name, "Son contenu ne peut pas être vérifié.")
    sound = verdict in (Verdict.VALID, Verdict.UNKNOWN)
    return Signature(
        field=name,
        signer=signer,
        signed_at=reported,
        intact=intact,
        covers_whole_document=whole,
        changed_after=not sound,
        trusted=trusted and verdict is Verdict.VALID,
        verdict=verdict,
        why=why,
        dated_at=dated_at if sound else None,
        archived=archived and sound,
        lack=lack,
        followed=followed,
    )


def _is_archive(status: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel

    return bool(status.modification_level == ModificationLevel.LTA_UPDATES and status.docmdp_ok)


def _is_signatures(status: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel

    return bool(status.modification_level == ModificationLevel.FORM_FILLING and status.docmdp_ok)


def _added(status: Any) -> str:
    from pyhanko.sign.diff_analysis import ModificationLevel

    level = status.modification_level
    if _is_signatures(status):
        return "Une autre signature a été ajoutée au fichier après celle-ci."
    if level is not None and level <= ModificationLevel.LTA_UPDATES:
        return "Des octets ont été ajoutés au fichier après la signature."
    return "Le document a été modifié après la signature."


def _dated(file: _File, embedded: Any) -> tuple[datetime, datetime | None, bool]:
    """The moment at which a signature is to be judged, when an archive stamp saw it first, whether one is wrong.

    Each stamp that is recognised at the moment of the one after it takes the moment back to its own (ETSI EN 319 142-1,
    5.4): the certificates that it covers may have ended since.
    """
    from pyhanko.sign.validation import validate_pdf_timestamp

    from cv_desktop.documents.signature_additions import policy
    from cv_desktop.documents.signature_range import odd_range

    moment, dated_at = file.at, None
    for stamp in reversed([one for one in file.stamps if one.signed_revision > embedded.signed_revision]):
        status = validate_pdf_timestamp(stamp, file.known.context(moment), diff_policy=policy())
        if odd_range(file.pdf, stamp) or not (status.intact and status.valid):
            return file.at, None, True
        if file.known.vouched(status, moment):
            moment = dated_at = status.timestamp
    return moment, dated_at, False


def _unreadable(name: str, why: str) -> Signature:
    return Signature(name, "", None, False, False, True, False, Verdict.UNREADABLE, why)
