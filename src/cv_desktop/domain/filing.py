"""Pages of letters that come back on paper: which letter each belongs to, in what order, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LABEL = re.compile(r"(\S+) ([A-Z][A-Z0-9-]*) (\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class PageLabel:
    """What the code at the foot of a page says: letter, kind, page and how many there are."""

    letter: str
    kind: str
    page: int
    pages: int

    @property
    def text(self) -> str:
        return f"{self.letter} {self.kind} {self.page}/{self.pages}"


@dataclass(frozen=True, slots=True)
class PilePage:
    """A page of a pile: the file it came in, its place there from 1, and its label when it could be read."""

    source: str
    place: int
    label: PageLabel | None


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """The pages of one letter in their order; ``missing`` and ``doubled`` are page numbers."""

    number: str
    kind: str
    pages: tuple[PilePage, ...]
    missing: tuple[int, ...]
    doubled: tuple[int, ...]

    @property
    def complete(self) -> bool:
        return not self.missing and not self.doubled


@dataclass(frozen=True, slots=True)
class Filed:
    """A pile put in order: its letters by number, and the pages that only a person can file."""

    letters: tuple[FiledLetter, ...]
    unreadable: tuple[PilePage, ...]


def label_of(text: str) -> PageLabel | None:
    """The label that a code holds; None when it is the code of something else."""
    found = _LABEL.fullmatch(text.strip())
    if found is None:
        return None
    page, pages = int(found[3]), int(found[4])
    return PageLabel(found[1], found[2], page, pages) if 1 <= page <= pages else None


def file_pages(pages: Sequence[PilePage]) -> Filed:
    """Put the pages of a pile in order, whatever the order they were scanned in.

    A page scanned twice keeps its first scan, and is told.
    """
    letters: dict[tuple[str, str, int], dict[int, list[PilePage]]] = {}
    unreadable = []
    for page in pages:
        label = page.label
        if label is None:
            unreadable.append(page)
            continue
        letters.setdefault((label.letter, label.kind, label.pages), {}).setdefault(label.page, []).append(page)
    filed = [
        FiledLetter(
            number=number,
            kind=kind,
            pages=tuple(found[place][0] for place in sorted(found)),
            missing=tuple(place for place in range(1, count + 1) if place not in found),
            doubled=tuple(place for place, scans in sorted(found.items()) if len(scans) > 1),
        )
        for (number, kind, count), found in sorted(letters.items())
    ]
    return Filed(tuple(filed), tuple(unreadable))
