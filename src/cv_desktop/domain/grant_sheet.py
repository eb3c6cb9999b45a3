"""One sheet of past grants: its lines sorted, then each record made a grant, its doubts told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from cv_desktop.domain import cells
from cv_desktop.domain.amounts import AmountColumn, scale_of
from cv_desktop.domain.columns import Field, header_key, year_in
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import SiretState, judge_siret, parse_rna, parse_siren
from cv_desktop.domain.intake import BLOCKING, INFORMATION, TO_CHECK
from cv_desktop.domain.lines import Lines, Record
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.scdl import Schema
from cv_desktop.domain.sheets import Cell, Row, Sheet, Table, plain
from cv_desktop.domain.text import NBSP, quote
from cv_desktop.domain.totals import TotalWords

# The amount that a list is about: what was voted, else what was paid, else what was asked.
MONEY = ("granted", "paid", "asked")
_YEAR = re.compile(r"(?<!\d)(?:19[89]\d|20\d\d)(?!\d)")
_MONEY_WORDS = frozenset({"montant", "montants", "subvention", "subventions", "aide", "aides", "exceptionnelle"})
_NO_MONEY_WORDS = frozenset(
    {
        "pourcentage",
        "taux",
        "nombre",
        "nb",
        "n",
        "nature",
        "type",
        "objet",
        "date",
        "numero",
        "id",
        "code",
        "part",
        "annee",
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the reading knows beforehand, as data: headers, words of totals, the open-data schema."""

    fields: tuple[Field, ...]
    totals: TotalWords
    schema: Schema | None = None


@dataclass(frozen=True, slots=True)
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


def main_money(table: Table) -> str:
    """The field of the amount that a list is about, empty when it has none."""
    return next((key for key in MONEY if key in table.positions), "")


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
        self.table = _by_year(table, known.fields)
        self.main = main_money(self.table)
        above = [plain(cell) for row in sheet.rows[: table.header_line - sheet.first] for cell in row if cell]
        self._titles = " ".join(above)
        years = (year_in(self.table.header(self.main)), year_in(sheet.name), year_in(self._titles), year_in(filename))
        self._year = next((year for year in years if year), None)
        money = [key for key in self.table.positions if key.partition("@")[0] in MONEY]
        money.sort(key=lambda key: key != self.main)
        self.lines = Lines(
            self.table, sheet, known.fields, {key: self._column(key) for key in money}, known.totals, log
        )

    def read(self) -> None:
        self._tell_twins()
        self._tell_other_money()
        self.lines.sort()
        if self.known.schema and self.known.schema.fits(self.table.headers):
            self._hold_to(self.known.schema)
        for record in self.lines.records:
            self._grant(record)
        self.amount_cents = sum(record.amounts.get(self.main, 0) for record in self.lines.records)
        if any(grant.year is None for grant in self.grants):
            self.log.on_table(TO_CHECK, "L’année des subventions n’est écrite nulle part.", self.table)

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

    def _tell_twins(self) -> None:
        """Two columns of the same name: the first is read, and it is said when they differ."""
        labels = [self.table.label(at) for at in range(len(self.table.headers))]
        read = set(self.table.positions.values())
        for at in sorted(read):
            twins = [
                other
                for other in range(len(labels))
                if other not in read and labels[other] and labels[other] == labels[at]
            ]
            for twin in twins:
                differs = next((row for row in self.table.rows() if _at(row, at) != _at(row, twin)), None)
                if differs is None:
                    continue
                message = (
                    f"La colonne {quote(labels[at])} existe deux fois, avec des valeurs différentes dès la ligne "
                    f"{differs.line}. La première est lue, la suivante contient {quote(plain(_at(differs, twin)))}."
                )
                self.log.on_table(TO_CHECK, message, self.table, labels[at])

    def _tell_other_money(self) -> None:
        """Columns of amounts that no field takes: what they hold is said, so that no grant is missed in silence."""
        read = set(self.table.positions.values())
        labels = {self.table.label(at) for at in read}
        for at, header in enumerate(self.table.headers):
            label = self.table.label(at)
            said = set(header_key(header).split())
            if at in read or label in labels or not _MONEY_WORDS & said or _NO_MONEY_WORDS & said:
                continue
            column = AmountColumn((row[at] for row in self.table.body if at < len(row)), scale_of(label))
            filled = [row.cells[at] for row in self.table.rows() if at < len(row.cells) and plain(row.cells[at])]
            amounts = [cents for cents in map(column.attempt, filled) if cents]
            if len(amounts) * 2 > len(filled):
                message = (
                    f"La colonne {quote(label)} contient aussi des montants, qui ne sont pas repris. Si c’est elle qui "
                    "compte, choisissez-la dans la correspondance des colonnes."
                )
                self.log.on_table(TO_CHECK, message, self.table, label)

    def _grant(self, record: Record) -> None:
        row = record.row
        siret, siren, raw = self._numbers(row)
        rna = self._rna(row, raw)
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
        dated = {int(key.partition("@")[2]): cents for key, cents in record.amounts.items() if "@" in key}
        if "granted" in record.amounts or not dated:
            self.grants.append(grant)
        for other, cents in dated.items():
            if cents:
                self.grants.append(replace(grant, year=other, asked_cents=None, granted_cents=cents, paid_cents=None))

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
        state, number, why = judge_siret(raw)
        self.identifiers[state.value] += 1
        if why:
            self._doubt(row, key, why)
        if number is None or len(number) == 9:
            return None, siren or number, raw
        return number, number[:9], raw

    def _rna(self, row: Row, raw: str) -> str | None:
        written = row.text("rna") or (raw if raw[:1] in ("W", "w") else "")
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
            try:
                day = cells.day(cell)
            except UserError as refusal:
                self._doubt(row, key, refusal.message)
                continue
            if day:
                return day.year
        return year_in(section) or self._year


def _by_year(table: Table, fields: Iterable[Field]) -> Table:
    """The table where the amounts of several years stand side by side: the last year is the list's own."""
    at = table.positions.get("granted")
    field = next((field for field in fields if field.key == "granted"), None)
    if at is None or field is None or year_in(table.headers[at]) is None:
        return table
    names = set(field.names)
    taken = set(table.positions.values()) - {at}
    years: dict[int, int] = {}
    for position, header in enumerate(table.headers):
        year = year_in(header)
        bare = header_key(_YEAR.sub(" ", header)).replace(" ", "")
        if year and position not in taken and bare in names and len(header) < 80:
            years.setdefault(year, position)
    if len(years) < 2:
        return table
    last = max(years)
    positions = {**table.positions, "granted": years[last]}
    positions |= {f"granted@{year}": position for year, position in years.items() if year != last}
    return replace(table, positions=positions)


def _at(row: Row, position: int) -> Cell:
    return row.cells[position] if position < len(row.cells) else None


def _digits(cell: Cell) -> str:
    """An identifier as it was typed: a number of a workbook without its decimals, whatever its size."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return plain(cell)
