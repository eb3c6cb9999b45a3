"""Reads the workbook of a « démarche numérique »: applications, drafts, duplicates and what is wrong with each.

Pure: sheets of plain cells in, an Intake out. Nothing is dropped silently and no value is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from cv_desktop.domain.application_rows import ApplicationRows
from cv_desktop.domain.budget_rows import CHARGE, INCOME, read_budget
from cv_desktop.domain.columns import APPLICATION, BUDGET, ESTABLISHMENT, Field
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.header import open_table
from cv_desktop.domain.identifiers import masked_iban
from cv_desktop.domain.intake import (
    SET_ASIDE,
    TO_CHECK,
    BudgetEntry,
    ColumnMatch,
    Deposit,
    Intake,
    Problem,
    StructureRead,
)
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.quarters import KnownQuarters
from cv_desktop.domain.sheets import Row, Sheet, Table, plain
from cv_desktop.domain.structure_rows import establishments, number_of
from cv_desktop.domain.text import NBSP, counted, fold, quote, words

__all__ = ["BudgetEntry", "ColumnMatch", "Deposit", "Intake", "Problem", "Sheet", "StructureRead", "read_deposits"]

# A CSV, or a workbook of one sheet, holds the columns of the establishment among the others.
_ALL = (*APPLICATION, *ESTABLISHMENT[1:])
_EXAMPLE_WITHIN = 50
_BUDGET_SHEETS = (
    ("Charges de l’action", ("charges", "depenses")),
    ("Produits de l’action", ("produits", "recettes", "ressources")),
)


def read_deposits(
    sheets: Sequence[Sheet],
    known_quarters: Mapping[str, str] | None = None,
    *,
    source: str = "Démarche numérique",
    chosen: Mapping[str, str] | None = None,
    left: Collection[int] = (),
    tick: Callable[[int], None] = lambda _line: None,
) -> Intake:
    """Everything the workbook holds.

    ``known_quarters`` maps names of quartiers to codes (None: not checked); ``source`` says who gave the numbers
    (one number, one application per source); ``chosen`` maps folded headers to the field that a person chose for
    them, "" to ignore the column; ``left`` are lines of applications that a person leaves aside. ``tick(place)`` is
    called before each line.

    Raises UserError when the sheet « Dossiers » or one of its required columns is absent, or one side of the budgets.
    """
    log = ProblemLog()
    chosen = chosen or {}
    table = _applications(sheets, chosen)
    _tell_absent(table, log)
    _tell_twins(table, log)
    rows = list(table.rows())
    known = frozenset(filter(None, map(number_of, rows)))
    tables: list[tuple[Table, Sequence[Field]]] = [(table, _ALL)]

    places: dict[str, Row] | None = None
    sheet = _named(sheets, "etablissement")
    if sheet and (found := _secondary(sheet, ESTABLISHMENT, ("number", "siret"), chosen, log)):
        tables.append((found, ESTABLISHMENT))
        places = establishments(found, known, log)
    elif not sheet and "siret" not in table.positions:
        log.on_file(TO_CHECK, f"La feuille {quote('Etablissements')} est absente{NBSP}: les SIRET manquent.")

    budgets: dict[str, list[BudgetEntry]] = {}
    for side, block in zip((CHARGE, INCOME), _budget_sheets(sheets, log), strict=True):
        if block and (found := _secondary(block, BUDGET, ("number", "amount"), chosen, log)):
            tables.append((found, BUDGET))
            for number, entries in read_budget(found, side, known, log).items():
                budgets.setdefault(number, []).extend(entries)
    _tell_unread(sheets, table.name, log)

    quarters = KnownQuarters(known_quarters) if known_quarters is not None else None
    reading = ApplicationRows(places, budgets, quarters, log, left)
    for place, row in enumerate(rows):
        tick(place)
        reading.read(row)
    return Intake(
        source=source,
        rows=len(rows),
        deposits=tuple(reading.deposits),
        drafts=tuple(reading.drafts),
        duplicates=tuple(reading.duplicates),
        refused=tuple(reading.refused),
        others=tuple(reading.others),
        problems=log.sorted(),
        mapping=tuple(match for found, fields in tables for match in _matches(found, fields, chosen)),
        header_line=table.header_line,
        asides=tuple(reading.asides),
        left=reading.left,
        names=reading.names,
    )


def lines(sheets: Sequence[Sheet], chosen: Mapping[str, str]) -> tuple[Table, dict[str, Row]]:
    """The table of the applications and the establishment of each number, as ``read_deposits`` finds them."""
    table = _applications(sheets, chosen)
    known = frozenset(filter(None, map(number_of, table.rows())))
    sheet = _named(sheets, "etablissement")
    found = _secondary(sheet, ESTABLISHMENT, ("number", "siret"), chosen, ProblemLog()) if sheet else None
    return table, establishments(found, known, ProblemLog()) if found else {}


def fields_of(match: ColumnMatch, mapping: Sequence[ColumnMatch]) -> Sequence[Field]:
    """The fields a column of that sheet may feed: those of a budget, of the establishments, or of the applications."""
    names = words(match.sheet)
    if mapping and match.sheet == mapping[0].sheet:
        return _ALL
    return ESTABLISHMENT if "etablissement" in names else BUDGET


def _named(sheets: Sequence[Sheet], *names: str) -> Sheet | None:
    """The sheet that has one of the names, else the first whose name begins with one, else holds one."""
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for name in names:
            for sheet in sheets:
                if fits(words(sheet.name), name):
                    return sheet
    return None


def _applications(sheets: Sequence[Sheet], chosen: Mapping[str, str]) -> Table:
    sheet = _named(sheets, "dossiers")
    if sheet is None and len(sheets) == 1:
        # A CSV is named after its file.
        sheet = sheets[0]
        missing = _missing(open_table(sheet, _ALL, chosen), ("number", "deposited_at", "title", "asked"))
        if len(missing) == 4:
            columns = ", ".join(map(quote, missing))
            found = f"{quote(sheet.name)} n’a aucune de ses colonnes{NBSP}: {columns}"
            raise UserError(f"La feuille {quote('Dossiers')} est absente. {found}.")
    if sheet is None:
        raise UserError(f"La feuille {quote('Dossiers')} est absente.")
    table = open_table(sheet, _ALL, chosen)
    required = [field.key for field in APPLICATION if field.required]
    if _named(sheets, "etablissement") is None and "association_title" not in table.positions:
        required.append("name")
    missing = _missing(table, required)
    if missing:
        raise UserError(_absent(missing, sheet.name))
    return table


def _secondary(
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


def _budget_sheets(sheets: Sequence[Sheet], log: ProblemLog) -> tuple[Sheet | None, Sheet | None]:
    """The sheets of the charges and of the produits; both or neither, since half a budget is never balanced."""
    found = tuple(_named(sheets, *names) for _, names in _BUDGET_SHEETS)
    absent = [quote(label) for (label, _), sheet in zip(_BUDGET_SHEETS, found, strict=True) if sheet is None]
    if len(absent) == 1:
        raise UserError(f"La feuille {absent[0]} est absente.")
    for label in absent:
        log.on_file(TO_CHECK, f"La feuille {label} est absente{NBSP}: ce côté des budgets manque.")
    return found[0], found[1]


def _tell_absent(table: Table, log: ProblemLog) -> None:
    """The columns that the checks judge and that the sheet has not: every file would look at fault."""
    if "state" not in table.positions:
        message = f"La colonne {quote('État du dossier')} est absente{NBSP}: les brouillons datés ne sont pas reconnus."
        log.on_table(TO_CHECK, message, table)
    for field in APPLICATION:
        if field.judged and field.key not in table.positions:
            message = f"La colonne {quote(field.label)} est absente{NBSP}: ce renseignement manque à tous les dossiers."
            log.on_table(TO_CHECK, message, table)


def _tell_twins(table: Table, log: ProblemLog) -> None:
    """Two columns of one name that differ: which one is right is for a person to say."""
    folded = [fold(header) for header in table.headers]
    for key, at in table.positions.items():
        for twin in (i for i, header in enumerate(folded) if header == folded[at] and i > at):
            row = next((row for row in table.rows() if _at(row, at) != _at(row, twin)), None)
            if row is not None:
                name = quote(table.headers[at])
                message = f"Deux colonnes s’appellent {name} et diffèrent dès cette ligne. Seule la première est lue."
                log.on_row(TO_CHECK, message, row, key, number_of(row))


def _at(row: Row, position: int) -> str:
    return plain(row.cells[position]) if position < len(row.cells) else ""


def _tell_unread(sheets: Sequence[Sheet], applications: str, log: ProblemLog) -> None:
    """The sheets that speak of the applications and feed nothing here: « Avis », a second block, a copy."""
    names = (("etablissement",), *(names for _, names in _BUDGET_SHEETS))
    read = {applications, *(sheet.name for sheet in (_named(sheets, *each) for each in names) if sheet)}
    for sheet in sheets:
        table = open_table(sheet, APPLICATION) if sheet.name not in read else None
        if table and "number" in table.positions and (count := sum(1 for _ in table.rows())):
            message = f"La feuille {quote(sheet.name)} n’est pas lue{NBSP}: {counted(count, 'ligne')}."
            log.on_table(SET_ASIDE, message, table)


def _missing(table: Table, required: Sequence[str]) -> list[str]:
    """The usual headers of the required fields that were not found."""
    usual = {
        "number": "ID",
        "deposited_at": "Déposé le",
        "name": "Entreprise raison sociale",
        "title": "Intitulé de l’action",
        "asked": "Montant demandé au titre du FIA",
    }
    return [usual[key] for key in required if key not in table.positions]


def _absent(columns: Sequence[str], sheet: str) -> str:
    if len(columns) == 1:
        return f"La colonne {quote(columns[0])} est absente de la feuille {quote(sheet)}."
    return f"Les colonnes {', '.join(map(quote, columns))} sont absentes de la feuille {quote(sheet)}."


def _matches(table: Table, fields: Sequence[Field], chosen: Mapping[str, str]) -> list[ColumnMatch]:
    labels = {field.key: field.label for field in fields}
    keys = {position: key for key, position in table.positions.items()}
    matches = []
    for position, header in enumerate(table.headers):
        if not header:
            continue
        key = keys.get(position, "")
        values = (plain(cells[position]) for cells in table.body[:_EXAMPLE_WITHIN] if position < len(cells))
        example = next(filter(None, values), "")
        origin = "memorise" if fold(header) in chosen else "reconnu" if key else "ignore"
        shown = masked_iban(example) if key == "iban" and example else example
        matches.append(ColumnMatch(table.name, header, key, labels.get(key, ""), shown, origin, position))
    return matches


def columns_of(sheet: Sheet, chosen: Mapping[str, str], fields: Sequence[Field] = ()) -> tuple[ColumnMatch, ...]:
    """The columns of a sheet, whether it makes a list or not; ``fields`` are those of applications by default."""
    known = fields or _ALL
    return tuple(_matches(open_table(sheet, known, chosen), known, chosen)) if sheet.rows else ()
