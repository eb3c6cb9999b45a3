"""The records of a table beside the totals that it prints: what each total adds up, and what the doubles are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cv_desktop.domain.intake import DUPLICATE, TO_CHECK, TOTAL
from cv_desktop.domain.money import euros
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Row
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.domain.totals import Sums, TotalWords, headings

_SHOWN = 80


# As ``Row``: never written to again.
@dataclass(slots=True, unsafe_hash=True)
class Record:
    """A line that is a record, its name when it stands on a line above, its section, its amounts by field."""

    row: Row
    name: str
    section: str
    amounts: Mapping[str, int]


@dataclass(slots=True)
class _Printed:
    """A line of total, its place among the records and what it prints."""

    row: Row
    here: int
    amounts: Mapping[str, int]
    label: str


class PrintedTotals:
    """Gathers records and totals line after line, then ``check`` holds them against each other.

    ``amounts`` are the fields of money, the one that counts first; ``aside(row, reason, message)`` sets a line aside.
    """

    def __init__(
        self, amounts: Sequence[str], words: TotalWords, log: ProblemLog, aside: Callable[[Row, str, str], None]
    ) -> None:
        self.records: list[Record] = []
        self._sums = {key: Sums() for key in amounts}
        self._printed: list[_Printed] = []
        # Record, the line it repeats, its place among the records.
        self._repeats: list[tuple[Record, int, int]] = []
        self._words = words
        self._log = log
        self._aside = aside

    def add(self, record: Record, first: int) -> None:
        """A record; ``first`` is its own line, or the line that it repeats word for word."""
        if repeated := first != record.row.line:
            self._repeats.append((record, first, len(self.records)))
        self.records.append(record)
        for key, sums in self._sums.items():
            sums.add(record.amounts.get(key, 0), repeated=repeated)

    def bound(self) -> int:
        """A new block begins here; its place among the records."""
        return max(sums.bound() for sums in self._sums.values())

    def printed(self, row: Row, amounts: Mapping[str, int], label: str) -> None:
        """A line of total."""
        self._printed.append(_Printed(row, self.bound(), amounts, label))

    def adds_up(self, amounts: Mapping[str, int]) -> bool:
        """Whether the first amount of a line is the sum of lines above it."""
        for key, cents in amounts.items():
            sums = self._sums[key]
            here = len(sums.counted) - 1
            return any(sums.matches(here, cents, everything=everything) for everything in (False, True))
        return False

    def check(self) -> None:
        """Tells the totals that are not the sum of their lines, and keeps the repeated lines that a total counts."""
        main = next(iter(self._sums))
        self._take_out_headings(main)
        counted_twice: set[int] = set()
        for printed in self._printed:
            for key, cents in printed.amounts.items():
                sums = self._sums[key]
                if cents == 0 and sums.counted[-1]:
                    # An empty block prints its zero.
                    continue
                if sums.matches(printed.here, cents, everything=False):
                    continue
                if (span := sums.matches(printed.here, cents, everything=True)) and key == main:
                    counted_twice.update(place for _record, _line, place in self._repeats if span[0] <= place < span[1])
                elif not span:
                    self._mismatch(printed, key, cents, sums)
        for record, first, place in self._repeats:
            row = record.row
            if place in counted_twice:
                message = f"Ligne identique à la ligne {first}, gardée{NBSP}: le total imprimé compte les deux."
                self._log.on_row(TO_CHECK, message, row)
                continue
            self._aside(row, DUPLICATE, f"Ligne répétée à l’identique de la ligne {first}, gardée une fois.")
        gone = {place for _record, _first, place in self._repeats} - counted_twice
        self.records = [record for place, record in enumerate(self.records) if place not in gone]

    def _take_out_headings(self, main: str) -> None:
        """Lines that give the total of the lines below them, under no word of total: « CULTURE 300 ».

        Only when they part the whole list, each equal to the sum of its own lines: chance does not do that twice.
        """
        amounts = [record.amounts.get(main, 0) for record in self.records]
        heads = headings(amounts)
        printed = {one.amounts.get(main) for one in self._printed}
        certain = sum(amounts) // 2 in printed if printed else len(heads) > 2 and len(amounts) >= 4 * len(heads)
        if len(heads) < 2 or not certain:
            return
        gone = set(heads)
        for place in heads:
            record = self.records[place]
            message = f"Ligne de total au-dessus de ses lignes, laissée de côté{NBSP}: {quote(record.name[:_SHOWN])}."
            self._aside(record.row, TOTAL, message)
        kept = [record for place, record in enumerate(self.records) if place not in gone]
        places = {id(record.row): place for place, record in enumerate(kept)}
        self.records = kept
        self._repeats = [(r, line, places[id(r.row)]) for r, line, _at in self._repeats if id(r.row) in places]
        repeated = {place for _record, _line, place in self._repeats}
        for key, sums in self._sums.items():
            moved = {bound: bound - sum(place < bound for place in heads) for bound in sums.bounds}
            fresh = Sums(bounds=sorted({moved[bound] for bound in sums.bounds}))
            for place, record in enumerate(kept):
                fresh.add(record.amounts.get(key, 0), repeated=place in repeated)
            self._sums[key] = fresh
        for one in self._printed:
            one.here -= sum(place < one.here for place in heads)

    def _mismatch(self, printed: _Printed, key: str, cents: int, sums: Sums) -> None:
        grand = self._words.is_grand(printed.label)
        found = sums.counted[printed.here] if grand else sums.block(printed.here)
        message = (
            f"Le total imprimé, {euros(cents)}, n’est pas la somme des lignes lues, {euros(found)}{NBSP}: "
            f"écart de {euros(abs(cents - found))}."
        )
        self._log.on_row(TO_CHECK, message, printed.row, key)
