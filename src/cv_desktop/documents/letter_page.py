"""What every page of a letter or of a convention has: its strips, its head, its foot, what a program reads of it."""

from __future__ import annotations

import json
from datetime import date

from cv_desktop.documents import square_code
from cv_desktop.documents.flow import Placed
from cv_desktop.documents.pdf_file import Attached
from cv_desktop.documents.reading_order import PARAGRAPH
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import FOLIO, FOOTER, GREY, INK, LEFT, MM, NOTES, RIGHT
from cv_desktop.documents.typeset import fitted, spans, stacked, wrap
from cv_desktop.domain.filing import PageLabel
from cv_desktop.domain.letters import LetterContent, plain

WIDTH = RIGHT - LEFT


def attached(content: LetterContent) -> Attached:
    """The decision as data, beside the page."""
    said = json.dumps(dict(content.facts), ensure_ascii=False, indent=1).encode()
    day = date.fromisoformat(content.dated_on)
    return Attached("courrier.json", said, "application/json", "Ce que dit le courrier, lisible par un logiciel", day)


def strips(sheet: Sheet, strips: list[Placed]) -> None:
    """Draws the strips of a page where they were placed."""
    for strip, y in strips:
        for cell in strip.cells:
            x = LEFT + cell.x
            sheet.rows(cell.rows, x, y + cell.down, cell.style, width=cell.width, align=cell.align, part=cell.part)
        if strip.ruled:
            sheet.rule(LEFT, y + strip.height + 0.4, WIDTH, thickness=0.15, colour=GREY)


def reminder(sheet: Sheet, content: LetterContent, number: int, count: int) -> None:
    """Head of the pages after the first one: which letter this is the sequel of."""
    reference = plain(content.references[0]) if content.references else content.number
    text = " – ".join(part for part in (reference, plain(content.addressee[0]) if content.addressee else "") if part)
    rows, style = fitted(spans(text), NOTES, 150 * MM, 1)
    sheet.rows(rows, LEFT, 13, style, part=None)
    folio = wrap(spans(f"{number}/{count}"), NOTES, 20 * MM)
    sheet.rows(folio, LEFT, 13, NOTES, width=WIDTH, align="right", part=None)
    sheet.rule(LEFT, 18.5, WIDTH, thickness=0.2, colour=GREY)


def footer(sheet: Sheet, content: LetterContent, number: int, count: int) -> None:
    """Address, data protection, number of the page, and the square code by which a scan is filed."""
    first = content.layout == 1
    rows, style = stacked([spans(line) for line in content.footer], FOOTER, 140 * MM, 10 if first else 10.6)
    # Three rows rise a little, not to leave the text zone; in the first layout they were set smaller.
    top = 279 if first else min(279, 289 - len(rows) * style.line)
    # What every page repeats is read once.
    sheet.rows(rows, LEFT, top, style, part=PARAGRAPH if number == 1 else None)
    coded = content.coded and bool(content.number)
    right = 176 if coded else RIGHT
    folio = wrap(spans(f"{number}/{count}"), FOLIO, 20 * MM)
    sheet.rows(folio, right - 20, 280.6, FOLIO, width=20, align="right", part=None)
    if coded:
        label = PageLabel(content.number, content.kind, number, count, content.mark)
        code = square_code.modules(label.text)
        sheet.modules(code, 178, 277, 12, colour=INK)
