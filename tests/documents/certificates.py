"""Certificates made for the tests: an authority, and somebody who signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import cms, keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 4, 15, 8, 30, tzinfo=UTC)
PASSPHRASE = "mot de passe d’essai"


@dataclass(frozen=True)
class Made:
    authority: bytes
    p12: bytes
    revocations: bytes  # of the authority: the certificate of the signatory, revoked on 1 April 2026
    clear: bytes  # of the authority: nobody is revoked
    root_key: rsa.RSAPrivateKey


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey, **kw: object
) -> x509.Certificate:
    authority, until = issuer == name or bool(kw.get("authority")), kw.get("until", NOW + timedelta(days=900))
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer)]
    cipher = bool(kw.get("cipher"))
    usage = {
        "digital_signature": not authority, "content_commitment": not authority, "key_encipherment": cipher,
        "data_encipherment": False, "key_agreement": False, "key_cert_sign": authority, "crl_sign": authority,
        "encipher_only": False, "decipher_only": False,
    }  # fmt: skip
    if cipher:
        usage["digital_signature"] = usage["content_commitment"] = False
    assert isinstance(until, datetime)
    builder = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if kw.get("stamps"):
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if not authority and not kw.get("stamps"):
        # As the certificates that are sold: it names who answers for it.
        answers = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.exemple.test/")
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([answers]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


@lru_cache
def made(*, expired: bool = False, cipher: bool = False, stamps: bool = False) -> Made:
    """An authority and the file of a signatory."""
    root_key, key = _key(), _key()
    named = "Autorité d’horodatage d’essai" if stamps else "Autorité d’essai"
    root = _certificate(named, root_key, named, root_key)
    until = NOW + timedelta(days=-1 if expired else 800 if stamps else 300)
    own = _certificate(
        "Horloge d’essai" if stamps else "Dominique EXEMPLE",
        key,
        named,
        root_key,
        until=until,
        cipher=cipher,
        stamps=stamps,
    )
    p12 = pkcs12.serialize_key_and_certificates(
        b"signataire", key, own, [root], BestAvailableEncryption(PASSPHRASE.encode())
    )
    gone = x509.RevokedCertificateBuilder(own.serial_number, NOW - timedelta(days=14)).build()
    empty = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(NOW - timedelta(days=1))
        .next_update(NOW + timedelta(days=30))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
    )
    lists = (empty.add_revoked_certificate(gone), empty)
    revocations, clear = (one.sign(root_key, hashes.SHA256()).public_bytes(Encoding.DER) for one in lists)
    return Made(root.public_bytes(Encoding.PEM), p12, revocations, clear, root_key)


@lru_cache
def under_another() -> Made:
    """A signatory under an authority that another one vouches for, and revoked on 1 April 2026."""
    root_key, middle_key, key = _key(), _key(), _key()
    root = _certificate("Racine d’essai", root_key, "Racine d’essai", root_key)
    middle = _certificate("Autorité du milieu", middle_key, "Racine d’essai", root_key, authority=True)
    own = _certificate("Dominique EXEMPLE", key, "Autorité du milieu", middle_key)
    p12 = pkcs12.serialize_key_and_certificates(
        b"signataire", key, own, [middle, root], BestAvailableEncryption(PASSPHRASE.encode())
    )
    gone = x509.RevokedCertificateBuilder(middle.serial_number, NOW - timedelta(days=14)).build()
    empty = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(NOW - timedelta(days=1))
        .next_update(NOW + timedelta(days=30))
    )
    lists = (empty.add_revoked_certificate(gone), empty)
    revocations, clear = (one.sign(root_key, hashes.SHA256()).public_bytes(Encoding.DER) for one in lists)
    return Made(root.public_bytes(Encoding.PEM), p12, revocations, clear, root_key)


def clock(at: datetime) -> Any:
    """A timestamp authority of pyHanko that always says this moment; ``made(stamps=True)`` holds its root."""
    from pyhanko.sign.timestamps import DummyTimeStamper

    key, own, _others = pkcs12.load_key_and_certificates(made(stamps=True).p12, PASSPHRASE.encode())
    assert key is not None and own is not None
    return DummyTimeStamper(
        asn1.Certificate.load(own.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        fixed_dt=at,
    )


def stamper(at: datetime) -> Callable[[bytes], bytes]:
    """The token of that authority for a SHA-256."""

    def dated(digest: bytes) -> bytes:
        _nonce, asked = clock(at).request_cms(digest, "sha256")
        token: bytes = clock(at).request_tsa_response(asked)["time_stamp_token"].dump()
        return token

    return dated


def archived(pdf: bytes) -> bytes:
    """What a parapheur adds after a signature for the archive: certificates, then a timestamp of the document."""
    from io import BytesIO

    from asn1crypto import pem
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    dated = stamper(NOW + timedelta(minutes=3))

    class Clock(TimeStamper):  # type: ignore[misc]
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> object:
            assert md_algorithm == "sha256"
            return cms.ContentInfo.load(dated(message_digest))

    out = BytesIO(pdf)
    roots = (made().authority, made(stamps=True).authority)
    DocumentSecurityStore.add_dss(out, None, certs=[asn1.Certificate.load(pem.unarmor(one)[2]) for one in roots])
    stamped: BytesIO = PdfTimeStamper(Clock()).timestamp_pdf(IncrementalPdfFileWriter(out), "sha256")
    return stamped.getvalue()
