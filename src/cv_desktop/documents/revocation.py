"""What authorities say of the certificates that they revoked: lists (CRL) and answers (OCSP), asked at one address.

Source: RFC 5280 (lists), RFC 6960 (answers). The authority receives the number of a certificate, nothing of the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from asn1crypto import algos, crl, ocsp, pem, x509

from cv_desktop.documents import network
from cv_desktop.documents.network import Silent, answered

_MOST = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """``silent`` tells that the address did not answer, or answered something else."""

    lists: tuple[crl.CertificateList, ...] = ()
    answers: tuple[ocsp.OCSPResponse, ...] = ()
    silent: bool = False


def fetched(url: str, certificates: Sequence[x509.Certificate]) -> Found:
    """What an address says today: the list that it publishes, else its answer for each of these certificates.

    Each certificate is asked with the one among them that issued it. Nothing raises: a silent address is told. All of
    it has the time of one question: a slow server does not take it again for each certificate.
    """
    if not url:
        return Found()
    until = monotonic() + network.SECONDS
    try:
        return Found(lists=(_list(answered(url, most=_MOST, seconds=network.SECONDS)),))
    except (Silent, ValueError, TypeError, KeyError):
        pass
    answers = []
    for one in certificates:
        issuer = next((x for x in certificates if x.subject == one.issuer and x is not one), None)
        if issuer is None:
            continue
        try:
            asked, left = _question(one, issuer).dump(), max(until - monotonic(), 0.01)
            said = answered(url, asked, "application/ocsp-request", most=_MOST, seconds=left)
            answer = ocsp.OCSPResponse.load(said, strict=True)
            if answer["response_status"].native == "successful":
                answers.append(answer)
        except (Silent, ValueError, TypeError, KeyError):
            break
    return Found(answers=tuple(answers), silent=not answers)


def _list(data: bytes) -> crl.CertificateList:
    found = crl.CertificateList.load(pem.unarmor(data)[2] if pem.detect(data) else data, strict=True)
    _ = found.issuer.native, found["tbs_cert_list"]["this_update"].native
    return found


def _question(certificate: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPRequest:
    wanted = ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),
            "issuer_name_hash": certificate.issuer.sha1,
            "issuer_key_hash": issuer.public_key.sha1,
            "serial_number": certificate.serial_number,
        }
    )
    return ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": wanted}]}})
