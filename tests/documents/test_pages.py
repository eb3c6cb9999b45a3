"""Pictures of pages for the preview."""

from __future__ import annotations

from pathlib import Path

import pytest

import letter_samples as samples
from cv_desktop.documents import letter_pdf, pages
from filled_forms import Line, form


def test_a_page_becomes_opaque_dots_of_the_asked_size() -> None:
    pdf = letter_pdf.render(samples.GRANTED)
    width, height, data = pages.picture(pdf, 0, 2.0)
    assert (width, height) == (1191, 1684)
    assert len(data) == width * height * 4
    assert set(data[3::4]) == {255}
    assert data[:3] == b"\xff\xff\xff"
    # Red first: the mark of the letterhead is a blue whose red is the weakest.
    middle = ((17 * 1684 // 297) * width + 26 * 1191 // 210) * 4
    red, green, blue = data[middle : middle + 3]
    assert red < green < blue


def test_pages_are_counted_and_a_page_too_far_is_refused() -> None:
    pdf = letter_pdf.render(samples.LONG)
    assert pages.page_count(pdf) == 2
    with pytest.raises(IndexError):
        pages.picture(pdf, 2, 1.0)


def test_what_was_typed_into_a_form_is_seen(tmp_path: Path) -> None:
    filled = form(tmp_path / "rempli.pdf", [Line("Nom", "Les Amis du Circé")]).read_bytes()
    blank = form(tmp_path / "vierge.pdf", [Line("Nom", "")]).read_bytes()
    assert pages.picture(filled, 0, 1.0) != pages.picture(blank, 0, 1.0)
