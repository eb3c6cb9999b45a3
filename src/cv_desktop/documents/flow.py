"""What goes on which page: strips that are never cut, stacked in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cv_desktop.documents.reading_order import PARAGRAPH, Path
from cv_desktop.documents.style import Style
from cv_desktop.documents.typeset import Row


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows set at some distance from the left margin, in millimetres."""

    x: float
    rows: tuple[Row, ...]
    style: Style
    align: str = "left"
    width: float = 0.0
    down: float = 0.0
    part: Path = PARAGRAPH


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn on one page in one piece."""

    cells: tuple[Cell, ...]
    height: float
    gap: float  # space before, left out at the top of a page
    with_next: bool = False  # never the last strip of a page
    ruled: bool = False  # a thin rule under it


@dataclass(frozen=True, slots=True)
class Frame:
    """Where text may go: tops and bottoms, in millimetres from the top of the page."""

    first_top: float
    other_top: float
    bottom: float
    last_bottom: float  # on the last page, above the signature


Placed = tuple[Strip, float]


def cut(rows: Sequence[Row], style: Style, gap: float, *, part: Path, x: float = 0.0) -> list[Strip]:
    """Strips of a paragraph, read as one ``part``: never one line alone at the foot or at the head of a page."""
    count = len(rows)
    sizes = [count] if count <= 3 else [2, *[1] * (count - 4), 2]
    strips: list[Strip] = []
    start = 0
    for size in sizes:
        cell = Cell(x, tuple(rows[start : start + size]), style, part=part)
        strips.append(Strip((cell,), size * style.line, gap if start == 0 else 0.0))
        start += size
    return strips


def bind(strips: Sequence[Strip]) -> list[Strip]:
    """The same strips, each kept on the page of the one after it."""
    return [replace(strip, with_next=True) for strip in strips]


def paginate(strips: Sequence[Strip], frame: Frame, *, spacing: float = 1.0) -> list[list[Placed]]:
    """Pages of placed strips; the last page leaves the room of the signature and holds the last bound strips."""
    groups = _groups(strips)
    pages = _fill(groups, frame, spacing)
    if _end(pages[-1]) <= frame.last_bottom + 0.01:
        return pages
    tail = groups.pop()
    if _height(tail, spacing) > frame.last_bottom - frame.other_top:
        groups.append(tail[:-2])
        tail = tail[-2:]
    before = _fill(groups, frame, spacing)
    return [*before, *_fill([tail], replace(frame, first_top=frame.other_top), spacing)]


def _height(strips: Sequence[Strip], spacing: float) -> float:
    return sum(strip.height + strip.gap * spacing for strip in strips)


def _end(page: Sequence[Placed]) -> float:
    return page[-1][1] + page[-1][0].height if page else 0.0


def _groups(strips: Sequence[Strip]) -> list[list[Strip]]:
    groups: list[list[Strip]] = [[]]
    for strip in strips:
        groups[-1].append(strip)
        if not strip.with_next:
            groups.append([])
    return [group for group in groups if group]


def _fill(groups: Sequence[Sequence[Strip]], frame: Frame, spacing: float) -> list[list[Placed]]:
    pages: list[list[Placed]] = [[]]
    y = frame.first_top
    room = frame.bottom - frame.other_top
    for group in groups:
        # A group longer than a page cannot be kept together.
        for part in [[strip] for strip in group] if _height(group, spacing) > room else [list(group)]:
            if y > frame.other_top and y + _height(part, spacing) > frame.bottom:
                pages.append([])
                y = frame.other_top
            for strip in part:
                if pages[-1]:
                    y += strip.gap * spacing
                pages[-1].append((strip, y))
                y += strip.height
    return pages
