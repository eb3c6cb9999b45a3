"""A convention, or its amendment, as a document one may edit: real headings, lists, tables and language.

What is signed is the PDF: this one serves to negotiate a text with the structure.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from cv_desktop.documents import word
from cv_desktop.documents.typeset import french
from cv_desktop.domain.letters import (
    Amount,
    Block,
    Bullets,
    Conditions,
    Heading,
    LetterContent,
    Line,
    Paragraph,
    Table,
    plain,
)
from cv_desktop.domain.money import parse_amount

_WIDTH, _HALF = 165.0, 82.5
_LABELS = 29.0


def render(content: LetterContent) -> bytes:
    """The docx of a convention; the same content gives the same bytes. What nobody filled stays between brackets."""
    document = Document()
    title = " – ".join(part for part in (content.number, plain(content.object), plain(content.detail)) if part)
    word.setup(document, title=title, author=" ".join((content.authority_kind, content.authority)).strip())
    for line in (content.authority_kind, content.authority):
        if line:
            document.add_paragraph(_said(line)).paragraph_format.space_after = Pt(0)
    document.add_heading(_said(plain(content.object)), 0)
    if content.number:
        document.add_paragraph(_said(f"n° {content.number}"))
    _paragraph(document, content.detail, bold=True)
    if content.example:
        document.add_paragraph("EXEMPLE").runs[0].bold = True
    _paragraph(document, content.salutation)
    for block in content.blocks:
        _add(document, block)
    # The signatures are never alone on a page.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _paragraph(document, content.closing).paragraph_format.keep_with_next = True
    _signatures(document, content)
    for place, block in enumerate(content.annexes):
        _add(document, block)
        if place == 0:
            document.paragraphs[-1].paragraph_format.page_break_before = True
    foot = document.sections[0].footer.paragraphs[0]
    reference = " – ".join(part for part in (content.number, plain(content.addressee[0])) if part)
    run = foot.add_run(_said(reference) + "\tPage ")
    run.font.size = Pt(7.5)
    word.field(foot, "PAGE")
    buffer = BytesIO()
    document.save(buffer)
    return word.repacked(buffer.getvalue())


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(line):
            document.add_heading(_said(plain(line)), 1)
        case Paragraph(line):
            _paragraph(document, line)
        case Amount(figures, words):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            figure = paragraph.add_run(_said(plain(figures)))
            figure.bold, figure.font.size = True, Pt(14)
            paragraph.add_run(_said(f" ({plain(words)})"))
        case Bullets(items):
            for item in items:
                _paragraph(document, item, style="List Bullet")
        case Conditions(items):
            rows = [(label, _said(plain(text))) for label, text in items]
            word.table(document, (), rows, (_LABELS, _WIDTH - _LABELS), frozenset(), labels=True, ruled=False)
        case Table(head, rows):
            cells = [tuple(_said(plain(cell)) for cell in row) for row in rows]
            right = frozenset(i for i in range(len(head)) if _amounts([row[i] for row in cells]))
            word.table(document, head, cells, _widths(len(head), right), right)


def _signatures(document: Any, content: LetterContent) -> None:
    """The two parties on one page, with room to sign and the day to write by hand."""
    authority = (f"Pour {content.authority},", *(plain(line) for line in content.signatory_quality))
    structure = tuple(plain(line) for line in content.counterpart_quality)
    rows = (
        ("\n".join(structure), "\n".join(authority)),
        ("\n\n\n", "\n\n\n"),
        (plain(content.counterpart_name), plain(content.signatory_name)),
        ("Date de signature\u00a0:", "Date de signature\u00a0:"),
    )
    table = word.table(document, (), [tuple(map(_said, row)) for row in rows], (_HALF, _HALF), frozenset(), ruled=False)
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _paragraph(document: Any, line: Line, *, style: str | None = None, bold: bool = False) -> Any:
    paragraph = document.add_paragraph(style=style)
    for span in line:
        run = paragraph.add_run(_said(span.text))
        run.bold = bold or span.missing or None
    return paragraph


def _amounts(cells: list[str]) -> bool:
    """Whether a column holds sums or numbers and nothing else."""

    def number(text: str) -> bool:
        bare = text.replace("\u00a0", "").replace(" ", "").removesuffix("€")
        return bare.replace(",", "").isdigit() and parse_amount(bare) is not None

    told = [cell for cell in cells if cell]
    return bool(told) and all(number(cell) for cell in told)


def _widths(count: int, right: frozenset[int]) -> tuple[float, ...]:
    """Narrow columns for the figures, the rest shared by the others."""
    narrow = 28.0
    wide = (_WIDTH - narrow * len(right)) / max(1, count - len(right))
    return tuple(narrow if i in right else wide for i in range(count))


def _said(text: str) -> str:
    return "\n".join(word.clean(french(line)) for line in text.split("\n"))
