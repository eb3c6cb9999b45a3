"""The objects of a PDF file and their places: what a reader finds, written once and in order."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Objects:
    """Objects numbered from 1, written one after the other after the bytes of ``start``."""

    start: bytes
    parts: list[bytes] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    length: int = 0

    def __post_init__(self) -> None:
        self.parts.append(self.start)
        self.length += len(self.start)

    @classmethod
    def after(cls, kept: Objects) -> Objects:
        """A file that begins with the objects of another, joined: their bytes are not written again."""
        return cls(b"".join(kept.parts), places=list(kept.places))

    @property
    def next(self) -> int:
        """The number that the next object will have."""
        return len(self.places) + 1

    def add(self, content: bytes) -> int:
        """Write an object; gives its number."""
        number = len(self.places) + 1
        self.places.append(self.length)
        whole = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        self.parts.append(whole)
        self.length += len(whole)
        return number

    def finish(self, root: int, info: int) -> bytes:
        """The whole file, its table and its trailer; its identifier comes from its content."""
        body = b"".join(self.parts)
        key = hashlib.sha256(body).hexdigest()[:32].encode()
        rows = b"".join(b"%010d 00000 n \n" % place for place in self.places)
        count = len(self.places) + 1
        return b"".join(
            (
                body,
                b"xref\n0 %d\n0000000000 65535 f \n" % count,
                rows,
                b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\n" % (count, root, info, key, key),
                b"startxref\n%d\n%%%%EOF\n" % self.length,
            )
        )


def stream(
    content: bytes, entries: bytes = b"", *, deflated: bool = False, level: int = 9, plain: bool = False
) -> bytes:
    """A stream object: deflated here, unless it comes ``deflated`` (its entries name the filter) or stays ``plain``."""
    if not deflated and not plain:
        content = zlib.compress(content, level)
        entries = b"/Filter/FlateDecode" + entries
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def text_string(text: str) -> bytes:
    """A text of the file's own information, any sign."""
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode()


def references(numbers: Sequence[int]) -> bytes:
    """An array of references to objects."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)
