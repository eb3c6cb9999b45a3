"""Rows of text as a page shows them, in the notation of PDF."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from cv_desktop.documents.embedded_font import embedded_font
from cv_desktop.documents.fonts import BOLD, REGULAR
from cv_desktop.documents.style import DANGER, Colour, Style
from cv_desktop.documents.typeset import Piece, Row

# The names that every page gives to the two weights.
FONT_NAMES = {REGULAR: "F1", BOLD: "F2"}
# Ascender of the font over its size, its descender being the rest: where a line sits in its leading.
_ASCENT = 0.75
_SPACE = "<0001>Tj"


def placed(
    rows: Sequence[Row], left: float, top: float, style: Style, *, width: float = 0.0, align: str = "left"
) -> Iterator[tuple[Row, float, float]]:
    """Each row with the start and the height of its line, in points; ``top`` is where the block begins."""
    base = top - (style.leading - style.size) / 2 - _ASCENT * style.size
    slack = 0.0 if align == "left" else 0.5 if align == "center" else 1.0
    for row in rows:
        yield row, left + slack * (width - row.width), base
        base -= style.leading


def show(lines: Sequence[tuple[Row, float, float]], colour: Colour, codes: Callable[[str], str]) -> str:
    """The operators that draw placed rows; ``codes`` gives the codes of a text."""
    ink = fill(colour)
    text = ["BT", ink]
    font: tuple[str, float] | None = None
    for row, left, base in lines:
        reached = -1.0
        for piece in row.pieces:
            if piece.missing:
                text.append(fill(DANGER))
            if font != (piece.font, piece.size):
                font = piece.font, piece.size
                text.append(f"/{FONT_NAMES[piece.font]} {piece.size:g} Tf")
            if piece.rise or abs(piece.x - reached) > 0.01:
                text.append(f"1 0 0 1 {left + piece.x:.2f} {base + piece.rise:.2f} Tm")
            reached = _end(piece)
            text.append(f"<{codes(piece.text)}>Tj")
            if piece.missing:
                text.append(ink)
        # Read aloud or copied, the last word of a row is not stuck to the first of the next.
        text.append(_SPACE)
    text.append("ET")
    return "\n".join(text)


def _end(piece: Piece) -> float:
    # A raised piece leaves its line: the next one is placed anew.
    return -1.0 if piece.rise else piece.x + piece.width


@lru_cache(maxsize=8192)
def usual_codes(text: str) -> str | None:
    """The codes of a text of usual signs; None when one is not among them."""
    codes = embedded_font(REGULAR).codes
    return hexadecimal(text.translate(codes)) if all(ord(sign) in codes for sign in text) else None


def plain_codes(text: str) -> str:
    """The codes of a text with usual signs only, whatever it holds: « ģ » as « g »."""
    known = embedded_font(REGULAR).codes
    bare = (sign if ord(sign) in known else unicodedata.normalize("NFKD", sign)[0] for sign in text)
    return hexadecimal("".join(known.get(ord(sign), known[ord("?")]) for sign in bare))


def hexadecimal(coded: str) -> str:
    """Codes as they are written between < and >."""
    return coded.encode("utf-16-be").hex()


@lru_cache(maxsize=64)
def fill(colour: Colour) -> str:
    """The colour of what is filled and of text."""
    return f"{colour[0]:.4g} {colour[1]:.4g} {colour[2]:.4g} rg"


@lru_cache(maxsize=64)
def stroke(colour: Colour) -> str:
    """The colour of lines."""
    return f"{colour[0]:.4g} {colour[1]:.4g} {colour[2]:.4g} RG"
