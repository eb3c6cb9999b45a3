"""Sizes, leadings, colours and places of the printed page, in points and millimetres."""

from __future__ import annotations

from dataclasses import dataclass, replace

Colour = tuple[float, float, float]

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
LEFT, RIGHT = 25.0, 190.0


def _colour(code: str) -> Colour:
    return int(code[:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:], 16) / 255


INK = _colour("11171B")
SECONDARY = _colour("2E373D")
ACCENT = _colour("0F5C73")
ACCENT_LIGHT = _colour("7FC0D3")
GREY = _colour("9AA3A8")
PALE = _colour("EDEEEC")
DANGER = _colour("9B1C2B")
DANGER_TINT = _colour("FAE4E5")
WHITE = _colour("FFFFFF")


@dataclass(frozen=True, slots=True)
class Style:
    """How a block of text is set: size and leading in points."""

    size: float
    leading: float
    bold: bool = False
    colour: Colour = INK

    @property
    def line(self) -> float:
        """Height of one line in millimetres."""
        return self.leading / MM

    def scaled(self, factor: float) -> Style:
        """The same style, smaller."""
        return replace(self, size=self.size * factor, leading=self.leading * factor)


BODY = Style(10.5, 13.6)
LABEL = replace(BODY, bold=True)
SERVICE = Style(9, 12.2, colour=SECONDARY)
SERVICE_NAME = Style(9, 12.2, bold=True)
ADDRESSEE = Style(11, 4.6 * MM)
AMOUNT = Style(15, 18, bold=True)
NOTES = Style(9, 12, colour=SECONDARY)
LEGAL = Style(8, 9.9)
FOOTER = Style(8, 10, colour=SECONDARY)
FOLIO = Style(7.5, 9, colour=SECONDARY)
NAME = Style(14, 17, bold=True, colour=ACCENT)
KIND = Style(10, 13, colour=SECONDARY)
