"""A letter drawn on A4, every block at its place to the half millimetre (model letter of the house).

The addressee stands in the window of a DL envelope; the signature has a fixed zone kept empty for ink,
an image or an electronic signature. Same content, same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import segno

from cv_desktop.documents import letter_body
from cv_desktop.documents.flow import Placed
from cv_desktop.documents.fonts import BOLD, register
from cv_desktop.documents.sheet import Sheet, picture
from cv_desktop.documents.style import (
    ACCENT,
    ACCENT_LIGHT,
    ADDRESSEE,
    BODY,
    FOLIO,
    FOOTER,
    GREY,
    INK,
    KIND,
    LEFT,
    LEGAL,
    MM,
    NAME,
    NOTES,
    PALE,
    RIGHT,
    SERVICE,
    SERVICE_NAME,
    WHITE,
    Style,
)
from cv_desktop.documents.typeset import NBSP, Row, spans, wrap
from cv_desktop.domain.letters import LetterContent, Line, Span, plain

_HEADING = "Voies et délais de recours."
_LOGO_HEIGHT, _LOGO_WIDTH = 15.0, 70.0
_FOLDS = (99.0, 198.0)


@dataclass(frozen=True, slots=True)
class Window:
    """Part of the sheet an envelope shows whatever the folded sheet does inside."""

    top: float
    lines: int


WINDOW_45 = Window(50.0, 6)
WINDOW_35 = Window(55.0, 5)


def render(
    content: LetterContent,
    *,
    letterhead: bytes | None = None,
    window: Window = WINDOW_45,
    filing_code: bool = True,
) -> bytes:
    """The PDF of a letter.

    ``letterhead`` is a PNG or JPEG, drawn at most 15 mm high; a neutral mark stands in for it.
    ``window`` is the one of the envelopes, ``filing_code`` prints the QR (number, kind, page) that files a scan.
    Raises UserError when the letterhead is no image.
    """
    register()
    title = " – ".join(part for part in (content.number, plain(content.object), plain(content.detail)) if part)
    author = " ".join((content.authority_kind, content.authority)).strip()
    sheet = Sheet(title=title, author=author, subject=content.kind)
    heading = letter_body.heading(content)
    pages = letter_body.pages(content, heading.bottom)
    for number, strips in enumerate(pages, 1):
        if number > 1:
            sheet.next_page()
        if content.example:
            sheet.watermark("EXEMPLE", BOLD, 105, y=178, colour=PALE)
        if number == 1:
            _letterhead(sheet, content, letterhead)
            _service(sheet, content)
            _addressee(sheet, content.addressee, window)
            sheet.rows(wrap(content.place_date, BODY, 85 * MM), 105, 91.5, BODY)
            for fold in _FOLDS:
                sheet.rule(5, fold, 4, thickness=0.2, colour=GREY)
            _strips(sheet, heading.strips)
        else:
            _reminder(sheet, content, number, len(pages))
        _strips(sheet, strips)
        if number == len(pages):
            _closing_zone(sheet, content)
        _footer(sheet, content, number, len(pages), filing_code=filing_code)
    return sheet.finish()


def _strips(sheet: Sheet, strips: list[Placed]) -> None:
    for strip, y in strips:
        for cell in strip.cells:
            x = LEFT + cell.x
            sheet.rows(cell.rows, x, y + cell.down, cell.style, width=cell.width, align=cell.align)


def _letterhead(sheet: Sheet, content: LetterContent, letterhead: bytes | None) -> None:
    if letterhead:
        logo = picture(letterhead, _LOGO_WIDTH, _LOGO_HEIGHT)
        ratio = logo.width / logo.height
        height = min(_LOGO_HEIGHT, _LOGO_WIDTH / ratio)
        width = height * ratio
        sheet.image(logo, LEFT, 13, width, height)
    else:
        width = 13.0
        sheet.block(LEFT, 13, width, width, colour=ACCENT, radius=0.8)
        for shift, colour in ((4.5, ACCENT_LIGHT), (8.6, WHITE)):
            y = 13 + shift
            points = [(1.9, 0.1), (3.6, -1.9), (4.9, -1.5), (6.4, 0.3), (7.9, 2.1), (9.3, 2.0), (11.1, 0.1)]
            sheet.wave([(LEFT + x, y + dy) for x, dy in points], thickness=1.1, colour=colour)
    if width > 45:  # a wide picture already carries the name
        return
    x = LEFT + width + 3.5
    room = (LEFT + 100 - x) * MM
    name = _fitted(spans(content.authority), NAME, room, 1)
    sheet.rows(name[0], x, 12.9, name[1])
    kind = _fitted(spans(content.authority_kind), KIND, room, 1)
    sheet.rows(kind[0], x, 18.4, kind[1])


def _fitted(line: Line, style: Style, width: float, most: int) -> tuple[tuple[Row, ...], Style]:
    """Rows of a line in at most so many rows, set smaller as long as needed, then cut with an ellipsis."""
    for percent in range(100, 59, -5):
        smaller = style.scaled(percent / 100)
        rows = wrap(line, smaller, width)
        if len(rows) <= most:
            return rows, smaller
    shown = plain(line)
    while len(rows) > most:
        shown = shown[: len(shown) * 9 // 10]
        rows = wrap(spans(shown + "…"), smaller, width)
    return rows, smaller


def _service(sheet: Sheet, content: LetterContent) -> None:
    """Direction, agent and references: 63 mm wide, 45 mm high, set smaller rather than longer."""
    for percent in range(100, 59, -5):
        style, bold = SERVICE.scaled(percent / 100), SERVICE_NAME.scaled(percent / 100)
        direction = wrap(spans(content.direction), bold, 63 * MM)
        agent = [row for line in content.agent for row in wrap(line, style, 63 * MM)]
        references = [row for line in content.references for row in wrap(line, style, 63 * MM)]
        if (len(direction) + len(agent) + len(references)) * style.line + 2.2 <= 45:
            break
    y = sheet.rows(direction, LEFT, 38, bold)
    y = sheet.rows(agent, LEFT, y, style)
    sheet.rows(references, LEFT, y + 2.2, style)


def _addressee(sheet: Sheet, lines: tuple[Line, ...], window: Window) -> None:
    rows, style = addressee_rows(lines, window.lines)
    sheet.rows(rows, 105, window.top, style)


def addressee_rows(lines: tuple[Line, ...], most: int) -> tuple[list[Row], Style]:
    """Rows of an address, ``most`` at most, 38 signs a row as the post wants it, smaller when that is not enough.

    An address that is too long even so keeps its room, with more rows set closer; nothing leaves the window.
    """
    bound = [_numbered(line) for line in lines]
    height = most * ADDRESSEE.leading
    for size, signs in ((11.0, 38), (10.5, 38), (10.0, 44), (9.5, 48), (9.0, 52), (8.5, 54), (8.0, 58)):
        style = replace(ADDRESSEE, size=size)
        rows = _address(bound, style, signs)
        if len(rows) <= most:
            return rows, style
    for size in (8.5, 8.0, 7.5, 7.0, 6.5, 6.0):
        style = replace(ADDRESSEE, size=size)
        rows = _address(bound, style, 1000)
        style = replace(style, leading=min(ADDRESSEE.leading, height / len(rows)))
        if style.leading >= 1.1 * size:
            return rows, style
    # The town stays; what is before it ends with an ellipsis.
    style = replace(style, leading=1.1 * size)
    town = wrap(bound[-1], style, 85 * MM)[-1:]
    kept = rows[: int(height / style.leading) - 1]
    text = "".join(piece.text for piece in kept[-1].pieces)
    kept[-1:] = wrap(spans(text[:-3] + "…"), style, 85 * MM)[:1]
    return [*kept, *town], style


def _address(lines: list[Line], style: Style, signs: int) -> list[Row]:
    return [row for line in lines for row in wrap(line, style, 85 * MM, signs)]


def _numbered(line: Line) -> Line:
    """« 12 allée » on one row: the first space after a number does not break."""
    if not line or line[0].missing:
        return line
    first, separator, rest = line[0].text.partition(" ")
    if first.rstrip(",").isdigit() and len(first) < 5:
        return (Span(f"{first}{NBSP if separator else ''}{rest}"), *line[1:])
    return line


def _reminder(sheet: Sheet, content: LetterContent, number: int, count: int) -> None:
    """Head of the pages after the first one: which letter this is the sequel of."""
    reference = plain(content.references[0]) if content.references else content.number
    text = " – ".join(part for part in (reference, plain(content.addressee[0]) if content.addressee else "") if part)
    rows, style = _fitted(spans(text), NOTES, 150 * MM, 1)
    sheet.rows(rows, LEFT, 13, style)
    width = RIGHT - LEFT
    sheet.rows(wrap(spans(f"{number}/{count}"), NOTES, 20 * MM), LEFT, 13, NOTES, width=width, align="right")
    sheet.rule(LEFT, 18.5, width, thickness=0.2, colour=GREY)


def _closing_zone(sheet: Sheet, content: LetterContent) -> None:
    """Copies, signature and ways of appeal, at the foot of the last page."""
    notes, style = letter_body.notes(content)
    if notes:
        sheet.rows(notes, LEFT, 223, style)
    if content.signatory_quality or content.signatory_name:
        rows: list[Row] = []
        for percent in range(100, 59, -5):
            quality = BODY.scaled(percent / 100)
            rows = [row for line in content.signatory_quality for row in wrap(line, quality, 75 * MM)]
            if len(rows) * quality.line <= 9.7:
                break
        sheet.rows(rows, 115, 221, quality)
        name, smaller = _fitted(content.signatory_name, BODY, 75 * MM, 1)
        sheet.rows(name, 115, 250.0, smaller)
    if content.recourse:
        _recourse(sheet, content.recourse)


def _recourse(sheet: Sheet, text: str) -> None:
    width = RIGHT - LEFT
    rest = text.removeprefix(_HEADING).strip()
    for percent in range(100, 59, -5):
        style = LEGAL.scaled(percent / 100)
        bold = replace(style, bold=True)
        (head,) = wrap(spans(_HEADING), bold, width * MM)
        # The heading is set apart in bold: the first row of the text starts after it.
        rows = _after(head, rest, style, width * MM)
        if len(rows) * style.line <= 19.0:
            break
    sheet.rule(LEFT, 257.5, width, thickness=0.3, colour=GREY)
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
    rows: list[Row] = []
    style = FOOTER
    for percent in range(100, 59, -5):
        style = FOOTER.scaled(percent / 100)
        rows = [row for line in content.footer for row in wrap(spans(line), style, 140 * MM)]
        if len(rows) * style.line <= 10:
            break
    sheet.rows(rows, LEFT, 279, style)
    coded = filing_code and bool(content.number)
    right = 176 if coded else RIGHT
    sheet.rows(wrap(spans(f"{number}/{count}"), FOLIO, 20 * MM), right - 20, 280.6, FOLIO, width=20, align="right")
    if coded:
        code = segno.make(f"{content.number} {content.kind} {number}/{count}", error="m", micro=False)
        sheet.modules(code.matrix, 178, 277, 12, colour=INK)


