"""What each part of a page is and in which order it is read: the tags that a screen reader and an archive follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cv_desktop.documents.pdf_objects import Objects, references, text_string

# The way from the whole document to a part: a tag and a key at each step. The same key is the same part,
# continued on the next row or the next page.
Path = tuple[tuple[str, object], ...]
# A part with no key is another one each time.
PARAGRAPH: Path = (("P", None),)


@dataclass(slots=True)
class _Part:
    tag: str
    said: str = ""
    parts: dict[object, _Part] = field(default_factory=dict)
    marks: list[tuple[int, int]] = field(default_factory=list)  # page, mark on that page
    number: int = 0


class ReadingOrder:
    """``mark`` as the pages are drawn, then ``write`` once the pages have their numbers."""

    def __init__(self) -> None:
        self._root = _Part("Document")
        self._on_page: list[list[_Part]] = []

    def mark(self, page: int, path: Path, said: str = "") -> int:
        """The mark, on its page, of the part that ``path`` leads to; ``said`` stands for a picture."""
        part = self._root
        for tag, key in path:
            child = part.parts.get(key) if key is not None else None
            if child is None:
                child = part.parts[(tag, len(part.parts)) if key is None else key] = _Part(tag)
            part = child
        part.said = part.said or said
        while len(self._on_page) <= page:
            self._on_page.append([])
        marks = self._on_page[page]
        marks.append(part)
        part.marks.append((page, len(marks) - 1))
        return len(marks) - 1

    def write(self, objects: Objects, pages: Sequence[int]) -> int:
        """Add the tree; ``pages`` are the numbers of the page objects. Gives the number of its root."""
        root = objects.next
        order: list[tuple[_Part, int]] = []
        self._number(self._root, root, root + 1, order)
        table = root + 1 + len(order)
        objects.add(
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>" % (root + 1, table, len(pages))
        )
        for part, parent in order:
            objects.add(self._element(part, parent, pages))
        rows = (
            b"%d%s" % (page, references([part.number for part in marks])) for page, marks in enumerate(self._on_page)
        )
        objects.add(b"<</Nums[%s]>>" % b"".join(rows))
        return root

    def _number(self, part: _Part, parent: int, first: int, order: list[tuple[_Part, int]]) -> int:
        part.number = first
        order.append((part, parent))
        following = first + 1
        for child in part.parts.values():
            following = self._number(child, part.number, following, order)
        return following

    @staticmethod
    def _element(part: _Part, parent: int, pages: Sequence[int]) -> bytes:
        said = b"/Alt%s" % text_string(part.said) if part.said else b""
        head = b"<</Type/StructElem/S/%s/P %d 0 R%s" % (part.tag.encode(), parent, said)
        if part.parts:
            return b"%s/K%s>>" % (head, references([child.number for child in part.parts.values()]))
        home = part.marks[0][0]
        kids = b" ".join(
            b"%d" % mark if page == home else b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (pages[page], mark)
            for page, mark in part.marks
        )
        return b"%s/Pg %d 0 R/K[%s]>>" % (head, pages[home], kids)
