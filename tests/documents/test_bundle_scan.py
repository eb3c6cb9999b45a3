"""Sheets filled by hand and scanned: whatever is accepted is what was marked, the rest is asked."""

from __future__ import annotations

import random
from pathlib import Path

import pypdfium2
import pytest
from bundle_samples import SECRET, bundle, page_image, png, printed, scan
from PIL import Image, ImageDraw

from cv_desktop.documents import bundle_layout
from cv_desktop.documents.bundle_layout import DEDICATED, NOT_APPLICABLE, PagePlace
from cv_desktop.documents.bundle_scan import Template, read_page, scanned_pages, straightened
from cv_desktop.domain.bundle import Answer, page_code
from cv_desktop.domain.errors import UserError


def _said(answer: Answer) -> str:
    return NOT_APPLICABLE if answer.not_applicable else "" if answer.level is None else str(answer.level)


@pytest.mark.parametrize("seed", range(8))
def test_a_thousand_sheets_read_back_give_no_wrong_mark(seed: int) -> None:
    """8 × 125 pages at 200 dots an inch, turned up to 3°, some upside down, pale, dusty or out of focus."""
    dice = random.Random(2026 + seed)
    template = Template(printed())
    clear = kept = 0
    for _ in range(125):
        number = dice.choice((1, 2))
        page = scan(dice, number)
        straight = straightened(page.image)
        assert straight is not None
        answers, doubts = read_page(straight, page.place, template.printed(number))
        said = {answer.criterion: answer for answer in answers}
        asked = {doubt.criterion for doubt in doubts}
        for code, value in page.clear.items():
            clear += 1
            if code in said:
                kept += 1
                assert _said(said[code]) == value
                assert said[code].dedicated == (code in page.dedicated)
            else:
                assert code in asked
        assert page.unclear <= asked
        assert not page.unclear & set(said)
        assert not page.empty & set(said)
        assert all(doubt.picture.startswith(b"\x89PNG") for doubt in doubts)
    # Caution has a price: at most one clear mark in fifty is asked again.
    assert kept >= 0.98 * clear


def _page() -> PagePlace:
    return bundle_layout.pages(bundle())[0]


def _read(image: Image.Image) -> tuple[dict[str, str], dict[str, str]]:
    straight = straightened(image)
    assert straight is not None
    answers, doubts = read_page(straight, _page(), Template(printed()).printed(1))
    return {a.criterion: _said(a) for a in answers}, {d.criterion: d.reason for d in doubts}


def test_a_clean_page_says_nothing() -> None:
    assert _read(page_image(1)) == ({}, {})


def test_a_sentence_by_hand_is_kept_for_a_person() -> None:
    image = page_image(1).copy()
    draw = ImageDraw.Draw(image)
    row = _page().rows[0]
    box = row.boxes[3]
    dot = 200 / 25.4
    draw.line([(box.x * dot, box.y * dot), ((box.x + 5) * dot, (box.y + 5) * dot)], fill=0, width=5)
    draw.line([((box.x + 5) * dot, box.y * dot), (box.x * dot, (box.y + 5) * dot)], fill=0, width=5)
    x, y, _width, height = row.sentence
    for step in range(30):
        left = (x + 24 + step * 2) * dot
        draw.line([(left, (y + 1) * dot), (left + dot, (y + height - 4) * dot)], fill=20, width=3)
    said, asked = _read(image)
    assert said == {"PERT": "3"}
    assert asked == {"PERT": "phrase écrite à la main, à saisir"}


def test_a_page_folded_or_cut_is_not_guessed() -> None:
    image = page_image(1).copy()
    # Two corners covered: the page cannot be put straight.
    ImageDraw.Draw(image).rectangle((0, 2000, 1654, 2339), fill=255)
    assert straightened(image) is None


def test_two_pages_of_two_sheets_taken_together_are_not_mixed() -> None:
    image = page_image(1).copy()
    half = page_image(2).crop((0, 1200, 1654, 2339))
    image.paste(half, (0, 1200))
    assert straightened(image) is None


def test_a_pile_gives_its_pages_whatever_their_format(tmp_path: Path) -> None:
    pile = tmp_path / "pile.tiff"
    page_image(2).save(pile, save_all=True, append_images=[page_image(1)], compression="tiff_lzw")
    (tmp_path / "une.png").write_bytes(png(page_image(1)))
    (tmp_path / "papier.pdf").write_bytes(printed())
    codes = [[page.code for page in scanned_pages(tmp_path / name)] for name in ("pile.tiff", "une.png", "papier.pdf")]
    code = [page_code("K7QZ4M2P", SECRET, number) for number in range(3)]
    assert codes == [[code[2], code[1]], [code[1]], code]


def test_what_is_no_scan_is_said(tmp_path: Path) -> None:
    wrong = tmp_path / "photo.jpg"
    wrong.write_bytes(b"\xff\xd8\xff\xe0 rien de plus")
    with pytest.raises(UserError, match="n’est pas un scan lisible"):
        list(scanned_pages(wrong))
    with pytest.raises(UserError, match="introuvable"):
        list(scanned_pages(tmp_path / "absent.pdf"))
    cut = tmp_path / "coupe.pdf"
    cut.write_bytes(printed()[:900])
    with pytest.raises(UserError, match="protégé, incomplet ou abîmé"):
        list(scanned_pages(cut))


def test_every_box_is_on_the_page_and_none_touches_another() -> None:
    for page in bundle_layout.pages(bundle()):
        boxes = [box for row in page.rows for box in row.boxes]
        assert all(box.x > 10 and box.x + box.side < 200 and box.y > 40 and box.y + box.side < 266 for box in boxes)
        for row in page.rows:
            assert all(b.x - a.x - a.side >= 1 for a, b in zip(row.boxes, row.boxes[1:], strict=False))
        assert {box.value for box in page.rows[6].boxes} == {"0", "1", "2", "3", NOT_APPLICABLE, DEDICATED}
    assert len(pypdfium2.PdfDocument(printed())) == 3
