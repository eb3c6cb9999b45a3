"""The page that tries the envelopes: frames, folds and ruler to the tenth of a millimetre, the address inside."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from cv_desktop.documents import envelope_page
from cv_desktop.documents.style import MM


def drawn(pdf: bytes) -> str:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return opened.pages[0].Contents.read_bytes().decode("latin-1")


def frames(pdf: bytes) -> list[tuple[float, ...]]:
    """Left, top, right, bottom of each frame, in millimetres from the top left corner."""
    found = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re S", drawn(pdf))
    boxes = [tuple(float(x) / MM for x in box) for box in found]
    return [(x, 297 - y - h, x + w, 297 - y) for x, y, w, h in boxes]


@pytest.mark.parametrize(("window", "seen"), [(45, (100, 45, 190, 79)), (35, (100, 55, 190, 79))])
def test_the_address_lies_in_what_is_always_seen(window: int, seen: tuple[int, ...]) -> None:
    pdf = envelope_page.render(window)
    sometimes, always = frames(pdf)
    assert always == pytest.approx(seen, abs=0.05)
    assert sometimes == pytest.approx((90, 34, 200, 90), abs=0.05)
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    address = []
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        words = text.get_text_bounded(left, bottom, right, top).strip()
        box = (left / MM, 297 - top / MM, right / MM, 297 - bottom / MM)
        if box[0] > 90 and box[1] < 90 and "vu" not in words:
            address.append((words, box))
    document.close()
    assert len(address) == (6 if window == 45 else 5)
    assert address[-1][0] == "77350 LE MÉE-SUR-SEINE"
    for _words, (left, top, right, bottom) in address:
        assert seen[0] + 4.5 <= left <= right <= seen[2]
        assert seen[1] <= top <= bottom <= seen[3]


def test_its_ruler_is_ten_centimetres_long_and_its_folds_where_the_letters_have_them() -> None:
    pdf = envelope_page.render(45)
    lines = [
        tuple(float(x) / MM for x in line)
        for line in re.findall(r"([\d.]+) ([\d.]+) m ([\d.]+) [\d.]+ l S", drawn(pdf))
    ]
    assert any(
        left == pytest.approx(25, abs=0.02) and right == pytest.approx(125, abs=0.02) for left, _y, right in lines
    )
    assert [297 - y for left, y, _right in lines if left == pytest.approx(5, abs=0.02)] == pytest.approx(
        [99, 198], abs=0.05
    )
    assert envelope_page.render(45) == pdf
    assert envelope_page.render(35) != pdf
