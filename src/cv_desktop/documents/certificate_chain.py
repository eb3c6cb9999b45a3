"""Who vouches for a certificate: a path to an authority that is recognised, and no revocation on the way.

Nothing is fetched: the revocation lists looked at are those that were given.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl, ocsp, pem, x509

from cv_desktop.documents.signing import Certificate
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP


@dataclass(frozen=True, slots=True)
class Trusted:
    """A file of an authority: its certificates, or the list of those that it revoked."""

    names: tuple[str, ...]
    certificates: tuple[x509.Certificate, ...]
    lists: tuple[crl.CertificateList, ...]
    until: datetime | None


def read(content: bytes) -> Trusted:
    """The certificates and revocation lists of a file, PEM or DER. Raises UserError when it holds none."""
    certificates, lists = [], []
    try:
        blocks = list(pem.unarmor(content, multiple=True)) if pem.detect(content) else [("", {}, content)]
        for kind, _headers, der in blocks:
            if kind == "X509 CRL":
                lists.append(crl.CertificateList.load(der, strict=True))
            elif kind in ("", "CERTIFICATE"):
                certificates.append(x509.Certificate.load(der, strict=True))
        if certificates and not blocks[0][0]:
            _ = certificates[0].subject.native
    except (ValueError, TypeError, KeyError):
        certificates = []
        try:
            lists = [crl.CertificateList.load(content, strict=True)]
            _ = lists[0].issuer.native
        except (ValueError, TypeError, KeyError):
            lists = []
    if not certificates and not lists:
        raise UserError(
            "Ce fichier n’est ni le certificat d’une autorité, ni sa liste de révocation (PEM ou DER). Téléchargez-le "
            "sur le site de l’autorité."
        )
    names = [*map(_name, (one.subject for one in certificates)), *map(_name, (one.issuer for one in lists))]
    ends = [one["tbs_certificate"]["validity"]["not_after"].native for one in certificates]
    return Trusted(tuple(dict.fromkeys(names)), tuple(certificates), tuple(lists), min(ends, default=None))


def check(
    certificate: Certificate, trusted: Sequence[Trusted], answers: Sequence[ocsp.OCSPResponse] = (), *, at: datetime
) -> None:
    """Raises UserError when one of those authorities revoked a certificate by ``at``, or none vouches for it.

    ``answers`` are what they were asked today of it.
    """
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    for one in (certificate.own, *certificate.chain):
        said = [revoked_since(one, listed) for file in trusted for listed in file.lists]
        _refuse_revoked(certificate.name, [*said, *(_answered_since(one, answer) for answer in answers)], at)
    roots = [one for file in trusted for one in file.certificates]
    if not roots:
        return
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    context = ValidationContext(trust_roots=roots, other_certs=list(certificate.chain), allow_fetching=False, moment=at)
    try:
        asyncio.run(_validated(certificate, context))
    except (PathError, ValidationError):
        raise UserError(
            f"Le certificat de {certificate.name} ne vient d’aucune des autorités reconnues. Ajoutez la sienne dans "
            f"Réglages{NBSP}› Signataires et délégations, ou choisissez un autre certificat."
        ) from None


async def _validated(certificate: Certificate, context: Any) -> None:
    from pyhanko_certvalidator import CertificateValidator

    validator: Any = CertificateValidator(certificate.own, list(certificate.chain), validation_context=context)
    await validator.async_validate_usage(set())


def revoked_since(certificate: x509.Certificate, listed: crl.CertificateList) -> datetime | None:
    """When a list of its authority says that a certificate was revoked; None when it says nothing of it."""
    if listed.issuer != certificate.issuer:
        return None
    for gone in listed["tbs_cert_list"]["revoked_certificates"]:
        if gone["user_certificate"].native == certificate.serial_number:
            since: datetime = gone["revocation_date"].native
            return since
    return None


def _answered_since(certificate: x509.Certificate, answer: ocsp.OCSPResponse) -> datetime | None:
    for one in answer.basic_ocsp_response["tbs_response_data"]["responses"]:
        status = one["cert_status"]
        if one["cert_id"]["serial_number"].native == certificate.serial_number and status.name == "revoked":
            since: datetime = status.chosen["revocation_time"].native
            return since
    return None


def _refuse_revoked(name: str, said: Sequence[datetime | None], at: datetime) -> None:
    since = min((one for one in said if one is not None and one <= at), default=None)
    if since is not None:
        raise UserError(
            f"Le certificat de {name} est révoqué depuis le {long_date(since.date())}{NBSP}: il ne peut plus signer. "
            "Demandez-en un autre."
        )


def _name(name: x509.Name) -> str:
    return str(name.native.get("common_name") or name.human_friendly)
