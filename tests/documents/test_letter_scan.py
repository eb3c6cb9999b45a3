"""A scanned page is told by its code, whichever way up; a spoiled one is shown; a signed copy has its pages upright."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageDraw

import letter_samples as samples
from cv_desktop.documents import letter_pdf
from cv_desktop.documents.letter_scan import letter_pages, picture, put_together
from cv_desktop.documents.scan_images import images
from cv_desktop.domain.errors import UserError
from scanned_pages import letter, printed


def test_the_code_names_the_letter_its_kind_its_page_and_its_base(tmp_path: Path) -> None:
    path = tmp_path / "courrier.pdf"
    path.write_bytes(letter_pdf.render(letter(7, mark="1A2B3C")))
    assert [page.label.text for page in letter_pages(path) if page.label] == [
        "CO-2026-0007 ATT 1/2 1A2B3C", "CO-2026-0007 ATT 2/2 1A2B3C",
    ]  # fmt: skip
    assert letter_pdf.page_count(letter(7)) == 2
    assert letter_pdf.page_count(letter(7, pages=1)) == 1


def test_a_page_whose_code_is_spoiled_is_shown(tmp_path: Path) -> None:
    first, _second = printed(letter(7))
    width, height = first.size
    ImageDraw.Draw(first).rectangle((0.84 * width, 0.92 * height, width, height), fill=30)
    path = tmp_path / "tache.tif"
    Image.new("L", first.size, 255).save(path, save_all=True, append_images=[first])
    assert [page.label for page in letter_pages(path)] == [None, None]
    shown = Image.open(BytesIO(picture(path, 2)))
    assert shown.size == (898, 1270)
    assert shown.getextrema()[0] < 60
    assert Image.open(BytesIO(picture(path, 1))).getextrema() == (255, 255)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_signed_copy_stands_upright_however_it_was_scanned(tmp_path: Path, turned: int) -> None:
    (page,) = printed(letter(7, pages=1))
    path = tmp_path / "page.png"
    page.rotate(turned, expand=True).save(path, dpi=(200, 200))
    (read,) = letter_pages(path)
    copy = tmp_path / "copie.pdf"
    copy.write_bytes(put_together([(path, 1, read.turn)]))
    ((_count, upright),) = images(copy)
    (code,) = zxingcpp.read_barcodes(upright)
    assert upright.width < upright.height
    assert code.position.top_left.x > 0.8 * upright.width
    assert code.position.top_left.y > 0.9 * upright.height


def test_the_signed_copy_has_the_pages_in_order(tmp_path: Path) -> None:
    pdf, picture = tmp_path / "pile.pdf", tmp_path / "page.png"
    pdf.write_bytes(letter_pdf.render(samples.GRANTED))
    Image.new("L", (1654, 2339), 255).save(picture, dpi=(200, 200))
    pages = [(picture, 1, 0), (pdf, 1, 0)]
    copy = put_together(pages)
    with pikepdf.open(BytesIO(copy)) as opened:
        assert len(opened.pages) == 2
        assert [round(float(side)) for side in opened.pages[0].mediabox[2:]] == [595, 842]
        assert "/Font" in opened.pages[1].Resources
    assert put_together(pages) == copy


def test_what_is_no_scan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("bonjour")
    with pytest.raises(UserError, match="n’est pas un scan lisible"):
        list(letter_pages(path))
