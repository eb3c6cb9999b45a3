"""The columns of money of a list of grants: by year, by funder, by kind of grant, voted or only proposed.

Several of them side by side are several grants of one line. Each takes a key of its own among the positions of the
table: « granted@2022 », « granted@funder:Ville », « granted@kind:Subvention exceptionnelle ».
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cv_desktop.domain.amounts import AmountColumn, scale_of
from cv_desktop.domain.columns import Field, header_key, year_in
from cv_desktop.domain.header import open_table
from cv_desktop.domain.scdl import Schema
from cv_desktop.domain.sheets import Cell, Sheet, Table, plain
from cv_desktop.domain.text import fold, words
from cv_desktop.domain.totals import TotalWords

# The amount that a list is about: what was voted, else what was paid, else what was asked.
MONEY = ("granted", "paid", "asked")
FUNDER, KIND = "funder:", "kind:"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_FIGURE = re.compile(r"\d")
_LONGEST = 80
# Columns of text that a funder's name may be taken for: « Ville » is also where the beneficiary lives.
_LENT = frozenset({"commune", "contract", "funder", "scheme", "granted", "paid", "proposed"})
_SAME = 0.9
_SIRET_LIKE = 8
_IN_KIND = ("en nature", "valorisation", "mise a disposition", "mises a disposition")


@dataclass(frozen=True, slots=True)
class FunderWords:
    """How programming tables head the columns of the funders, as data: whole headers, beginnings, words before."""

    names: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    before: frozenset[str] = frozenset()
    kinds: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Sequence[str]], known: Iterable[str] = ()) -> FunderWords:
        """The words of the reference table of columns, and the names of the usual co-funders."""
        names = frozenset(map(header_key, (*data["names"], *known)))
        return cls(
            names, tuple(map(header_key, data["starts"])), frozenset(map(header_key, data["before"])),
            tuple(data["kinds"]),
        )  # fmt: skip

    def is_funder(self, header: str) -> bool:
        """« Ville », « Part de l’État », « Ville de Melun (€) »."""
        said = header_key(header).split()
        while said and said[0] in self.before:
            said = said[1:]
        bare = " ".join(said)
        return bool(bare) and (
            bare in self.names or any(bare == start or bare.startswith(f"{start} ") for start in self.starts)
        )

    def kind(self, header: str) -> str:
        """« fonctionnement », « exceptionnel »… when a header says what the grant is for."""
        said = words(header)
        return next((kind for kind in self.kinds if kind in said), "")


@dataclass(frozen=True, slots=True)
class Words:
    """What the reading knows beforehand, as data: headers, words of totals, the open-data schema, the funders."""

    fields: tuple[Field, ...]
    totals: TotalWords
    schema: Schema | None = None
    funders: FunderWords = FunderWords()

    def names(self, key: str) -> frozenset[str]:
        """The whole headers of a field, as ``header_key`` gives them, without spaces."""
        return next((frozenset(field.names) for field in self.fields if field.key == key), frozenset())


def main_money(table: Table) -> str:
    """The field of the amount that a list is about, empty when it has none."""
    found = next((key for key in MONEY if key in table.positions), "")
    shared = next((key for key in table.positions if key.startswith("granted@")), "")
    return shared if shared and found in ("", "asked") else found


def counted(table: Table) -> tuple[str, ...]:
    """The fields whose amounts, added up, are the total of the list."""
    main = main_money(table)
    kinds = tuple(key for key in table.positions if key.startswith(f"granted@{KIND}"))
    if main in ("granted", "paid"):
        return (main, *kinds)
    return tuple(key for key in table.positions if key.startswith("granted@")) if main != "asked" else ("asked",)


def open_grants(sheet: Sheet, known: Words, chosen: Mapping[str, str] | None = None) -> Table:
    """The table of a sheet with all its columns of money.

    Where no column says what was voted, what was proposed to the vote stands for it. A column that a person has given
    a field, or none, keeps it.
    """
    table = open_table(sheet, known.fields, chosen)
    if "name" not in table.positions:
        return table
    hand = chosen or {}
    given = {at for at, header in enumerate(table.headers) if fold(header) in hand or fold(table.label(at)) in hand}
    if "siret" in table.positions and table.positions["siret"] not in given and not _holds_sirets(table):
        table = replace(table, positions=_without(table, "siret"))
    table = _by_year(table, known, given)
    table = _by_funder(table, known, given)
    if "granted" not in table.positions and "paid" not in table.positions and main_money(table) in ("", "asked"):
        at = table.positions.get("proposed")
        if at is not None and holds_amounts(table, at):
            table = replace(table, positions={**_without(table, "proposed"), "granted": at})
    return _by_kind(table, known, given)


def is_proposed(table: Table, known: Words) -> bool:
    """Whether the amounts counted are those that were proposed to the vote."""
    at = table.positions.get("granted")
    if at is None:
        return False
    bare = _undated(table.label(at))
    return bare.startswith("propos") or bare in known.names("proposed")


def amounts_at(table: Table, at: int) -> AmountColumn:
    """The reader of the amounts of a column, which says its own unit."""
    return AmountColumn((row[at] for row in table.body if at < len(row)), scale_of(table.label(at)))


def is_in_kind(label: str) -> bool:
    """« Prestations en nature », « Valorisation », « Mise à disposition »: help that is no money."""
    said = words(label)
    return any(sign in said for sign in _IN_KIND)


def holds_amounts(table: Table, at: int) -> bool:
    """Whether more than half of what a column holds can be read as amounts."""
    column = amounts_at(table, at)
    filled = [cell for row in table.body if at < len(row) and (cell := row[at]) not in ("", None) and plain(cell)]
    # A text without a figure is no amount: to be told why it is none would take most of the time.
    return sum(_may_be_amount(cell) and column.attempt(cell) is not None for cell in filled) * 2 > len(filled)


def _may_be_amount(cell: Cell) -> bool:
    return not isinstance(cell, str) or _FIGURE.search(cell) is not None


def _holds_sirets(table: Table) -> bool:
    """Whether a column holds numbers of establishments, ruined ones too: « Code tiers » is often the software's own."""
    at = table.positions["siret"]
    filled = [text for row in table.body if at < len(row) and (text := plain(row[at]))]
    return not filled or any(sum(map(str.isdigit, text)) >= _SIRET_LIKE or "E+" in text.upper() for text in filled)


def _by_year(table: Table, known: Words, given: set[int]) -> Table:
    """The amounts of several years side by side: the last year is the list's own."""
    found: dict[str, dict[int, int]] = {}
    names = {key: known.names(key) for key in ("granted", "paid", "asked", "proposed")}
    own = {key: _undated(table.label(at)) for key, at in table.positions.items() if key in names}
    taken = {at for key, at in table.positions.items() if key not in names}
    for at in range(len(table.headers)):
        label = table.label(at)
        year = year_in(label)
        if year is None or at in taken or at in given or len(label) >= _LONGEST:
            continue
        bare = _undated(label)
        key = next((key for key in names if bare in names[key] or (bare and bare == own.get(key))), "")
        if (key or not bare) and holds_amounts(table, at):
            found.setdefault(key or "granted", {}).setdefault(year, at)
    if not found:
        return table
    voted = {year: ("granted", at) for year, at in found.get("granted", {}).items()}
    for year, at in found.get("paid", {}).items():
        voted.setdefault(year, ("paid", at))
    # « Attribué 2023 », « Proposition 2024 »: the list is about 2024.
    proposed = found.get("proposed", {})
    if proposed and max(proposed) > max(voted, default=0):
        voted[max(proposed)] = ("granted", proposed[max(proposed)])
    positions = dict(table.positions)
    if asked := found.get("asked"):
        positions["asked"] = asked[max(asked)]
    own_at = positions.get("granted")
    undated = own_at is not None and (own_at in given or year_in(table.label(own_at)) is None)
    if voted and not undated:
        last = max(voted)
        for key in ("granted", "paid"):
            positions.pop(key, None)
        for year, (key, at) in sorted(voted.items(), reverse=True):
            positions[key if year == last else f"{key}@{year}"] = at
        if last in found.get("paid", {}) and voted[last][0] == "granted":
            positions["paid"] = found["paid"][last]
        positions = {key: at for key, at in positions.items() if key != "proposed" or at not in _places(voted)}
    return replace(table, positions=positions)


def _by_funder(table: Table, known: Words, given: set[int]) -> Table:
    """The amounts of several funders side by side, which make up what a line is granted."""
    found = dict(_funders(table, known, given))
    if len(found) < 2:
        return table
    parts = {f"granted@{FUNDER}{name}": at for name, at in found.items()}
    places = set(parts.values())
    positions = {key: at for key, at in table.positions.items() if at not in places}
    whole = positions.get("granted", _whole(table, known, places))
    if whole is None:
        return replace(table, positions=positions | parts)
    positions["granted"] = whole
    return replace(table, positions=positions | parts if _makes_up(table, places, whole) else positions)


def _funders(table: Table, known: Words, given: set[int]) -> Iterator[tuple[str, int]]:
    taken = {at for key, at in table.positions.items() if key.partition("@")[0] not in _LENT}
    granted = known.names("granted")
    for at, header in enumerate(table.headers):
        if at in taken or at in given or not header or len(header) >= _LONGEST:
            continue
        group = table.groups[at] if at < len(table.groups) else ""
        if group and known.funders.is_funder(group):
            name = group if _undated(header) in granted else ""
        else:
            name = header if known.funders.is_funder(header) else ""
        if name and holds_amounts(table, at):
            yield " ".join(name.split()), at


def _whole(table: Table, known: Words, parts: set[int]) -> int | None:
    """The column of the whole of what the funders give, after theirs: « Total », « Total > Accordé »."""
    taken = set(table.positions.values()) - {table.positions.get("granted")}
    granted = known.names("granted") | {""}
    for at in range(max(parts) + 1, len(table.headers)):
        said = header_key(table.label(at)).split()
        bare = "".join(said[1:]) if said[:1] == ["total"] else None
        if bare is not None and bare in granted and at not in taken and holds_amounts(table, at):
            return at
    return None


def _makes_up(table: Table, parts: set[int], whole: int) -> bool:
    """Whether the parts of nearly every line add up to its whole."""
    columns = {at: AmountColumn(r[at] for r in table.body if at < len(r)) for at in (*parts, whole)}
    same = total = 0
    for row in table.rows():
        read = {at: column.attempt(row.cells[at]) for at, column in columns.items() if at < len(row.cells)}
        if read.get(whole):
            total += 1
            same += sum(read.get(at) or 0 for at in parts) == read[whole]
    return same >= _SAME * total


def _by_kind(table: Table, known: Words, given: set[int]) -> Table:
    """« Subvention de fonctionnement », « Subvention exceptionnelle »: two grants of a line, without their total."""
    at = table.positions.get("granted")
    if at is None or not (own := known.funders.kind(table.label(at))):
        return table
    taken = set(table.positions.values())
    kinds = {own}
    parts: dict[str, int] = {}
    for other in range(len(table.headers)):
        label = table.label(other)
        kind = known.funders.kind(label)
        if not kind or kind in kinds or other in taken or other in given or len(label) >= _LONGEST:
            continue
        if year_in(label) == year_in(table.label(at)) and holds_amounts(table, other):
            kinds.add(kind)
            parts[f"granted@{KIND}{label}"] = other
    return replace(table, positions={**table.positions, **parts})


def _undated(label: str) -> str:
    return header_key(_YEAR.sub(" ", label)).replace(" ", "").replace(">", "") if _YEAR.sub("", label).strip() else ""


def _without(table: Table, key: str) -> dict[str, int]:
    return {name: at for name, at in table.positions.items() if name != key}


def _places(voted: Mapping[int, tuple[str, int]]) -> set[int]:
    return {at for _key, at in voted.values()}
