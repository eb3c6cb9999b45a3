"""Pages of letters that come back on paper: which letter each belongs to, in what order, and what is missing."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cv_desktop.domain.text import NBSP

_LABEL = re.compile(r"(\S+) ([A-Z][A-Z0-9-]*) (\d{1,4})/(\d{1,4})(?: ([0-9A-F]{6}))?")
UNREADABLE = f"Aucun code lisible sur cette page{NBSP}: dites de quel courrier elle est, ou écartez-la."


@dataclass(frozen=True, slots=True)
class PageLabel:
    """What the code at the foot of a page says: letter, kind, page and how many there are.

    ``mark`` tells the letter from one of the same number in another base; empty on those printed before it was.
    """

    letter: str
    kind: str
    page: int
    pages: int
    mark: str = ""

    @property
    def text(self) -> str:
        return f"{self.letter} {self.kind} {self.page}/{self.pages} {self.mark}".rstrip()


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


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """An issued letter of this base. ``replaced_by`` is the number of the one that replaced it.

    ``signed`` says why no signed copy is awaited any more, empty while one is; ``recorded`` tells that who signed it is
    written already, ``otherwise`` that it was not by hand.
    """

    id: str
    number: str
    mark: str
    replaced_by: str = ""
    signed: str = ""
    recorded: bool = False
    otherwise: bool = False


class Labelled(Protocol):
    """A page that waits, wherever it is kept."""

    @property
    def label(self) -> PageLabel | None: ...


P = TypeVar("P", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Settled(Generic[P]):
    """What can be filed of the pages that wait, in order, and why the others wait for a person."""

    copies: tuple[tuple[KnownLetter, tuple[P, ...]], ...]
    waiting: tuple[tuple[P, str], ...]


def mark_of(letter_id: str, number: str, dated_on: str) -> str:
    """The mark of a letter, six signs: two bases hardly ever give one to the same number (1 in 16 million)."""
    return hashlib.sha256(f"{letter_id} {number} {dated_on}".encode()).hexdigest()[:6].upper()


def label_of(text: str) -> PageLabel | None:
    """The label that a code holds; None when it is the code of something else."""
    found = _LABEL.fullmatch(text.strip())
    if found is None:
        return None
    page, pages = int(found[3]), int(found[4])
    return PageLabel(found[1], found[2], page, pages, found[5] or "") if 1 <= page <= pages else None


def file_pages(pages: Sequence[PilePage]) -> Filed:
    """Put the pages of a pile in order, whatever the order they were scanned in.

    A page scanned twice keeps its first scan, and is told.
    """
    letters: dict[tuple[str, str, int, str], dict[int, list[PilePage]]] = {}
    unreadable = []
    for page in pages:
        label = page.label
        if label is None:
            unreadable.append(page)
            continue
        key = (label.letter, label.kind, label.pages, label.mark)
        letters.setdefault(key, {}).setdefault(label.page, []).append(page)
    filed = [
        FiledLetter(
            number=number,
            kind=kind,
            pages=tuple(found[place][0] for place in sorted(found)),
            missing=tuple(place for place in range(1, count + 1) if place not in found),
            doubled=tuple(place for place, scans in sorted(found.items()) if len(scans) > 1),
        )
        for (number, kind, count, _mark), found in sorted(letters.items())
    ]
    return Filed(tuple(filed), tuple(unreadable))


def settle(pages: Sequence[P], letters: Mapping[str, KnownLetter]) -> Settled[P]:
    """Judge the pages that wait: a letter is filed once each of its pages is there, once, and it awaits a copy.

    ``letters`` are those of this base by number. A page scanned twice keeps the whole letter waiting: which of the
    two bears the signature is for a person to say.
    """
    by_letter: dict[str, dict[int, list[P]]] = defaultdict(dict)
    waiting: list[tuple[P, str]] = []
    for page in pages:
        label = page.label
        why = UNREADABLE if label is None else _refusal(label, letters.get(label.letter))
        if label is None or why:
            waiting.append((page, why))
        else:
            by_letter[label.letter].setdefault(label.page, []).append(page)
    copies = []
    for number, found in sorted(by_letter.items()):
        count = max(page.label.pages for scans in found.values() for page in scans if page.label)
        why = _incomplete(found, count)
        if why:
            waiting += [(page, why) for _place, scans in sorted(found.items()) for page in scans]
        else:
            copies.append((letters[number], tuple(found[place][0] for place in range(1, count + 1))))
    return Settled(tuple(copies), tuple(waiting))


def _refusal(label: PageLabel, known: KnownLetter | None) -> str:
    """Why a page is not filed by itself; empty when it may be."""
    if known is None:
        return f"Le courrier {label.letter} n’est pas dans cette base."
    if label.mark != known.mark:
        return f"Ce code est celui d’un courrier {label.letter} émis par une autre base."
    if known.replaced_by:
        return f"Le courrier {label.letter} a été remplacé par le courrier {known.replaced_by}."
    return known.signed


def _incomplete(found: Mapping[int, Sequence[object]], count: int) -> str:
    doubled = [place for place, scans in sorted(found.items()) if len(scans) > 1]
    if doubled:
        verb = "sont" if len(doubled) > 1 else "est"
        return f"{_named(doubled).capitalize()} {verb} en double{NBSP}: écartez celle qui ne porte pas la signature."
    missing = [place for place in range(1, count + 1) if place not in found]
    if not missing:
        return ""
    later = "scannées plus tard, elles s’y joindront" if len(missing) > 1 else "scannée plus tard, elle s’y joindra"
    return f"Il manque {_named(missing)}{NBSP}: {later}."


def _named(places: Sequence[int]) -> str:
    """« la page 2 », « les pages 2 et 3 »."""
    *first, last = map(str, places)
    return f"les pages {', '.join(first)} et {last}" if first else f"la page {last}"
