"""A pile of scans read without a screen, and filed in the base that issued the letters."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from .conftest import Line


@pytest.fixture
def issued(campaign: Line, workbook: Path, tmp_path: Path) -> list[Path]:
    """The letters of the example, really issued."""
    assert campaign("import", workbook, "--call", "FIA-2026").code == 0
    assert campaign("letters", "issue", "--call", "FIA-2026", "--out", tmp_path / "pdf").code == 0
    return sorted((tmp_path / "pdf").iterdir())


def test_a_pile_is_filed_once_and_says_what_a_person_must_do(
    campaign: Line, issued: list[Path], tmp_path: Path
) -> None:
    pages = []
    for path in (issued[2], issued[0]):
        document = pypdfium2.PdfDocument(path)
        pages += [page.render(scale=200 / 72, grayscale=True).to_pil().convert("L") for page in document]
        document.close()
    pile = tmp_path / "pile.pdf"
    pages.append(Image.new("L", pages[0].size, 255))
    pages[0].save(pile, save_all=True, append_images=pages[1:], resolution=200)
    read = campaign("scans", "read", pile)
    assert [one["number"] for one in read.data["letters"]] == ["CO-2026-0001", "CO-2026-0003"]
    assert [one["page"] for one in read.data["unreadable"]] == [3]
    filed = campaign("scans", "read", pile, "--file")
    assert filed.code == 0
    assert sorted(filed.data["filed"]) == ["CO-2026-0001", "CO-2026-0003"]
    assert filed.data["letters"] == read.data["letters"]
    assert [(one["page"], one["label"]) for one in filed.data["waiting"]] == [(3, None)]
    again = campaign("scans", "read", pile, "--file", plain=True)
    assert "« pile.pdf » avait déjà été lue." in again.out.replace("\u00a0", " ")
    assert "0 copie signée classée, 1 page à classer à la main." in again.out
    sound = campaign("verify")
    assert sound.code == 0
    assert campaign("backup", tmp_path / "copie.sqlite").code == 0
    (found,) = [
        x for x in (tmp_path / "base" / "pieces").rglob("*") if x.is_file() and x.read_bytes() == pile.read_bytes()
    ]
    found.write_bytes(b"autre chose")
    told = campaign("verify", plain=True)
    assert "« pile.pdf »" in (told.out + told.err).replace("\u00a0", " ")
