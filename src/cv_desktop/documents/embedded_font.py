"""A weight of the letter font as objects of a PDF file: each sign has its own code, and gives its own text back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics

from cv_desktop.documents.fonts import REPERTOIRE, register
from cv_desktop.documents.pdf_objects import Objects, stream

_FIRST = 1  # code 0 is the missing sign
_BASE = tuple(map(ord, dict.fromkeys(REPERTOIRE)))


@dataclass(frozen=True, slots=True)
class EmbeddedFont:
    """``codes`` translates a text into its codes, two bytes a sign once written in UTF-16."""

    name: str
    signs: tuple[int, ...]
    codes: dict[int, str]


@lru_cache(maxsize=64)
def embedded_font(name: str, others: tuple[int, ...] = ()) -> EmbeddedFont:
    """A weight with the usual repertoire and, after it, the other code points that a document needs."""
    register()
    signs = (*_BASE, *(sign for sign in others if sign not in _BASE))
    return EmbeddedFont(name, signs, {sign: chr(_FIRST + place) for place, sign in enumerate(signs)})


def write_font(objects: Objects, font: EmbeddedFont, *, listed: bool) -> int:
    """Add the objects of a font; gives the number of the one that pages name.

    ``listed``: with the list of its signs, which the first part of PDF/A wants.
    """
    face = pdfmetrics.getFont(font.name).face
    length, program = face.program(font.signs)
    glyphs = _glyphs(font.signs, face.charToGlyph)
    name = b"CVDLTR+" + face.name
    file = objects.add(stream(program, b"/Filter/FlateDecode/Length1 %d" % length, deflated=True))
    signs = b""
    if listed:
        count = len(font.signs) + _FIRST
        full = (1 << count) - 1 << (-count % 8)
        signs = b"/CIDSet %d 0 R" % objects.add(stream(full.to_bytes((count + 7) // 8, "big")))
    descriptor = objects.add(
        b"<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"
        b"/CapHeight %d/StemV %d/FontFile2 %d 0 R%s>>"
        % (name, *map(round, face.bbox), face.ascent, face.descent, face.capHeight, face.stemV, file, signs)
    )
    to_glyph = b"\0\0" + b"".join(glyph.to_bytes(2, "big") for glyph in glyphs)
    mapping = objects.add(stream(to_glyph))
    widths = b" ".join(b"%d" % face.charWidths.get(sign, face.defaultWidth) for sign in font.signs)
    system = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    descendant = objects.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s%s/FontDescriptor %d 0 R/DW %d/W[%d[%s]]/CIDToGIDMap %d 0 R>>"
        % (name, system, descriptor, face.defaultWidth, _FIRST, widths, mapping)
    )
    unicode_map = objects.add(stream(_to_unicode(font.signs)))
    return objects.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, descendant, unicode_map)
    )


def _glyphs(signs: tuple[int, ...], known: dict[int, int]) -> list[int]:
    """The glyph of each sign in the reduced font file, whose glyphs stand in the order they are first asked."""
    places = {0: 0}
    return [places.setdefault(known.get(sign, 0), len(places)) for sign in signs]


def _to_unicode(signs: tuple[int, ...]) -> bytes:
    lines = [
        b"<%04x><%s>" % (_FIRST + place, chr(sign).encode("utf-16-be").hex().encode())
        for place, sign in enumerate(signs)
    ]
    parts = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = b"\n".join(b"%d beginbfchar\n%s\nendbfchar" % (len(part), b"\n".join(part)) for part in parts)
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        b"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        b"1 begincodespacerange<0000><ffff>endcodespacerange\n" + body + b"\nendcmap end end"
    )
