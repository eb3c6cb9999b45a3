"""French typography of a typed text: the no-break spaces and the apostrophe that a keyboard does not give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cv_desktop.domain.text import NBSP

_APOSTROPHE = "’"
# Before high signs and after an opening quote; a space at the end of a line stays what it is.
_SPACE = re.compile(r"(?<=[^\s:;!?]) (?=[;:!?»%€])|(?<=«) (?=\S)|(?<=\bn°) (?=\S)|(?<=\d) (?=\d{3}(?!\d))")
_QUOTE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")


def corrections(text: str) -> Iterator[tuple[int, str]]:
    """(place, sign that takes the place of the one there), one sign for one: « 3 000 € ; l'aide » to the letter."""
    for found in _SPACE.finditer(text):
        yield found.start(), NBSP
    for found in _QUOTE.finditer(text):
        yield found.start(), _APOSTROPHE
