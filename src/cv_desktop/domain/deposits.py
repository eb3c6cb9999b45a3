"""Reads applications from any file: a « démarche numérique », Le Compte Asso, DAUPHIN, or a list that someone keeps.

Pure: sheets of plain cells in, an Intake out. Nothing is dropped silently and no value is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from cv_desktop.domain.application_rows import ApplicationRows
from cv_desktop.domain.budget_columns import BudgetColumns
from cv_desktop.domain.budget_rows import CHARGE, INCOME, read_budget
from cv_desktop.domain.bulk import in_bulk
from cv_desktop.domain.columns import Field
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.deposit_rows import Arrival, Companions, DepositRows, Origin
from cv_desktop.domain.deposit_sheets import (
    BUDGET_SHEETS,
    Main,
    budget_sheets,
    main_sheet,
    named,
    other_lists,
    secondary,
)
from cv_desktop.domain.deposit_words import DepositWords
from cv_desktop.domain.funder_columns import FunderColumns, FunderNames, freed
from cv_desktop.domain.header import open_table
from cv_desktop.domain.identifiers import masked_iban
from cv_desktop.domain.imported import funding_label
from cv_desktop.domain.intake import (
    INFORMATION,
    SET_ASIDE,
    TO_CHECK,
    BudgetEntry,
    ColumnMatch,
    Deposit,
    Intake,
    Place,
    Problem,
    StructureRead,
)
from cv_desktop.domain.problem_log import ProblemLog
from cv_desktop.domain.quarters import KnownQuarters
from cv_desktop.domain.sheets import Row, Sheet, Table, plain
from cv_desktop.domain.structure_rows import establishments, number_of
from cv_desktop.domain.text import NBSP, counted, fold, quote
from cv_desktop.domain.uncollected import uncollected

__all__ = ["BudgetEntry", "ColumnMatch", "Deposit", "Intake", "Problem", "Sheet", "StructureRead", "read_deposits"]

_EXAMPLE_WITHIN = 50


@uncollected()
@in_bulk()
def read_deposits(
    sheets: Sequence[Sheet],
    known: DepositWords,
    known_quarters: Mapping[str, str] | None = None,
    *,
    funders: Mapping[str, Sequence[str]] | None = None,
    source: str = "Démarche numérique",
    chosen: Mapping[str, str] | None = None,
    deposited_on: date | None = None,
    today: date | None = None,
    year: int | None = None,
    left: Collection[Place] = (),
    tick: Callable[[int], None] = lambda _line: None,
) -> Intake:
    """Everything the file holds.

    ``known_quarters`` maps names of quartiers to codes (None: not checked); ``funders`` gives the label then the other
    names of each co-funder by its code (None: their columns are not read), ``year`` that of the campaign, which the
    columns of co-funders that name another do not feed; ``source`` says who gave the numbers
    (one number, one application per source); ``chosen`` maps folded headers to the field that a person chose for
    them, "" to ignore the column. Where a file says no day of deposit, ``deposited_on`` is taken, else ``today``,
    which is told. ``left`` are lines of applications that a person leaves aside. ``tick(place)`` is called before each
    line.

    Raises UserError when no sheet holds applications, when an export lacks a required column, or one side of the
    budgets.
    """
    log = ProblemLog()
    chosen = chosen or {}
    names = FunderNames.of(known.fundings, funders) if funders is not None else None
    main = main_sheet(sheets, known, chosen)
    main = replace(main, table=freed(main.table, names))
    table = main.table
    _tell_absent(main, known, log)
    _tell_twins(table, log)
    others, left_out = other_lists(sheets, main, known, chosen, log)
    lists = [main, *(replace(one, table=freed(one.table, names)) for one in others)]
    rows = [list(one.table.rows()) for one in lists]
    numbers = frozenset(filter(None, (number_of(row) for each in rows for row in each)))
    tables: list[tuple[Table, Sequence[Field]]] = [(one.table, known.one_table) for one in lists]

    places: dict[str, Row] | None = None
    sheet = named(sheets, "etablissement")
    if sheet and (found := secondary(sheet, known.establishments, ("number", "siret"), chosen, log)):
        tables.append((found, known.establishments))
        places = establishments(found, numbers, log)
    elif not sheet and "siret" not in table.positions:
        _tell_no_siret(main, log)

    ignored = [
        at
        for at, header in enumerate(table.headers)
        if chosen.get(fold(header)) == "" or chosen.get(fold(table.label(at))) == ""
    ]
    columns = BudgetColumns.of(table, ignored)
    co_funders = FunderColumns.of(table, names, {*ignored, *columns.places}, year)
    co_funders.tell(table, log)
    budgets: dict[str, list[BudgetEntry]] = {}
    for side, block in zip((CHARGE, INCOME), budget_sheets(sheets, main, columns, log), strict=True):
        if block and (found := secondary(block, known.budget, ("number", "amount"), chosen, log)):
            tables.append((found, known.budget))
            for number, entries in read_budget(found, side, numbers, known.totals, log).items():
                budgets.setdefault(number, []).extend(entries)
    _tell_unread(sheets, lists, left_out, known, log)

    origin = Origin(source, Arrival(deposited_on, today), known.states, main.numbered)
    known_names = KnownQuarters(known_quarters) if known_quarters is not None else None
    companions = Companions(places, budgets)
    reading = ApplicationRows(known, origin, log, left)
    for one, its_rows in zip(lists, rows, strict=True):
        own = columns if one is main else BudgetColumns.of(one.table, ())
        given = co_funders if one is main else FunderColumns.of(one.table, names, own.places, year)
        if one is not main:
            given.tell(one.table, log)
        reader = DepositRows(one.sheet, one.table, origin, companions, own, given, known_names, log)
        reading.read_list(one.sheet, its_rows, reader, tick)
    if deposited_on and "deposited_at" not in table.positions:
        message = (
            f"Aucune colonne ne donne la date de dépôt{NBSP}: le {long_date(deposited_on)} est pris, comme demandé."
        )
        log.on_table(INFORMATION, message, table)
    return Intake(
        source=source,
        rows=reading.rows,
        deposits=tuple(reading.deposits),
        drafts=tuple(reading.drafts),
        duplicates=tuple(reading.duplicates),
        refused=tuple(reading.refused),
        others=tuple(reading.others),
        problems=log.sorted(),
        mapping=tuple(
            match for found, fields in tables for match in _matches(found, fields, chosen, columns, co_funders, names)
        ),
        header_line=table.header_line,
        asides=tuple(reading.asides),
        left=reading.left,
        names=reading.names,
        lists=tuple(one.sheet.name for one in lists),
    )


def lines(
    sheets: Sequence[Sheet], known: DepositWords, chosen: Mapping[str, str]
) -> tuple[list[Table], dict[str, Row]]:
    """The tables of the applications and the establishment of each number, as ``read_deposits`` finds them."""
    main = main_sheet(sheets, known, chosen)
    tables = [one.table for one in (main, *other_lists(sheets, main, known, chosen, ProblemLog())[0])]
    numbers = frozenset(filter(None, (number_of(row) for table in tables for row in table.rows())))
    sheet = named(sheets, "etablissement")
    fields = known.establishments
    found = secondary(sheet, fields, ("number", "siret"), chosen, ProblemLog()) if sheet else None
    return tables, establishments(found, numbers, ProblemLog()) if found else {}


def _tell_no_siret(main: Main, log: ProblemLog) -> None:
    if main.numbered:
        log.on_file(TO_CHECK, f"La feuille {quote('Etablissements')} est absente{NBSP}: les SIRET manquent.")
    else:
        log.on_table(
            TO_CHECK, f"Aucune colonne ne donne le SIRET{NBSP}: les structures restent à reconnaître.", main.table
        )


def _tell_absent(main: Main, known: DepositWords, log: ProblemLog) -> None:
    """The columns that the checks judge and that the sheet has not: every file would look at fault."""
    table = main.table
    if "state" not in table.positions and main.numbered:
        message = f"La colonne {quote('État du dossier')} est absente{NBSP}: les brouillons datés ne sont pas reconnus."
        log.on_table(TO_CHECK, message, table)
    lacking = [field.label for field in known.applications if field.judged and field.key not in table.positions]
    if main.numbered or len(lacking) < 2:
        for label in lacking:
            message = f"La colonne {quote(label)} est absente{NBSP}: ce renseignement manque à tous les dossiers."
            log.on_table(TO_CHECK, message, table)
    else:
        names = ", ".join(map(quote, lacking))
        log.on_table(
            TO_CHECK, f"Colonnes absentes, dont les renseignements manquent à tous les dossiers{NBSP}: {names}.", table
        )


def _tell_twins(table: Table, log: ProblemLog) -> None:
    """Two columns of one name that differ: which one is right is for a person to say."""
    folded = [fold(table.label(at)) for at in range(len(table.headers))]
    for key, at in table.positions.items():
        for twin in (i for i, header in enumerate(folded) if header == folded[at] and i > at):
            row = next((row for row in table.rows() if _at(row, at) != _at(row, twin)), None)
            if row is not None:
                name = quote(table.label(at))
                message = f"Deux colonnes s’appellent {name} et diffèrent dès cette ligne. Seule la première est lue."
                log.on_row(TO_CHECK, message, row, key, number_of(row))


def _at(row: Row, position: int) -> str:
    return plain(row.cells[position]) if position < len(row.cells) else ""


def _tell_unread(
    sheets: Sequence[Sheet], lists: Sequence[Main], told: Collection[str], known: DepositWords, log: ProblemLog
) -> None:
    """The sheets that feed nothing here: « Avis », a second block, a summary, and why."""
    names = (("etablissement",), *(names for _, names in BUDGET_SHEETS))
    read = {
        *told,
        *(one.sheet.name for one in lists),
        *(sheet.name for sheet in (named(sheets, *each) for each in names) if sheet),
    }
    for sheet in sheets:
        table = open_table(sheet, known.applications) if sheet.name not in read else None
        if table is None:
            continue
        count = sum(1 for _ in table.rows())
        if count and ("number" in table.positions or {"name", "asked"} <= table.positions.keys()):
            message = f"La feuille {quote(sheet.name)} n’est pas lue{NBSP}: {counted(count, 'ligne')}."
            log.on_table(SET_ASIDE, message, table)
        elif count and not lists[0].numbered:
            lacks = "sans colonne de structure et de montant demandé"
            message = f"La feuille {quote(sheet.name)} n’est pas lue{NBSP}: {counted(count, 'ligne')}, {lacks}."
            log.on_table(SET_ASIDE, message, table)


def _matches(
    table: Table,
    fields: Sequence[Field],
    chosen: Mapping[str, str],
    budget: BudgetColumns | None = None,
    funders: FunderColumns | None = None,
    names: FunderNames | None = None,
) -> list[ColumnMatch]:
    labels = {field.key: field.label for field in fields}
    keys = {position: key for key, position in table.positions.items()}
    if funders and names and "asked" in table.positions:
        keys |= funders.keys
        labels |= {key: funding_label(key, names.labels) for key in funders.keys.values()}
    # A column of an account feeds the budget, as a whole sheet of it does elsewhere.
    keys |= dict.fromkeys(budget.places - keys.keys() if budget and "asked" in table.positions else (), "amount")
    matches = []
    for position in range(len(table.headers)):
        header = table.label(position)
        if not header:
            continue
        key = keys.get(position, "")
        values = (plain(cells[position]) for cells in table.body[:_EXAMPLE_WITHIN] if position < len(cells))
        example = next(filter(None, values), "")
        origin = "memorise" if fold(header) in chosen else "reconnu" if key else "ignore"
        shown = masked_iban(example) if key == "iban" and example else example
        matches.append(ColumnMatch(table.name, header, key, labels.get(key, ""), shown, origin, position))
    return matches


def columns_of(sheet: Sheet, chosen: Mapping[str, str], fields: Sequence[Field]) -> tuple[ColumnMatch, ...]:
    """The columns of a sheet, whether it makes a list or not."""
    return tuple(_matches(open_table(sheet, fields, chosen), fields, chosen)) if sheet.rows else ()
