"""A letter signed in each of the ways there are stays what it was: an archive, whose syntax has no fault."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import crl
from certificates import NOW, PASSPHRASE, made, stamper
from PIL import Image
from test_letter_archive import ISSUED, JARS, told

from cv_desktop.documents import certificate_chain, letter_pdf, signature_archive, signing, signing_image
from cv_desktop.documents.revocation import Found


def by_image(pdf: bytes) -> bytes:
    out = BytesIO()
    drawn = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    drawn.paste((20, 30, 120, 180), (100, 60, 500, 120))  # half transparent, as scanned signatures often are
    drawn.save(out, "PNG")
    return signing_image.stamp(pdf, out.getvalue())


def by_certificate(pdf: bytes) -> bytes:
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    return signing.sign(pdf, signer, at=NOW, reason="Attribution", place="Melun")


def to_last(pdf: bytes) -> bytes:
    clock = stamper(NOW + timedelta(minutes=1))
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    lists = tuple(crl.CertificateList.load(one.clear) for one in (made(), made(stamps=True)))
    roots = [certificate_chain.read(one.authority) for one in (made(), made(stamps=True))]
    dating = signature_archive.dating_certificates(clock(b"\1" * 32))
    evidence = signature_archive.gather(signer.certificate, dating, roots, Found(lists), at=NOW)
    assert evidence.lacking == ""
    signed = signing.sign(pdf, signer, at=NOW, reason="Attribution", place="Melun", timestamp=clock)
    return signature_archive.archived(signed, evidence, clock)


WAYS = (by_image, by_certificate, to_last)


@pytest.mark.parametrize("way", WAYS, ids=[one.__name__ for one in WAYS])
def test_a_signed_letter_stays_an_archive(way: Callable[[bytes], bytes], tmp_path: Path) -> None:
    twin, real = tmp_path / "courrier-1b.pdf", tmp_path / "courrier.pdf"
    issued = letter_pdf.render(ISSUED)
    twin.write_bytes(way(letter_pdf.render(ISSUED, archive=1)))
    real.write_bytes(way(issued))
    jars = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
    said = told("java", "-Xshare:auto", "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b", twin)
    assert "is a valid PDF/A-1b file" in said, said
    checked = subprocess.run(["qpdf", "--check", real], capture_output=True, text=True, check=False)
    assert (checked.returncode, "No syntax or stream encoding errors found" in checked.stdout) == (0, True)
    assert real.read_bytes().startswith(issued)
    with pikepdf.open(real) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert "courrier.json" in pdf.attachments
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in metadata
