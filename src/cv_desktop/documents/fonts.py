"""The letter font, embedded once the same way in every file.

Every document carries the same subset of Source Sans Pro, the signs French needs. Its bytes are prepared
once for the run, which doubles the letters per second, and a print run keeps one copy for all its letters.
"""

from __future__ import annotations

import unicodedata
import zlib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

REGULAR = "SourceSansPro"
BOLD = "SourceSansPro-Bold"
_FILES = {REGULAR: "SourceSansPro-Regular.ttf", BOLD: "SourceSansPro-Bold.ttf"}

# One subset holds 256 codes: ASCII, Latin-1, and what French and names of neighbours add to it.
_LATIN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
REPERTOIRE = _LATIN + "ŒœŸ€’‘‚“”„–—…•·−→№ᵉʳ☐☑✓‹›ĆćČčĞğİıŁłŃńŞşŠšŽž"


class PreparedFace(TTFontFace):
    """A typeface that keeps its compressed subsets from one document to the next."""

    @lru_cache(maxsize=32)  # noqa: B019 - the two faces live as long as the run
    def program(self, subset: tuple[int, ...]) -> tuple[int, bytes]:
        """The font file that holds these signs only: its length, and its bytes deflated."""
        content = super().makeSubset(list(subset))
        return len(content), zlib.compress(content, 9)

    def makeSubset(self, subset: list[int]) -> bytes:
        return self.program(tuple(subset))[1]

    def addSubsetObjects(self, doc: Any, fontname: str, subset: list[int]) -> Any:
        descriptor = super().addSubsetObjects(doc, fontname, subset)
        stream = doc.idToObject[f"fontFile:{self.filename}({fontname})"]
        stream.dictionary["Length1"] = self.program(tuple(subset))[0]
        # Already deflated: reportlab leaves a stream alone when it names its filter.
        stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
        return descriptor


class PreparedFont(TTFont):
    """A font whose first subset is the whole repertoire, whatever the document holds."""

    def __init__(self, name: str, filename: str) -> None:
        super().__init__(name, filename)
        self.face = PreparedFace(filename)

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        pieces: list[tuple[int, bytes]]
        if doc not in self.state:
            super().splitString(REPERTOIRE, doc, encoding)
        pieces = super().splitString(text, doc, encoding)
        return pieces


@lru_cache(maxsize=1)
def register() -> frozenset[int]:
    """Make both weights known to reportlab, once; returns the code points they can draw."""
    folder = files("font_source_sans_pro") / "files"
    for name, file in _FILES.items():
        pdfmetrics.registerFont(PreparedFont(name, str(folder / file)))
    return frozenset(pdfmetrics.getFont(REGULAR).face.charToGlyph)


@lru_cache(maxsize=8192)
def width_of(text: str, font: str, size: float) -> float:
    """Width of a text in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def drawable(text: str) -> str:
    """The text with every sign the font has: accents composed, what cannot be drawn replaced by « ? »."""
    text = unicodedata.normalize("NFC", text)
    known = register()
    if all(ord(sign) in known for sign in text):
        return text
    kept = (sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cc", "Mn", "Cs"})
    return "".join(sign if ord(sign) in known else _nearest(sign, known) for sign in kept)


def lacking(text: str) -> str:
    """The signs of a text that can only be drawn as « ? », or not at all, each once."""
    known = register()
    seen = dict.fromkeys(sign for sign in unicodedata.normalize("NFC", text) if ord(sign) not in known)
    shown = (sign for sign in seen if unicodedata.category(sign) not in {"Cf", "Cc", "Cs"})
    return "".join(sign for sign in shown if _nearest(sign, known) == "?")


def _nearest(sign: str, known: frozenset[int]) -> str:
    """The same sign written with others that the font has (« Ǆ » as « DŽ »), or « ? »."""
    written = unicodedata.normalize("NFC", unicodedata.normalize("NFKD", sign))
    if all(ord(part) in known for part in written):
        return written
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if ord(part) in known)
    return bare if bare.strip() else "?"
