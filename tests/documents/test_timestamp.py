"""A timestamp authority asked over the wire: its token is taken when it dates what was asked, else none."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import cms, keys, tsp, x509
from certificates import NOW, PASSPHRASE, made
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from pyhanko.sign.timestamps import DummyTimeStamper

from cv_desktop.documents.timestamp import stamped
from cv_desktop.domain.errors import Unavailable

DIGEST = hashlib.sha256(b"une signature").digest()


def stamper() -> DummyTimeStamper:
    key, own, _others = pkcs12.load_key_and_certificates(made(stamps=True).p12, PASSPHRASE.encode())
    assert key is not None and own is not None
    private = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    return DummyTimeStamper(x509.Certificate.load(own.public_bytes(Encoding.DER)), private, fixed_dt=NOW)


@contextmanager
def authority(*, lies: bool = False, status: int = 200) -> Iterator[str]:
    clock = stamper()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if lies:
                asked["message_imprint"]["hashed_message"] = hashlib.sha256(b"autre chose").digest()
            answer = asyncio.run(clock.async_request_tsa_response(asked)).dump()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_said: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answers)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def test_the_token_dates_what_was_asked() -> None:
    with authority() as url:
        token = cms.ContentInfo.load(stamped(url, DIGEST))
    said = token["content"]["encap_content_info"]["content"].parsed
    assert said["message_imprint"]["hashed_message"].native == DIGEST
    assert abs(said["gen_time"].native - NOW) < timedelta(seconds=1)


def test_a_token_for_something_else_is_refused() -> None:
    with authority(lies=True) as url, pytest.raises(Unavailable, match="a refusé de dater"):
        stamped(url, DIGEST)


def test_an_authority_that_does_not_answer_is_told_with_the_way_out() -> None:
    with authority(status=503) as url, pytest.raises(Unavailable, match="ne répond pas"):
        stamped(url, DIGEST)
    with pytest.raises(Unavailable, match="videz ce réglage pour signer sans horodatage"):
        stamped("http://127.0.0.1:9/tsa", DIGEST)
    with pytest.raises(Unavailable, match="doit commencer par https://"):
        stamped("file:///etc/passwd", DIGEST)
