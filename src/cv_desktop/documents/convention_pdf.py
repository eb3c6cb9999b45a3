"""A convention, or its amendment, drawn on A4: a title, the articles, two signatures side by side, then the annexes.

No envelope shows it: nothing of the frame of a letter but its margins and its foot. The signature of the authority
has the same place on its page as that of a letter, and the file says which page it is, so that every way of signing
finds it. Same content, same bytes.
"""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.documents import letter_body, letter_head, letter_page
from cv_desktop.documents.flow import Frame, Placed, Strip, bind, cut, paginate
from cv_desktop.documents.fonts import BOLD
from cv_desktop.documents.reading_order import Path
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import ACCENT, BODY, GREY, LEFT, MM, NOTES, PALE, Style
from cv_desktop.documents.typeset import fitted, spans, stacked, wrap
from cv_desktop.domain.letters import LetterContent, Line, plain

_TITLE = Style(18, 23, bold=True, colour=ACCENT)
_SUBTITLE = replace(BODY, size=11.5, leading=15, bold=True)
_TITLE_TOP, _OTHER_TOP, _BOTTOM, _SIGNATURES_TOP = 38.0, 24.0, 271.0, 214.0
_GAP = 2.7
_HALF, _AUTHORITY = 75.0, 115.0


def render(content: LetterContent, *, letterhead: bytes | None = None, archive: int = 3) -> bytes:
    """The PDF of a convention; the options are those of a letter. Raises UserError when the letterhead is no image."""
    title = " – ".join(part for part in (content.number, plain(content.object), plain(content.detail)) if part)
    author = " ".join((content.authority_kind, content.authority)).strip()
    sheet = Sheet(title=title, author=author, subject=content.kind, archive=archive)
    if content.number and content.facts:
        sheet.attach(letter_page.attached(content))
    opening, pages, signed = _pages(content)
    for number, strips in enumerate(pages, 1):
        if number > 1:
            sheet.next_page()
        if content.example:
            sheet.watermark("EXEMPLE", BOLD, 105, y=178, colour=PALE)
        if number == 1:
            letter_head.letterhead(sheet, content, letterhead)
            letter_page.strips(sheet, opening)
        else:
            letter_page.reminder(sheet, content, number, len(pages))
        letter_page.strips(sheet, strips)
        if number == signed:
            _signatures(sheet, content)
            if signed < len(pages):
                sheet.sign_here()
        letter_page.footer(sheet, content, number, len(pages))
    return sheet.finish()


def page_count(content: LetterContent) -> int:
    """How many pages a convention has."""
    return len(_pages(content)[1])


def _pages(content: LetterContent) -> tuple[list[Placed], list[list[Placed]], int]:
    """The strips of the title, those of each page, and which page is signed; the annexes begin on the next one."""
    opening, top = _opening(content)
    body = _body(content)
    # An amendment a little too long for one page is set tighter, as a letter is.
    gaps = sum(strip.gap for strip in body)
    room = _SIGNATURES_TOP - top - sum(strip.height for strip in body)
    spacing = min(1.0, room / gaps) if gaps else 1.0
    frame = Frame(top, _OTHER_TOP, _BOTTOM, _SIGNATURES_TOP)
    pages = paginate(body, frame, spacing=spacing if spacing >= letter_body.TIGHTEST else 1.0)
    first = len(content.blocks)
    annexes = [s for i, block in enumerate(content.annexes, first) for s in letter_body.block_strips(block, i)]
    more = paginate(annexes, Frame(_OTHER_TOP, _OTHER_TOP, _BOTTOM, _BOTTOM)) if annexes else []
    return opening, [*pages, *more], len(pages)


def _opening(content: LetterContent) -> tuple[list[Placed], float]:
    """The title, its number and what it is about, placed; and where the body begins."""
    y, placed = _TITLE_TOP, []
    lines: list[tuple[Line, Style, Path]] = [(content.object, _TITLE, (("H1", "object"),))]
    if content.number:
        lines.append((spans(f"n° {content.number}"), _SUBTITLE, (("P", "number"),)))
    lines.append((content.detail, _SUBTITLE, (("P", "detail"),)))
    for line, style, part in lines:
        for strip in cut(wrap(line, style, letter_page.WIDTH * MM), style, 0.0, part=part):
            placed.append((strip, y))
            y += strip.height
        y += 1.2
    return placed, y + 4.0


def _body(content: LetterContent) -> list[Strip]:
    """Every block, the closing sentence on the page of the signatures with the end of what precedes it."""
    width = letter_page.WIDTH * MM
    opening = bind(cut(wrap(content.salutation, BODY, width), BODY, 0.0, part=(("P", "salutation"),)))
    blocks = [letter_body.block_strips(block, place) for place, block in enumerate(content.blocks)]
    body = [strip for block in blocks for strip in block]
    closing = bind(cut(wrap(content.closing, BODY, width), BODY, 2 * _GAP, part=(("P", "closing"),)))
    strips = [*opening, *body[:-1], *bind(body[-1:]), *closing]
    return [*strips[:-1], replace(strips[-1], with_next=False)]


def _signatures(sheet: Sheet, content: LetterContent) -> None:
    """The structure at the left, the authority at the right, each with the day to write by hand."""
    parties = (
        (LEFT, content.counterpart_quality, content.counterpart_name),
        (_AUTHORITY, (spans(f"Pour {content.authority},"), *content.signatory_quality), content.signatory_name),
    )
    for x, quality, name in parties:
        rows, style = stacked(quality, BODY, _HALF * MM, 15.0)
        sheet.rows(rows, x, _SIGNATURES_TOP + 1.5, style)
        shown, smaller = fitted(name, BODY, _HALF * MM, 1)
        sheet.rows(shown, x, 250.0, smaller)
        sheet.rows(wrap(spans("Date de signature :"), NOTES, _HALF * MM), x, 256.5, NOTES)
        sheet.rule(x + 27, 260.4, _HALF - 27, thickness=0.2, colour=GREY)
