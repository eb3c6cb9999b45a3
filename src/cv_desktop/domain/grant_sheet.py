"""One sheet of past grants: its lines sorted, then each record made a grant, its doubts told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from cv_desktop.domain import cells
from cv_desktop.domain.amounts import AmountColumn, scale_of
from cv_desktop.domain.columns import year_in
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grant_columns import (
    FUNDER,
    KIND,
    MONEY,
    Words,
    amounts_at,
    counted,
    holds_amounts,
    is_in_kind,
    main_money,
)
from cv_desktop.domain.grant_doubts import tell_columns
from cv_desktop.domain.identifiers import SiretState, is_rna, judge_siret, parse_rna, parse_siren
from cv_desktop.domain.intake import BLOCKING, INFORMATION, TO_CHECK
from cv_desktop.domain.lines import Lines
from cv_desktop.domain.printed_totals import Record
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.scdl import Schema
from cv_desktop.domain.sheets import Cell, Row, Sheet, Table, plain
from cv_desktop.domain.text import NBSP, quote

NO_YEAR = "L’année des subventions n’est écrite nulle part."
_YEAR = re.compile(r"(?<!\d)(?:19[89]\d|20\d\d)(?!\d)")
# « 02/03/21 »: a grant of an open list is of this century.
_SHORT_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(\d{2})")


# Never written to again; a frozen one would take four times longer to make, and a list has thousands.
@dataclass(slots=True, unsafe_hash=True)
class GrantRead:
    """A grant of the list. ``siret_raw`` is what was written, even when ``siret`` is None; amounts in cents."""

    line: int
    sheet: str
    year: int | None
    funder: str
    scheme: str
    title: str
    name: str
    siren: str | None
    siret: str | None
    siret_raw: str
    rna: str | None
    asked_cents: int | None
    granted_cents: int | None
    paid_cents: int | None
    contract: str = ""

    @property
    def amount_cents(self) -> int:
        """What the list is about: voted, else paid, else asked."""
        found = (self.granted_cents, self.paid_cents, self.asked_cents)
        return next((cents for cents in found if cents is not None), 0)


class SheetReading:
    """One sheet: its lines sorted, then each record made a grant."""

    def __init__(self, sheet: Sheet, table: Table, known: Words, source: str, filename: str, log: ProblemLog) -> None:
        self.sheet = sheet
        self.known = known
        self.source = source
        self.log = log
        self.grants: list[GrantRead] = []
        self.identifiers = Counter[str]()
        self.amount_cents = 0
        self.breaches: int | None = None
        self._breached: set[tuple[int, str]] = set()
        self._severity = TO_CHECK
        self.table = table
        self.main = main_money(table)
        self.counted = counted(table)
        above = [plain(cell) for row in sheet.rows[: table.header_line - sheet.first] for cell in row if cell]
        self._titles = " ".join(above)
        years = (year_in(self.table.header(self.main)), year_in(sheet.name), year_in(self._titles), year_in(filename))
        self._year = next((year for year in years if year), None)
        money = [key for key in self.table.positions if key.partition("@")[0] in MONEY]
        money.sort(key=lambda key: key != self.main)
        read = set(table.positions.values())
        given = [at for at in range(len(table.headers)) if at not in read and is_in_kind(table.label(at))]
        self.in_kind = {table.label(at): (at, amounts_at(table, at)) for at in given if holds_amounts(table, at)}
        amounts = {key: self._column(key) for key in money}
        self.lines = Lines(table, sheet, known.fields, amounts, known.totals, log, self.in_kind)

    def read(self) -> None:
        tell_columns(self.table, self.known, self.in_kind, self.log)
        self.lines.sort()
        if self.known.schema and self.known.schema.fits(self.table.headers):
            self._hold_to(self.known.schema)
        for record in self.lines.records:
            self._grant(record)
        self.amount_cents = sum(record.amounts.get(key, 0) for record in self.lines.records for key in self.counted)
        if any(grant.year is None for grant in self.grants):
            self.log.on_table(TO_CHECK, NO_YEAR, self.table)

    def _hold_to(self, schema: Schema) -> None:
        """The rules of the open-data schema judge its own files; what this reading adds is information."""
        self._severity = INFORMATION
        for name in schema.missing(self.table.headers):
            self.log.on_table(INFORMATION, f"La colonne facultative {quote(name)} est absente (SCDL).", self.table)
        told = {(problem.line, problem.column) for problem in self.log.sorted() if problem.severity == BLOCKING}
        aside = {one.line for one in self.lines.asides}
        places = schema.places(self.table.headers)
        self.breaches = 0
        for row in self.table.rows():
            if row.line in aside:
                continue
            for breach in schema.breaches(row, places):
                self.breaches += 1
                self._breached.add((row.line, breach.column))
                if (row.line, breach.column) not in told:
                    self.log.on_cell(TO_CHECK, breach.message, row, breach.column, breach.value)

    def _doubt(self, row: Row, key: str, message: str) -> None:
        if (row.line, row.table.header(key)) not in self._breached:
            self.log.on_row(self._severity, message, row, key)

    def _column(self, key: str) -> AmountColumn:
        at = self.table.positions[key]
        scale = scale_of(self.table.label(at))
        if scale == 1 and (scale := scale_of(self._titles)) > 1:
            message = f"Montants lus en milliers d’euros, comme le dit le titre au-dessus du tableau{NBSP}: vérifiez."
            self.log.on_table(TO_CHECK, message, self.table, self.table.header(key))
        return AmountColumn((row[at] for row in self.table.body if at < len(row)), scale)

    def _grant(self, record: Record) -> None:
        row = record.row
        siret, siren, raw = self._numbers(row)
        rna = self._rna(row)
        year = self._year_of(row, record.section)
        theme = row.text("theme") or record.section
        grant = GrantRead(
            line=row.line,
            sheet=self.table.name,
            year=year,
            funder=row.text("funder") or self.source,
            scheme=row.text("scheme") or theme,
            title=row.text("title"),
            name=record.name,
            siren=siren,
            siret=siret,
            siret_raw=raw,
            rna=rna,
            asked_cents=record.amounts.get("asked"),
            granted_cents=record.amounts.get("granted"),
            paid_cents=record.amounts.get("paid"),
            contract=row.text("contract"),
        )
        self.grants.extend(_shared_out(grant, record.amounts))

    def _numbers(self, row: Row) -> tuple[str | None, str | None, str]:
        """(SIRET, SIREN, as written) of a line; what is wrong is told and left out."""
        raw = _digits(row["siret"]) if "siret" in row.table.positions else ""
        key = "siret"
        if not raw and (nic := row.text("nic")) and (stem := _digits(row["siren"])):
            raw, key = f"{stem.zfill(9)}{nic.zfill(5)}", "siren"
        siren = None
        if stem := _digits(row["siren"]):
            try:
                siren = parse_siren(stem)
            except UserError as refusal:
                self._doubt(row, "siren", refusal.message)
        if "siret" not in row.table.positions and key == "siret":
            self.identifiers[(SiretState.SIREN_ONLY if siren else SiretState.EMPTY).value] += 1
            return None, siren, ""
        if is_rna(raw):
            # An association without a SIRET is given by its RNA in the same column.
            self.identifiers[SiretState.EMPTY.value] += 1
            return None, siren, ""
        state, number, why = judge_siret(raw)
        self.identifiers[state.value] += 1
        if why:
            self._doubt(row, key, why)
        if number is None or len(number) == 9:
            return None, siren or number, raw
        return number, number[:9], raw

    def _rna(self, row: Row) -> str | None:
        written = row.text("rna") or (row.text("siret") if is_rna(row.text("siret")) else "")
        if written in cells.DASHES:
            return None
        try:
            return parse_rna(written)
        except UserError as refusal:
            self._doubt(row, "rna", refusal.message)
            return None

    def _year_of(self, row: Row, section: str) -> int | None:
        for key in ("year", "decided_on", "paid_on"):
            cell = row[key]
            if cell is None or cell == "":
                continue
            if isinstance(cell, date):
                return cell.year
            if found := _YEAR.search(plain(cell)):
                return int(found[0])
            if short := _SHORT_DAY.fullmatch(plain(cell)):
                return 2000 + int(short[2])
            try:
                day = cells.day(cell)
            except UserError as refusal:
                self._doubt(row, key, refusal.message)
                continue
            if day:
                return day.year
        return year_in(section) or self._year


def _shared_out(grant: GrantRead, amounts: Mapping[str, int]) -> list[GrantRead]:
    """The grants of one line: its own, and one for each other year, funder or kind that has an amount."""
    shares = {key: cents for key, cents in amounts.items() if "@" in key and cents}
    found: list[GrantRead] = []
    if not any(FUNDER in key for key in shares) and (amounts.keys() & {"granted", "paid"} or not shares):
        found.append(grant)
    for key, cents in shares.items():
        field, _, share = key.partition("@")
        one = replace(grant, asked_cents=None, granted_cents=None, paid_cents=None)
        one = replace(one, paid_cents=cents) if field == "paid" else replace(one, granted_cents=cents)
        if share.startswith(FUNDER):
            one = replace(one, funder=share.removeprefix(FUNDER))
        elif share.startswith(KIND):
            one = replace(one, scheme=share.removeprefix(KIND))
        else:
            one = replace(one, year=int(share))
        found.append(one)
    return found


def _digits(cell: Cell) -> str:
    """An identifier as it was typed: a number of a workbook without its decimals, whatever its size."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return plain(cell)
