"""A letter drawn on A4, every block at its place to the half millimetre (model letter of the house).

The addressee stands in the window of a DL envelope; the signature has a fixed zone kept empty for ink,
an image or an electronic signature. Same content, same bytes.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from cv_desktop.documents import letter_body, letter_head, square_code
from cv_desktop.documents.flow import Placed
from cv_desktop.documents.fonts import BOLD
from cv_desktop.documents.letter_head import WINDOW_45, Window
from cv_desktop.documents.pdf_file import Attached
from cv_desktop.documents.reading_order import PARAGRAPH
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import BODY, FOLIO, FOOTER, GREY, INK, LEFT, LEGAL, MM, NOTES, PALE, RIGHT, Style
from cv_desktop.documents.typeset import Row, fitted, spans, stacked, wrap
from cv_desktop.domain.filing import PageLabel
from cv_desktop.domain.letters import LetterContent, plain

_APPEAL = "Voies et délais de recours."
_APPEAL_HEIGHT = 19.0
_WIDTH = RIGHT - LEFT


def render(
    content: LetterContent,
    *,
    letterhead: bytes | None = None,
    window: Window = WINDOW_45,
    filing_code: bool = True,
    archive: int = 3,
) -> bytes:
    """The PDF of a letter.

    ``letterhead`` is a PNG or JPEG, drawn at most 15 mm high; a neutral mark stands in for it.
    ``window`` is the one of the envelopes, ``filing_code`` prints the QR (number, kind, page) that files a scan.
    ``archive`` is the part of PDF/A: 3 carries what the letter decides as JSON, 1 is for older archives.
    Raises UserError when the letterhead is no image.
    """
    title = " – ".join(part for part in (content.number, plain(content.object), plain(content.detail)) if part)
    author = " ".join((content.authority_kind, content.authority)).strip()
    sheet = Sheet(title=title, author=author, subject=content.kind, archive=archive)
    if content.number and content.facts:
        sheet.attach(_machine_readable(content))
    heading = letter_body.heading(content)
    pages = letter_body.pages(content, heading.bottom)
    for number, strips in enumerate(pages, 1):
        if number > 1:
            sheet.next_page()
        if content.example:
            sheet.watermark("EXEMPLE", BOLD, 105, y=178, colour=PALE)
        if number == 1:
            letter_head.draw(sheet, content, letterhead, window)
            _strips(sheet, heading.strips)
        else:
            _reminder(sheet, content, number, len(pages))
        _strips(sheet, strips)
        if number == len(pages):
            _closing_zone(sheet, content)
        _footer(sheet, content, number, len(pages), filing_code=filing_code)
    return sheet.finish()


def page_count(content: LetterContent) -> int:
    """How many pages a letter has."""
    return len(letter_body.pages(content, letter_body.heading(content).bottom))


def _machine_readable(content: LetterContent) -> Attached:
    said = json.dumps(dict(content.facts), ensure_ascii=False, indent=1).encode()
    day = date.fromisoformat(content.dated_on)
    return Attached("courrier.json", said, "application/json", "Ce que dit le courrier, lisible par un logiciel", day)


def _strips(sheet: Sheet, strips: list[Placed]) -> None:
    for strip, y in strips:
        for cell in strip.cells:
            x = LEFT + cell.x
            sheet.rows(cell.rows, x, y + cell.down, cell.style, width=cell.width, align=cell.align, part=cell.part)
        if strip.ruled:
            sheet.rule(LEFT, y + strip.height + 0.4, _WIDTH, thickness=0.15, colour=GREY)


def _reminder(sheet: Sheet, content: LetterContent, number: int, count: int) -> None:
    """Head of the pages after the first one: which letter this is the sequel of."""
    reference = plain(content.references[0]) if content.references else content.number
    text = " – ".join(part for part in (reference, plain(content.addressee[0]) if content.addressee else "") if part)
    rows, style = fitted(spans(text), NOTES, 150 * MM, 1)
    sheet.rows(rows, LEFT, 13, style, part=None)
    folio = wrap(spans(f"{number}/{count}"), NOTES, 20 * MM)
    sheet.rows(folio, LEFT, 13, NOTES, width=_WIDTH, align="right", part=None)
    sheet.rule(LEFT, 18.5, _WIDTH, thickness=0.2, colour=GREY)


def _closing_zone(sheet: Sheet, content: LetterContent) -> None:
    """Copies, signature and ways of appeal, at the foot of the last page."""
    notes, style = letter_body.notes(content)
    if notes:
        sheet.rows(notes, LEFT, 223, style)
    if content.signatory_quality or content.signatory_name:
        quality, style = stacked(content.signatory_quality, BODY, 75 * MM, 9.7)
        sheet.rows(quality, 115, 221, style)
        name, smaller = fitted(content.signatory_name, BODY, 75 * MM, 1)
        sheet.rows(name, 115, 250.0, smaller)
    if content.recourse:
        _appeal(sheet, content.recourse)


def _appeal(sheet: Sheet, text: str) -> None:
    """Ways and delays of appeal under a rule, their heading in bold on the first row."""
    rest = text.removeprefix(_APPEAL).strip()
    for percent in range(100, 59, -5):
        style = LEGAL.scaled(percent / 100)
        (head,) = wrap(spans(_APPEAL), replace(style, bold=True), _WIDTH * MM)
        rows = _after(head, rest, style, _WIDTH * MM)
        if len(rows) * style.line <= _APPEAL_HEIGHT:
            break
    sheet.rule(LEFT, 257.5, _WIDTH, thickness=0.3, colour=GREY)
    sheet.rows(rows, LEFT, 258.6, style)


def _after(head: Row, text: str, style: Style, width: float) -> list[Row]:
    """A text set after a heading on the same row, then on whole rows."""
    indent = head.width + style.size * 0.22
    words = text.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if len(wrap(spans(" ".join(words[:middle])), style, width - indent)) <= 1:
            low = middle
        else:
            high = middle - 1
    first = wrap(spans(" ".join(words[:low])), style, width - indent)[0]
    moved = tuple(replace(piece, x=piece.x + indent) for piece in first.pieces)
    rows = [Row((*head.pieces, *moved), indent + first.width)]
    return [*rows, *wrap(spans(" ".join(words[low:])), style, width)] if low < len(words) else rows


def _footer(sheet: Sheet, content: LetterContent, number: int, count: int, *, filing_code: bool) -> None:
    rows, style = stacked([spans(line) for line in content.footer], FOOTER, 140 * MM, 10)
    # What every page repeats is read once.
    sheet.rows(rows, LEFT, 279, style, part=PARAGRAPH if number == 1 else None)
    coded = filing_code and bool(content.number)
    right = 176 if coded else RIGHT
    folio = wrap(spans(f"{number}/{count}"), FOLIO, 20 * MM)
    sheet.rows(folio, right - 20, 280.6, FOLIO, width=20, align="right", part=None)
    if coded:
        label = PageLabel(content.number, content.kind, number, count, content.mark)
        code = square_code.modules(label.text)
        sheet.modules(code, 178, 277, 12, colour=INK)
