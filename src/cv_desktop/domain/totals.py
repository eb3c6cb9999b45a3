"""Lines of totals: recognised by their words, set aside, and checked against the lines they add up.

Authorities print their own totals: whoever counts them finds twice the truth.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from cv_desktop.domain.sheets import Row
from cv_desktop.domain.text import words

_LONGEST = 80
NO_NAME = frozenset({"", "-", "–", "—"})
_FIRST = re.compile(r"[\W_]*([^\W_]+)")


@dataclass(frozen=True, slots=True)
class TotalWords:
    """Words of a total: alone in their cell, as beginnings that no association bears, or as beginnings that one may.

    ``alone`` are whole cells that an association may bear too: « Ensemble » is a total where it adds up.
    """

    always: frozenset[str]
    beginnings: tuple[str, ...]
    perhaps: tuple[str, ...]
    grand: tuple[str, ...]
    firsts: frozenset[str]
    alone: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, data: Mapping[str, Sequence[str]]) -> TotalWords:
        """The words of the reference table of columns."""
        known = (*data["always"], *data["beginnings"], *data["perhaps"], *data["alone"])
        return cls(
            frozenset(data["always"]),
            tuple(data["beginnings"]),
            tuple(data["perhaps"]),
            tuple(data["grand"]),
            frozenset(text.split()[0] for text in known),
            frozenset(data["alone"]),
        )

    def judge(self, text: str) -> str:
        """« total », « alone » or « perhaps » when an association may bear that name (« Total Danse »), or nothing."""
        first = _FIRST.match(text)
        # Nearly every line is no total: its first word says so.
        if first is None or len(text) > _LONGEST or (first[1].isascii() and first[1].casefold() not in self.firsts):
            return ""
        bare = words(text)
        if bare in self.always:
            return "total"
        if bare in self.alone:
            return "alone"
        if any(_begins(bare, start) for start in self.beginnings):
            return "total"
        return "perhaps" if any(_begins(bare, start) for start in self.perhaps) else ""

    def label(self, row: Row, name: str, adds_up: Callable[[], bool]) -> str:
        """The words of total of a line whose name is ``name``, empty when it is none.

        ``adds_up`` says whether its amount is the sum of lines above: an association may be called « Total Danse ».
        """
        # The name of a record that has one is looked at, and what comes first; else a total may stand in any column.
        unnamed = name in NO_NAME
        texts = (cell for cell in row.cells if isinstance(cell, str) and cell.strip())
        for text in texts if unnamed else (*islice(texts, 1), name):
            verdict = self.judge(text)
            if not verdict or any(row.text(key) for key in ("siret", "siren", "rna")):
                continue
            titled = row.text("title") not in NO_NAME
            if verdict == "total" and (text == name or unnamed or not titled):
                return text
            if verdict == "alone" and adds_up():
                return text
            if verdict == "perhaps" and not titled and adds_up():
                return text
        return ""

    def is_grand(self, text: str) -> bool:
        return any(_begins(words(text), start) for start in self.grand)


@dataclass(slots=True)
class Sums:
    """Amounts line after line, and where the totals stand among them.

    ``counted`` leaves the repeated lines out, ``everything`` holds them too: a printed total says which is right.
    """

    counted: list[int] = field(default_factory=lambda: [0])
    everything: list[int] = field(default_factory=lambda: [0])
    bounds: list[int] = field(default_factory=lambda: [0])

    def add(self, cents: int, *, repeated: bool = False) -> None:
        self.counted.append(self.counted[-1] + (0 if repeated else cents))
        self.everything.append(self.everything[-1] + cents)

    def bound(self) -> int:
        """Notes that a total or a new block stands here; its place among the lines."""
        here = len(self.counted) - 1
        if self.bounds[-1] != here:
            self.bounds.append(here)
        return here

    def matches(self, here: int, printed: int, *, everything: bool) -> tuple[int, int] | None:
        """The lines (from, to) that add up to a total printed at ``here``: those above first, then those below."""
        cumulated = self.everything if everything else self.counted
        last = len(cumulated) - 1
        place = bisect_right(self.bounds, here)
        above = [bound for bound in self.bounds[:place] if bound < here]
        for start in reversed(above):
            if _same(cumulated[here] - cumulated[start], printed):
                return start, here
        below = [bound for bound in self.bounds[place:] if bound > here]
        for end in [*below, last]:
            if end > here and _same(cumulated[end] - cumulated[here], printed):
                return here, end
        return None

    def block(self, here: int) -> int:
        """The sum of the lines since the bound before ``here``."""
        before = [bound for bound in self.bounds if bound < here]
        return self.counted[here] - self.counted[before[-1] if before else 0]


def headings(amounts: Sequence[int]) -> list[int]:
    """Places of the amounts that part a whole list, each the sum of those below it up to the next; else nothing."""
    heads, at = [], 0
    while at < len(amounts):
        total, end = 0, at + 1
        while end < len(amounts) and total < amounts[at]:
            total += amounts[end]
            end += 1
        if amounts[at] <= 0 or total != amounts[at]:
            return []
        heads.append(at)
        at = end
    return heads


def _same(found: int, printed: int) -> bool:
    """Equal to the cent; a total printed in whole euros may have been rounded."""
    return found == printed or (printed % 100 == 0 and abs(found - printed) <= 50)


def _begins(text: str, start: str) -> bool:
    return text.startswith(start) and not text[len(start) : len(start) + 1].isalnum()
