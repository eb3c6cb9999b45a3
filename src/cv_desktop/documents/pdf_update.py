"""What is added to a file of ours without changing a byte of it: new objects after its end, and others said anew."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cv_desktop.documents.pdf_file import SIGNED

_TRAILER = re.compile(rb"xref\n0 (\d+)\n(.*?)trailer\n<<(.*?)>>\nstartxref\n(\d+)\n%%EOF\n", re.DOTALL)
_ADDED = re.compile(rb"xref\n((?:\d+ 1\n\d{10} 00000 n \n)+)trailer\n<<(.*?)>>\nstartxref\n(\d+)\n%%EOF\n", re.DOTALL)
_ADDED_ROW = re.compile(rb"(\d+) 1\n(\d{10}) 00000 n \n")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_ROW = 20


class NotOurs(ValueError):
    """The file was not written by this application, or was changed since."""


@dataclass(frozen=True, slots=True)
class SignedPage:
    """Where a letter is signed: its page, and what names its fonts and pictures."""

    number: int
    content: bytes
    resources: int


@dataclass(slots=True)
class Update:
    """``add`` and ``replace`` objects, then ``finish``. Raises NotOurs when the file is not one that we wrote.

    ``further`` is for a file that already had such an update.
    """

    original: bytes
    further: bool = False
    root: int = 0
    _rows: bytes = b""
    _size: int = 0
    _start: int = 0
    _trailer: bytes = b""
    _written: dict[int, bytes] = field(default_factory=dict)
    _places: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        end = self.original.rfind(b"startxref")
        start = self.original.rfind(b"\nxref\n0 ", 0, end) + 1
        found = _TRAILER.match(self.original, start) if start > 0 else None
        root = _ROOT.search(found[3]) if found else None
        if found is None or root is None or int(found[4]) != start:
            raise NotOurs("no single table at the end of the file")
        self._size, self._rows, self._trailer, self._start = int(found[1]), found[2], found[3], start
        self.root = int(root[1])
        if self.further and found.end() < len(self.original):
            found = self._after(self.original.rfind(b"\nxref\n", found.end(), end) + 1)
        if found.end() != len(self.original):
            raise NotOurs("something else at the end of the file")

    def _after(self, start: int) -> re.Match[bytes]:
        """The table of the update that the file already had."""
        found = _ADDED.match(self.original, start)
        if found is None or int(found[3]) != start or b"/Prev %d" % self._start not in found[2]:
            raise NotOurs("no update of ours at the end of the file")
        self._places = {int(number): int(place) for number, place in _ADDED_ROW.findall(found[1])}
        self._size = max(self._size, *(number + 1 for number in self._places))
        self._trailer, self._start = re.sub(rb"/Prev \d+", b"", found[2]), start
        return found

    def object(self, number: int) -> bytes:
        """The content of an object, as it was written."""
        if number in self._written:
            return self._written[number]
        place = self._places.get(number) or int(self._rows[number * _ROW : number * _ROW + 10])
        head = b"%d 0 obj\n" % number
        end = self.original.find(b"\nendobj\n", place)
        if not self.original.startswith(head, place) or end < 0:
            raise NotOurs(f"object {number} is not where the table says")
        return self.original[place + len(head) : end]

    def add(self, content: bytes) -> int:
        """A new object; gives its number."""
        number = self._size + sum(key >= self._size for key in self._written)
        self._written[number] = content
        return number

    def replace(self, number: int, content: bytes) -> None:
        """The same object, said anew."""
        self._written[number] = content

    def signed_page(self) -> SignedPage:
        """The page to sign of a letter that nobody signed yet. Raises NotOurs."""
        if b"/AcroForm" in self.object(self.root):
            raise NotOurs("a form or a signature already")
        return self.end_page()

    def end_page(self) -> SignedPage:
        """The page that is signed or to sign: the one that says so, else the last. Raises NotOurs."""
        pages = self.object(reference(self.object(self.root), b"/Pages"))
        numbers = [int(one) for one in pages[pages.index(b"[") + 1 : pages.index(b"]")].split()[::3]]
        number = next((one for one in numbers if SIGNED in self.object(one)), numbers[-1])
        page = self.object(number)
        return SignedPage(number, page, reference(page, b"/Resources"))

    def finish(self) -> bytes:
        """The whole file: its own bytes, then what was added."""
        parts, places, length = [self.original], {}, len(self.original)
        for number, content in sorted(self._written.items()):
            places[number] = length
            parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
            length += len(parts[-1])
        table = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
        size = max(self._size, *(number + 1 for number in places))
        trailer = re.sub(rb"/Size \d+", b"/Size %d/Prev %d" % (size, self._start), self._trailer)
        parts.append(b"xref\n%strailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n" % (table, trailer, length))
        return b"".join(parts)


def reference(content: bytes, name: bytes, before: bytes = b" ") -> int:
    """The number of the object that an entry names, ``before`` it. Raises NotOurs when it names none."""
    _, found, rest = content.partition(name + before)
    number = rest.split(b" ", 1)[0]
    if not found or not number.isdigit():
        raise NotOurs(f"no {name.decode()}")
    return int(number)
