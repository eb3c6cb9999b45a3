"""What a batch of letters is signed with: an image of the register, a certificate in a file, a card."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from cv_desktop.db import pieces
from cv_desktop.db.models.reference import Setting
from cv_desktop.db.queries.signatories import SignatoryRow
from cv_desktop.db.refusals import opened
from cv_desktop.db.store import Store
from cv_desktop.documents import signing
from cv_desktop.documents.certificate_chain import Trusted
from cv_desktop.documents.revocation import Found, fetched
from cv_desktop.documents.signing import Certificate, Signer
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.text import NBSP, quote, words
from cv_desktop.services import authorities
from cv_desktop.services.signatures import IMAGE, PADES, Seal

if TYPE_CHECKING:
    from cv_desktop.documents.signature_archive import Evidence


def of_image(session: Session, person: SignatoryRow) -> Seal:
    """The image of the register. Raises UserError when the person has none, Unavailable when it was lost or altered."""
    from cv_desktop.documents.signing_image import stamp

    if not person.image_sha256:
        raise UserError(
            f"{person.name} n’a pas d’image de signature{NBSP}: choisissez-la dans Réglages{NBSP}› Signataires et "
            "délégations."
        )
    path = pieces.place(pieces.folder_of(session), person.image_sha256)
    if not pieces.sound(path, person.image_sha256):
        raise Unavailable(
            f"L’image de la signature de {person.name} a été effacée ou modifiée. Choisissez-la de nouveau."
        )
    image = path.read_bytes()
    return Seal(IMAGE, person.name, lambda pdf, _at, _reason: stamp(pdf, image))


def of_certificate(store: Store, person: SignatoryRow, *, path: Path, passphrase: str) -> Seal:
    """A certificate in a PKCS#12 file; the passphrase is used once and kept nowhere.

    Raises UserError when the passphrase is wrong, or the certificate is out of its dates, not made to sign, of
    somebody else, revoked, or of an authority that is not recognised.
    """
    with opened(path):
        content = path.read_bytes()
    return _sealed(store, person, signing.load_pkcs12(content, passphrase, at=store.clock()))


@contextmanager
def of_token(store: Store, person: SignatoryRow, *, module: Path, pin: str, label: str = "") -> Iterator[Seal]:
    """The key of a card while it is open; refusals as ``of_certificate``."""
    from cv_desktop.documents.signing_token import token_signer

    with token_signer(module, pin, at=store.clock(), label=label) as signer:
        yield _sealed(store, person, signer)


def _sealed(store: Store, person: SignatoryRow, signer: Signer) -> Seal:
    check_owner(person, signer.certificate)
    with store.read() as session:
        trusted = authorities.trusted(session)
        place, clock, revocations = (_setting(session, key) for key in ("city", "timestamp_url", "revocation_url"))
    found, silent = _revocations(revocations, signer, trusted)
    authorities.check(trusted, signer.certificate, found, at=store.clock())
    stamper = _timestamp(clock)
    evidence = _evidence(stamper, signer, trusted, found, store.clock()) if stamper is not None else None
    lasting = evidence is not None and not evidence.lacking

    def make(pdf: bytes, at: datetime, reason: str) -> bytes:
        signed = signing.sign(pdf, signer, at=at, reason=reason, place=place, timestamp=stamper)
        if not lasting:
            return signed
        from cv_desktop.documents.signature_archive import archived

        assert evidence is not None and stamper is not None
        return archived(signed, evidence, stamper)

    notes = [f"L’adresse des révocations ne répond pas ({quote(one)})." for one in silent]
    if evidence is not None and evidence.lacking:
        notes.append(f"Signatures horodatées, sans données d’archivage (niveau B-T){NBSP}: {evidence.lacking}")
    level = "B-LTA" if lasting else "B-T" if stamper is not None else "B-B"
    return Seal(PADES, signer.certificate.name, make, level, " ".join(notes))


def _revocations(addresses: str, signer: Signer, trusted: Sequence[Trusted]) -> tuple[Found, list[str]]:
    """What each address says today, and the silent ones: the files given are then all there is."""
    certificate = signer.certificate
    asked = [certificate.own, *certificate.chain, *(one for file in trusted for one in file.certificates)]
    said = [(address, fetched(address, asked)) for address in addresses.split()]
    lists = tuple(one for _address, found in said for one in found.lists)
    answers = tuple(one for _address, found in said for one in found.answers)
    return Found(lists, answers), [address for address, found in said if found.silent]


def _evidence(
    stamper: Callable[[bytes], bytes], signer: Signer, trusted: Sequence[Trusted], found: Found, at: datetime
) -> Evidence:
    """Asked before the first letter: the timestamp authority answers, and its certificates are known."""
    from cv_desktop.documents.signature_archive import dating_certificates, gather

    try:
        dating = dating_certificates(stamper(token_bytes(32)))
    except (ValueError, KeyError, TypeError, IndexError):
        raise Unavailable(
            f"L’autorité d’horodatage ne donne pas son certificat{NBSP}: rien n’est signé. Vérifiez son adresse, ou "
            "videz ce réglage pour signer sans horodatage."
        ) from None
    return gather(signer.certificate, dating, trusted, found, at=at)


def check_owner(person: SignatoryRow, certificate: Certificate) -> None:
    """Raises UserError when a certificate is not in the name of the signatory; it may hold a number beside it."""
    if not set(words(person.name).split()) <= set(words(certificate.name).split()):
        raise UserError(
            f"Ce certificat est au nom de {certificate.name}, pas de {person.name}{NBSP}: choisissez le signataire à "
            "qui il appartient."
        )


def _setting(session: Session, key: str) -> str:
    kept = session.get(Setting, key)
    return str(kept.value or "") if kept else ""


def _timestamp(url: str) -> Callable[[bytes], bytes] | None:
    if not url:
        return None
    from cv_desktop.documents.timestamp import stamped

    return lambda digest: stamped(url, digest)
