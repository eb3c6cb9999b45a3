"""A letter drawn on A4, every block at its place to the half millimetre (model letter of the house).

The addressee stands in the window of a DL envelope; the signature has a fixed zone kept empty for ink,
an image or an electronic signature. Same content, same bytes.
"""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.documents import convention_pdf, letter_body, letter_head, letter_page
from cv_desktop.documents.fonts import BOLD
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import BODY, GREY, LEFT, LEGAL, MM, PALE, Style
from cv_desktop.documents.typeset import Row, fitted, spans, stacked, wrap
from cv_desktop.domain.conventions import KINDS
from cv_desktop.domain.letters import LetterContent, plain

_APPEAL = "Voies et délais de recours."
_APPEAL_HEIGHT = 19.0


def render(
    content: LetterContent,
    *,
    letterhead: bytes | None = None,
    archive: int = 3,
) -> bytes:
    """The PDF of a letter, or of a convention.

    ``letterhead`` is a PNG or JPEG, drawn at most 15 mm high; a neutral mark stands in for it.
    ``archive`` is the part of PDF/A: 3 carries what the letter decides as JSON, 1 is for older archives.
    Raises UserError when the letterhead is no image.
    """
    if content.kind in KINDS:
        return convention_pdf.render(content, letterhead=letterhead, archive=archive)
    title = " – ".join(part for part in (content.number, plain(content.object), plain(content.detail)) if part)
    author = " ".join((content.authority_kind, content.authority)).strip()
    sheet = Sheet(title=title, author=author, subject=content.kind, archive=archive)
    if content.number and content.facts:
        sheet.attach(letter_page.attached(content))
    heading = letter_body.heading(content)
    pages = letter_body.pages(content, heading.bottom)
    for number, strips in enumerate(pages, 1):
        if number > 1:
            sheet.next_page()
        if content.example:
            sheet.watermark("EXEMPLE", BOLD, 105, y=178, colour=PALE)
        if number == 1:
            letter_head.draw(sheet, content, letterhead)
            letter_page.strips(sheet, heading.strips)
        else:
            letter_page.reminder(sheet, content, number, len(pages))
        letter_page.strips(sheet, strips)
        if number == len(pages):
            _closing_zone(sheet, content)
        letter_page.footer(sheet, content, number, len(pages))
    return sheet.finish()


def page_count(content: LetterContent) -> int:
    """How many pages a letter or a convention has."""
    if content.kind in KINDS:
        return convention_pdf.page_count(content)
    return len(letter_body.pages(content, letter_body.heading(content).bottom))


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
        (head,) = wrap(spans(_APPEAL), replace(style, bold=True), letter_page.WIDTH * MM)
        rows = _after(head, rest, style, letter_page.WIDTH * MM)
        if len(rows) * style.line <= _APPEAL_HEIGHT:
            break
    sheet.rule(LEFT, 257.5, letter_page.WIDTH, thickness=0.3, colour=GREY)
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
