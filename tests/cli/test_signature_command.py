"""Letters measured and signatures read without a screen."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "documents"))

from certificates import NOW, PASSPHRASE, made
from tests.cli.conftest import Line

from cv_desktop.documents import signing


def test_letters_are_measured_and_written(line: Line, tmp_path: Path) -> None:
    said = line("letters", "bench", "3", "--out", tmp_path / "pdf")
    assert said.code == 0
    assert (said.data["letters"], said.data["bytes_each"] < 70 * 1024) == (3, True)
    assert sorted(path.name for path in (tmp_path / "pdf").iterdir()) == [
        "CO-2026-0001.pdf", "CO-2026-0002.pdf", "CO-2026-0003.pdf",
    ]  # fmt: skip


def test_a_signature_is_told_in_french_and_to_programs(line: Line, tmp_path: Path) -> None:
    line("letters", "bench", "1", "--out", tmp_path)
    path = tmp_path / "CO-2026-0001.pdf"
    signer = signing.load_pkcs12(made().p12, PASSPHRASE, at=NOW)
    path.write_bytes(signing.sign(path.read_bytes(), signer, at=NOW, reason="Attribution", place="Melun"))
    authority = tmp_path / "autorite.pem"
    authority.write_bytes(made().authority)
    (one,) = line("signature", "verify", path, "--authority", authority).data["signatures"]
    assert (one["signer"], one["verdict"], one["trusted"]) == ("Dominique EXEMPLE", "valide", True)
    assert one["time"] == "2026-04-15T08:30:00+00:00"
    path.write_bytes(path.read_bytes() + b"%")
    told = line("signature", "verify", path, "--authority", authority, plain=True).out
    assert "Dominique EXEMPLE, le 15\u00a0avril 2026 à 10\u00a0h\u00a030\u00a0: partielle." in told


def test_a_file_that_is_no_pdf_or_is_not_there_is_refused(line: Line, tmp_path: Path) -> None:
    other = tmp_path / "image.pdf"
    other.write_bytes(b"GIF89a")
    assert "n’est pas un PDF" in line("signature", "verify", other).err
    huge = tmp_path / "enorme.pdf"
    with huge.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(300 * 1024 * 1024)
    refused = line("signature", "verify", huge)
    assert (refused.code, "pèse plus de 200\u00a0Mo" in refused.err) == (2, True)
    refused = line("signature", "verify", tmp_path / "absent.pdf")
    assert (refused.code, "ne se lit pas" in refused.err) == (2, True)
