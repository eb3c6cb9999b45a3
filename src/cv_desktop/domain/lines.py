"""The lines of a table, each with its part: record, total, repeated header, section, note, orphan, duplicate…

Pure, and the same for every kind of file. No line is lost: what is no record is told, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cv_desktop.domain.amounts import AmountColumn
from cv_desktop.domain.block_heads import block_heads
from cv_desktop.domain.columns import Field
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.header import headers_again
from cv_desktop.domain.intake import (
    BLOCKING,
    HEADERS_AGAIN,
    IN_KIND,
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
from cv_desktop.domain.printed_totals import PrintedTotals, Record
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Cell, Row, Sheet, Table, plain
from cv_desktop.domain.shifts import CutAmounts
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.domain.totals import NO_NAME, TotalWords

_SHOWN = 80
_PAGE = re.compile(
    r"\W*(?:page|p\.)? ?\d+ ?(?:/|sur|de) ?\d+\W*|\W*page ?:? ?\d+\W*|suite\W*|(?:imprimé|édité) le .*", re.IGNORECASE
)
_NUMBER = re.compile(r"[\d\s.,€'/-]+")


@dataclass(slots=True)
class Lines:
    """Sorts the lines of a table. ``amounts`` are the fields of money, the one that counts first.

    ``in_kind`` are the columns of what is not given in money, by label: told, never added.
    ``records`` and ``asides`` hold the result in the order of the file; ``rows`` counts the lines that hold something;
    ``refused`` are those that cannot be read, told as blocking problems, and ``names`` whom they name.
    """

    table: Table
    sheet: Sheet
    fields: Sequence[Field]
    amounts: Mapping[str, AmountColumn]
    total_words: TotalWords
    log: ProblemLog
    in_kind: Mapping[str, tuple[int, AmountColumn]] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    rows: int = 0
    _totals: PrintedTotals = field(init=False)
    _seen: dict[tuple[Cell, ...], int] = field(default_factory=dict)
    _pending: list[Row] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)
    _section: str = ""
    _above: str = ""
    _above_line: int = 0
    _heads: set[int] = field(default_factory=set)
    _ended: bool = False
    _tail: list[tuple[Row, str, str]] = field(default_factory=list)

    @property
    def records(self) -> Sequence[Record]:
        """The lines that are records, in the order of the file."""
        return self._totals.records

    def sort(self) -> Lines:
        """Reads every line, then checks the printed totals."""
        self._totals = PrintedTotals(tuple(self.amounts), self.total_words, self.log, self._aside)
        self._names = dict(spread_names(self.table, self.sheet))
        cut = CutAmounts.of(self.table, self.sheet, tuple(self.amounts))
        table = self.table
        self._section = _theme_in(table.header("name"))
        rows = list(table.rows())
        main, column = next(iter(self.amounts.items()))
        self._heads = block_heads(
            rows,
            lambda row: column.attempt(row[main]),
            lambda row: bool(self.total_words.label(row, row.text("name"), lambda: False)),
        )
        for row in rows:
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
        for row, _message, _key in self._tail:
            self._note(row)
        self._totals.check()
        return self

    def _line(self, row: Row, amounts: Mapping[str, int], refusal: tuple[str, str] | None) -> None:
        name = row.text("name")
        if label := self._total_label(row, name, amounts):
            self._total(row, label, amounts)
        elif row.line in self._heads:
            self._total(row, _texts(row)[0], amounts)
        elif refusal is not None:
            if name in NO_NAME and len(_texts(row)) == 1:
                self._orphan(row)
            elif self._ended and not any(map(str.isdigit, row.text(refusal[0]))):
                # Below the last total: « Vu pour être annexé … Le Maire », unless more lines follow.
                self._tail.append((row, refusal[1], refusal[0]))
            else:
                self._refuse(row, refusal[1], refusal[0])
        elif not amounts:
            self._without_amount(row, name)
        elif len(name) > 2 and _NUMBER.fullmatch(name):
            message = f"{quote(name)} n’est pas un nom{NBSP}: les colonnes de cette ligne sont peut-être décalées."
            self._refuse(row, message, "name")
        elif name not in NO_NAME:
            self._above, self._above_line = name, row.line
            self._record(row, name, amounts)
        elif spread := self._names.get(row.line):
            self._record(row, spread, amounts)
        elif len(_texts(row)) == len(amounts):
            if self._totals.adds_up(amounts):
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
        for one, message, key in self._tail:
            self._refuse(one, message, key)
        self._tail.clear()
        self._ended = False
        record = Record(row, name, self._section, amounts)
        first = self._seen.setdefault((self._section, *row.cells), row.line)
        self._totals.add(record, first)

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
        self._totals.bound()
        self._above = ""
        return again

    def _total_label(self, row: Row, name: str, amounts: Mapping[str, int]) -> str:
        """The words of total of a line, empty when it is none."""
        return self.total_words.label(row, name, lambda: self._totals.adds_up(amounts))

    def _total(self, row: Row, label: str, amounts: Mapping[str, int]) -> None:
        self._totals.printed(row, amounts, label)
        words = (
            f"Ligne de total, laissée de côté{NBSP}: {quote(label.strip()[:_SHOWN])}."
            if label
            else ("Ligne de total sans nom, laissée de côté.")
        )
        self._aside(row, TOTAL, words)
        self._above = ""
        self._ended = True

    def _without_amount(self, row: Row, name: str) -> None:
        texts = _texts(row)
        given = {
            label: column.attempt(row.cells[at]) for label, (at, column) in self.in_kind.items() if at < len(row.cells)
        }
        if name not in NO_NAME and any(given.values()):
            what = ", ".join(f"{quote(label)} {euros(cents)}" for label, cents in given.items() if cents)
            self._aside(row, IN_KIND, f"Aide en nature seulement, laissée de côté{NBSP}: {what}.")
        elif len(texts) == 1 and _PAGE.fullmatch(texts[0]):
            self._note(row)
        elif len(texts) == 1:
            first = next(at for at, cell in enumerate(row.cells) if plain(cell))
            if first <= max(1, row.table.positions.get("name", 0)):
                self._pending.append(row)
            else:
                self._orphan(row)
        elif name in NO_NAME:
            self._orphan(row)
        elif self._ended and len(texts) == 2 and not any(sign.isdigit() for sign in texts[-1]):
            self._tail.append((row, "Le montant manque.", next(iter(self.amounts))))
        else:
            self._refuse(row, "Le montant manque.", next(iter(self.amounts)))

    def _flush(self, reason: str) -> None:
        """Lone texts above a record name its section; below the last one they are notes."""
        for row in self._pending:
            text = _texts(row)[0]
            if reason == NOTE:
                self._note(row)
                continue
            self._aside(row, reason, f"Ligne de rubrique, laissée de côté{NBSP}: {quote(text[:_SHOWN])}.")
            self._section = text
        if reason == SECTION:
            self._totals.bound()
        self._pending.clear()

    def _note(self, row: Row) -> None:
        self._aside(row, NOTE, f"Note, laissée de côté{NBSP}: {quote(' '.join(_texts(row))[:_SHOWN])}.")

    def _orphan(self, row: Row) -> None:
        shown = quote(" ".join(_texts(row))[:_SHOWN])
        message = f"Ligne sans bénéficiaire ni montant lisibles, laissée de côté{NBSP}: {shown}."
        self.asides.append(Aside(row.line, ORPHAN, message, row.table.name))
        self.log.on_row(TO_CHECK, message, row)

    def _refuse(self, row: Row, message: str, key: str) -> None:
        self.refused.append(row.line)
        self.names[row.line] = row.text("name")
        self.log.on_row(BLOCKING, message, row, key)

    def _aside(self, row: Row, reason: str, message: str) -> None:
        self.asides.append(Aside(row.line, reason, message, row.table.name))
        self.log.on_row(SET_ASIDE, message, row)


def _texts(row: Row) -> list[str]:
    return [text for text in map(plain, row.cells) if text]


def _theme_in(header: str) -> str:
    """« handicap » of a header « Association (handicap) », when its brackets hold no unit."""
    _before, bracket, inside = header.partition("(")
    inside = inside.strip().removesuffix(")").strip()
    return inside if bracket and inside and not any(sign in inside for sign in "€0123456789") else ""
