"""A long table as a PDF on A4 or A3 pages in landscape: its headers on every page, its pages numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from cv_desktop.documents.fonts import BOLD, REGULAR, register
from cv_desktop.documents.style import ACCENT, GREY, MM, PALE, SECONDARY

__all__ = ["A3", "A4", "PdfColumn", "render"]

Page = tuple[float, float]
_MARGIN = 14 * MM


@dataclass(frozen=True, slots=True)
class PdfColumn:
    """``width`` in millimetres; ``right`` for amounts and numbers."""

    title: str
    width: float
    right: bool = False


def render(
    title: str,
    sentences: Sequence[str],
    columns: Sequence[PdfColumn],
    rows: Sequence[Sequence[str]],
    *,
    empty: str,
    page: Page = A4,
) -> bytes:
    """The PDF of a title, some sentences and a table on A4 or A3; ``empty`` stands for a table without rows."""
    register()
    heading = ParagraphStyle("heading", fontName=BOLD, fontSize=16, leading=20, textColor=Color(*ACCENT), spaceAfter=6)
    body = ParagraphStyle("body", fontName=REGULAR, fontSize=9.5, leading=12.5)
    cell = ParagraphStyle("cell", fontName=REGULAR, fontSize=8, leading=10)
    number = ParagraphStyle("number", parent=cell, alignment=2)
    head = ParagraphStyle("head", fontName=BOLD, fontSize=8, leading=10, textColor=Color(*SECONDARY))
    head_number = ParagraphStyle("head_number", parent=head, alignment=2)
    flow: list[Any] = [Paragraph(escape(title), heading)]
    flow += [Paragraph(escape(sentence), body) for sentence in sentences]
    flow.append(Spacer(1, 8))
    if rows:
        styles = [number if column.right else cell for column in columns]
        table = LongTable(
            [
                [Paragraph(escape(c.title), head_number if c.right else head) for c in columns],
                *([Paragraph(_lines(text), style) for text, style in zip(row, styles, strict=True)] for row in rows),
            ],
            colWidths=[column.width * MM for column in columns],
            repeatRows=1,
            hAlign="LEFT",
        )
        table.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("BACKGROUND", (0, 0), (-1, 0), Color(*PALE)),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.4, Color(*GREY)),
                    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
                ]
            )
        )
        flow.append(table)
    else:
        flow.append(Paragraph(escape(empty), body))
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=landscape(page),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        author="",
        invariant=1,
        lang="fr-FR",
        initialFontName=REGULAR,
    )
    document.build(flow, onFirstPage=_folio, onLaterPages=_folio)
    return stream.getvalue()


def _lines(text: str) -> str:
    return "<br/>".join(escape(line) for line in text.splitlines())


def _folio(canvas: Any, document: Any) -> None:
    canvas.setFont(REGULAR, 7.5)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 8 * MM, f"Page {document.page}")
