"""Grants of other years or other authorities, read from any list of them.

Pure: sheets of plain cells in, a History out. Every line of the file is a grant, or is told with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cv_desktop.domain.bulk import in_bulk
from cv_desktop.domain.columns import Field, year_in
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.grant_columns import Words, main_money, open_grants
from cv_desktop.domain.grant_sheet import GrantRead, SheetReading
from cv_desktop.domain.identifiers import SiretState
from cv_desktop.domain.intake import INFORMATION, Aside, ColumnMatch, Place, Problem
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Sheet, Table, plain
from cv_desktop.domain.side_by_side import stacked
from cv_desktop.domain.text import NBSP, fold, quote

__all__ = ["GrantRead", "History", "Words", "read_history"]

_CERTAIN = 0.9


@dataclass(frozen=True, slots=True)
class History:
    """The whole reading. ``rows`` = ``accepted`` + refused lines + lines set aside.

    ``amount_cents`` is the total of the columns that the list is about; ``identifiers`` counts by state what stands
    where a SIRET is expected; ``names`` says whom the refused lines name. ``grants`` has one grant per line, or one per
    year, funder or kind when those stand side by side.
    """

    source: str
    header_line: int
    rows: int
    accepted: int
    amount_cents: int
    grants: tuple[GrantRead, ...]
    asides: tuple[Aside, ...]
    refused: tuple[int, ...]
    problems: tuple[Problem, ...]
    identifiers: Mapping[str, int]
    mapping: tuple[ColumnMatch, ...]
    schema_breaches: int | None = None
    names: Mapping[Place, str] = field(default_factory=dict, hash=False)


@in_bulk()
def read_history(
    sheets: Sequence[Sheet],
    known: Words,
    *,
    source: str = "",
    filename: str = "",
    chosen: Mapping[str, str] | None = None,
) -> History:
    """Every grant of the file. ``filename`` may say the year; ``chosen`` maps folded headers to fields.

    Raises UserError when no sheet has both a column of names and one of amounts, or when no line can be read.
    """
    log = ProblemLog()
    readings: list[SheetReading] = []
    for sheet, table in _tables(sheets, known, chosen or {}):
        reading = SheetReading(sheet, table, known, source, filename, log if not readings else ProblemLog())
        reading.read()
        if readings and (why := _said_already(reading, readings)):
            log.on_table(INFORMATION, why, table)
            continue
        if readings:
            log.extend(reading.log)
        readings.append(reading)
    grants = tuple(grant for reading in readings for grant in reading.grants)
    refused = tuple(line for reading in readings for line in reading.lines.refused)
    problems = log.sorted()
    if not grants:
        first = next((problem for problem in problems if problem.line in refused), None)
        if first is None:
            raise UserError("Aucune subvention dans ce fichier. Rien n’a été importé.")
        where = f"Ligne {first.line}, colonne {quote(first.column)}" if first.column else f"Ligne {first.line}"
        raise UserError(f"{where}{NBSP}: {first.message} Aucune ligne ne peut être lue, rien n’a été importé.")
    tally = Counter[str]()
    for reading in readings:
        tally.update(reading.identifiers)
    judged = [reading.breaches for reading in readings if reading.breaches is not None]
    return History(
        source=source,
        header_line=readings[0].table.header_line,
        rows=sum(reading.lines.rows for reading in readings),
        accepted=sum(len(reading.lines.records) for reading in readings),
        amount_cents=sum(reading.amount_cents for reading in readings),
        grants=grants,
        asides=tuple(aside for reading in readings for aside in reading.lines.asides),
        refused=refused,
        problems=problems,
        identifiers={state.value: tally[state.value] for state in SiretState},
        mapping=tuple(match for reading in readings for match in _matches(reading.table, known.fields, chosen or {})),
        schema_breaches=sum(judged) if judged else None,
        names={(one.table.name, line): name for one in readings for line, name in one.lines.names.items()},
    )


def _tables(sheets: Sequence[Sheet], known: Words, chosen: Mapping[str, str]) -> list[tuple[Sheet, Table]]:
    """The sheets that hold grants, the fullest first, then those of the same shape in the order of the file."""
    found: list[tuple[Sheet, Table]] = []
    for sheet in filter(lambda one: one.rows, sheets):
        table = open_grants(sheet, known, chosen)
        whole = stacked(sheet, table)
        found.append((whole, table if whole is sheet else open_grants(whole, known, chosen)))
    fit = [(sheet, table) for sheet, table in found if "name" in table.positions and main_money(table)]
    if not fit:
        best = max((table for _sheet, table in found), key=lambda table: len(table.positions), default=None)
        missing = "de bénéficiaire" if best is None or "name" not in best.positions else "de montant"
        raise UserError(f"Aucune colonne {missing} n’est reconnue. Indiquez-la dans la correspondance des colonnes.")
    first = max(fit, key=lambda pair: (len(pair[1].positions), len(pair[1].body)))
    keys = set(first[1].positions)
    alike = [
        pair
        for pair in fit
        if pair is not first and len(keys & set(pair[1].positions)) >= 0.5 * len(keys | set(pair[1].positions))
    ]
    return [first, *alike]


def _said_already(reading: SheetReading, others: Sequence[SheetReading]) -> str:
    """Why a sheet says nothing new: the same lines as another one, or their recapitulation."""
    years = {other.sheet.name: year_in(other.sheet.name) for other in others}
    year = year_in(reading.sheet.name)
    if year and year not in years.values():
        return ""
    mine = Counter((fold(grant.name), grant.amount_cents) for grant in reading.grants)
    theirs = Counter((fold(grant.name), grant.amount_cents) for other in others for grant in other.grants)
    name = quote(reading.sheet.name)
    if not mine:
        return f"La feuille {name} ne contient aucune subvention lisible."
    if sum((mine & theirs).values()) >= _CERTAIN * sum(mine.values()):
        return f"La feuille {name} répète des lignes déjà lues{NBSP}: elle est laissée de côté."
    if reading.amount_cents == sum(other.amount_cents for other in others):
        return f"La feuille {name} récapitule les autres, pour le même total{NBSP}: elle est laissée de côté."
    return ""


def _matches(table: Table, fields: Sequence[Field], chosen: Mapping[str, str]) -> list[ColumnMatch]:
    labels = {field.key: field.label for field in fields}
    keys = {position: key for key, position in table.positions.items()}
    found = []
    for position in range(len(table.headers)):
        label = table.label(position)
        if not label:
            continue
        key = keys.get(position, "").partition("@")[0]
        example = next(filter(None, (plain(row[position]) for row in table.body[:50] if position < len(row))), "")
        origin = "memorise" if fold(label) in chosen else "reconnu" if key else "ignore"
        found.append(ColumnMatch(table.name, label, key, labels.get(key, ""), example[:80], origin, position))
    return found
