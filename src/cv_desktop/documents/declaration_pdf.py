"""The form on which a member declares his or her interests: one box or the other for each file, then the signature."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import KeepTogether, LongTable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cv_desktop.documents.fonts import BOLD, REGULAR, drawable, register
from cv_desktop.documents.style import ACCENT, GREY, LEFT, MM, PALE, RIGHT, SECONDARY
from cv_desktop.domain.declaration import DeclarationForm

_WIDTH = RIGHT - LEFT
_FRAME = 6.0  # what the frame of the page keeps inside itself, in points
_BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=10, leading=13, spaceAfter=5)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=8.5, leading=10.8, textColor=Color(*SECONDARY))
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=23, textColor=Color(*ACCENT))
_SUBTITLE = ParagraphStyle("subtitle", fontName=BOLD, fontSize=11.5, leading=15, spaceAfter=6)
_CELL = ParagraphStyle("cell", fontName=REGULAR, fontSize=9, leading=11.2)
_BOX = ParagraphStyle("box", parent=_CELL, alignment=1, fontSize=13, leading=13)
_LABEL = ParagraphStyle("label", parent=_CELL, fontName=BOLD, textColor=Color(*SECONDARY))
_CENTRED = ParagraphStyle("centred", parent=_LABEL, alignment=1)
_DOTS = "…" * 34


def render(form: DeclarationForm) -> bytes:
    """The PDF of the form; the same form gives the same bytes."""
    register()
    flow: list[Any] = [_said(form.authority_kind, _SMALL), _said(form.authority, _SMALL), Spacer(1, 8)]
    flow += [_said("Déclaration d’intérêts", _TITLE), _said(form.subject, _SUBTITLE)]
    if form.held_on is not None:
        flow.append(_said(form.call, _BODY))
    flow += [_said(form.person, ParagraphStyle("who", parent=_BODY, fontName=BOLD)), _said(form.law, _SMALL)]
    flow += [_said(form.purpose, _BODY), _files(form), Spacer(1, 4)]
    if form.left_out:
        flow.append(_said(form.left_out, _SMALL))
    if form.kinds:
        flow.append(_said("Natures de lien, à reporter par leur lettre dans la dernière colonne\u00a0:", _SMALL))
        flow.append(_kinds(form))
    flow += [Spacer(1, 4), _said(f"Autre lien à signaler\u00a0: {_DOTS}", _BODY), _said(form.follow_up, _SMALL)]
    flow.append(_signature(form))
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=LEFT * MM - _FRAME,
        rightMargin=(210 - RIGHT) * MM - _FRAME,
        topMargin=14 * MM,
        bottomMargin=18 * MM,
        title=f"Déclaration d’intérêts, {form.member}, {form.subject}",
        author=form.authority,
        invariant=1,
        lang="fr-FR",
        initialFontName=REGULAR,
    )

    def foot(canvas: Any, _document: Any) -> None:
        canvas.setFont(REGULAR, 7.5)
        canvas.setFillColor(Color(*SECONDARY))
        canvas.drawString(LEFT * MM, 10 * MM, drawable(f"À rendre avant la séance\u00a0: {form.contact}"))
        canvas.drawRightString(RIGHT * MM, 10 * MM, drawable(f"{form.member} – page {canvas.getPageNumber()}"))
        if form.example:
            canvas.drawRightString(RIGHT * MM, 288 * MM, "EXEMPLE")

    document.build(flow, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def _said(text: str, style: ParagraphStyle) -> Any:
    return Paragraph("<br/>".join(escape(drawable(line)) for line in text.splitlines()), style)


def _files(form: DeclarationForm) -> Any:
    if not form.files:
        return _said("Aucun autre dossier.", _BODY)
    head = [_said("Dossier", _LABEL), _said("Structure et action", _LABEL), _said("Aucun lien", _CENTRED),
            _said("Lien", _CENTRED), _said("Nature et précisions", _LABEL)]  # fmt: skip
    rows = [
        [_said(f.number, _CELL), _said(f"{f.structure}\n{f.title}", _CELL), _said("☐", _BOX), _said("☐", _BOX), ""]
        for f in form.files
    ]
    widths = (30.0, 66.0, 14.0, 12.0, _WIDTH - 122)
    table = LongTable([head, *rows], colWidths=[w * MM for w in widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("BACKGROUND", (0, 0), (-1, 0), Color(*PALE)),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, Color(*GREY)),
                ("LINEBEFORE", (4, 1), (4, -1), 0.4, Color(*GREY)),
                ("TOPPADDING", (0, 0), (-1, -1), 3.0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4.0),
                ("LEFTPADDING", (0, 0), (-1, -1), 3.0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3.0),
            ]
        )
    )
    return table


def _kinds(form: DeclarationForm) -> Any:
    rows = [
        [_said(f"{chr(ord('a') + place)}.", _SMALL), _said(f"{label}{f' ({law})' if law else ''}", _SMALL)]
        for place, (label, law) in enumerate(form.kinds)
    ]
    table = Table(rows, colWidths=[6 * MM, (_WIDTH - 6) * MM])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_tight()]))
    return table


def _signature(form: DeclarationForm) -> Any:
    rows = [[_said(f"Fait à {_DOTS[:10]}, le {_DOTS[:7]}", _BODY), _said("Signature", _LABEL)],
            [_said(form.person, _BODY), ""]]  # fmt: skip
    table = Table(rows, colWidths=[95 * MM, (_WIDTH - 95) * MM], rowHeights=[None, 22 * MM])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]))
    return KeepTogether([Spacer(1, 6), _said(form.undertaking, _BODY), Spacer(1, 4), table])


def _tight() -> list[tuple[Any, ...]]:
    sides = ("TOPPADDING", "BOTTOMPADDING", "LEFTPADDING", "RIGHTPADDING")
    return [(side, (0, 0), (-1, -1), 0.0) for side in sides]
