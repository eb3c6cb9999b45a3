"""Object, body and notes of a letter as strips, shared out over as many pages as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cv_desktop.documents import letter_table
from cv_desktop.documents.flow import Cell, Frame, Placed, Strip, bind, cut, paginate
from cv_desktop.documents.reading_order import Path
from cv_desktop.documents.style import AMOUNT, BODY, LABEL, LEFT, MM, NOTES, RIGHT, Style
from cv_desktop.documents.typeset import Row, join, spans, stacked, wrap
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

_WIDTH = RIGHT - LEFT
_OBJECT_TOP, _OBJECT_COLUMN = 103.0, 14.0
_BODY_TOP, _OTHER_TOP, _BOTTOM = 118.0, 24.0, 273.0
_SIGNATURE_TOP, _RECOURSE_TOP = 219.5, 255.5
_LABEL_COLUMN = 29.0
_BULLET = 5.0
_GAP, _ROW_GAP, _AMOUNT_GAP, _HEADING_GAP = 2.7, 1.6, 2.2, 4.0
_NOTES_WIDTH, _NOTES_HEIGHT = 80.0, 32.0
# A letter a little too long is set tighter, down to this share of its spaces, before it takes a second page.
TIGHTEST = 0.55
_TAIL = 50.0
_OBJECT: Path = (("H1", "object"),)


@dataclass(frozen=True, slots=True)
class PlacedObject:
    """The object, placed, and where the body may begin."""

    strips: list[Placed]
    bottom: float


def heading(content: LetterContent) -> PlacedObject:
    """« Objet : », its bold line and its detail, in a column of 14 mm and the rest."""
    room = (_WIDTH - _OBJECT_COLUMN) * MM
    bold = wrap(content.object, LABEL, room)
    label = wrap(spans("Objet :"), LABEL, _OBJECT_COLUMN * MM)
    cells = [Cell(0, label, LABEL, part=_OBJECT), Cell(_OBJECT_COLUMN, bold, LABEL, part=_OBJECT)]
    height = len(bold) * LABEL.line
    if plain(content.detail):
        detail = wrap(content.detail, BODY, room)
        cells.append(Cell(_OBJECT_COLUMN, detail, BODY, down=height))
        height += len(detail) * BODY.line
    return PlacedObject([(Strip(tuple(cells), height, 0.0), _OBJECT_TOP)], _OBJECT_TOP + height)


def pages(content: LetterContent, object_bottom: float) -> list[list[Placed]]:
    """The strips of each page. On the last one they end above the signature, and one block at least is with it."""
    strips = _strips(content)
    signed = bool(content.signatory_quality or content.signatory_name)
    low = _SIGNATURE_TOP if signed or notes(content)[0] else _RECOURSE_TOP if content.recourse else _BOTTOM
    frame = Frame(max(_BODY_TOP, object_bottom + 5.0), _OTHER_TOP, _BOTTOM, low)
    gaps = sum(strip.gap for strip in strips)
    room = frame.last_bottom - frame.first_top - sum(strip.height for strip in strips)
    spacing = min(1.0, room / gaps) if gaps else 1.0
    return paginate(strips, frame, spacing=spacing if spacing >= TIGHTEST else 1.0)


def notes(content: LetterContent) -> tuple[list[Row], Style]:
    """Copies and enclosures beside the signature, set smaller when they are many."""
    lines = [*_labelled("Copie", content.copies), *_labelled("Pièce jointe", content.enclosures)]
    return stacked(lines, NOTES, _NOTES_WIDTH * MM, _NOTES_HEIGHT)


def _labelled(label: str, lines: Sequence[Line]) -> list[Line]:
    """« Copie : … » for one line, « Copies : … » before the first of several."""
    if not lines:
        return []
    named = " ".join(f"{word}s" for word in label.split()) if len(lines) > 1 else label
    return [(*spans(f"{named} : "), *lines[0]), *lines[1:]]


def _strips(content: LetterContent) -> list[Strip]:
    opening: Path = (("P", "salutation"),)
    salutation = bind(cut(wrap(content.salutation, BODY, _WIDTH * MM), BODY, 0.0, part=opening))
    blocks = [block_strips(block, place) for place, block in enumerate(content.blocks)]
    if blocks:
        tail = blocks[-1]
        whole = sum(strip.height + strip.gap for strip in tail) <= _TAIL
        blocks[-1] = bind(tail) if whole else [*tail[:-1], *bind(tail[-1:])]
    closing = bind(cut(wrap(content.closing, BODY, _WIDTH * MM), BODY, _GAP, part=(("P", "closing"),)))
    strips = [*salutation, *(strip for block in blocks for strip in block), *closing]
    return [*strips[:-1], replace(strips[-1], with_next=False)]


def block_strips(block: Block, key: int) -> list[Strip]:
    """A block as strips; ``key`` is its place among the blocks."""
    match block:
        case Paragraph(line):
            strips = cut(wrap(line, BODY, _WIDTH * MM), BODY, _GAP, part=(("P", key),))
            # What ends with a colon announces what follows.
            return bind(strips) if plain(line).rstrip().endswith(":") else strips
        case Amount(figures, words):
            return _amount(figures, words, (("P", key),))
        case Conditions(items):
            return [strip for i, item in enumerate(items) for strip in _condition(*item, (key, i))]
        case Bullets(items):
            return [strip for i, item in enumerate(items) for strip in _bullet(item, (key, i))]
        case Heading(line):
            return bind(cut(wrap(line, LABEL, _WIDTH * MM), LABEL, _HEADING_GAP, part=(("H2", key),)))
        case Table():
            return letter_table.strips(block, key, _WIDTH)


def _amount(figures: Line, words: Line, part: Path) -> list[Strip]:
    (number, *_) = wrap(figures, AMOUNT, _WIDTH * MM)
    text = (*spans("("), *words, *spans(")"))
    (beside, *more) = wrap(text, BODY, _WIDTH * MM - number.width - 6)
    if not more:
        row = join((number, beside), 6)
        return [Strip((Cell(0, (row,), AMOUNT, "center", _WIDTH, part=part),), AMOUNT.line, _AMOUNT_GAP)]
    below = wrap(text, BODY, _WIDTH * MM)
    cells = (
        Cell(0, (number,), AMOUNT, "center", _WIDTH, part=part),
        Cell(0, below, BODY, "center", _WIDTH, down=AMOUNT.line, part=part),
    )
    return [Strip(cells, AMOUNT.line + len(below) * BODY.line, _AMOUNT_GAP)]


def _item(key: tuple[int, int], tag: str) -> Path:
    """The label or the body of one item of a list: block and place."""
    return (("L", key[0]), ("LI", key[1]), (tag, tag))


def _condition(label: str, text: Line, key: tuple[int, int]) -> list[Strip]:
    names = wrap(spans(label), LABEL, (_LABEL_COLUMN - 2) * MM)
    gap, rows = _ROW_GAP if key[1] else _GAP, wrap(text, BODY, (_WIDTH - _LABEL_COLUMN) * MM)
    strips = cut(rows, BODY, gap, x=_LABEL_COLUMN, part=_item(key, "LBody"))
    head = strips[0]
    height = max(head.height, len(names) * LABEL.line if len(strips) == 1 else 0.0)
    return [
        Strip((Cell(0, names, LABEL, part=_item(key, "Lbl")), *head.cells), height, head.gap, head.with_next),
        *strips[1:],
    ]


def _bullet(text: Line, key: tuple[int, int]) -> list[Strip]:
    gap, rows = 0.9 if key[1] else _GAP, wrap(text, BODY, (_WIDTH - _BULLET) * MM)
    strips = cut(rows, BODY, gap, x=_BULLET, part=_item(key, "LBody"))
    head = strips[0]
    dash = Cell(1.0, wrap(spans("–"), BODY, _BULLET * MM), BODY, part=_item(key, "Lbl"))
    return [Strip((dash, *head.cells), head.height, head.gap, head.with_next), *strips[1:]]
