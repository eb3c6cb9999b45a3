"""The lines of a table of applications, sorted into applications, drafts, duplicates, refused lines and others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from cv_desktop.domain import cells
from cv_desktop.domain.deposit_rows import DepositRows, Origin, said_from
from cv_desktop.domain.deposit_words import DepositWords, Standing
from cv_desktop.domain.header import headers_again
from cv_desktop.domain.intake import (
    BLOCKING,
    DRAFT,
    DUPLICATE,
    HEADERS_AGAIN,
    LEFT,
    NOTE,
    ORPHAN,
    REPEATED,
    SET_ASIDE,
    TO_CHECK,
    TOTAL,
    Aside,
    Deposit,
    Place,
)
from cv_desktop.domain.money import euros
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Cell, Row, Sheet, plain
from cv_desktop.domain.shifts import CutAmounts
from cv_desktop.domain.structure_rows import number_of
from cv_desktop.domain.text import NBSP, fold, quote
from cv_desktop.domain.totals import Sums

_DRAFT = "brouillon"
_SHOWN = 80


class ApplicationRows:
    """Reads one list after the other; what is gathered is in the order of the reading.

    ``left`` are the lines that a person leaves aside. A number, and a line word for word, are kept once over all lists.
    """

    def __init__(
        self,
        known: DepositWords,
        origin: Origin,
        log: ProblemLog,
        left: Collection[Place] = (),
    ) -> None:
        self.deposits: list[Deposit] = []
        self.drafts: list[str] = []
        self.duplicates: list[str] = []
        self.refused: list[str] = []
        self.others: list[int] = []
        self.asides: list[Aside] = []
        self.left: dict[Place, str] = {}
        self.names: dict[Place, str] = {}
        self.rows = 0
        self._to_leave = left
        self._known = known
        self._origin = origin
        self._log = log
        self._seen: dict[tuple[Cell, ...], Place] = {}
        self._claimed: dict[str, Place] = {}

    def read_list(self, sheet: Sheet, rows: Sequence[Row], reader: DepositRows, tick: Callable[[int], None]) -> None:
        """Reads the lines of one list, then checks the totals that it prints; ``tick(place)`` before each line."""
        table = rows[0].table if rows else None
        if table is None:
            return
        self._table = table
        self._reader = reader
        self._cut = CutAmounts.of(table, sheet, [key for key in ("asked", "cost") if key in table.positions])
        self._sums = Sums()
        self._printed: list[tuple[Row, int, int | None]] = []
        for row in rows:
            tick(self.rows)
            self.rows += 1
            self._read(row)
        self._check()

    def _read(self, row: Row) -> None:
        """Sorts one line and notes its problems."""
        if self._table is not row.table:
            row = Row(self._table, row.line, row.cells)
        number = number_of(row)
        if row.place in self._to_leave:
            self._aside(LEFT, "Laissée de côté à la main.", row, number)
            self.left[row.place] = number
            self.names[row.place] = self._reader.name_of(row, number)
            return
        if shift := self._shift(row):
            self._refuse(row, shift[1], shift[0], number)
            return
        if self._repeats_headers(row):
            self._aside(REPEATED, HEADERS_AGAIN, row)
            self.others.append(row.line)
            return
        if self._is_no_application(row, number):
            self.others.append(row.line)
            return
        kept = len(self.deposits)
        self._sort(row, number)
        if cents := self._reader.attempt(row):
            self._sums.add(cents, repeated=len(self.deposits) == kept)

    def _check(self) -> None:
        for row, here, printed in self._printed:
            if printed is None or any(self._sums.matches(here, printed, everything=every) for every in (False, True)):
                continue
            kept = self._sums.counted[here]
            message = f"Le total écrit, {euros(printed)}, n’est pas la somme des dossiers lus, {euros(kept)}."
            self._log.on_row(TO_CHECK, message, row, "asked")

    def _sort(self, row: Row, number: str) -> None:
        shown = number or f"ligne{NBSP}{row.line}"
        content = row.content()
        if (number or not self._origin.numbered) and content in self._seen:
            message = f"Ligne répétée à l’identique de la {said_from(row, self._seen[content])}, gardée une fois."
            self._aside(DUPLICATE, message, row, number)
            self.duplicates.append(shown)
            return
        self._seen[content] = row.place
        if why := self._is_draft(row):
            self._aside(DRAFT, f"{why}{NBSP}: mis de côté.", row, number)
            self.drafts.append(shown)
            return
        if number in self._claimed:
            there = said_from(row, self._claimed[number])
            message = f"Le numéro {number} est déjà celui de la {there}, dont le contenu diffère."
            self._refuse(row, "number", message, number)
            return
        if number:
            self._claimed[number] = row.place
        if deposit := self._reader.read(row, number, self._claimed):
            self.deposits.append(deposit)
        else:
            self._refused(row, number)

    def _is_draft(self, row: Row) -> str:
        """Why a line is no application yet, empty when it is one."""
        state = row.text("state")
        standing = self._origin.states.standing(state) if state else Standing.UNKNOWN
        if standing is Standing.DRAFT:
            return "Brouillon" if fold(state) == _DRAFT else quote(state)
        if "deposited_at" not in row.table.positions or not cells.is_blank(row["deposited_at"]):
            return ""
        dated = standing is Standing.DEPOSITED or (self._origin.arrival.given is not None and not self._origin.numbered)
        return "" if dated else "Pas de date de dépôt"

    def _refuse(self, row: Row, key: str, message: str, number: str) -> None:
        self._log.on_row(BLOCKING, message, row, key, number)
        self._refused(row, number)

    def _refused(self, row: Row, number: str) -> None:
        self.names[row.place] = self._reader.name_of(row, number)
        self.refused.append(number or f"ligne{NBSP}{row.line}")

    def _aside(self, reason: str, message: str, row: Row, number: str = "") -> None:
        self.asides.append(Aside(row.line, reason, message, row.table.name))
        self._log.on_row(SET_ASIDE, message, row, "", number)

    def _shift(self, row: Row) -> tuple[str, str] | None:
        if self._origin.numbered and row.surplus:
            message = (
                f"{len(row.cells)} valeurs pour {len(row.table.headers)} colonnes, "
                "une virgule décimale n’est pas entre guillemets."
            )
            return message, ""
        return self._cut.shift(row)

    def _repeats_headers(self, row: Row) -> bool:
        if row.repeats_headers:
            return True
        # Where an amount can be read there are no headers: the columns are compared for a few lines only.
        if not isinstance(row["asked"], str) or self._reader.attempt(row) is not None:
            return False
        again = headers_again(row, self._known.one_table, lambda found: "name" in found and "asked" in found, {})
        if again is not None:
            self._table = again
        return again is not None

    def _is_no_application(self, row: Row, number: str) -> bool:
        """A line of total, or a footnote: a single text where a file has many cells."""
        titled = row.text("title") not in cells.DASHES
        name = self._reader.name(row, None)
        unnamed = name in cells.DASHES
        if titled and (number or not unnamed) and (number or not self._adds_up(row)):
            return False
        texts = [text for text in map(plain, row.cells) if text]
        bare = unnamed and not number and not titled
        if self._known.totals.label(row, name, lambda: bare or self._adds_up(row)):
            return self._set_total_aside(row)
        if titled and not unnamed:
            return False
        if (
            len(texts) == sum(not cells.is_blank(row[key]) for key in ("asked", "cost"))
            and self._reader.attempt(row) != 0
        ):
            # Amounts and not a word beside them: the sum of the column, whose label was lost.
            return self._set_total_aside(row)
        if (
            len(texts) == 1
            and not texts[0].isdigit()
            and len(row.table.positions) > (3 if self._origin.numbered else 2)
        ):
            self._aside(NOTE, f"{quote(texts[0][:_SHOWN])}{NBSP}: note, laissée de côté.", row)
            return True
        if not self._origin.numbered and not titled and unnamed and not self._reader.attempt(row):
            message = (
                f"Ligne sans structure, titre ni montant, laissée de côté{NBSP}: {quote(' '.join(texts)[:_SHOWN])}."
            )
            self.asides.append(Aside(row.line, ORPHAN, message, row.table.name))
            self._log.on_row(TO_CHECK, message, row)
            return True
        return False

    def _adds_up(self, row: Row) -> bool:
        here, printed = len(self._sums.counted) - 1, self._reader.attempt(row)
        return bool(printed) and any(
            self._sums.matches(here, printed or 0, everything=everything) for everything in (False, True)
        )

    def _set_total_aside(self, row: Row) -> bool:
        self._aside(TOTAL, "Ligne de total, laissée de côté.", row)
        self._printed.append(
            (row, self._sums.bound(), self._log.read(row, "asked", lambda _cell: self._reader.amount(row, "asked"), ""))
        )
        return True
