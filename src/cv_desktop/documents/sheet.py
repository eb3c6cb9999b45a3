"""One PDF file under construction, drawn from the top left corner of each page in millimetres."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError
from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from cv_desktop.documents.fonts import REGULAR, register
from cv_desktop.documents.style import DANGER, DANGER_TINT, GREY, INK, MM, PAGE_HEIGHT, PAGE_WIDTH, Colour, Style
from cv_desktop.documents.typeset import Row
from cv_desktop.domain.errors import UserError

# Ascender of the font over its size, its descender being the rest: where a line sits in its leading.
_ASCENT = 0.75
_DOTS_PER_MM = 300 / 25.4
# Fields are drawn by the program that fills them, in its own Helvetica.
_FIELD: dict[str, Any] = {
    "fontName": "Helvetica",
    "fontSize": 9,
    "borderWidth": 0.6,
    "borderColor": Color(*GREY),
    "fillColor": Color(1, 0.97, 0.9),
    "textColor": Color(*INK),
    "forceBorder": True,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image ready to be embedded: RGB, deflated."""

    key: str
    width: int
    height: int
    data: bytes


@lru_cache(maxsize=8)
def picture(source: bytes, box_width: float, box_height: float) -> Picture:
    """An image made ready for a box in millimetres, at 300 dots an inch at most, on white.

    Raises UserError when the bytes are no image.
    """
    try:
        with Image.open(BytesIO(source)) as opened:
            image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError):
        raise UserError("Le logo des courriers n’est pas une image PNG ou JPEG. Choisissez-le de nouveau.") from None
    scale = min(box_width * _DOTS_PER_MM / image.width, box_height * _DOTS_PER_MM / image.height)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    raw = flat.tobytes()
    return Picture(hashlib.sha256(raw).hexdigest()[:16], flat.width, flat.height, zlib.compress(raw, 9))


class Sheet:
    """Draws text, rules and pictures; ``finish`` gives the bytes, the same ones for the same calls."""

    def __init__(self, *, title: str, author: str, subject: str) -> None:
        register()
        self._buffer = BytesIO()
        size = (PAGE_WIDTH * MM, PAGE_HEIGHT * MM)
        # Streams stay binary: ASCII85 would halve the speed. The first font is ours, or every page would name
        # Helvetica, which is not embedded.
        self._canvas = Canvas(
            self._buffer, pagesize=size, invariant=1, pageCompression=1, initialFontName=REGULAR, lang="fr-FR",
            pdfVersion=(1, 7),
        )  # fmt: skip
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator("CV Desktop")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def rows(
        self, rows: Sequence[Row], x: float, y: float, style: Style, *, width: float = 0.0, align: str = "left"
    ) -> float:
        """Set rows of text whose block begins at x, y; returns the y below them.

        ``align`` is "left", "right" or "center" in ``width`` millimetres.
        """
        baseline = (PAGE_HEIGHT - y) * MM - (style.leading - style.size) / 2 - _ASCENT * style.size
        slack = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        lefts = (x * MM + slack * (width * MM - row.width) for row in rows)
        places = [(left, baseline - i * style.leading) for i, left in enumerate(lefts)]
        for row, (left, base) in zip(rows, places, strict=True):
            for piece in row.pieces:
                if piece.missing:
                    self._box(left + piece.x, base, piece.width, piece.size)
        text = self._canvas.beginText()
        text.setFillColor(style.colour)
        for row, (left, base) in zip(rows, places, strict=True):
            reached = -1.0
            for piece in row.pieces:
                if abs(piece.x - reached) > 0.01:
                    text.setTextOrigin(left + piece.x, base)
                reached = piece.x + piece.width
                if piece.missing:
                    text.setFillColor(DANGER)
                if piece.rise:
                    text.setRise(piece.rise)
                text.setFont(piece.font, piece.size)
                text.textOut(piece.text)
                if piece.rise:
                    text.setRise(0)
                if piece.missing:
                    text.setFillColor(style.colour)
        self._canvas.drawText(text)
        return y + len(rows) * style.line

    def _box(self, x: float, base: float, width: float, size: float) -> None:
        self._canvas.setFillColor(DANGER_TINT)
        self._canvas.setStrokeColor(DANGER)
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(x - 1, base - 0.27 * size, width + 2, 1.19 * size, fill=1)

    def rule(self, x: float, y: float, width: float, *, thickness: float, colour: Colour) -> None:
        """A horizontal line; every measure in millimetres."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(thickness * MM)
        self._canvas.line(x * MM, (PAGE_HEIGHT - y) * MM, (x + width) * MM, (PAGE_HEIGHT - y) * MM)

    def block(self, x: float, y: float, width: float, height: float, *, colour: Colour, radius: float = 0.0) -> None:
        """A filled rectangle."""
        self._canvas.setFillColor(colour)
        bottom = (PAGE_HEIGHT - y - height) * MM
        self._canvas.roundRect(x * MM, bottom, width * MM, height * MM, radius * MM, stroke=0, fill=1)

    def frame(self, x: float, y: float, width: float, height: float, *, thickness: float, colour: Colour) -> None:
        """An empty rectangle; its lines lie astride its sides."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(thickness * MM)
        self._canvas.rect(x * MM, (PAGE_HEIGHT - y - height) * MM, width * MM, height * MM, fill=0)

    def wave(self, points: Sequence[tuple[float, float]], *, thickness: float, colour: Colour) -> None:
        """A smooth line: a first point, then three points for each curve."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(thickness * MM)
        self._canvas.setLineCap(1)
        flat = [(x * MM, (PAGE_HEIGHT - y) * MM) for x, y in points]
        path = self._canvas.beginPath()
        path.moveTo(*flat[0])
        for i in range(1, len(flat) - 2, 3):
            path.curveTo(*flat[i], *flat[i + 1], *flat[i + 2])
        self._canvas.drawPath(path)
        self._canvas.setLineCap(0)

    def modules(self, matrix: Sequence[Sequence[int]], x: float, y: float, side: float, *, colour: Colour) -> None:
        """A square of black and white modules (QR), runs of a row drawn as one rectangle."""
        step = side * MM / len(matrix)
        left, top = x * MM, (PAGE_HEIGHT - y) * MM
        path = self._canvas.beginPath()
        for i, line in enumerate(matrix):
            start = 0
            while start < len(line):
                end = start + 1
                while end < len(line) and line[end] == line[start]:
                    end += 1
                if line[start]:
                    path.rect(left + start * step, top - (i + 1) * step, (end - start) * step, step)
                start = end
        self._canvas.setFillColor(colour)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def image(self, image: Picture, x: float, y: float, width: float, height: float) -> None:
        """A prepared picture in a box."""
        document = self._canvas._doc
        if not document.hasForm(image.key):
            stream = pdfdoc.PDFStream(content=image.data)
            for key, value in (
                ("Type", pdfdoc.PDFName("XObject")),
                ("Subtype", pdfdoc.PDFName("Image")),
                ("Width", image.width),
                ("Height", image.height),
                ("ColorSpace", pdfdoc.PDFName("DeviceRGB")),
                ("BitsPerComponent", 8),
                ("Filter", pdfdoc.PDFName("FlateDecode")),
            ):
                stream.dictionary[key] = value
            document.addForm(image.key, stream)
        self._canvas.saveState()
        self._canvas.translate(x * MM, (PAGE_HEIGHT - y - height) * MM)
        self._canvas.scale(width * MM, height * MM)
        self._canvas.doForm(image.key)
        self._canvas.restoreState()

    def watermark(self, word: str, font: str, size: float, *, y: float, colour: Colour) -> None:
        """A word across the page, its middle at y; call it first, the rest is drawn over it."""
        self._canvas.saveState()
        self._canvas.translate(PAGE_WIDTH / 2 * MM, (PAGE_HEIGHT - y) * MM)
        self._canvas.rotate(52)
        self._canvas.setFillColor(colour)
        self._canvas.setFont(font, size)
        self._canvas.drawCentredString(0, -size / 3, word)
        self._canvas.restoreState()

    def choice_field(
        self, name: str, options: Sequence[str], x: float, y: float, width: float, height: float, *, said: str
    ) -> None:
        """A list to choose from on a screen; ``said`` is what a screen reader tells."""
        # reportlab wants a choice made: a blank one.
        self._canvas.acroForm.choice(
            name=name, value=" ", options=[" ", *options], tooltip=said, fieldFlags="combo", width=width * MM,
            height=height * MM, **self._place(x, y, height), **_FIELD,
        )  # fmt: skip

    def text_field(self, name: str, x: float, y: float, width: float, height: float, *, said: str) -> None:
        """A place to write several lines on a screen."""
        self._canvas.acroForm.textfield(
            name=name, value="", tooltip=said, fieldFlags="multiline", maxlen=2000, **self._place(x, y, height),
            width=width * MM, height=height * MM, **_FIELD,
        )  # fmt: skip

    def tick_field(self, name: str, x: float, y: float, side: float, *, said: str) -> None:
        """A box to tick on a screen."""
        self._canvas.acroForm.checkbox(
            name=name, tooltip=said, size=side * MM, checked=False, buttonStyle="cross", **self._place(x, y, side),
            **{key: _FIELD[key] for key in ("borderWidth", "borderColor", "fillColor", "textColor", "forceBorder")},
        )  # fmt: skip

    @staticmethod
    def _place(x: float, y: float, height: float) -> dict[str, float]:
        return {"x": x * MM, "y": (PAGE_HEIGHT - y - height) * MM}

    def next_page(self) -> None:
        """End this page; what follows is on the next one."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole file."""
        self._canvas.save()
        return self._buffer.getvalue()
