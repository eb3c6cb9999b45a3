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

from cv_desktop.domain.errors import UserError


class Verdict(StrEnum):
    """What a signature is worth."""

    VALID = "valide"
    UNKNOWN = "valide mais non reconnue"
    ALTERED = "altérée"
    PARTIAL = "partielle"
    UNREADABLE = "illisible"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: ``signer`` and ``signed_at`` are what it says of itself."""

    field: str
    signer: str
    signed_at: datetime | None
    intact: bool
    covers_whole_document: bool
    changed_after: bool
    trusted: bool
    verdict: Verdict
    why: str


def check(pdf: bytes, authorities: Sequence[bytes] = (), *, at: datetime) -> tuple[Signature, ...]:
    """The signatures of a PDF, in the order they were made; none is an empty answer.

    ``authorities`` are the certificates (PEM or DER) of those that are recognised, ``at`` the moment of the check.
    Raises UserError when the file is no PDF.
    """
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    roots = [one for authority in authorities for one in load_certs_from_pemder_data(authority)]
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        embedded = reader.embedded_regular_signatures
    except (PdfError, ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError, NotImplementedError):
        if not pdf.lstrip()[:5] == b"%PDF-":
            raise UserError("Ce fichier n’est pas un PDF.") from None
        return (_unreadable("", "Le fichier est abîmé ou construit de façon trompeuse."),)
    return tuple(_judged(pdf, one, roots, at) for one in embedded)


def _judged(pdf: bytes, embedded: Any, roots: list[Any], at: datetime) -> Signature:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import ValidationError

    name = str(embedded.field_name)
    why = _odd_range(pdf, embedded)
    if why:
        return _unreadable(name, why)
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
    try:
        status = validate_pdf_signature(embedded, context)
    except (
        SignatureValidationError, ValidationInfoReadingError, ValidationError, SigningError, PdfError,
        ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError, NotImplementedError,
    ):  # fmt: skip
        return _unreadable(name, "Son contenu ne peut pas être vérifié.")
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    revision = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    intact = bool(status.intact and status.valid)
    trusted = bool(status.trusted)
    if not intact:
        verdict, why = Verdict.ALTERED, "Le fichier a changé depuis la signature."
    elif not revision:
        verdict, why = Verdict.PARTIAL, "La signature ne couvre qu’une partie du fichier."
    elif not whole:
        verdict, why = Verdict.PARTIAL, "Des octets ont été ajoutés au fichier après la signature."
    elif not trusted:
        verdict, why = Verdict.UNKNOWN, "L’autorité qui a délivré le certificat n’est pas de celles qui sont reconnues."
    else:
        verdict, why = Verdict.VALID, "Tout le fichier est couvert et rien n’a changé depuis."
    return Signature(
        field=name,
        signer=_common_name(status.signing_cert),
        signed_at=status.signer_reported_dt,
        intact=intact,
        covers_whole_document=whole,
        changed_after=not whole or not intact,
        trusted=trusted and verdict is Verdict.VALID,
        verdict=verdict,
        why=why,
    )


def _odd_range(pdf: bytes, embedded: Any) -> str:
    """Why the part of the file that a signature says it covers is not what it should be; empty when it is."""
    try:
        start, first, second, last = (int(number) for number in embedded.sig_object["/ByteRange"])
    except (KeyError, ValueError, TypeError):
        return "Elle ne dit pas ce qu’elle couvre."
    if start != 0 or min(first, last) < 0 or first >= second or second + last > len(pdf):
        return "Ce qu’elle dit couvrir n’est pas dans le fichier."
    hole = pdf[first:second]
    inside = hole[1:-1]
    if hole[:1] != b"<" or hole[-1:] != b">" or any(sign not in b"0123456789abcdefABCDEF \n\r\t" for sign in inside):
        return "Elle laisse hors d’elle autre chose que la signature."
    if pdf[:first].rstrip()[-9:] != b"/Contents":
        return "Elle laisse hors d’elle autre chose que la signature."
    return ""


def _unreadable(name: str, why: str) -> Signature:
    return Signature(name, "", None, False, False, True, False, Verdict.UNREADABLE, why)


def _common_name(certificate: Any) -> str:
    subject = certificate.subject.native
    return str(subject.get("common_name") or certificate.subject.human_friendly)
