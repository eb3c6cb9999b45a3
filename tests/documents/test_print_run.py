"""Letters joined for the printer."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

import letter_samples as samples
from cv_desktop.documents import letter_pdf, print_run


def numbered(count: int, letterhead: bytes | None = None) -> list[bytes]:
    contents = (replace(samples.GRANTED, number=f"CO-2026-{index:04d}") for index in range(count))
    return [letter_pdf.render(content, letterhead=letterhead) for content in contents]


def test_pages_follow_the_order_of_the_letters() -> None:
    files = [letter_pdf.render(samples.REFUSED), letter_pdf.render(samples.LONG), letter_pdf.render(samples.PIECES)]
    pages = [page.extract_text() for page in PdfReader(BytesIO(print_run.merge(files))).pages]
    assert len(pages) == 4
    assert "Tournoi" in pages[0]
    assert "2/2" in pages[2]
    assert "Demande de pièces" in pages[3]


def test_printed_on_both_sides_each_letter_begins_on_a_recto() -> None:
    files = [letter_pdf.render(x) for x in (samples.REFUSED, samples.LONG, samples.PIECES, samples.PIECES)]
    reader = PdfReader(BytesIO(print_run.merge(files, double_sided=True)))
    pages = [page.extract_text() for page in reader.pages]
    assert ["Tournoi" in pages[0], pages[1], "1/2" in pages[2], "2/2" in pages[3], pages[5]] == [
        True, "", True, True, "",
    ]  # fmt: skip
    assert "Demande de pièces" in pages[4]
    assert "Demande de pièces" in pages[6]
    # Nothing after the last one.
    assert len(pages) == 7
    assert [round(float(side)) for side in reader.pages[1].mediabox[2:]] == [595, 842]


def test_fonts_and_logo_are_kept_once() -> None:
    buffer = BytesIO()
    Image.effect_noise((600, 180), 90).save(buffer, "PNG")
    files = numbered(20, buffer.getvalue())
    run = print_run.merge(files)
    assert len(run) < 3 * len(files[0])
    assert run.count(b"FontFile2") <= 2
    assert len(PdfReader(BytesIO(run)).pages) == 20


def test_the_same_letters_give_the_same_bytes() -> None:
    files = numbered(3)
    assert print_run.merge(files) == print_run.merge(iter(files))


def test_no_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="no letter"):
        print_run.merge([])
