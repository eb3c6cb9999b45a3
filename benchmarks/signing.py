"""Signed letters per second, beside what pyHanko does alone with its key and certificates loaded once.

Run: python benchmarks/signing.py [how many]. Aim: 100 a second, and 3.5 times the floor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "documents")]

from certificates import NOW, PASSPHRASE, made  # noqa: E402
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: E402
from pyhanko.sign import fields, signers  # noqa: E402

from cv_desktop.documents import letter_pdf, signature_check, signing  # noqa: E402
from letters import letter  # noqa: E402


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    files = [letter_pdf.render(letter(index)) for index in range(count)]
    own = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    stock = signers.SimpleSigner.load_pkcs12_data(made().p12, None, PASSPHRASE.encode())

    def ours(pdf: bytes) -> bytes:
        return signing.sign(pdf, own, at=NOW, reason="Attribution", place="Dammarie-lès-Lys")

    def theirs(pdf: bytes) -> bytes:
        writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
        fields.append_signature_field(writer, fields.SigFieldSpec("Signature", box=(326, 132, 538, 186)))
        meta = signers.PdfSignatureMetadata(
            field_name="Signature", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        signers.PdfSigner(meta, signer=stock).sign_pdf(writer, output=out)
        return out.getvalue()

    floor, _ = measured(theirs, files[: max(10, count // 10)])
    speed, signed = measured(ours, files)
    assert signature_check.check(signed[-1], (made().authority,), at=NOW)[0].verdict is signature_check.Verdict.VALID
    print(f"signed letters    {speed:8.0f} per second, {len(signed[0]) / 1024:.0f} KiB each")
    print(f"pyHanko           {floor:8.0f} per second, ratio {speed / floor:.1f}")


def measured(sign: Callable[[bytes], bytes], files: list[bytes]) -> tuple[float, list[bytes]]:
    """Files per second, the best of two passes, and the files."""
    best, made_files = 0.0, []
    for _ in range(2):
        start = time.perf_counter()
        made_files = [sign(pdf) for pdf in files]
        best = max(best, len(files) / (time.perf_counter() - start))
    return best, made_files


if __name__ == "__main__":
    main()
