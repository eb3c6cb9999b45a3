"""Where everything stands on a printed marking sheet, in millimetres: what is drawn is what is read back."""

from __future__ import annotations

from dataclasses import dataclass

from cv_desktop.domain.bundle import Asked, Bundle, BundleFile

QR = 18.0
# The same code at three corners: their twelve points put a scan straight, two of them are enough for a flat one.
QR_PLACES = {"A": (176.0, 10.0), "B": (16.0, 268.0), "C": (176.0, 268.0)}
LEFT, RIGHT = 16.0, 194.0
_TOP, _BOTTOM = 48.0, 264.0
_TALLEST = 24.0
# Below this a row has no room for a box and a sentence by hand.
_LOWEST = 15.5
_BOXES_FROM, _BOXES_TO = 92.0, 178.0
_DEDICATED = 187.0
# Left of it stand the words that ask for a sentence.
SENTENCE_FROM = 20.0
_SIDE, _PITCH = 5.0, 11.0
NOT_APPLICABLE, DEDICATED = "SO", "D"


@dataclass(frozen=True, slots=True)
class BoxPlace:
    """A box to cross: its left, top and side; ``value`` is a level, "SO" or "D"."""

    value: str
    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A criterion on a page: its top, its height, its boxes, and the place of its sentence (x, y, width, height)."""

    asked: Asked
    y: float
    height: float
    boxes: tuple[BoxPlace, ...]
    sentence: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page: ``part`` of ``parts`` for its file."""

    number: int
    file: BundleFile
    part: int
    parts: int
    rows: tuple[RowPlace, ...]


def pages(bundle: Bundle) -> tuple[PagePlace, ...]:
    """The pages of a bundle, one file after another, each on as many as its criteria need."""
    most = int((_BOTTOM - _TOP) / _LOWEST)
    found: list[PagePlace] = []
    for file in bundle.files:
        asked = bundle.asked(file)
        parts = [asked[start : start + most] for start in range(0, len(asked), most)] or [()]
        for part, criteria in enumerate(parts, 1):
            found.append(PagePlace(len(found) + 1, file, part, len(parts), _rows(criteria)))
    return tuple(found)


def _rows(criteria: tuple[Asked, ...]) -> tuple[RowPlace, ...]:
    height = min(_TALLEST, (_BOTTOM - _TOP) / max(1, len(criteria)))
    return tuple(_row(asked, _TOP + index * height, height) for index, asked in enumerate(criteria))


def _row(asked: Asked, y: float, height: float) -> RowPlace:
    values = [str(level) for level in asked.values]
    if asked.na_allowed:
        values.append(NOT_APPLICABLE)
    pitch = min(_PITCH, (_BOXES_TO - _BOXES_FROM) / len(values))
    side = min(_SIDE, pitch - 1.2)
    top = y + 4.6
    boxes = [BoxPlace(value, _BOXES_FROM + index * pitch, top, side) for index, value in enumerate(values)]
    if asked.may_be_dedicated:
        boxes.append(BoxPlace(DEDICATED, _DEDICATED, top, _SIDE))
    below = top + _SIDE + 0.8
    return RowPlace(asked, y, height, tuple(boxes), (LEFT, below, RIGHT - LEFT, y + height - 0.6 - below))
