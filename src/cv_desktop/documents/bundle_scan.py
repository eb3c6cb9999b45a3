"""Reads marking sheets back from scans: which page by its QR, which level by the ink in its boxes.

A mark is only accepted when one box of its row holds a cross, the others are clean, and nothing strays between
them; whatever else is there goes to a person with its picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from cv_desktop.documents.bundle_layout import (
    DEDICATED,
    NOT_APPLICABLE,
    QR,
    QR_PLACES,
    SENTENCE_FROM,
    BoxPlace,
    PagePlace,
    RowPlace,
)
from cv_desktop.documents.scan_images import images, png
from cv_desktop.documents.style import PAGE_HEIGHT, PAGE_WIDTH
from cv_desktop.domain.bundle import Answer, Doubt, page_of

DOTS = 8  # per millimetre, once straight: 203 dots an inch
_SIZE = (round(PAGE_WIDTH * DOTS), round(PAGE_HEIGHT * DOTS))
_QR_ONLY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# Shares of a box's inside, in ink: clean below, crossed from, blackened (a correction) from.
_CLEAN, _CROSSED, _BLACKENED = 0.003, 0.06, 0.66
# Square millimetres of ink outside the boxes above which a row is read by a person.
_STRAY = 1.6
_INSET, _HALO = 0.7, 1.7
# How far, in millimetres, the printed points of the page may be from where the two QR put them.
_WARP = 1.0
# Dots per millimetre below which a cross is no longer told from a stain: 100 dots an inch.
_COARSEST = 4.0
_INK_BELOW = 0.85
_FRAME_WITHIN = 10
_FRAME_SEEN = 0.55


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page of a pile: ``code`` is what its QR says, empty when unreadable; ``straight`` only with two QR or more."""

    index: int
    count: int
    image: Image.Image
    code: str
    straight: Image.Image | None

    def picture(self) -> bytes:
        """The whole page, small, for the queue of those that a person files."""
        return png(ImageOps.contain(self.image, (900, 1270)))


def scanned_pages(path: Path) -> Iterator[ScannedPage]:
    """The pages of a scan (PDF, PNG, JPEG or TIFF), in any order, whichever way up.

    Raises UserError when it is none of them, protected or damaged; Unavailable when it cannot be read.
    """
    for index, (count, image) in enumerate(images(path), 1):
        found = _codes(image)
        code = next((text for text, _corners in found.values()), "")
        yield ScannedPage(index, count, image, code, _straight(image, found))


def straightened(image: Image.Image) -> Image.Image | None:
    """The page put straight by its QR, eight dots a millimetre; None when it is folded, cut or not one page."""
    return _straight(image, _codes(image))


Point = tuple[float, float]


def _codes(image: Image.Image) -> dict[str, tuple[str, tuple[Point, ...]]]:
    """Our QR on a page by their place: what they say, and their corners from the printed top left one on."""
    found = {}
    for one in zxingcpp.read_barcodes(image, formats=_QR_ONLY):
        code, _space, place = one.text.rpartition(" ")
        if place in QR_PLACES and page_of(code):
            at = one.position
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            found[place] = (code, tuple((float(p.x), float(p.y)) for p in corners))
    return found


def _straight(image: Image.Image, found: Mapping[str, tuple[str, tuple[Point, ...]]]) -> Image.Image | None:
    """The page put straight by its QR; None with fewer than two, of two pages, or bent beyond a millimetre."""
    if len(found) < 2 or len({code for code, _corners in found.values()}) > 1:
        return None
    places: list[Point] = []
    sources: list[Point] = []
    for place, (_code, corners) in found.items():
        x, y = QR_PLACES[place]
        places += [(x, y), (x + QR, y), (x + QR, y + QR), (x, y + QR)]
        sources += corners
    to_image = _affine(places, sources) if len(found) > 2 else _similar(places, sources)
    a, b, c, d, e, f = to_image
    scale = abs(a * e - b * d) ** 0.5
    off = max(_distance(to_image, place, source) for place, source in zip(places, sources, strict=True))
    if scale <= _COARSEST or off > _WARP * scale:
        return None
    coefficients = (a / DOTS, b / DOTS, c, d / DOTS, e / DOTS, f)
    return image.transform(_SIZE, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR, fillcolor=255)


def _similar(places: Sequence[Point], sources: Sequence[Point]) -> tuple[float, ...]:
    """The least-squares turn, scale and shift from millimetres of the page to dots of the image."""
    here, there = [complex(*p) for p in places], [complex(*p) for p in sources]
    middle, target = sum(here) / len(here), sum(there) / len(there)
    turn = sum((t - target) * (h - middle).conjugate() for h, t in zip(here, there, strict=True))
    turn /= sum(abs(h - middle) ** 2 for h in here)
    shift = target - turn * middle
    return (turn.real, -turn.imag, shift.real, turn.imag, turn.real, shift.imag)


def _affine(places: Sequence[Point], sources: Sequence[Point]) -> tuple[float, ...]:
    """The least-squares affine map, by the normal equations: a scanner does not stretch both ways alike."""
    here = [(x, y, 1.0) for x, y in places]
    rows = [[sum(p[i] * p[j] for p in here) for j in range(3)] for i in range(3)]
    found: list[float] = []
    for axis in (0, 1):
        found += _solve(rows, [sum(p[i] * s[axis] for p, s in zip(here, sources, strict=True)) for i in range(3)])
    return tuple(found)


def _solve(rows: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Three equations by Cramer's rule."""

    def determinant(m: Sequence[Sequence[float]]) -> float:
        return (
            m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
            - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
        )

    whole = determinant(rows)
    replaced = ([[right[i] if j == column else rows[i][j] for j in range(3)] for i in range(3)] for column in range(3))
    return [determinant(changed) / whole for changed in replaced]


def _distance(to_image: Sequence[float], place: Point, source: Point) -> float:
    a, b, c, d, e, f = to_image
    x, y = place
    return float(abs(complex(a * x + b * y + c, d * x + e * y + f) - complex(*source)))


class Template:
    """The page as it was printed: what is on it is not ink of a pen."""

    def __init__(self, pdf: bytes) -> None:
        self._document = pypdfium2.PdfDocument(pdf)
        self._pages: dict[int, Image.Image] = {}

    def printed(self, page: int) -> Image.Image:
        """The printed ink of a page, wide enough for a scan that is not quite at its place."""
        if page not in self._pages:
            drawn = self._document[page].render(scale=DOTS * 25.4 / 72, grayscale=True).to_pil().convert("L")
            ink = drawn.resize(_SIZE).point(lambda value: 255 if value < 225 else 0)
            self._pages[page] = ink.filter(ImageFilter.MaxFilter(9))
        return self._pages[page]


def read_page(straight: Image.Image, place: PagePlace, printed: Image.Image) -> tuple[list[Answer], list[Doubt]]:
    """The marks of a straight page, and the rows that only a person can read."""
    ink = _ink(straight)
    by_hand = ImageChops.subtract(ink, printed)
    answers: list[Answer] = []
    doubts: list[Doubt] = []
    for row in place.rows:
        answer, reason = _row(ink, by_hand, row, place.file.number)
        if reason:
            doubts.append(Doubt(place.file.number, row.asked.code, reason, place.number, _strip(straight, row)))
        elif answer is not None:
            answers.append(answer)
            if _written(by_hand, row):
                words = "phrase écrite à la main, à saisir"
                doubts.append(Doubt(place.file.number, row.asked.code, words, place.number, _strip(straight, row)))
    return answers, doubts


def _row(ink: Image.Image, by_hand: Image.Image, row: RowPlace, number: str) -> tuple[Answer | None, str]:
    """What a row says, or why a person must look at it."""
    filled: list[str] = []
    for box in row.boxes:
        aligned = _aligned(ink, box)
        if aligned is None:
            return None, "les cases ne sont pas où elles devraient être"
        share = _share(ink, aligned)
        around = _area(by_hand, _grown(aligned, _HALO)) - _area(by_hand, _grown(aligned, -_INSET))
        if share >= _BLACKENED:
            return None, "une case est noircie"
        if share >= _CROSSED:
            filled.append(box.value)
        elif share > _CLEAN:
            return None, f"la case {box.value} est à peine marquée"
        elif around > _STRAY:
            return None, f"un trait passe autour de la case {box.value}"
    if _stray(by_hand, row) > _STRAY:
        return None, "un trait passe entre les cases"
    levels = [value for value in filled if value != DEDICATED]
    if len(levels) > 1:
        return None, f"deux cases sont cochées\u00a0: {', '.join(levels)}"
    if not filled:
        return None, ""
    level = levels[0] if levels else ""
    return (
        Answer(
            number,
            row.asked.code,
            int(level) if level.isdigit() else None,
            level == NOT_APPLICABLE,
            DEDICATED in filled,
        ),
        "",
    )


Rect = tuple[float, float, float, float]  # left, top, right, bottom, in millimetres


def _aligned(ink: Image.Image, box: BoxPlace) -> Rect | None:
    """Where the frame of a box really is, within a millimetre and a quarter; None when it is not seen."""
    margin = _FRAME_WITHIN
    side = round(box.side * DOTS)
    left, top = round(box.x * DOTS) - margin, round(box.y * DOTS) - margin
    around = ink.crop((left, top, left + side + 2 * margin, top + side + 2 * margin))
    span = side + 2 * margin
    inside = (margin, margin, margin + side, margin + side)
    columns = around.crop((0, inside[1], span, inside[3])).resize((span, 1), Image.Resampling.BOX).tobytes()
    lines = around.crop((inside[0], 0, inside[2], span)).resize((1, span), Image.Resampling.BOX).tobytes()
    dx, seen_x = _frame_at(columns, side)
    dy, seen_y = _frame_at(lines, side)
    if min(seen_x, seen_y) < _FRAME_SEEN:
        return None
    x, y = (left + dx) / DOTS, (top + dy) / DOTS
    return (x, y, x + box.side, y + box.side)


def _frame_at(profile: bytes, side: int) -> tuple[int, float]:
    """The offset whose two sides are the darkest, and how dark the paler one is."""
    best, seen = 0, -1.0
    middle = (len(profile) - side) // 2
    for offset in range(1, len(profile) - side - 1):
        first = max(profile[offset - 1 : offset + 2])
        second = max(profile[offset + side - 1 : offset + side + 2])
        both = min(first, second) / 255 - abs(offset - middle) * 0.002
        if both > seen:
            best, seen = offset, both
    return best, seen


def _grown(rect: Rect, by: float) -> Rect:
    return rect[0] - by, rect[1] - by, rect[2] + by, rect[3] + by


def _dots(rect: Rect) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(side * DOTS) for side in rect)
    return left, top, right, bottom


def _area(ink: Image.Image, rect: Rect) -> float:
    """Ink in a place, in square millimetres."""
    return ink.crop(_dots(rect)).histogram()[255] / DOTS**2


def _share(ink: Image.Image, rect: Rect) -> float:
    inside = _grown(rect, -_INSET)
    return _area(ink, inside) / ((inside[2] - inside[0]) * (inside[3] - inside[1]))


def _stray(by_hand: Image.Image, row: RowPlace) -> float:
    """Ink between the boxes, in square millimetres: none when every cross stays near its box."""
    first, last = row.boxes[0], row.boxes[-1]
    whole = (first.x - 6.0, row.y + 0.8, last.x + last.side + 3.0, first.y + first.side + 1.2)
    near = sum(
        _area(by_hand, (max(x0, whole[0]), max(y0, whole[1]), min(x1, whole[2]), min(y1, whole[3])))
        for x0, y0, x1, y1 in (_grown((b.x, b.y, b.x + b.side, b.y + b.side), _HALO) for b in row.boxes)
    )
    return _area(by_hand, whole) - near


def _written(by_hand: Image.Image, row: RowPlace) -> bool:
    x, y, width, height = row.sentence
    return height > 4 and _area(by_hand, (x + SENTENCE_FROM, y, x + width, y + height)) > 3.0


def _ink(straight: Image.Image) -> Image.Image:
    """255 where the page is darker than the paper around it, whatever the light of the scan."""
    soft = straight.filter(ImageFilter.BoxBlur(1))
    small = soft.resize((_SIZE[0] // 24, _SIZE[1] // 24), Image.Resampling.BOX).filter(ImageFilter.MaxFilter(5))
    paper = small.filter(ImageFilter.GaussianBlur(2)).resize(_SIZE, Image.Resampling.BILINEAR)
    limit = paper.point(lambda value: round(value * _INK_BELOW))
    return ImageChops.subtract(limit, soft).point(lambda value: 255 if value else 0)


def _strip(straight: Image.Image, row: RowPlace) -> bytes:
    return png(straight.crop(_dots((12.0, row.y, PAGE_WIDTH - 12.0, row.y + row.height))))
