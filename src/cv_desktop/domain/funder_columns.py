"""The columns of a list in which co-funders stand: « État demandé », « CAF obtenu », « Demandé > Région »."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from cv_desktop.domain.amounts import AmountColumn, scale_of
from cv_desktop.domain.columns import header_key, year_in
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import TO_CHECK, FunderAmount
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Row, Table
from cv_desktop.domain.text import NBSP, quote

# A column that names a funder and nothing else says what is asked of it, unless its figures are codes: 77, 77190.
_LEAST_CENTS = 100_00
_PLACES = frozenset({"departement", "commune", "ville", "postal", "insee"})
_UNIT = re.compile(r"€|\beuros?\b", re.IGNORECASE)
_LAST_MAINLAND, _OVERSEAS, _POSTAL = 95, range(971, 990), 5


@dataclass(frozen=True, slots=True)
class FunderNames:
    """``funders`` gives the code of each name, ``labels`` what it is called, ``verbs`` the amount of each word.

    ``around`` are the words that say nothing: « montant », « part ».
    """

    funders: Mapping[str, str]
    labels: Mapping[str, str]
    verbs: Mapping[str, str]
    around: frozenset[str]

    @classmethod
    def of(cls, words: Mapping[str, Sequence[str]], funders: Mapping[str, Sequence[str]]) -> FunderNames:
        """``words`` of the reference table of columns; ``funders``: the label then the names of each, by code."""
        names: dict[str, str] = {}
        for code, known in funders.items():
            for name in known:
                names.setdefault(header_key(name), code)
        verbs = {header_key(word): name for name, said in words.items() if name != "around" for word in said}
        around = frozenset(header_key(word) for word in words["around"])
        return cls(names, {code: known[0] for code, known in funders.items()}, verbs, around)

    def read(self, header: str) -> tuple[str, str] | None:
        """(code, name of the amount) of a header, the second empty when no word says it; None for any other."""
        said = [word for word in header_key(header).split() if not (word.isdigit() and len(word) == 4)]
        verbs = {self.verbs[word] for word in said if word in self.verbs}
        bare = [word for word in said if word not in self.verbs]
        left = " ".join(word for word in bare if word not in self.around)
        code = self.funders.get(left) or self.funders.get(" ".join(bare))
        return (code, verbs.pop() if verbs else "") if code and len(verbs) < 2 else None


@dataclass(frozen=True, slots=True)
class _Column:
    at: int
    code: str
    name: str
    amounts: AmountColumn


@dataclass(frozen=True, slots=True)
class FunderColumns:
    """The columns of co-funders of a table for one year, one column for each amount; ``doubts`` are not read."""

    columns: tuple[_Column, ...] = ()
    doubts: tuple[int, ...] = ()

    @classmethod
    def of(
        cls, table: Table, names: FunderNames | None, taken: Collection[int] = (), year: int | None = None
    ) -> FunderColumns:
        """Those that feed no field and are not in ``taken``; where they name years, those of ``year`` or of none.

        ``year`` None is the last that one of them names. One that bears the name of a funder alone is only read beside
        another column of a funder, as what is asked. Where all its lines say the same, or codes under the name of a
        place (« Département », 77000), it is a doubt, unless its header says a unit: that is money.
        """
        if names is None:
            return cls()
        read = {*table.positions.values(), *taken}
        found: dict[int, tuple[str, str]] = {}
        for at in range(len(table.headers)):
            if at not in read and (what := names.read(table.headers[at]) or names.read(table.label(at))):
                group = names.read(table.label(at)) or what
                found[at] = (what[0], what[1] or group[1])
        columns: dict[tuple[str, str], _Column] = {}
        doubts: list[int] = []
        years = {at: year_in(table.label(at)) or 0 for at in found}
        wanted = year or max(years.values(), default=0)
        found = {at: what for at, what in found.items() if years[at] in (0, wanted)}
        for at in sorted(found, key=lambda at: -years[at]):
            code, said = found[at]
            amounts = AmountColumn((row[at] for row in table.body if at < len(row)), scale_of(table.label(at)))
            if not said and (len(found) < 2 or not _money(table, at, amounts)):
                continue
            if not said and not _in_units(table.label(at)) and (_same(table, at) or _codes(table, at)):
                doubts.append(at)
                continue
            name = said or "asked_cents"
            columns.setdefault((code, name), _Column(at, code, name, amounts))
        return cls(tuple(sorted(columns.values(), key=lambda column: column.at)), tuple(sorted(doubts)))

    def tell(self, table: Table, log: ProblemLog) -> None:
        """Notes each column that may hold amounts and is not read."""
        for at in self.doubts:
            name = table.label(at)
            message = (
                f"La colonne {quote(name)} n’est pas reprise{NBSP}: ses nombres peuvent être des codes comme "
                f"des montants. Si ce sont des montants, nommez-la {quote(f'{name} (€)')}."
            )
            log.on_table(TO_CHECK, message, table, name)

    @property
    def keys(self) -> dict[int, str]:
        """The field that each column feeds: « funding:CAF:asked_cents »."""
        return {column.at: f"funding:{column.code}:{column.name}" for column in self.columns}

    def read(self, row: Row, number: str, log: ProblemLog) -> list[FunderAmount]:
        """What each co-funder is asked, proposed, voted or paid for one application; what is unreadable is told."""
        found: dict[tuple[str, str], FunderAmount] = {}
        for column in self.columns:
            cell = row.cells[column.at] if column.at < len(row.cells) else None
            try:
                cents = column.amounts.read(cell)
                if cents is not None and cents < 0:
                    raise UserError(f"Un cofinanceur ne donne pas un montant négatif{NBSP}: vérifiez.")
            except UserError as refusal:
                log.at(TO_CHECK, refusal.message, row, column.at, number)
                continue
            if cents is not None:
                found[column.code, column.name] = FunderAmount(column.code, column.name, cents)
        for (code, name), one in list(found.items()):
            voted = found.get((code, "voted_cents"))
            if name == "paid_cents" and one.cents > (voted.cents if voted else 0):
                at = next(c.at for c in self.columns if (c.code, c.name) == (code, name))
                message = f"Plus de payé que de voté{NBSP}: le montant payé n’est pas repris."
                log.at(TO_CHECK, message, row, at, number)
                del found[code, name]
        return list(found.values())


def freed(table: Table, names: FunderNames | None) -> Table:
    """The table without a state that is the amount of a funder: « État demandé », or « État » over amounts."""
    at = table.positions.get("state")
    said = names.read(table.headers[at]) if names and at is not None else None
    if at is None or said is None:
        return table
    if not _money(table, at, AmountColumn(row[at] for row in table.body if at < len(row))):
        return table
    return replace(table, positions={key: place for key, place in table.positions.items() if key != "state"})


def _money(table: Table, at: int, amounts: AmountColumn) -> bool:
    """Whether every cell of a column is an amount, one of them at least worth a grant."""
    most = 0
    for row in table.body:
        try:
            most = max(most, (amounts.read(row[at]) if at < len(row) else None) or 0)
        except UserError:
            return False
    return most >= _LEAST_CENTS


def _same(table: Table, at: int) -> bool:
    """Whether several lines of a column all say the same."""
    said = _said(table, at)
    return len(said) > 1 and len(set(said)) == 1


def _in_units(label: str) -> bool:
    """Whether a header says that its figures are money: « Région (k€) »."""
    return scale_of(label) > 1 or _UNIT.search(label) is not None


def _codes(table: Table, at: int) -> bool:
    """Whether a column has the name of a place and all of it may be codes of départements, or postal codes of one."""
    said = _said(table, at)
    if _PLACES.isdisjoint(header_key(table.label(at)).split()):
        return False
    if not all(text.isascii() and text.isdigit() for text in said):
        return False
    if all(int(text) <= _LAST_MAINLAND or int(text) in _OVERSEAS for text in said):
        return True
    return all(len(text) == _POSTAL for text in said) and len({text[:2] for text in said}) == 1


def _said(table: Table, at: int) -> list[str]:
    """What the filled cells of a column say; a whole number of a workbook without its « .0 »."""
    cells = (row[at] for row in table.body if at < len(row) and row[at] not in (None, ""))
    return [str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip() for cell in cells]
