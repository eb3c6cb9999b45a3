"""The minutes of a meeting as a PDF in portrait: the same content gives the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as PdfTable

from cv_desktop.documents.fonts import BOLD, REGULAR, drawable, register
from cv_desktop.documents.style import ACCENT, GREY, LEFT, MM, PALE, RIGHT, SECONDARY
from cv_desktop.domain.minutes import Minutes
from cv_desktop.domain.minutes_text import (
    Block,
    Heading,
    Opinions,
    Signatures,
    Table,
    Text,
    blocks,
    footer,
    subtitle,
    title,
)

NBSP = "\u00a0"
_WIDTH = RIGHT - LEFT
_FRAME = 6.0  # what the frame of the page keeps inside itself, in points
_BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=10, leading=13.2, spaceAfter=5)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=8.5, leading=11, textColor=Color(*SECONDARY))
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=23, textColor=Color(*ACCENT))
_SUBTITLE = ParagraphStyle("subtitle", fontName=BOLD, fontSize=12, leading=16, spaceAfter=8)
_HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=12.5, leading=16, textColor=Color(*ACCENT), spaceBefore=9,
                       spaceAfter=4, keepWithNext=1)  # fmt: skip
_FILE = ParagraphStyle("file", fontName=BOLD, fontSize=10.5, leading=13.5, spaceBefore=4, spaceAfter=2)
_CELL = ParagraphStyle("cell", fontName=REGULAR, fontSize=9, leading=11.5)
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=2)
_LABEL = ParagraphStyle("label", parent=_CELL, fontName=BOLD, textColor=Color(*SECONDARY))
_LINES = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, Color(*GREY))]


def render(minutes: Minutes, sha256: str) -> bytes:
    """The PDF of the minutes, the fingerprint of their content at the foot of every page."""
    register()
    flow: list[Any] = [_paragraph(minutes.authority_kind, _SMALL), _paragraph(minutes.authority, _SMALL)]
    flow += [Spacer(1, 8), _paragraph(title(minutes), _TITLE), _paragraph(subtitle(minutes), _SUBTITLE)]
    closing: list[Any] = []  # the last sentences, which go with the signatures: never a signature alone on a page
    for block in blocks(minutes, sha256):
        closing += _flowables(block)
        if isinstance(block, Signatures):
            closing = [KeepTogether(closing)]
        if not isinstance(block, Text):
            flow, closing = [*flow, *closing], []
    flow += closing
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=LEFT * MM - _FRAME,
        rightMargin=(210 - RIGHT) * MM - _FRAME,
        topMargin=16 * MM,
        bottomMargin=20 * MM,
        title=f"{title(minutes)}, {subtitle(minutes)}",
        author=minutes.authority,
        invariant=1,
        lang="fr-FR",
        initialFontName=REGULAR,
    )
    document.build(flow, canvasmaker=_numbered(drawable(footer(minutes, sha256)), minutes.example))
    return stream.getvalue()


def _paragraph(text: str, style: ParagraphStyle) -> Any:
    return Paragraph("<br/>".join(escape(drawable(line)) for line in text.splitlines()), style)


def _flowables(block: Block) -> list[Any]:
    match block:
        case Heading(text):
            return [_paragraph(text, _HEAD)]
        case Text(text, small):
            return [_paragraph(text, _SMALL if small else _BODY)]
        case Table():
            return [_table(block), Spacer(1, 6)]
        case Opinions(name, lines):
            rows = [[_paragraph(label, _LABEL), _paragraph(text, _CELL)] for label, text in lines]
            table = PdfTable(rows, colWidths=[32 * MM, (_WIDTH - 32) * MM])
            table.setStyle(TableStyle([*_LINES, *_padding(1.6)]))
            return [KeepTogether([_paragraph(name, _FILE), table, Spacer(1, 5)])]
        case Signatures(people):
            cells = [[_paragraph(quality, _LABEL) for quality, _name in people],
                     [_paragraph(name or "(prénom, nom)", _CELL) for _quality, name in people],
                     ["" for _person in people]]  # fmt: skip
            table = PdfTable(
                cells, colWidths=[_WIDTH * MM / len(people)] * len(people), rowHeights=[None, None, 22 * MM]
            )
            return [Spacer(1, 10), table]


def _table(block: Table) -> Any:
    styles = [_NUMBER if i in block.right else _CELL for i in range(len(block.headers))]
    head = [_paragraph(text, _LABEL if s is _CELL else ParagraphStyle("r", parent=_LABEL, alignment=2))
            for text, s in zip(block.headers, styles, strict=True)]  # fmt: skip
    rows = [[_paragraph(text, style) for text, style in zip(row, styles, strict=True)] for row in block.rows]
    table = LongTable([head, *rows], colWidths=[width * MM for width in block.widths], repeatRows=1)
    table.setStyle(TableStyle([*_LINES, ("BACKGROUND", (0, 0), (-1, 0), Color(*PALE)), *_padding(2.2)]))
    return table


def _padding(points: float) -> list[tuple[Any, ...]]:
    sides = (("TOPPADDING", points), ("BOTTOMPADDING", points), ("LEFTPADDING", 3.0), ("RIGHTPADDING", 3.0))
    return [(side, (0, 0), (-1, -1), value) for side, value in sides]


def _numbered(foot: str, example: bool) -> Any:
    """A canvas that knows how many pages there are when it writes their numbers."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kw: Any) -> None:
            super().__init__(*args, **kw)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._pages:
                self.__dict__.update(page)
                self.setFont(REGULAR, 7)
                self.setFillColor(Color(*SECONDARY))
                self.drawString(LEFT * MM, 11 * MM, foot)
                self.drawRightString(RIGHT * MM, 11 * MM, f"Page {self._pageNumber} sur {len(self._pages)}")
                if example:
                    self.drawRightString(RIGHT * MM, 288 * MM, "EXEMPLE")
                super().showPage()
            super().save()

    return Numbered
