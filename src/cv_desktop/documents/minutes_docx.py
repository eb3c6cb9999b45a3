"""The minutes of a meeting as a document one may edit: its real headings, tables and styles."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.shared import Pt

from cv_desktop.documents import word
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


def render(minutes: Minutes, sha256: str) -> bytes:
    """The docx of the minutes; the same content gives the same bytes."""
    document = Document()
    word.setup(document, title=f"{title(minutes)}, {subtitle(minutes)}", author=minutes.authority)
    for line in (minutes.authority_kind, minutes.authority):
        if line:
            document.add_paragraph(word.clean(line)).paragraph_format.space_after = Pt(0)
    document.add_heading(word.clean(title(minutes)), 0)
    document.add_paragraph(word.clean(subtitle(minutes))).runs[0].bold = True
    for block in blocks(minutes, sha256):
        _add(document, block)
    foot = document.sections[0].footer.paragraphs[0]
    run = foot.add_run(word.clean(footer(minutes, sha256)) + "\tPage ")
    run.font.size = Pt(7.5)
    word.field(foot, "PAGE")
    buffer = BytesIO()
    document.save(buffer)
    return word.repacked(buffer.getvalue())


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(word.clean(text), level)
        case Text(text, small):
            run = document.add_paragraph().add_run(word.clean(text))
            if small:
                run.font.size = Pt(9)
        case Table(headers, rows, widths, right):
            word.table(document, headers, rows, widths, right)
        case Opinions(name, lines):
            document.add_heading(word.clean(name), 2)
            word.table(document, (), lines, (36, 129), frozenset(), labels=True)
        case Signatures(people):
            rows = (tuple(quality for quality, _ in people), tuple(name or "(prénom, nom)" for _, name in people))
            document.add_paragraph()
            word.table(document, (), rows, (82,) * len(people), frozenset(), ruled=False)
