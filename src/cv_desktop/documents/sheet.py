"""One PDF file under construction, drawn from the top left corner of each page in millimetres."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from cv_desktop.documents.embedded_font import embedded_font
from cv_desktop.documents.fonts import REGULAR, register, width_of
from cv_desktop.documents.pdf_file import Attached, PdfFile, Picture
from cv_desktop.documents.reading_order import PARAGRAPH, Path
from cv_desktop.documents.style import DANGER, DANGER_TINT, MM, PAGE_HEIGHT, PAGE_WIDTH, Colour, Style
from cv_desktop.documents.text_operators import FONT_NAMES, fill, hexadecimal, placed, show, stroke, usual_codes
from cv_desktop.documents.typeset import Row
from cv_desktop.domain.errors import UserError

_DOTS_PER_MM = 300 / 25.4
_TOP = PAGE_HEIGHT * MM
_ARTIFACT = "artifact"


@lru_cache(maxsize=8)
def picture(source: bytes, box_width: float, box_height: float, what: str = "Le logo des courriers") -> Picture:
    """An image made ready for a box in millimetres, at 300 dots an inch at most, on white; ``what`` it is in refusals.

    Raises UserError when the bytes are no image.
    """
    try:
        with Image.open(BytesIO(source)) as opened:
            image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError):
        raise UserError(f"{what} n’est pas une image PNG ou JPEG. Choisissez-le de nouveau.") from None
    scale = min(box_width * _DOTS_PER_MM / image.width, box_height * _DOTS_PER_MM / image.height)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    raw = flat.tobytes()
    return Picture(hashlib.sha256(raw).hexdigest()[:16], flat.width, flat.height, zlib.compress(raw, 9))


class Sheet:
    """Draws text, rules and pictures; ``finish`` gives the bytes, the same ones for the same calls.

    What is drawn as a ``part`` is read in that order by a screen reader; the rest is decoration. ``archive`` is the
    part of PDF/A that the file follows, 0 for a form to fill.
    """

    def __init__(self, *, title: str, author: str, subject: str, archive: int = 3) -> None:
        register()
        self.file = PdfFile(title, author, subject, archive)
        self._ops: list[str] = []
        self._open: Path | str = ""

    def rows(
        self,
        rows: Sequence[Row],
        x: float,
        y: float,
        style: Style,
        *,
        width: float = 0.0,
        align: str = "left",
        part: Path | None = PARAGRAPH,
    ) -> float:
        """Set rows of text whose block begins at x, y; returns the y below them.

        ``align`` is "left", "right" or "center" in ``width`` millimetres. Without a ``part`` it is decoration: the
        number of a page, what repeats.
        """
        if not rows:
            return y
        self._begin(part)
        lines = list(placed(rows, x * MM, _TOP - y * MM, style, width=width * MM, align=align))
        for row, left, base in lines:
            for piece in row.pieces:
                if piece.missing:
                    self._box(left + piece.x, base, piece.width, piece.size)
        self._ops.append(show(lines, style.colour, self._codes))
        return y + len(rows) * style.line

    def rule(self, x: float, y: float, width: float, *, thickness: float, colour: Colour) -> None:
        """A horizontal line; every measure in millimetres."""
        self._begin(None)
        height = f"{_TOP - y * MM:.2f}"
        line = f"{x * MM:.2f} {height} m {(x + width) * MM:.2f} {height} l S"
        self._ops.append(f"{stroke(colour)} {thickness * MM:.3f} w {line}")

    def block(self, x: float, y: float, width: float, height: float, *, colour: Colour, radius: float = 0.0) -> None:
        """A filled rectangle."""
        self._begin(None)
        bottom = _TOP - (y + height) * MM
        self._ops.append(f"{fill(colour)} {_rounded(x * MM, bottom, width * MM, height * MM, radius * MM)} f")

    def frame(self, x: float, y: float, width: float, height: float, *, thickness: float, colour: Colour) -> None:
        """An empty rectangle; its lines lie astride its sides."""
        self._begin(None)
        place = f"{x * MM:.2f} {_TOP - (y + height) * MM:.2f} {width * MM:.2f} {height * MM:.2f}"
        self._ops.append(f"{stroke(colour)} {thickness * MM:.3f} w {place} re S")

    def wave(self, points: Sequence[tuple[float, float]], *, thickness: float, colour: Colour) -> None:
        """A smooth line: a first point, then three points for each curve."""
        self._begin(None)
        flat = [f"{x * MM:.2f} {_TOP - y * MM:.2f}" for x, y in points]
        curves = " ".join(f"{' '.join(flat[i : i + 3])} c" for i in range(1, len(flat) - 2, 3))
        self._ops.append(f"q {stroke(colour)} {thickness * MM:.3f} w 1 J {flat[0]} m {curves} S Q")

    def modules(self, matrix: Sequence[Sequence[int]], x: float, y: float, side: float, *, colour: Colour) -> None:
        """A square of black and white modules (QR), runs of a row drawn as one rectangle."""
        self._begin(None)
        step = side * MM / len(matrix)
        black = (f"{start} {-i - 1} {end - start} 1 re" for i, line in enumerate(matrix) for start, end in _runs(line))
        place = f"q {step:.4f} 0 0 {step:.4f} {x * MM:.2f} {_TOP - y * MM:.2f} cm"
        self._ops += (place, fill(colour), *black, "f Q")

    def image(self, image: Picture, x: float, y: float, width: float, height: float, *, said: str) -> None:
        """A prepared picture in a box; ``said`` stands for it."""
        self._begin((("Figure", None),), said)
        if image not in self.file.pictures:
            self.file.pictures.append(image)
        place = self.file.pictures.index(image)
        self._ops.append(
            f"q {width * MM:.2f} 0 0 {height * MM:.2f} {x * MM:.2f} {_TOP - (y + height) * MM:.2f} cm /I{place} Do Q"
        )

    def watermark(self, word: str, font: str, size: float, *, y: float, colour: Colour) -> None:
        """A word across the page, its middle at y; call it first, the rest is drawn over it."""
        self._begin(None)
        place = f"{PAGE_WIDTH / 2 * MM:.2f} {_TOP - y * MM:.2f}"
        shift = f"{-width_of(word, font, size) / 2:.2f} {-size / 3:.2f}"
        self._ops.append(
            f"q 0.61566 0.78801 -0.78801 0.61566 {place} cm BT {fill(colour)} /{FONT_NAMES[font]} {size:g} Tf "
            f"{shift} Td <{self._codes(word)}>Tj ET Q"
        )

    def next_page(self) -> None:
        """End this page; what follows is on the next one."""
        self._close()
        self.file.pages.append("\n".join(self._ops))
        self._ops = []

    def sign_here(self) -> None:
        """This page is the one to sign; the last one is where nothing says so."""
        self.file.signed_page = len(self.file.pages)

    def attach(self, attached: Attached) -> None:
        """Carry a file along."""
        self.file.attached = (*self.file.attached, attached)

    def finish(self) -> bytes:
        """The whole file."""
        self.next_page()
        return self.file.bytes_of()

    def _begin(self, part: Path | None, said: str = "") -> None:
        """What follows belongs to a part, the one already open or another; or to none."""
        wanted: Path | str = _ARTIFACT if part is None else part
        if wanted == self._open and (part is None or part[-1][1] is not None):
            return
        self._close()
        self._open = wanted
        if part is None:
            self._ops.append("/Artifact BMC")
        else:
            mark = self.file.order.mark(len(self.file.pages), part, said)
            self._ops.append(f"/{part[-1][0]}<</MCID {mark}>>BDC")

    def _close(self) -> None:
        if self._open:
            self._ops.append("EMC")
            self._open = ""

    def _codes(self, text: str) -> str:
        codes = usual_codes(text)
        return codes if codes is not None else self._rare_codes(text)

    def _rare_codes(self, text: str) -> str:
        """Signs beyond the usual ones get the codes that follow, for this file."""
        signs = self.file.signs
        usual = embedded_font(REGULAR).codes
        signs += dict.fromkeys(ord(sign) for sign in text if ord(sign) not in usual and ord(sign) not in signs)
        return hexadecimal(text.translate(embedded_font(REGULAR, tuple(signs)).codes))

    def _box(self, x: float, base: float, width: float, size: float) -> None:
        place = f"{x - 1:.2f} {base - 0.27 * size:.2f} {width + 2:.2f} {1.19 * size:.2f}"
        self._ops.append(f"{fill(DANGER_TINT)} {stroke(DANGER)} 0.6 w {place} re B")


def _runs(line: Sequence[int]) -> Iterable[tuple[int, int]]:
    start = 0
    while start < len(line):
        end = start + 1
        while end < len(line) and line[end] == line[start]:
            end += 1
        if line[start]:
            yield start, end
        start = end


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    if not radius:
        return f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re"
    right, top, pull = x + width, y + height, radius * 0.4477
    return (
        f"{x + radius:.2f} {y:.2f} m {right - radius:.2f} {y:.2f} l "
        f"{right - pull:.2f} {y:.2f} {right:.2f} {y + pull:.2f} {right:.2f} {y + radius:.2f} c "
        f"{right:.2f} {top - radius:.2f} l "
        f"{right:.2f} {top - pull:.2f} {right - pull:.2f} {top:.2f} {right - radius:.2f} {top:.2f} c "
        f"{x + radius:.2f} {top:.2f} l "
        f"{x + pull:.2f} {top:.2f} {x:.2f} {top - pull:.2f} {x:.2f} {top - radius:.2f} c "
        f"{x:.2f} {y + radius:.2f} l "
        f"{x:.2f} {y + pull:.2f} {x + pull:.2f} {y:.2f} {x + radius:.2f} {y:.2f} c h"
    )
