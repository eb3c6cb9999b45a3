"""The sheets of a file that hold applications, their establishments and their budgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cv_desktop.domain.budget_columns import BudgetColumns
from cv_desktop.domain.budget_rows import CHARGE, INCOME
from cv_desktop.domain.columns import Field, year_in
from cv_desktop.domain.deposit_words import DepositWords
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.header import open_table
from cv_desktop.domain.intake import TO_CHECK
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.sheets import Sheet, Table
from cv_desktop.domain.structure_rows import name_of
from cv_desktop.domain.text import NBSP, fold, quote, words

# Two sheets are lists of the same kind when half of their columns are the same.
_ALIKE = 0.5
_CERTAIN = 0.9
BUDGET_SHEETS = (
    ("Charges de l’action", ("charges", "depenses")),
    ("Produits de l’action", ("produits", "recettes", "ressources")),
)
# What the fields that a file cannot do without are called where they are usually found.
_USUAL = {
    "number": "ID",
    "deposited_at": "Déposé le",
    "name": "Entreprise raison sociale",
    "title": "Intitulé de l’action",
    "asked": "Montant demandé au titre du FIA",
}


@dataclass(frozen=True, slots=True)
class Main:
    """The sheet of the applications; ``numbered``: it gives each its number and its day, as an export does."""

    sheet: Sheet
    table: Table
    numbered: bool


def main_sheet(sheets: Sequence[Sheet], known: DepositWords, chosen: Mapping[str, str]) -> Main:
    """The sheet that holds the applications.

    Raises UserError when none does, or when an export lacks a required column.
    """
    sheet = named(sheets, "dossiers")
    if sheet is not None and named(sheets, "etablissement"):
        return _export(sheet, open_table(sheet, known.one_table, chosen))
    found = [(sheet, open_table(sheet, known.one_table, chosen)) for sheet in sheets if sheet.rows]
    fit = [(sheet, table) for sheet, table in found if {"name", "asked"} <= _carried(table)]
    if not fit:
        raise _unfit(found)
    dossiers = [pair for pair in fit if words(pair[0].name) == "dossiers"]
    sheet, table = dossiers[0] if dossiers else max(fit, key=lambda pair: (len(pair[1].positions), len(pair[1].body)))
    return Main(sheet, table, {"number", "deposited_at"} <= table.positions.keys())


def other_lists(
    sheets: Sequence[Sheet], main: Main, known: DepositWords, chosen: Mapping[str, str], log: ProblemLog
) -> tuple[list[Main], set[str]]:
    """The other sheets that hold applications under the same headers, in the order of the file: one for each volet.

    A sheet of another year, or that says again what was read, is left out and told: the second answer names those.
    """
    if named(sheets, "etablissement"):
        return [], set()
    keys = set(main.table.positions)
    year = year_in(main.sheet.name)
    already = _asked_by(main.table)
    found: list[Main] = []
    left: set[str] = set()
    for sheet in sheets:
        if sheet is main.sheet or not sheet.rows:
            continue
        table = open_table(sheet, known.one_table, chosen)
        shared = len(keys & table.positions.keys())
        if not {"name", "asked"} <= _carried(table) or shared < _ALIKE * len(keys | table.positions.keys()):
            continue
        mine = _asked_by(table)
        other = year_in(sheet.name)
        if other and other != year:
            why = (
                f"elle est de {other}, la feuille {quote(main.sheet.name)} {f'de {year}' if year else 'ne le dit pas'}"
            )
        elif mine and sum((mine & already).values()) >= _CERTAIN * sum(mine.values()):
            why = "elle répète des lignes déjà lues"
        else:
            already += mine
            found.append(Main(sheet, table, main.numbered))
            continue
        left.add(sheet.name)
        log.on_table(TO_CHECK, f"La feuille {quote(sheet.name)} n’est pas lue{NBSP}: {why}.", table)
    return found, left


def _asked_by(table: Table) -> Counter[tuple[str, str, str]]:
    """What each line asks, without the lines that name nobody."""
    lines = ((fold(name_of(row, None)), fold(row.text("title")), row.text("asked")) for row in table.rows())
    return Counter(line for line in lines if line[0] and line[2])


def _export(sheet: Sheet, table: Table) -> Main:
    """The sheet Dossiers of a workbook of a « démarche numérique », whose names are on another sheet if need be."""
    missing = [key for key in ("number", "deposited_at", "title", "asked") if key not in table.positions]
    if missing:
        raise UserError(_absent([_USUAL[key] for key in missing], sheet.name))
    return Main(sheet, table, numbered=True)


def _carried(table: Table) -> set[str]:
    """The fields of a table; the name of an association may stand in any of three columns."""
    carried = set(table.positions)
    return carried | {"name"} if carried & {"company_name", "association_title"} else carried


def _unfit(found: Sequence[tuple[Sheet, Table]]) -> UserError:
    """Why no sheet holds applications: what is missing where most of their columns were recognised."""
    sheet, table = max(found, key=lambda pair: len(pair[1].positions), default=(None, None))
    unknown = table is None or len(table.positions) < 2
    if sheet is None or table is None or (unknown and len(found) > 1) or named([s for s, _ in found], "etablissement"):
        return UserError(f"La feuille {quote('Dossiers')} est absente.")
    if unknown:
        columns = ", ".join(map(quote, (_USUAL[key] for key in ("number", "deposited_at", "title", "asked"))))
        none = f"{quote(sheet.name)} n’a aucune de ses colonnes{NBSP}: {columns}"
        return UserError(f"La feuille {quote('Dossiers')} est absente. {none}.")
    carried = _carried(table)
    missing = "de nom de structure" if "name" not in carried else "de montant demandé"
    return UserError(
        f"Aucune colonne {missing} n’est reconnue dans la feuille {quote(sheet.name)}. Indiquez-la dans la "
        "correspondance des colonnes."
    )


def named(sheets: Sequence[Sheet], *names: str) -> Sheet | None:
    """The sheet that has one of the names, else the first whose name begins with one, else holds one."""
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for name in names:
            for sheet in sheets:
                if fits(words(sheet.name), name):
                    return sheet
    return None


def secondary(
    sheet: Sheet, fields: Sequence[Field], required: Sequence[str], chosen: Mapping[str, str], log: ProblemLog
) -> Table | None:
    """The table of a sheet that a reading can do without; None, and a problem, when it cannot be used."""
    table = open_table(sheet, fields, chosen)
    names = {field.key: field.names[0] for field in fields}
    missing = [key for key in required if key not in table.positions]
    if missing:
        usual = {"number": "Dossier ID", "siret": "Établissement SIRET", "amount": "Montant"}
        log.on_table(TO_CHECK, _absent([usual.get(key, names[key]) for key in missing], sheet.name), table)
    return None if "number" in missing or "amount" in missing else table


def budget_sheets(
    sheets: Sequence[Sheet], main: Main, columns: BudgetColumns, log: ProblemLog
) -> tuple[Sheet | None, Sheet | None]:
    """The sheets of the charges and of the produits; both or neither, since half a budget is never balanced."""
    others = [sheet for sheet in sheets if sheet is not main.sheet]
    found = tuple(named(others, *names) for _, names in BUDGET_SHEETS)
    absent = [quote(label) for (label, _), sheet in zip(BUDGET_SHEETS, found, strict=True) if sheet is None]
    if len(absent) == 1:
        raise UserError(f"La feuille {absent[0]} est absente.")
    if main.numbered and not columns.columns:
        for label in absent:
            log.on_file(TO_CHECK, f"La feuille {label} est absente{NBSP}: ce côté des budgets manque.")
    elif absent:
        lacking = [name for name, side in (("charges", CHARGE), ("produits", INCOME)) if not columns.has(side)]
        if lacking:
            message = f"Aucune colonne ne donne les {' ni les '.join(lacking)} du budget (comptes 60 à 87)."
            log.on_table(TO_CHECK, message, main.table)
    return found[0], found[1]


def _absent(columns: Sequence[str], sheet: str) -> str:
    if len(columns) == 1:
        return f"La colonne {quote(columns[0])} est absente de la feuille {quote(sheet)}."
    return f"Les colonnes {', '.join(map(quote, columns))} sont absentes de la feuille {quote(sheet)}."
