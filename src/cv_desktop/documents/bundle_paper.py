"""The marking sheets of a member on paper: one page a file, boxes to cross, a QR that says which page it is."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.documents import square_code
from cv_desktop.documents.bundle_heading import CALL, TITLE, heading
from cv_desktop.documents.bundle_layout import (
    DEDICATED,
    LEFT,
    NOT_APPLICABLE,
    QR,
    QR_PLACES,
    RIGHT,
    SENTENCE_FROM,
    BoxPlace,
    PagePlace,
    RowPlace,
    pages,
)
from cv_desktop.documents.fonts import BOLD
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import ACCENT, GREY, INK, MM, PALE, SECONDARY, Style
from cv_desktop.documents.typeset import fitted, spans, stacked, wrap
from cv_desktop.domain.bundle import Asked, Bundle, page_code

_CODE = Style(10, 12, bold=True, colour=ACCENT)
_LABEL = Style(9.5, 11.5)
_DIGIT = Style(8, 9)
_SMALL = Style(7.5, 9, colour=SECONDARY)
_LEVEL = Style(8.5, 10.6)
_HOW_TO = (
    "Faites une croix dans une seule case par ligne, au stylo noir ou bleu, sans plier la feuille.",
    "Pour corriger, noircissez toute la case fausse et cochez la bonne\u00a0: la ligne sera relue par une personne.",
    "SO\u00a0: sans objet. D\u00a0: action dédiée à cette priorité. Écrivez la phrase sous la ligne.",
)


def render(bundle: Bundle, secret: str) -> bytes:
    """The PDF to print: a page of levels, then the pages to fill. Same bundle, same bytes."""
    title = f"Grilles de {bundle.member}, {bundle.call_code}"
    sheet = Sheet(title=title, author=bundle.call_label, subject="Grilles à remplir")
    _codes(sheet, page_code(bundle.key, secret, 0))
    _levels(sheet, bundle, bundle.grid_version, bundle.criteria)
    for page in pages(bundle):
        sheet.next_page()
        _codes(sheet, page_code(bundle.key, secret, page.number))
        _page(sheet, bundle, page)
    # At the end: a page that comes back is held against the one of its own number.
    for version, criteria in bundle.former.items():
        sheet.next_page()
        _codes(sheet, page_code(bundle.key, secret, 0))
        _levels(sheet, bundle, version, criteria)
    return sheet.finish()


def _codes(sheet: Sheet, code: str) -> None:
    for corner, (x, y) in QR_PLACES.items():
        sheet.modules(square_code.modules(f"{code} {corner}"), x, y, QR, colour=INK)


def _levels(sheet: Sheet, bundle: Bundle, version: int, criteria: Sequence[Asked]) -> None:
    """What each level means, to keep beside the pages to fill: nothing is read back from it."""
    y = sheet.rows(wrap(spans(f"Grille de notation, version {version}"), TITLE, 160 * MM), LEFT, 14, TITLE)
    said = f"{bundle.call_label} – {bundle.member}" + (f", {bundle.body}" if bundle.body else "")
    y = sheet.rows(wrap(spans(said), CALL, 155 * MM), LEFT, y + 1, CALL)
    lines = [spans(line) for line in _HOW_TO]
    rows, style = stacked(lines, _LABEL, 155 * MM, 24)
    y = sheet.rows(rows, LEFT, y + 3, style) + 3
    room = (266 - y) / max(1, len(criteria))
    for asked in criteria:
        sheet.rule(LEFT, y, RIGHT - LEFT, thickness=0.2, colour=GREY)
        head, head_style = fitted(spans(f"{asked.code}  {asked.label}"), _CODE, 178 * MM, 1)
        below = sheet.rows(head, LEFT, y + 1, head_style)
        texts = [spans(f"{level.value}  {level.name}\u00a0: {level.text}") for level in asked.levels]
        rows, style = stacked(texts, _LEVEL, 176 * MM, y + room - below - 0.6)
        sheet.rows(rows, LEFT + 2, below, style)
        y += room


def _page(sheet: Sheet, bundle: Bundle, page: PagePlace) -> None:
    if bundle.example:
        sheet.watermark("EXEMPLE", BOLD, 105, y=178, colour=PALE)
    heading(sheet, bundle, page.file, 155)
    for row in page.rows:
        _row(sheet, row)
    if page.rows:
        last = page.rows[-1]
        sheet.rule(LEFT, last.y + last.height, RIGHT - LEFT, thickness=0.3, colour=GREY)
    _foot(sheet, bundle, page)


def _row(sheet: Sheet, row: RowPlace) -> None:
    sheet.rule(LEFT, row.y, RIGHT - LEFT, thickness=0.3, colour=GREY)
    asked = row.asked
    sheet.rows(wrap(spans(asked.code), _CODE, 16 * MM), LEFT, row.y + 1.6, _CODE)
    label, style = fitted(spans(asked.label), _LABEL, 56 * MM, 2)
    sheet.rows(label, LEFT + 16, row.y + 1.6, style)
    for box in row.boxes:
        _box(sheet, box)
    x, _y, width, height = row.sentence
    if height > 4:
        bottom = row.y + row.height - 2.4
        sheet.rule(x + SENTENCE_FROM, bottom, width - SENTENCE_FROM, thickness=0.1, colour=GREY)
        asking = ", ".join(map(str, asked.sentence_levels))
        words = f"Phrase ({asking})" if asking else "Phrase"
        sheet.rows(fitted(spans(words), _SMALL, (SENTENCE_FROM - 1) * MM, 1)[0], x, bottom - 2.6, _SMALL)


def _box(sheet: Sheet, box: BoxPlace) -> None:
    word = {NOT_APPLICABLE: "SO", DEDICATED: "D"}.get(box.value, box.value)
    rows = wrap(spans(word), _DIGIT, 10 * MM)
    sheet.rows(rows, box.x, box.y - 3.7, _DIGIT, width=box.side, align="center")
    sheet.frame(box.x, box.y, box.side, box.side, thickness=0.35, colour=INK)


def _foot(sheet: Sheet, bundle: Bundle, page: PagePlace) -> None:
    rows, style = stacked([spans(line) for line in _HOW_TO], _SMALL, 76 * MM, 18)
    sheet.rows(rows, 38, 268, style)
    sheet.rows(wrap(spans("Date et signature"), _SMALL, 40 * MM), 120, 268, _SMALL)
    sheet.rule(120, 282, 50, thickness=0.2, colour=GREY)
    part = f" ({page.part}/{page.parts})" if page.parts > 1 else ""
    said = f"{bundle.key} – page {page.number}{part}"
    sheet.rows(wrap(spans(said), _SMALL, 50 * MM), 120, 283, _SMALL, width=50, align="right")
