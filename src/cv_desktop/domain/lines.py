"""The lines of a table, each with its part: record, total, repeated header, section, note, orphan, duplicate…

Pure, and the same for every kind of file. No line is lost: what is no record is told, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cv_desktop.domain.amounts import AmountColumn
from cv_desktop.domain.columns import Field
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.header import headers_again
from cv_desktop.domain.intake import (
    BLOCKING,
    DUPLICATE,
    HEADERS_AGAIN,
    NOTE,
    ORPHAN,
    REPEATED,
    SECTION,
    SET_ASIDE,
    TO_CHECK,
    TOTAL,
    Aside,
)
from cv_desktop.domain.merged_names import spread_names
from cv_desktop.domain.money import euros
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Cell, Row, Sheet, Table, plain
from cv_desktop.domain.shifts import CutAmounts
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.domain.totals import NO_NAME, Sums, TotalWords, headings

_SHOWN = 80


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class Lines:
    """Sorts the lines of a table. ``amounts`` are the fields of money, the one that counts first.

    ``records`` and ``asides`` hold the result in the order of the file; ``rows`` counts the lines that hold something;
    ``refused`` are those that cannot be read, told as blocking problems.
    """

    table: Table
    sheet: Sheet
    fields: Sequence[Field]
    amounts: Mapping[str, AmountColumn]
    total_words: TotalWords
    log: ProblemLog
    records: list[Record] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    rows: int = 0
    _sums: dict[str, Sums] = field(default_factory=dict)
    _printed: list[_Printed] = field(default_factory=list)
    _seen: dict[tuple[Cell, ...], int] = field(default_factory=dict)
    _repeats: list[tuple[Record, int, int]] = field(default_factory=list)
    _pending: list[Row] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)
    _section: str = ""
    _above: str = ""
    _above_line: int = 0

    def sort(self) -> Lines:
        """Reads every line, then checks the printed totals."""
        self._sums = {key: Sums() for key in self.amounts}
        self._names = dict(spread_names(self.table, self.sheet))
        cut = CutAmounts.of(self.table, self.sheet, tuple(self.amounts))
        table = self.table
        self._section = _theme_in(table.header("name"))
        for row in self.table.rows():
            if table is not self.table:
                row = Row(table, row.line, row.cells)
            self.rows += 1
            if why := cut.shift(row):
                self._refuse(row, *why)
                continue
            amounts, refusal = self._read(row)
            if (refusal or not amounts) and (again := self._repeated(row)):
                table = again
                continue
            self._line(row, amounts, refusal)
        self._flush(NOTE)
        self._check()
        return self

    def _line(self, row: Row, amounts: Mapping[str, int], refusal: tuple[str, str] | None) -> None:
        name = row.text("name")
        if label := self._total_label(row, name, amounts):
            self._total(row, label, amounts)
        elif refusal is not None:
            if name in NO_NAME and len(_texts(row)) == 1:
                self._orphan(row)
            else:
                self._refuse(row, refusal[1], refusal[0])
        elif not amounts:
            self._without_amount(row, name)
        elif name not in NO_NAME:
            self._above, self._above_line = name, row.line
            self._record(row, name, amounts)
        elif spread := self._names.get(row.line):
            self._record(row, spread, amounts)
        elif len(_texts(row)) == len(amounts):
            if self._adds_up(amounts):
                self._total(row, "", amounts)
            else:
                self._orphan(row)
        elif self._above:
            message = f"Le nom manque{NBSP}: celui de la ligne {self._above_line} est repris, {quote(self._above)}."
            self.log.on_row(TO_CHECK, message, row, "name")
            self._record(row, self._above, amounts)
        else:
            self._orphan(row)

    def _record(self, row: Row, name: str, amounts: Mapping[str, int]) -> None:
        if self._pending:
            self._flush(SECTION)
        record = Record(row, name, self._section, amounts)
        first = self._seen.setdefault((self._section, *row.cells), row.line)
        if repeated := first != row.line:
            self._repeats.append((record, first, len(self.records)))
        self.records.append(record)
        for money, sums in self._sums.items():
            sums.add(amounts.get(money, 0), repeated=repeated)

    def _read(self, row: Row) -> tuple[dict[str, int], tuple[str, str] | None]:
        """The amounts of a line, and the first that cannot be read with its reason."""
        amounts: dict[str, int] = {}
        refusal = None
        for key, column in self.amounts.items():
            try:
                cents = column.read(row[key])
            except UserError as failure:
                refusal = refusal or (key, failure.message)
                continue
            if cents is not None:
                amounts[key] = cents
        return amounts, refusal

    def _repeated(self, row: Row) -> Table | None:
        """The table under a line of headers met again among the lines; its columns may have moved."""
        again = headers_again(
            row, self.fields, lambda found: "name" in found and bool(found.keys() & self.amounts.keys()), {}
        )
        if again is None:
            return None
        self._section = _theme_in(again.header("name")) or self._section
        self._aside(row, REPEATED, HEADERS_AGAIN)
        for sums in self._sums.values():
            sums.bound()
        self._above = ""
        return again

    def _total_label(self, row: Row, name: str, amounts: Mapping[str, int]) -> str:
        """The words of total of a line, empty when it is none."""
        return self.total_words.label(row, name, lambda: self._adds_up(amounts))

    def _adds_up(self, amounts: Mapping[str, int]) -> bool:
        """Whether the first amount of a line is the sum of lines above it."""
        for key, cents in amounts.items():
            sums = self._sums[key]
            here = len(sums.counted) - 1
            return any(sums.matches(here, cents, everything=everything) for everything in (False, True))
        return False

    def _total(self, row: Row, label: str, amounts: Mapping[str, int]) -> None:
        here = 0
        for sums in self._sums.values():
            here = sums.bound()
        self._printed.append(_Printed(row, here, amounts, label))
        words = (
            f"Ligne de total, laissée de côté{NBSP}: {quote(label.strip()[:_SHOWN])}."
            if label
            else ("Ligne de total sans nom, laissée de côté.")
        )
        self._aside(row, TOTAL, words)
        self._above = ""

    def _without_amount(self, row: Row, name: str) -> None:
        texts = _texts(row)
        if len(texts) == 1:
            first = next(at for at, cell in enumerate(row.cells) if plain(cell))
            if first <= max(1, row.table.positions.get("name", 0)):
                self._pending.append(row)
            else:
                self._orphan(row)
        elif name in NO_NAME:
            self._orphan(row)
        else:
            self._refuse(row, "Le montant manque.", next(iter(self.amounts)))

    def _flush(self, reason: str) -> None:
        """Lone texts above a record name its section; below the last one they are notes."""
        for row in self._pending:
            text = _texts(row)[0]
            what = "Ligne de rubrique" if reason == SECTION else "Note"
            self._aside(row, reason, f"{what}, laissée de côté{NBSP}: {quote(text[:_SHOWN])}.")
            if reason == SECTION:
                self._section = text
        if reason == SECTION:
            for sums in self._sums.values():
                sums.bound()
        self._pending.clear()

    def _orphan(self, row: Row) -> None:
        shown = quote(" ".join(_texts(row))[:_SHOWN])
        message = f"Ligne sans bénéficiaire ni montant lisibles, laissée de côté{NBSP}: {shown}."
        self.asides.append(Aside(row.line, ORPHAN, message, row.table.name))
        self.log.on_row(TO_CHECK, message, row)

    def _refuse(self, row: Row, message: str, key: str) -> None:
        self.refused.append(row.line)
        self.log.on_row(BLOCKING, message, row, key)

    def _aside(self, row: Row, reason: str, message: str) -> None:
        self.asides.append(Aside(row.line, reason, message, row.table.name))
        self.log.on_row(SET_ASIDE, message, row)

    def _check(self) -> None:
        main = next(iter(self.amounts))
        self._take_out_headings(main)
        counted_twice: set[int] = set()
        for printed in self._printed:
            for key, cents in printed.amounts.items():
                sums = self._sums[key]
                if sums.matches(printed.here, cents, everything=False):
                    continue
                if (span := sums.matches(printed.here, cents, everything=True)) and key == main:
                    counted_twice.update(place for _record, _line, place in self._repeats if span[0] <= place < span[1])
                elif not span:
                    self._mismatch(printed, key, cents, sums)
        kept_twice = []
        for record, first, place in self._repeats:
            row = record.row
            if place in counted_twice:
                message = f"Ligne identique à la ligne {first}, gardée{NBSP}: le total imprimé compte les deux."
                self.log.on_row(TO_CHECK, message, row)
                kept_twice.append(row.line)
                continue
            self._aside(row, DUPLICATE, f"Ligne répétée à l’identique de la ligne {first}, gardée une fois.")
        gone = {record.row.line for record, _first, _place in self._repeats} - set(kept_twice)
        self.records = [record for record in self.records if record.row.line not in gone]

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
        grand = self.total_words.is_grand(printed.label)
        found = sums.counted[printed.here] if grand else sums.block(printed.here)
        message = (
            f"Le total imprimé, {euros(cents)}, n’est pas la somme des lignes lues, {euros(found)}{NBSP}: "
            f"écart de {euros(abs(cents - found))}."
        )
        self.log.on_row(TO_CHECK, message, printed.row, key)


def _texts(row: Row) -> list[str]:
    return [text for text in map(plain, row.cells) if text]


def _theme_in(header: str) -> str:
    """« handicap » of a header « Association (handicap) », when its brackets hold no unit."""
    _before, bracket, inside = header.partition("(")
    inside = inside.strip().removesuffix(")").strip()
    return inside if bracket and inside and not any(sign in inside for sign in "€0123456789") else ""
