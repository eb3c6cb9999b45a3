"""A pile of signed letters scanned in any order: every page filed, none filed wrong, the spoiled ones asked for."""

from __future__ import annotations

import random
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import letter_samples as samples
import pikepdf
import pypdfium2
import pytest
from letter_samples import line
from PIL import Image, ImageDraw, ImageFilter

from cv_desktop.documents import letter_pdf
from cv_desktop.documents.letter_scan import letter_pages, put_together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filing import PageLabel, PilePage, file_pages, label_of

LONG = line(" ".join(f"Phrase numéro {index}, assez longue pour remplir la page." for index in range(110)))


def pages_of(number: int) -> list[tuple[str, pypdfium2.PdfPage]]:
    """The printed pages of a letter of two pages, with their labels."""
    blocks = (replace(samples.GRANTED.blocks[0], line=LONG),)
    pdf = letter_pdf.render(replace(samples.GRANTED, number=f"CO-2026-{number:04d}", blocks=blocks))
    document = pypdfium2.PdfDocument(pdf)
    return [(f"CO-2026-{number:04d} ATT {place}/{len(document)}", page) for place, page in enumerate(document, 1)]


def scanned(page: pypdfium2.PdfPage, dice: random.Random) -> Image.Image:
    """A page as an office scans it: 150 to 300 dots an inch, askew, upside down, grey, a signature across it."""
    image = page.render(scale=dice.choice((150, 200, 300)) / 72, grayscale=True).to_pil().convert("L")
    draw = ImageDraw.Draw(image)
    width, height = image.size
    points = [(dice.uniform(0.5, 0.9) * width, dice.uniform(0.76, 0.86) * height) for _ in range(6)]
    draw.line(points, fill=60, width=max(2, width // 400))
    image = image.rotate(dice.uniform(-4, 4), Image.Resampling.NEAREST, fillcolor=240)
    if dice.random() < 0.3:
        image = image.transpose(Image.Transpose.ROTATE_180)
    image = image.filter(ImageFilter.BoxBlur(dice.uniform(0, 0.7)))
    return image.point(lambda dot: round(25 + dot * 0.85))


def test_three_hundred_pages_in_any_order_are_all_filed(tmp_path: Path) -> None:
    dice = random.Random(2030)
    pile = [page for number in range(1, 151) for page in pages_of(number)]
    assert len(pile) == 300
    dice.shuffle(pile)
    images = [scanned(page, dice) for _label, page in pile]
    path = tmp_path / "pile.tif"
    images[0].save(path, save_all=True, append_images=images[1:], compression="tiff_lzw")
    read = [page.label.text if page.label else "" for page in letter_pages(path)]
    wrong = [(said, label) for said, (label, _page) in zip(read, pile, strict=True) if said not in ("", label)]
    assert wrong == []
    assert read.count("") <= 3
    filed = file_pages([PilePage("pile.tif", place, label_of(text)) for place, text in enumerate(read, 1)])
    assert sum(letter.complete for letter in filed.letters) >= 147


def test_a_page_whose_code_is_spoiled_goes_to_a_person_with_its_picture(tmp_path: Path) -> None:
    (_label, page), *_ = pages_of(7)
    image = page.render(scale=200 / 72, grayscale=True).to_pil().convert("L")
    width, height = image.size
    ImageDraw.Draw(image).rectangle((0.84 * width, 0.92 * height, width, height), fill=30)
    path = tmp_path / "tache.png"
    image.save(path)
    (read,) = letter_pages(path)
    assert read.label is None
    assert Image.open(BytesIO(read.picture)).size == (898, 1270)


def test_pages_missing_or_scanned_twice_are_told() -> None:
    def page(place: int, text: str) -> PilePage:
        return PilePage("pile.pdf", place, label_of(text))

    filed = file_pages([
        page(1, "CO-2026-0002 REF 1/1"), page(2, "CO-2026-0001 ATT 2/3"), page(3, "CO-2026-0001 ATT 1/3"),
        page(4, "CO-2026-0002 REF 1/1"), page(5, "K7QZ4M2P.1 2"),
    ])  # fmt: skip
    first, second = filed.letters
    assert (first.number, [p.place for p in first.pages], first.missing, first.complete) == (
        "CO-2026-0001", [3, 2], (3,), False,
    )  # fmt: skip
    assert (second.number, [p.place for p in second.pages], second.doubled) == ("CO-2026-0002", [1], (1,))
    assert [p.place for p in filed.unreadable] == [5]


@pytest.mark.parametrize("text", ["", "CO-2026-0001 ATT 3/2", "CO-2026-0001 ATT 0/2", "https://exemple.fr", "1 2 3/3"])
def test_another_code_is_no_label(text: str) -> None:
    assert label_of(text) is None
    assert label_of("CO-2026-0114 ATT-P 2/2") == PageLabel("CO-2026-0114", "ATT-P", 2, 2)


def test_the_signed_copy_has_the_pages_in_order(tmp_path: Path) -> None:
    pdf, picture = tmp_path / "pile.pdf", tmp_path / "page.png"
    pdf.write_bytes(letter_pdf.render(samples.GRANTED))
    Image.new("L", (1654, 2339), 255).save(picture, dpi=(200, 200))
    copy = put_together([(picture, 1), (pdf, 1)])
    with pikepdf.open(BytesIO(copy)) as opened:
        assert len(opened.pages) == 2
        assert [round(float(side)) for side in opened.pages[0].mediabox[2:]] == [595, 842]
        assert "/Font" in opened.pages[1].Resources
    assert put_together([(picture, 1), (pdf, 1)]) == copy


def test_what_is_no_scan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("bonjour")
    with pytest.raises(UserError, match="n’est pas un scan lisible"):
        list(letter_pages(path))
