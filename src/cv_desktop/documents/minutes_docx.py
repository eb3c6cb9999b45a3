"""The minutes of a meeting as a document one may edit: its real headings, tables and styles."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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

_ACCENT = RGBColor(0x0F, 0x5C, 0x73)
_FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format has no zone; same minutes, same bytes
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render(minutes: Minutes, sha256: str) -> bytes:
    """The docx of the minutes; the same content gives the same bytes."""
    document = Document()
    _setup(document, minutes)
    for line in (minutes.authority_kind, minutes.authority):
        if line:
            document.add_paragraph(_clean(line)).paragraph_format.space_after = Pt(0)
    document.add_heading(_clean(title(minutes)), 0)
    document.add_paragraph(_clean(subtitle(minutes))).runs[0].bold = True
    for block in blocks(minutes, sha256):
        _add(document, block)
    foot = document.sections[0].footer.paragraphs[0]
    run = foot.add_run(_clean(footer(minutes, sha256)) + "\tPage ")
    run.font.size = Pt(7.5)
    _field(foot, "PAGE")
    buffer = BytesIO()
    document.save(buffer)
    return _repacked(buffer.getvalue())


def _setup(document: Any, minutes: Minutes) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    for name in ("Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = "Calibri", _ACCENT
        style.element.rPr.rFonts.set(qn("w:asciiTheme"), "minorHAnsi")
    document.styles["Title"].font.size = Pt(20)
    document.styles["Heading 1"].font.size = Pt(13.5)
    document.styles["Heading 2"].font.size = Pt(11)
    core = document.core_properties
    core.title, core.author, core.language = f"{title(minutes)}, {subtitle(minutes)}", minutes.authority, "fr-FR"
    core.created = core.modified = _FIXED
    core.last_modified_by, core.comments = minutes.authority, ""


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(_clean(text), level)
        case Text(text, small):
            run = document.add_paragraph().add_run(_clean(text))
            if small:
                run.font.size = Pt(9)
        case Table(headers, rows, widths, right):
            _table(document, headers, rows, widths, right)
        case Opinions(name, lines):
            document.add_heading(_clean(name), 2)
            _table(document, (), lines, (32, 133), frozenset(), labels=True)
        case Signatures(people):
            rows = (tuple(quality for quality, _ in people), tuple(name or "(prénom, nom)" for _, name in people))
            document.add_paragraph()
            _table(document, (), rows, (82,) * len(people), frozenset(), ruled=False)


def _table(
    document: Any,
    headers: Any,
    rows: Any,
    widths: Any,
    right: frozenset[int],
    *,
    labels: bool = False,
    ruled: bool = True,
) -> None:
    lines = [headers, *rows] if headers else list(rows)
    table = document.add_table(rows=len(lines), cols=len(widths))
    table.style = "Table Grid" if ruled else "Normal Table"
    table.autofit = False
    for place, line in enumerate(lines):
        for column, text in enumerate(line):
            cell = table.cell(place, column)
            cell.width = Mm(widths[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(_clean(text))
            run.font.size = Pt(9.5)
            run.bold = bool(headers and place == 0) or (labels and column == 0)
            if column in right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if headers:
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _field(paragraph: Any, name: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(7.5)
    for kind, text in (("begin", None), (None, name), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _repacked(data: bytes) -> bytes:
    """The same archive without the time it was written."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
