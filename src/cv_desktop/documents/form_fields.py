"""Fields to fill on a screen, put on the pages of a sheet; the program that fills them draws what they hold."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.documents.pdf_file import Widget
from cv_desktop.documents.pdf_objects import text_string
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import GREY, MM, PAGE_HEIGHT

_COMBO, _MULTILINE = 1 << 17, 1 << 12
_PRINTED = 4
_LONGEST = 2000
_GREY = b"%.3f %.3f %.3f" % GREY
_LOOK = b"/MK<</BC[%s]/BG[1 .97 .9]>>/BS<</W .6/S/S>>" % _GREY


def choice_field(
    sheet: Sheet, name: str, options: Sequence[str], x: float, y: float, width: float, height: float, *, said: str
) -> None:
    """A list to choose from; ``said`` is what a screen reader tells. Blank to begin with."""
    listed = b"".join(map(text_string, (" ", *options)))
    kind = b"/FT/Ch/Ff %d/Opt[%s]/V%s/DA(/Helv 9 Tf 0 g)" % (_COMBO, listed, text_string(" "))
    _put(sheet, name, kind, (x, y, width, height), said)


def text_field(sheet: Sheet, name: str, x: float, y: float, width: float, height: float, *, said: str) -> None:
    """A place to write several lines."""
    kind = b"/FT/Tx/Ff %d/MaxLen %d/V()/DA(/Helv 9 Tf 0 g)" % (_MULTILINE, _LONGEST)
    _put(sheet, name, kind, (x, y, width, height), said)


def tick_field(sheet: Sheet, name: str, x: float, y: float, side: float, *, said: str) -> None:
    """A box to tick."""
    _put(sheet, name, b"/FT/Btn/V/Off/AS/Off/DA(/ZaDb 0 Tf 0 g)", (x, y, side, side), said, ticked=True)


def _put(
    sheet: Sheet, name: str, kind: bytes, box: tuple[float, float, float, float], said: str, *, ticked: bool = False
) -> None:
    x, y, width, height = (measure * MM for measure in box)
    bottom = PAGE_HEIGHT * MM - y - height
    place = b"[%.2f %.2f %.2f %.2f]" % (x, bottom, x + width, bottom + height)
    empty = f"1 .97 .9 rg {_GREY.decode()} RG .6 w .3 .3 {width - 0.6:.2f} {height - 0.6:.2f} re B"
    crossed = f"{empty} 0 G 1 w 2 2 m {width - 2:.2f} {height - 2:.2f} l 2 {height - 2:.2f} m {width - 2:.2f} 2 l S"
    looks = (("Off", empty), ("Yes", crossed)) if ticked else (("", empty),)
    content = b"/Type/Annot/Subtype/Widget/F %d/Rect%s/T%s/TU%s%s%s" % (
        _PRINTED, place, text_string(name), text_string(said), _LOOK, kind,
    )  # fmt: skip
    sheet.file.widgets.append(Widget(len(sheet.file.pages), content, width, height, looks))
