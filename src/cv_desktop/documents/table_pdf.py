"""Long tables as a PDF on A4 or A3 pages in landscape: their headers on every page, the pages numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import KeepTogether, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from cv_desktop.documents.fonts import BOLD, REGULAR, register
from cv_desktop.documents.style import ACCENT, GREY, MM, PALE, SECONDARY

__all__ = ["A3", "A4", "PdfColumn", "Section", "render"]

Page = tuple[float, float]
_MARGIN = 14 * MM
_PADDING = 12  # points, left and right of a cell
# What the narrowest column holds on a page: characters, and lines that were typed.
_LONG, _LINES = 500, 20


@dataclass(frozen=True, slots=True)
class PdfColumn:
    """``width`` in millimetres; ``right`` for amounts and numbers."""

    title: str
    width: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A table that follows the first one, whole on a page when it fits: its heading, what is to know of it, its rows.

    ``total``: the last row adds the others up.
    """

    title: str
    columns: Sequence[PdfColumn]
    rows: Sequence[Sequence[str]]
    total: bool = False
    note: str = ""


def render(
    title: str,
    sentences: Sequence[str],
    columns: Sequence[PdfColumn],
    rows: Sequence[Sequence[str]],
    *,
    empty: str,
    page: Page = A4,
    total: bool = False,
    sections: Sequence[Section] = (),
) -> bytes:
    """The PDF of a title, some sentences and a table on A4 or A3; ``empty`` stands for a table without rows.

    ``total``: the last row adds the others up. ``sections`` are shorter tables after it.
    """
    register()
    heading = ParagraphStyle("heading", fontName=BOLD, fontSize=16, leading=20, textColor=Color(*ACCENT), spaceAfter=6)
    second = ParagraphStyle("second", parent=heading, fontSize=11, leading=14, spaceBefore=14, spaceAfter=4)
    body = ParagraphStyle("body", fontName=REGULAR, fontSize=9.5, leading=12.5)
    note = ParagraphStyle("note", fontName=REGULAR, fontSize=8, leading=10, textColor=Color(*SECONDARY), spaceAfter=3)
    flow: list[Any] = [Paragraph(escape(title), heading)]
    flow += [Paragraph(escape(sentence), body) for sentence in sentences]
    flow.append(Spacer(1, 8))
    most = (landscape(page)[1] - 2 * _MARGIN) / 8
    flow.append(_table(columns, rows, total, most) if rows else Paragraph(escape(empty), body))
    for each in sections:
        head = [Paragraph(escape(each.title), second), *([Paragraph(escape(each.note), note)] if each.note else [])]
        flow.append(KeepTogether([*head, _table(each.columns, each.rows, each.total, most)]))
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


def _table(columns: Sequence[PdfColumn], rows: Sequence[Sequence[str]], total: bool, most: float) -> LongTable:
    cell = ParagraphStyle("cell", fontName=REGULAR, fontSize=8, leading=10)
    head = ParagraphStyle("head", fontName=BOLD, fontSize=8, leading=10, textColor=Color(*SECONDARY))
    last = ParagraphStyle("last", parent=cell, fontName=BOLD)

    def line(texts: Sequence[str], style: ParagraphStyle) -> list[Paragraph]:
        right = ParagraphStyle(f"{style.name}_right", parent=style, alignment=2)
        return [
            Paragraph(_lines(text), right if column.right else style)
            for text, column in zip(texts, columns, strict=True)
        ]

    lines = [line([column.title for column in columns], head)]
    rules: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), Color(*PALE)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, Color(*GREY)),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    for row in rows:
        made = line(row, last if total and row is rows[-1] else cell)
        long = any(len(text) > _LONG or text.count("\n") > _LINES for text in row)
        pieces = _pieces(made, columns, most) if long else [made]
        if len(pieces) > 1:
            first, end = len(lines), len(lines) + len(pieces) - 1
            rules += [
                ("LINEBELOW", (0, first), (-1, end - 1), 0.4, Color(1, 1, 1)),
                ("BOTTOMPADDING", (0, first), (-1, end - 1), 0),
                ("TOPPADDING", (0, first + 1), (-1, end), 0),
            ]
        lines += pieces
    table = LongTable(
        lines,
        colWidths=[column.width * MM for column in columns],
        repeatRows=1,
        hAlign="LEFT",
    )
    if total:
        rules.append(("BACKGROUND", (0, -1), (-1, -1), Color(*PALE)))
    table.setStyle(TableStyle(rules))
    return table


def _pieces(row: list[Paragraph], columns: Sequence[PdfColumn], most: float) -> list[list[Paragraph]]:
    """A row as several no higher than ``most`` points: one higher than a page cannot be drawn at all."""
    found: list[list[Paragraph]] = []
    left = row
    while True:
        cut = [each.split(column.width * MM - _PADDING, most) for each, column in zip(left, columns, strict=True)]
        if all(len(parts) < 2 for parts in cut):
            return [*found, left]
        found.append([parts[0] if parts else each for parts, each in zip(cut, left, strict=True)])
        left = [
            parts[1] if len(parts) > 1 else Paragraph("", each.style) for parts, each in zip(cut, left, strict=True)
        ]


def _lines(text: str) -> str:
    return "<br/>".join(escape(line) for line in text.splitlines())


def _folio(canvas: Any, document: Any) -> None:
    canvas.setFont(REGULAR, 7.5)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 8 * MM, f"Page {document.page}")
