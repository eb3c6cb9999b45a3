"""What is added to a file of ours without changing a byte of it: new objects after its end, and others said anew."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TRAILER = re.compile(rb"xref\n0 (\d+)\n(.*)trailer\n<<(.*)>>\nstartxref\n(\d+)\n%%EOF\n\Z", re.DOTALL)
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_ROW = 20


class NotOurs(ValueError):
    """The file was not written by this application, or was changed since."""


@dataclass(frozen=True, slots=True)
class LastPage:
    """Where a letter is signed: its last page, and what names its fonts and pictures."""

    number: int
    content: bytes
    resources: int


@dataclass(slots=True)
class Update:
    """``add`` and ``replace`` objects, then ``finish``. Raises NotOurs when the file is not one that we wrote."""

    original: bytes
    root: int = 0
    _rows: bytes = b""
    _size: int = 0
    _start: int = 0
    _trailer: bytes = b""
    _written: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        start = self.original.rfind(b"xref\n0 ", 0, self.original.rfind(b"startxref"))
        found = _TRAILER.match(self.original, start) if start > 0 else None
        root = _ROOT.search(found[3]) if found else None
        if found is None or root is None or int(found[4]) != start:
            raise NotOurs("no single table at the end of the file")
        self._size, self._rows, self._trailer, self._start = int(found[1]), found[2], found[3], start
        self.root = int(root[1])

    def object(self, number: int) -> bytes:
        """The content of an object, as it was written."""
        if number in self._written:
            return self._written[number]
        place = int(self._rows[number * _ROW : number * _ROW + 10])
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

    def last_page(self) -> LastPage:
        """The last page of a letter that nobody signed yet. Raises NotOurs."""
        catalog = self.object(self.root)
        if b"/AcroForm" in catalog:
            raise NotOurs("a form or a signature already")
        pages = self.object(reference(catalog, b"/Pages"))
        number = int(pages[pages.index(b"[") + 1 : pages.index(b"]")].split()[-3])
        page = self.object(number)
        return LastPage(number, page, reference(page, b"/Resources"))

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


def reference(content: bytes, name: bytes) -> int:
    """The number of the object that an entry names. Raises NotOurs when it names none."""
    _, found, rest = content.partition(name + b" ")
    number = rest.split(b" ", 1)[0]
    if not found or not number.isdigit():
        raise NotOurs(f"no {name.decode()}")
    return int(number)
