"""What every editable document has: pages, styles, language, tables; the same content gives the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

_ACCENT = RGBColor(0x0F, 0x5C, 0x73)
_FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format has no zone; same content, same bytes
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def setup(document: Any, *, title: str, author: str) -> None:
    """A4, the margins of the house, its headings, French for the spelling checker, nothing of the moment."""
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
        for theme in ("asciiTheme", "hAnsiTheme"):
            # The fonts of the template's theme would win over the name.
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    document.styles["Title"].font.size = Pt(20)
    document.styles["Heading 1"].font.size = Pt(13.5)
    document.styles["Heading 2"].font.size = Pt(11)
    core = document.core_properties
    core.title, core.author, core.language = title, author, "fr-FR"
    core.created = core.modified = _FIXED
    core.last_modified_by, core.comments = author, ""


def table(
    document: Any,
    headers: Any,
    rows: Any,
    widths: Any,
    right: frozenset[int],
    *,
    labels: bool = False,
    ruled: bool = True,
) -> Any:
    """A table, its head repeated on each page; ``right`` are the columns of figures. Gives the table."""
    lines = [headers, *rows] if headers else list(rows)
    made = document.add_table(rows=len(lines), cols=len(widths))
    made.style = "Table Grid" if ruled else "Normal Table"
    made.autofit = False
    for made_column, width in zip(made.columns, widths, strict=True):
        made_column.width = Mm(width)
    for place, line in enumerate(lines):
        made.rows[place]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for column, text in enumerate(line):
            cell = made.cell(place, column)
            cell.width = Mm(widths[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = labels and place + 1 < len(lines)  # a sheet on one page
            run = paragraph.add_run(clean(text))
            run.font.size = Pt(9.5)
            run.bold = bool(headers and place == 0) or (labels and column == 0)
            if column in right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if headers:
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        made.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph().paragraph_format.space_after = Pt(2)
    return made


def field(paragraph: Any, name: str) -> None:
    """A field that the reader computes, as the number of the page."""
    run = paragraph.add_run()
    run.font.size = Pt(7.5)
    for kind, text in (("begin", None), (None, name), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def clean(text: str) -> str:
    """The text without the signs that the format forbids."""
    return _ILLEGAL.sub("", text)


def repacked(data: bytes) -> bytes:
    """The same archive without the time it was written."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
