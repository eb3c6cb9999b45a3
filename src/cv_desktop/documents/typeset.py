"""Running text cut into rows: French spaces, raised ordinals, boxed missing fields, no word ever lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cv_desktop.documents.fonts import BOLD, REGULAR, drawable, width_of
from cv_desktop.documents.style import Style
from cv_desktop.domain.letters import Line, Span, plain

NBSP = "\u00a0"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_SAME = str.maketrans({"\u202f": NBSP, "\u2007": NBSP, "\u2009": NBSP, "\u2010": "-", "\u2011": "-", "\t": " "})
_BOUND = (
    (re.compile(r" (?=[:;!?%€»])|(?<=«) "), NBSP),
    (re.compile(r"(?<=\bn°) (?=\S)"), NBSP),
    (re.compile(rf"(?<=\d) (?=\d{{2,3}}\b|(?:{_MONTHS})\b)|(?<=\d(?:er|re)) (?={_MONTHS})"), NBSP),
    (re.compile(r"\b(Mme|M\.|[Tt]él\.|art\.|articles?|p\.|[LRD]\.) (?=[A-Z0-9])"), rf"\1{NBSP}"),
)
_ORDINAL = re.compile(r"(?<![\w-])(\d{1,2})(er|re)(?!\w)")
_BREAK_AFTER = "-/@._"
_RAISED, _RISE = 0.62, 0.34


@dataclass(frozen=True, slots=True)
class Piece:
    """A text drawn in one go: its distance to the start of the row and its width, in points."""

    text: str
    x: float
    width: float
    font: str
    size: float
    rise: float = 0.0
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a block."""

    pieces: tuple[Piece, ...]
    width: float


Fragment = tuple[str, str, float, float, bool]  # text, font, size, rise, missing
Word = list[Fragment]


@lru_cache(maxsize=2048)
def french(text: str) -> str:
    """The text with the spaces that must not break, and only signs the font can draw."""
    text = drawable(text.translate(_SAME))
    for pattern, bound in _BOUND:
        text = pattern.sub(bound, text)
    return text


def spans(text: str) -> Line:
    """A plain text as a line."""
    return (Span(text),)


# A print run repeats its conditions, its ways of appeal and its footer in every letter.
@lru_cache(maxsize=1024)
def wrap(line: Line, style: Style, width: float, characters: int = 1000) -> tuple[Row, ...]:
    """Rows of a line no wider than ``width`` points and no longer than ``characters`` signs."""
    rows: list[Row] = []
    for paragraph in _paragraphs(line, style):
        space = width_of(" ", BOLD if style.bold else REGULAR, style.size)
        current: list[Word] = []
        used, count = 0.0, 0
        for word in _fitting(paragraph, width, characters):
            long, signs = _width(word), sum(len(fragment[0]) for fragment in word)
            if current and (used + space + long > width + 0.01 or count + 1 + signs > characters):
                rows.append(_row(current))
                current, used, count = [], 0.0, 0
            used += long + (space if current else 0.0)
            count += signs + (1 if current else 0)
            current.append(word)
        rows.append(_row(current))
    return tuple(rows)


def fitted(line: Line, style: Style, width: float, most: int) -> tuple[tuple[Row, ...], Style]:
    """Rows of a line in ``most`` rows or fewer, set smaller as long as needed, then cut with an ellipsis."""
    for smaller in _smaller(style):
        rows = wrap(line, smaller, width)
        if len(rows) <= most:
            return rows, smaller
    shown = plain(line)
    while len(rows) > most:
        shown = shown[: len(shown) * 9 // 10]
        rows = wrap(spans(shown + "…"), smaller, width)
    return rows, smaller


def stacked(lines: Sequence[Line], style: Style, width: float, height: float) -> tuple[list[Row], Style]:
    """Rows of several lines, set smaller as long as they are higher than ``height`` millimetres."""
    for smaller in _smaller(style):
        rows = [row for line in lines for row in wrap(line, smaller, width)]
        if len(rows) * smaller.line <= height:
            break
    return rows, smaller


def _smaller(style: Style) -> Iterable[Style]:
    return (style.scaled(percent / 100) for percent in range(100, 54, -5))


def join(rows: Sequence[Row], gap: float) -> Row:
    """Rows put side by side, ``gap`` points apart."""
    pieces: list[Piece] = []
    x = 0.0
    for row in rows:
        for piece in row.pieces:
            moved = Piece(piece.text, piece.x + x, piece.width, piece.font, piece.size, piece.rise, piece.missing)
            pieces.append(moved)
        x += row.width + gap
    return Row(tuple(pieces), max(0.0, x - gap))


def _paragraphs(line: Iterable[Span], style: Style) -> list[list[Word]]:
    font = BOLD if style.bold else REGULAR
    paragraphs: list[list[Word]] = [[]]
    glued = False
    for span in line:
        if span.missing:
            _append(paragraphs[-1], [(french(span.text).replace(" ", NBSP), BOLD, style.size, 0.0, True)], glued)
            glued = True
            continue
        for index, part in enumerate(span.text.splitlines() or [""]):
            if index:
                paragraphs.append([])
                glued = False
            for position, text in enumerate(french(part).split(" ")):
                if position:
                    glued = False
                if text:
                    _append(paragraphs[-1], _fragments(text, font, style.size), glued)
                    glued = True
    return paragraphs


def _append(words: list[Word], word: Word, glued: bool) -> None:
    if glued and words:
        words[-1] = words[-1] + word
    else:
        words.append(word)


def _fragments(text: str, font: str, size: float) -> Word:
    if not (text[0].isdigit() or "(" in text or NBSP in text) or not _ORDINAL.search(text):
        return [(text, font, size, 0.0, False)]
    word: Word = []
    position = 0
    for found in _ORDINAL.finditer(text):
        word.append((text[position : found.end(1)], font, size, 0.0, False))
        word.append((found.group(2), font, size * _RAISED, size * _RISE, False))
        position = found.end()
    if position < len(text):
        word.append((text[position:], font, size, 0.0, False))
    return word


def _width(word: Word) -> float:
    return sum(width_of(text, font, size) for text, font, size, _, _ in word)


def _fitting(words: Iterable[Word], width: float, characters: int) -> Iterable[Word]:
    """The words, those wider than the row cut in as many as needed."""
    for word in words:
        if _width(word) <= width and sum(len(fragment[0]) for fragment in word) <= characters:
            yield word
            continue
        part: Word = []
        for text, font, size, rise, missing in word:
            while text:
                room = width - _width(part)
                count = _signs(text, font, size, room, characters - sum(len(fragment[0]) for fragment in part))
                if count == 0 and part:
                    yield part
                    part = []
                    continue
                count = max(1, count)
                part.append((text[:count], font, size, rise, missing))
                text = text[count:]
                if text:
                    yield part
                    part = []
        if part:
            yield part


def _signs(text: str, font: str, size: float, room: float, characters: int) -> int:
    """How many first signs of a text fit in a room, cut after a hyphen or a space that holds when there is one."""
    if len(text) <= characters and width_of(text, font, size) <= room:
        return len(text)
    count = 0
    while count < min(len(text), characters) and width_of(text[: count + 1], font, size) <= room:
        count += 1
    kept = max((text.rfind(sign, 0, count) for sign in _BREAK_AFTER + NBSP), default=-1) + 1
    return kept if kept > count // 3 else count


def _row(words: Sequence[Word]) -> Row:
    """One piece per run of fragments of the same look."""
    pieces: list[Piece] = []
    x = 0.0
    pending: Fragment | None = None

    def close(fragment: Fragment) -> float:
        text, font, size, rise, missing = fragment
        width = width_of(text, font, size)
        pieces.append(Piece(text, x, width, font, size, rise, missing))
        return width

    for index, word in enumerate(words):
        for position, fragment in enumerate(word):
            text = fragment[0]
            before = " " if index and not position else ""
            if pending and pending[1:] == fragment[1:] and not fragment[4]:
                pending = (pending[0] + before + text, *fragment[1:])
                continue
            if pending:
                # The space belongs to the piece that is not boxed nor raised.
                own = before if pending[4] or pending[3] else ""
                x += close(pending if own else (pending[0] + before, *pending[1:]))
                pending = None
                if own and not fragment[4] and not fragment[3]:
                    text = own + text
                elif own:
                    x += width_of(" ", fragment[1], fragment[2])
            pending = (text, *fragment[1:])
    if pending:
        x += close(pending)
    return Row(tuple(pieces), x)
