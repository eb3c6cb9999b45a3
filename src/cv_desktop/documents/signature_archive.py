"""A signature made to last (level LTA): what proves it, kept in the file, then the file dated whole.

Added after the signature, no byte of it changes. Source: ETSI EN 319 142-1, 5.4 (DSS, document timestamp).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, crl, ocsp, x509

from cv_desktop.documents import signing
from cv_desktop.documents.certificate_chain import Trusted
from cv_desktop.documents.pdf_objects import stream, text_string
from cv_desktop.documents.pdf_update import NotOurs, Update, reference
from cv_desktop.documents.revocation import Found
from cv_desktop.documents.signing import Certificate, Timestamp
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.text import NBSP, quote


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verifier will need: the certificates of the signatory and of who dates, and what tells them not revoked.

    ``lacking`` says in a sentence what is missing for the level LTA; empty when nothing is.
    """

    certificates: tuple[x509.Certificate, ...]
    lists: tuple[crl.CertificateList, ...]
    answers: tuple[ocsp.OCSPResponse, ...]
    lacking: str = ""


def dating_certificates(token: bytes) -> tuple[x509.Certificate, ...]:
    """The certificate of who gave a timestamp, then those that it carries. Raises ValueError when it has none."""
    data = cms.ContentInfo.load(token)["content"]
    carried = [one.chosen for one in data["certificates"] if one.name == "certificate"]
    serial = data["signer_infos"][0]["sid"].chosen["serial_number"].native
    own = [one for one in carried if one.serial_number == serial]
    if not own:
        raise ValueError("a timestamp without its certificate")
    return (own[0], *(one for one in carried if one is not own[0]))


def gather(
    certificate: Certificate,
    dating: Sequence[x509.Certificate],
    trusted: Sequence[Trusted],
    found: Found,
    *,
    at: datetime,
) -> Evidence:
    """All that is known to prove a signature later, and what is missing of it.

    ``dating`` are the certificates of the timestamp authority, its own first; ``found`` what was asked over the
    network. Each path must end at a recognised authority, with a revocation list or answer that is valid at ``at``.
    """
    roots = [one for file in trusted for one in file.certificates]
    lists = [*(one for file in trusted for one in file.lists), *found.lists]
    carried = [certificate.own, *certificate.chain, *dating]
    every = list({one.dump(): one for one in (*carried, *roots)}.values())
    told = ""
    paths = ((certificate.own, set[str](), certificate.name), (dating[0], {"time_stamping"}, "l’horodatage"))
    for own, usage, name in paths:
        if not roots or not _proved(own, usage, every, roots, lists, found.answers, at):
            told = told or _missing(name, every, roots, lists, found.answers)
    return Evidence(tuple(every), tuple(lists), found.answers, told)


def archived(pdf: bytes, evidence: Evidence, timestamp: Timestamp) -> bytes:
    """The signed letter, then its evidence and the date of the whole, by the timestamp authority.

    Raises UserError when the file is not a letter as it was signed here, Unavailable when nobody dates it.
    """
    hole = b"<" + b"0" * _ROOM + b">"
    prepared = _prepared(pdf, evidence, hole)
    head, tail = signing.around(prepared, hole)
    digest = hashlib.sha256(head)
    digest.update(tail)
    token = timestamp(digest.digest()).hex().encode()
    if len(token) > _ROOM:
        raise Unavailable(
            f"La réponse de l’autorité d’horodatage est trop longue pour être gardée dans le courrier{NBSP}: "
            "rien n’est signé. Videz ce réglage pour signer sans horodatage."
        )
    return b"".join((head, b"<", token.ljust(_ROOM, b"0"), b">", tail))


# For the token of the document timestamp, in digits of its hexadecimal form.
_ROOM = 2 * signing.TOKEN


def _prepared(pdf: bytes, evidence: Evidence, hole: bytes) -> bytes:
    """The objects of the update. Its widget has no extent, and the look of the signature: an archive wants one."""
    try:
        update = Update(pdf, further=True)
        catalog, page = update.object(update.root), update.end_page()
        signature = reference(catalog, b"/AcroForm<</Fields[", b"")
        look = reference(update.object(signature), b"/AP<</N")
    except NotOurs:
        raise UserError(signing.NOT_A_LETTER) from None

    def kept(name: bytes, values: Sequence[Any]) -> bytes:
        numbers = [update.add(stream(value.dump(), b"")) for value in values]
        return b"%s[%s]" % (name, b" ".join(b"%d 0 R" % one for one in numbers)) if numbers else b""

    store = update.add(
        b"<</Type/DSS%s%s%s>>"
        % (kept(b"/Certs", evidence.certificates), kept(b"/CRLs", evidence.lists), kept(b"/OCSPs", evidence.answers))
    )
    value = update.add(
        b"<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161%s/Contents%s>>" % (signing.RANGE, hole)
    )
    stamp = update.add(
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Horodatage)/TU%s/F 132/Rect[0 0 0 0]/P %d 0 R/V %d 0 R"
        b"/AP<</N %d 0 R>>>>" % (text_string("Horodatage du courrier signé"), page.number, value, look)
    )
    also = b"%d 0 R %d 0 R" % (signature, stamp)
    update.replace(page.number, page.content.replace(b"/Annots[%d 0 R]" % signature, b"/Annots[%s]" % also))
    form = catalog.replace(b"/Fields[%d 0 R]" % signature, b"/Fields[%s]" % also)
    update.replace(update.root, form.removesuffix(b">>") + b"/DSS %d 0 R>>" % store)
    return update.finish()


def _proved(
    own: x509.Certificate,
    usage: set[str],
    every: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    lists: Sequence[crl.CertificateList],
    answers: Sequence[ocsp.OCSPResponse],
    at: datetime,
) -> bool:
    from pyhanko_certvalidator import CertificateValidator, ValidationContext

    from cv_desktop.documents.signature_additions import faults

    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    context = ValidationContext(
        trust_roots=list(roots), other_certs=list(every), crls=list(lists), ocsps=list(answers), allow_fetching=False,
        revocation_mode="require", moment=at,
    )  # fmt: skip
    validator: Any = CertificateValidator(own, list(every), validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage(set(), usage))
    except faults():
        return False
    return True


def _missing(
    name: str,
    every: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    lists: Sequence[crl.CertificateList],
    answers: Sequence[ocsp.OCSPResponse],
) -> str:
    where = f"Réglages{NBSP}› Signataires et délégations"
    if not roots:
        return f"aucune autorité n’est reconnue. Ajoutez celles du certificat et de l’horodatage dans {where}."
    known = {one.dump() for one in roots}
    listed = [one.issuer for one in lists]
    silent = [one.issuer for one in every if one.dump() not in known and one.issuer not in listed]
    if silent and not answers:
        names = ", ".join(dict.fromkeys(quote(_spoken(one)) for one in silent))
        return f"la liste de révocation de {names} manque. Ajoutez-la dans {where}."
    return (
        f"rien ne prouve aujourd’hui que le certificat de {name} vaut{NBSP}: sa liste de révocation est périmée, "
        f"ou son autorité n’est pas dans {where}."
    )


def _spoken(name: x509.Name) -> str:
    return str(name.native.get("common_name") or name.human_friendly)
