"""Signatures made to last: level LTA with a timestamp authority and revocation lists, less when something lacks."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import ocsp

from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import signatories as register
from cv_desktop.db.store import Store
from cv_desktop.documents import certificate_chain, letter_pdf, revocation, signature_check, signing
from cv_desktop.documents.network import Silent
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.services import authorities, seals, settings, signatures
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.signatures import Seal, SignedBatch

sys.path.append(str(Path(__file__).parents[1] / "documents"))

from certificates import NOW, PASSPHRASE, made

ROOTS = (made().authority, made(stamps=True).authority)


class Network(BaseHTTPRequestHandler):
    """A timestamp authority, lists of revocation, and a server that gives a byte now and then."""

    def do_POST(self) -> None:
        if self.headers["Content-Type"] == "application/ocsp-request":
            if not self.path.startswith("/ocsp"):
                self.give(b"<html></html>")
                return
            question = ocsp.load_der_ocsp_request(self.rfile.read(int(self.headers["Content-Length"])))
            self.give(answer_of(question.serial_number, gone=self.path == "/ocsp-revoque"))
            return
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        digest = asked["message_imprint"]["hashed_message"].native
        self.give(_response(digest, asked["nonce"].native))

    def do_GET(self) -> None:
        if self.path == "/lent":
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.05)
            return
        self.give({"/lui.crl": made().clear, "/revoque.crl": made().revocations}.get(self.path, b"<html></html>"))

    def give(self, content: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


def answer_of(serial: int, *, gone: bool) -> bytes:
    """What the authority of the signatory answers of its certificate."""
    _key, own, _others = pkcs12.load_key_and_certificates(made().p12, PASSPHRASE.encode())
    assert own is not None and own.serial_number == serial
    issuer = x509.load_pem_x509_certificate(made().authority)
    status = ocsp.OCSPCertStatus.REVOKED if gone else ocsp.OCSPCertStatus.GOOD
    since, day = NOW - timedelta(days=3) if gone else None, timedelta(days=1)
    reason = x509.ReasonFlags.key_compromise if gone else None
    builder = ocsp.OCSPResponseBuilder().add_response(
        own, issuer, hashes.SHA1(), status, NOW - day, NOW + day, since, reason
    )
    signed = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer).sign(made().root_key, hashes.SHA256())
    return signed.public_bytes(Encoding.DER)


def _response(digest: bytes, nonce: int) -> bytes:
    """The dummy clock of pyHanko puts no nonce: it is asked with one, through its own answer to a request."""
    from certificates import clock

    wanted = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    answer: bytes = clock(NOW + timedelta(minutes=1)).request_tsa_response(wanted).dump()
    return answer


@pytest.fixture(scope="module")
def network() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Network)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(base_at: Callable[[str], tuple[Store, Story]], tmp_path: Path) -> Store:
    store, _story = base_at("told")
    (tmp_path / "d.p12").write_bytes(made().p12)
    return store


def given(store: Store, folder: Path, *files: bytes, **values: str) -> None:
    """Authorities and lists recognised, and settings."""
    with store.write(ACTOR) as session:
        for place, content in enumerate(files):
            path = folder / f"autorite-{place}"
            path.write_bytes(content)
            authorities.add(session, path=path)
        for key, value in values.items():
            settings.set_value(session, key=key, value=value)


def seal(store: Store, folder: Path) -> Seal:
    with store.read() as session:
        person = register.rows(session)[0]
    return seals.of_certificate(store, person, path=folder / "d.p12", passphrase=PASSPHRASE)


def one_signed(store: Store, made_seal: Seal) -> bytes:
    with store.read() as session:
        person = register.rows(session)[0]
        call = session.connection().exec_driver_sql("SELECT call_id FROM letter LIMIT 1").scalar()
        row = next(x for x in outbox.rows(session, call_id=str(call)) if x.lot_id)
    done: SignedBatch = signatures.sign(
        store, actor=ACTOR, letter_ids=[row.id], signatory_id=person.id, seal=made_seal, render=letter_pdf.render
    )
    return done.files[0].read_bytes()


def test_with_all_that_is_needed_a_signature_reaches_the_level_that_lasts(
    told: Store, network: str, tmp_path: Path
) -> None:
    given(told, tmp_path, *ROOTS, made(stamps=True).clear, timestamp_url=network, revocation_url=f"{network}/lui.crl")
    made_seal = seal(told, tmp_path)
    assert (made_seal.level, made_seal.note) == ("B-LTA", "")
    pdf = one_signed(told, made_seal)
    path = tmp_path / "signe.pdf"
    path.write_bytes(pdf)
    (found,) = signature_check.check(pdf, ROOTS, at=NOW + timedelta(hours=1))
    assert (found.verdict.value, found.archived, found.dated_at) == ("valide", True, NOW + timedelta(minutes=1))
    # Two years on, the certificate of the signatory has ended and no list is given any more.
    (late,) = signature_check.check(pdf, ROOTS, at=NOW + timedelta(days=700))
    assert (late.verdict.value, late.trusted) == ("valide", True)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 1  # pdfsig does not read timestamps of documents
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False).stdout
    assert "No syntax or stream encoding errors found" in checked
    assert _by_pyhanko(pdf) == ("PASSED", 2)


def _by_pyhanko(pdf: bytes) -> tuple[str, int]:
    """What pyHanko's own validation of the level LTA says, out of what the file holds alone."""
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.ades import ades_lta_validation
    from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
    from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager

    roots = [one for pem in ROOTS for one in load_certs_from_pemder_data(pem)]
    rule = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(roots), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=rule))
    later = NOW + timedelta(hours=1)
    timing = ValidationTimingInfo(validation_time=later, best_signature_time=later, point_in_time_validation=False)
    reader = PdfFileReader(BytesIO(pdf))
    (signature,) = reader.embedded_regular_signatures
    result = asyncio.run(ades_lta_validation(signature, spec, timing_info=timing))
    return result.ades_subindic.status.name, len(reader.embedded_signatures)


def test_what_lacks_for_it_is_named_and_the_signature_is_dated_only(told: Store, network: str, tmp_path: Path) -> None:
    given(told, tmp_path, timestamp_url=network)
    alone = seal(told, tmp_path)
    assert alone.level == "B-T"
    assert "aucune autorité n’est reconnue" in alone.note
    given(told, tmp_path, *ROOTS)
    listless = seal(told, tmp_path)
    assert (
        "la liste de révocation de «\u00a0Autorité d’essai\u00a0», «\u00a0Autorité d’horodatage d’essai\u00a0» manque"
        in (listless.note)
    )
    (found,) = signature_check.check(one_signed(told, listless), ROOTS, at=NOW + timedelta(hours=1))
    assert (found.verdict.value, found.archived, found.dated_at) == ("valide", False, NOW + timedelta(minutes=1))


def test_an_old_list_proves_nothing_today(told: Store, network: str, tmp_path: Path) -> None:
    given(told, tmp_path, *ROOTS, made().clear, made(stamps=True).clear, timestamp_url=network)
    told.clock = lambda: NOW + timedelta(days=60)
    assert "sa liste de révocation est périmée" in seal(told, tmp_path).note


def test_a_revoked_certificate_is_refused_as_soon_as_the_address_says_so(
    told: Store, network: str, tmp_path: Path
) -> None:
    given(told, tmp_path, *ROOTS, revocation_url=f"{network}/revoque.crl")
    with pytest.raises(UserError, match="est révoqué depuis le 1er\u00a0avril 2026"):
        seal(told, tmp_path)
    given(told, tmp_path, revocation_url=f"{network}/ocsp-revoque")
    with pytest.raises(UserError, match="est révoqué depuis le 12\u00a0avril 2026"):
        seal(told, tmp_path)


def test_an_answer_of_the_authority_is_as_good_as_its_list(told: Store, network: str, tmp_path: Path) -> None:
    given(told, tmp_path, *ROOTS, made(stamps=True).clear, timestamp_url=network, revocation_url=f"{network}/ocsp")
    made_seal = seal(told, tmp_path)
    assert (made_seal.level, made_seal.note) == ("B-LTA", "")
    (found,) = signature_check.check(one_signed(told, made_seal), ROOTS, at=NOW + timedelta(hours=1))
    assert (found.verdict.value, found.archived) == ("valide", True)


def test_an_address_that_does_not_answer_never_holds_the_work(
    told: Store, network: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cv_desktop.documents.network.answered.__kwdefaults__", {"seconds": 0.3})
    monkeypatch.setattr("cv_desktop.documents.network.SECONDS", 0.3)
    given(
        told, tmp_path, *ROOTS, made().clear, revocation_url=f"http://127.0.0.1:9/a.crl {network}/lent {network}/autre"
    )
    start = time.monotonic()
    made_seal = seal(told, tmp_path)
    assert time.monotonic() - start < 5
    assert (made_seal.level, made_seal.note.count("ne répond pas")) == ("B-B", 3)
    given(told, tmp_path, timestamp_url="http://127.0.0.1:9/")
    with pytest.raises(Unavailable, match="L’autorité d’horodatage ne répond pas"):
        seal(told, tmp_path)
    given(told, tmp_path, timestamp_url="ftp://127.0.0.1/")
    with pytest.raises(Unavailable, match="doit commencer par https://"):
        seal(told, tmp_path)


def test_all_that_one_address_is_asked_has_the_time_of_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    given_to: list[float] = []

    def slow(_url: str, *_asked: object, seconds: float, **_kw: object) -> bytes:
        given_to.append(seconds)
        time.sleep(0.1)
        raise Silent

    monkeypatch.setattr(revocation, "answered", slow)
    monkeypatch.setattr("cv_desktop.documents.network.SECONDS", 1.0)
    certificate = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW).certificate
    root = certificate_chain.read(made().authority).certificates[0]
    assert revocation.fetched("http://exemple.test/", [certificate.own, root]).silent
    first, second = given_to
    assert first == 1.0
    assert 0 < second <= 0.9
