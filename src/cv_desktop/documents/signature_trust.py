"""By whom a certificate is vouched for, and at which moment: authorities and lists given, and those inside a PDF.

Nothing is fetched. What a PDF holds for its archive helps to find a path and to know what was revoked, never to trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cv_desktop.documents import certificate_chain
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.text import quote


class Lack(StrEnum):
    """What a certificate lacks to be recognised."""

    AUTHORITY = "autorité"
    DATES = "dates"
    REVOKED = "révoqué"


@dataclass(frozen=True, slots=True)
class Known:
    """``roots`` and ``lists`` were given; ``certificates``, ``inside`` and ``answers`` (OCSP) stand in the PDF."""

    roots: tuple[Any, ...]
    lists: tuple[Any, ...]
    certificates: tuple[Any, ...]
    inside: tuple[Any, ...]
    answers: tuple[Any, ...]

    def context(self, moment: datetime) -> Any:
        """What pyHanko asks to judge a certificate at a moment."""
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.certificates),
            crls=[*self.lists, *self.inside],
            ocsps=list(self.answers),
            allow_fetching=False,
            # A list published after the signature says what was revoked before it too.
            retroactive_revinfo=True,
            moment=moment,
        )

    def lack(self, status: Any, signed: Any, moment: datetime, *, dated: bool) -> tuple[Lack, str]:
        """Why a certificate is not recognised at a moment; ``dated`` when an authority gave that moment.

        ``status`` is what pyHanko says of the signature, ``signed`` carries certificates beside it.
        """
        certificate = status.signing_cert
        for one in self._path(status, signed):
            since = self._revoked(one)
            if since is not None and since <= moment:
                day = long_date(local(since).date())
                if one == certificate:
                    return Lack.REVOKED, f"Le certificat est révoqué depuis le {day}."
                who = quote(common_name(one))
                return Lack.REVOKED, f"L’autorité {who}, qui répond du certificat, est révoquée depuis le {day}."
        until = certificate.not_valid_after
        if moment > until:
            said = f"Le certificat a pris fin le {long_date(local(until).date())}"
            unproven = "." if dated else ", et rien ne prouve que la signature est d’avant."
            return Lack.DATES, said + unproven
        if moment < certificate.not_valid_before:
            start = long_date(local(certificate.not_valid_before).date())
            return Lack.DATES, f"Le certificat ne vaut que depuis le {start}."
        return Lack.AUTHORITY, "L’autorité qui a délivré le certificat n’est pas de celles qui sont reconnues."

    def vouched(self, status: Any, moment: datetime) -> bool:
        """Whether pyHanko found a path to a recognised authority, and no list revoked anybody of it by a moment."""
        return bool(status.trusted) and not any(self.revoked(one, moment) for one in status.validation_path)

    def _path(self, status: Any, signed: Any) -> tuple[Any, ...]:
        """A certificate, then those that vouch for it: as it was validated, else all that say so."""
        if status.validation_path is not None:
            return tuple(reversed(list(status.validation_path)))
        held = [*_joined(signed), *self.certificates, *self.roots]
        found = [status.signing_cert]
        for one in found:
            found += [other for other in held if _named_issuer(one, other) and other not in found]
        return tuple(found)

    def revoked(self, certificate: Any, moment: datetime) -> bool:
        """Whether a list, even an old one, says that a certificate was revoked by a moment."""
        since = self._revoked(certificate)
        return since is not None and since <= moment

    def _revoked(self, certificate: Any) -> datetime | None:
        found = [since for one in self.lists if (since := certificate_chain.revoked_since(certificate, one))]
        return min(found, default=None)


def known(authorities: Sequence[bytes], reader: Any) -> Known:
    """The authorities given (certificates and lists, PEM or DER), and what the PDF holds for its archive.

    Raises UserError when a file given is neither.
    """
    given = [certificate_chain.read(file) for file in authorities]
    certificates, lists, answers = _inside(reader)
    return Known(
        tuple(one for file in given for one in file.certificates),
        tuple(one for file in given for one in file.lists),
        certificates,
        lists,
        answers,
    )


def tampered(embedded: Any, known: Known) -> bool:
    """Whether what stands beside a signature and is not signed by it was touched: certificates joined, algorithms."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    data, info = embedded.signed_data, embedded.signer_info
    said = [dict(one.native) for one in data["digest_algorithms"]]
    if {"algorithm": info["digest_algorithm"]["algorithm"].native, "parameters": None} not in said:
        return True
    # What nobody needs in order to verify is read too: it may hide a change.
    _ = info["digest_algorithm"].native, info["signature_algorithm"].native
    if data["version"].native not in ("v1", "v3", "v4", "v5"):
        return True
    if info["version"].native != ("v1" if info["sid"].name == "issuer_and_serial_number" else "v3"):
        return True
    joined = _joined(data)
    for one in joined:
        issuers = [other for other in (*joined, *known.roots) if _named_issuer(one, other)]
        try:
            read = x509.load_der_x509_certificate(one.dump())
            held = [x509.load_der_x509_certificate(other.dump()) for other in issuers]
            if held and not any(_issued(read, issuer) for issuer in held):
                return True
        except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
            return True
    return False


def _joined(signed: Any) -> list[Any]:
    return [choice.chosen for choice in signed["certificates"] or () if choice.name == "certificate"]


def _named_issuer(certificate: Any, other: Any) -> bool:
    """Whether a certificate says that it comes from another: an authority keeps its name when it changes its key."""
    if other.subject != certificate.issuer:
        return False
    asked, held = certificate.authority_key_identifier_value, other.key_identifier
    key = asked["key_identifier"].native if asked else None
    return other is certificate or key is None or held is None or key == held


def _issued(certificate: Any, issuer: Any) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def common_name(certificate: Any) -> str:
    """Who a certificate names."""
    subject = certificate.subject.native
    return str(subject.get("common_name") or certificate.subject.human_friendly)


def _inside(reader: Any) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    from asn1crypto import crl, ocsp, x509
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.pdf_utils.misc import PdfError

    kinds = (
        ("/Certs", x509.Certificate, DecodePurpose.CERTIFICATE),
        ("/CRLs", crl.CertificateList, DecodePurpose.CRL),
        ("/OCSPs", ocsp.OCSPResponse, DecodePurpose.OCSP_RESPONSE),
    )
    found: list[tuple[Any, ...]] = []
    for key, kind, purpose in kinds:
        try:
            streams = list(_streams(reader, key, purpose))
            found.append(tuple(kind.load(data, strict=True) for data in streams))
        except (PdfError, KeyError, ValueError, TypeError, AttributeError, RecursionError):
            found.append(())
    return found[0], found[1], found[2]


def _streams(reader: Any, key: str, purpose: Any) -> Iterator[bytes]:
    store = reader.root.get("/DSS")
    for one in (store or {}).get(key) or ():
        yield one.get_object().read_data(purpose)
