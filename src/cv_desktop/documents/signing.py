"""Electronic signature of our letters: PAdES, beside the page and over every byte of it.

The certificate is loaded and its key checked once for the batch. Source: ETSI EN 319 142-1 (PAdES) and
EN 319 122-1 (CAdES), RFC 5035 (signing certificate), RFC 3161 (timestamps).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, cms, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from cv_desktop.documents.pdf_objects import stream, text_string
from cv_desktop.documents.pdf_update import NotOurs, Update
from cv_desktop.documents.style import MM, NOTES, PAGE_HEIGHT
from cv_desktop.documents.text_operators import placed, plain_codes, show
from cv_desktop.documents.typeset import spans, stacked
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.errors import UserError

# Where the letter keeps its place for a signature, in millimetres: left, top, width, height.
ZONE = (115.0, 231.0, 75.0, 19.0)
NOT_A_LETTER = "Ce PDF n’est pas un courrier tel qu’il a été émis : il ne peut pas être signé ici."
RANGE = b"/ByteRange[0 0000000000 0000000000 0000000000]"
# What a signature takes beside the certificates: its attributes and the value of a key of 4096 bits at most.
_BESIDE = 1800
TOKEN = 8192  # the token of a timestamp authority, with its certificates


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who signs: the name and the days of the certificate; it and those that vouch for it as they are written."""

    name: str
    valid_from: datetime
    valid_until: datetime
    own: x509.Certificate
    chain: tuple[x509.Certificate, ...]


# Signs bytes by their SHA-256: the name of the algorithm, and the value.
Key = Callable[[bytes], tuple[str, bytes]]
# Dates a SHA-256 by a timestamp authority: its token (RFC 3161), as it is written.
Timestamp = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Signer:
    """A key ready to sign, wherever it is kept, and its certificate."""

    certificate: Certificate
    key: Key


def load_pkcs12(content: bytes, passphrase: str, *, at: datetime) -> Signer:
    """The key and certificate of a .p12 or .pfx file.

    Raises UserError when the passphrase is wrong, the file holds no key, the certificate is out of its dates at ``at``
    or was not made to sign.
    """
    try:
        key, own, others = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError:
        raise UserError("Ce certificat ne s’ouvre pas : le mot de passe est faux ou le fichier est abîmé.") from None
    if own is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UserError("Ce fichier ne contient pas de clé qui signe. Demandez un certificat de signature (.p12).")
    loaded = x509.Certificate.load(own.public_bytes(Encoding.DER))
    chain = tuple(x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in others)
    certificate = certificate_of(loaded, chain)
    check_certificate(certificate, at=at)
    return Signer(certificate, _by_rsa(key) if isinstance(key, rsa.RSAPrivateKey) else _by_curve(key))


def certificate_of(own: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> Certificate:
    """A certificate and those that vouch for it, with what people ask of it.

    An authority that vouches for itself is left out: whoever verifies has it, or does not trust it.
    """
    dates = own["tbs_certificate"]["validity"].native
    chain = tuple(one for one in chain if one.subject != one.issuer)
    return Certificate(_name(own), dates["not_before"], dates["not_after"], own, chain)


def check_certificate(certificate: Certificate, *, at: datetime) -> None:
    """Raises UserError when a certificate cannot sign at ``at``: its dates, or what it was made for."""
    if not certificate.valid_from <= at <= certificate.valid_until:
        since, until = long_date(certificate.valid_from.date()), long_date(certificate.valid_until.date())
        raise UserError(f"Le certificat de {certificate.name} vaut du {since} au {until} : il ne peut pas signer.")
    usage = certificate.own.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & usage.native:
        raise UserError(f"Le certificat de {certificate.name} n’est pas fait pour signer.")


def sign(
    pdf: bytes,
    signer: Signer,
    *,
    at: datetime,
    reason: str,
    place: str,
    zone: tuple[float, ...] = ZONE,
    timestamp: Timestamp | None = None,
) -> bytes:
    """The letter with a signature over every byte of it, seen in its zone; ``at`` is when it is signed.

    With a ``timestamp`` the authority dates the signature itself (level B-T). Raises UserError when the file is not one
    of ours as it was written.
    """
    hole = _hole(signer.certificate, dated=timestamp is not None)
    prepared = _prepared(pdf, signer.certificate, at, reason, place, zone, hole)
    head, tail = around(prepared, hole)
    digest = hashlib.sha256(head)
    digest.update(tail)
    signature = _cms(signer, digest.digest(), timestamp).hex().encode()
    return b"".join((head, b"<", signature.ljust(len(hole) - 2, b"0"), b">", tail))


def around(prepared: bytes, hole: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the room kept for a signature, once the range that it covers is written."""
    first = prepared.rfind(hole)
    second = first + len(hole)
    said = b"/ByteRange[0 %010d %010d %010d]" % (first, second, len(prepared) - second)
    return prepared[:first].replace(RANGE, said), prepared[second:]


def _prepared(
    pdf: bytes,
    certificate: Certificate,
    at: datetime,
    reason: str,
    place: str,
    zone: tuple[float, ...],
    hole: bytes,
) -> bytes:
    try:
        update = Update(pdf)
        catalog = update.object(update.root)
        page = update.signed_page()
    except NotOurs:
        raise UserError(NOT_A_LETTER) from None
    value = update.add(
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached%s/M%s/Name%s/Reason%s/Location%s/Contents%s>>"
        % (
            RANGE,
            f"(D:{at.astimezone(UTC):%Y%m%d%H%M%S}+00'00')".encode(),
            text_string(certificate.name),
            text_string(reason),
            text_string(place),
            hole,
        )
    )
    left, top, width, height = (measure * MM for measure in zone)
    box = b"/BBox[0 0 %.2f %.2f]/Resources %d 0 R" % (width, height, page.resources)
    look = update.add(stream(_seen(certificate, at, zone), b"/Type/XObject/Subtype/Form" + box))
    bottom = PAGE_HEIGHT * MM - top - height
    field = update.add(
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/TU%s/F 132/Rect[%.2f %.2f %.2f %.2f]/P %d 0 R/V %d 0 R"
        b"/AP<</N %d 0 R>>>>"
        % (
            text_string(f"Signature électronique de {certificate.name}"),
            left, bottom, left + width, bottom + height, page.number, value, look,
        )
    )  # fmt: skip
    update.replace(page.number, page.content.removesuffix(b">>") + b"/Annots[%d 0 R]>>" % field)
    update.replace(update.root, catalog.removesuffix(b">>") + b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>>>" % field)
    return update.finish()


def _hole(certificate: Certificate, *, dated: bool) -> bytes:
    """The room kept for the signature, as the file writes it."""
    room = _BESIDE + TOKEN * dated + sum(len(one.dump()) for one in (certificate.own, *certificate.chain))
    return b"<" + b"0" * (2 * room) + b">"


def _seen(certificate: Certificate, at: datetime, zone: tuple[float, ...]) -> bytes:
    """What the page shows of the signature: who, and when."""
    _, _, width, height = zone
    local = at.astimezone()
    lines = ("Signé électroniquement par", certificate.name, f"le {long_date(local.date())} à {local:%H:%M}")
    rows, style = stacked([spans(line) for line in lines], NOTES, width * MM, height)
    top = (height + len(rows) * style.line) / 2 * MM
    return show(list(placed(rows, 0.0, top, style)), style.colour, plain_codes).encode("ascii")


def _cms(signer: Signer, digest: bytes, timestamp: Timestamp | None) -> bytes:
    """The signature as it stands in the file, without the date that the file already bears."""
    own = signer.certificate.own
    reference = tsp.SigningCertificateV2(
        {"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(own.dump()).digest()})]}
    )
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [reference]}),
        ]
    )
    algorithm, signature = signer.key(attributes.dump())
    identifier = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", identifier),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
            "signature": signature,
        }
    )
    if timestamp is not None:
        token = cms.ContentInfo.load(timestamp(hashlib.sha256(signature).digest()))
        dated = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
        info["unsigned_attrs"] = cms.CMSAttributes([dated])
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [own, *signer.certificate.chain],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _by_rsa(key: rsa.RSAPrivateKey) -> Key:
    return lambda content: ("sha256_rsa", key.sign(content, padding.PKCS1v15(), hashes.SHA256()))


def _by_curve(key: ec.EllipticCurvePrivateKey) -> Key:
    return lambda content: ("sha256_ecdsa", key.sign(content, ec.ECDSA(hashes.SHA256())))


def _name(certificate: x509.Certificate) -> str:
    subject = certificate.subject.native
    return str(subject.get("common_name") or certificate.subject.human_friendly)
