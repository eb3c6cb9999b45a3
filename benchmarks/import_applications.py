"""10 000 applications in 40 columns, from the file to the campaign: seconds, ratio to a floor, and memory.

Two floors: python-calamine reading the same file, then sqlite3 inserting its cells as they are in one transaction; and
calamine again, then sqlite3 inserting the rows that the import wrote, with their keys and their indexes.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import openpyxl
from python_calamine import CalamineWorkbook
from stdnum import luhn

from cv_desktop.db.queries import call_rows
from cv_desktop.db.store import Store
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.services import bases, imports, readings, vocabulary

ROWS, COLUMNS = 10_000, 40
TABLES = ("structure", "application", "application_quarter", "budget_line", "document", "import_value", "journal")
HEADERS = [
    "ID", "État du dossier", "Déposé le", "Entreprise raison sociale", "Établissement SIRET", "Numéro RNA",
    "Intitulé de l'action", "Thématique principale", "Quartier(s) prioritaire(s) concerné(s)",
    "Description de l'action", "Nombre de bénéficiaires attendus", "dont habitants des QPV", "Date de début",
    "Date de fin", "Coût total de l'action", "Montant demandé", "Téléphone", "Email", "Statuts", "RIB",
    "J'ai souscrit le contrat d'engagement républicain", "60", "64", "70", "74",
]  # fmt: skip


def write(path: Path) -> None:
    """An export of one table: an application a line, its budget in columns, the rest for nobody."""
    draw = random.Random(1)
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Dossiers")
    page.append([*HEADERS, *(f"Colonne {at}" for at in range(COLUMNS - len(HEADERS)))])
    for row in range(ROWS):
        # Two files a structure.
        stem = 10_000_000 + row // 2 * 7
        siren = f"{stem}{luhn.calc_check_digit(str(stem))}"
        siret = f"{siren}0001"
        asked = draw.randrange(5, 30) * 100
        known = [
            30_000_000 + row, "En construction", date(2026, 3, 1 + row % 25), f"Association Témoin {row // 2}",
            siret + luhn.calc_check_digit(siret), f"W77{row // 2:07d}", f"Fête numéro {row}", "Lien social",
            "L'Almont", f"Une action de quartier, la {row}e, avec ses habitants.", 40, 30, date(2026, 5, 2),
            date(2026, 9, 30), 2 * asked, asked, f"06{row:08d}", f"temoin{row}@exemple.org", "statuts.pdf", "rib.pdf",
            "on", asked, asked, asked, asked,
        ]  # fmt: skip
        page.append([*known, *(f"texte {row % 97}" if at % 2 else row * 1.5 for at in range(COLUMNS - len(known)))])
    book.save(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "depots.xlsx"
        write(path)
        spent = process_time()
        bare, floor = _floor(path, folder / "nu.sqlite")
        floor_cpu = process_time() - spent
        base = bases.create(folder / "base", actor="Banc", scheme="FIA")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with Store.open(base) as store:
            with store.read() as session:
                call = call_rows.rows(session)[0].id
                quarters = imports.known_quarters(session)
            start, spent = perf_counter(), process_time()
            file = readings.open_file(path)
            opened = perf_counter()
            intake = read_deposits(file.sheets, vocabulary.deposits(), quarters)
            read = perf_counter()
            with store.write("Banc") as session:
                imports.run(
                    session, call_id=call, intake=intake, filename=path.name, sha256=file.sha256, path=file.path
                )
            ours, cpu = perf_counter() - start, process_time() - spent
        rows = _same_rows(base, folder / "lignes.sqlite")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(intake.deposits)} applications of {ROWS} lines, {len(intake.problems)} problems")
    print(f"opened {opened - start:.2f} s, read {read - opened:.2f} s, written {ours - (read - start):.2f} s")
    print(f"calamine and bare inserts {floor:.2f} s, whole import {ours:.2f} s, ratio {ours / floor:.1f}")
    print(f"calamine and the same rows {rows + bare:.2f} s, ratio {ours / (rows + bare):.1f}")
    print(f"processor alone: {floor_cpu:.2f} s and {cpu:.2f} s, ratio {cpu / floor_cpu:.1f}")
    print(f"peak memory {memory} MB ({before} MB before the import)")


def _floor(path: Path, target: Path) -> tuple[float, float]:
    """Seconds of calamine alone, and with the bare inserts of the cells."""
    start = perf_counter()
    with CalamineWorkbook.from_path(path) as workbook:
        rows = workbook.get_sheet_by_index(0).to_python()
    bare = perf_counter() - start
    connection = sqlite3.connect(target, isolation_level=None)
    names = ", ".join(f"c{at}" for at in range(COLUMNS))
    connection.execute(f"CREATE TABLE liste ({names})")
    connection.execute("BEGIN")
    marks = ", ".join("?" * COLUMNS)
    values = [[str(cell) if isinstance(cell, date) else cell for cell in row] for row in rows[1:]]
    connection.executemany(f"INSERT INTO liste VALUES ({marks})", values)
    connection.execute("COMMIT")
    connection.close()
    return bare, perf_counter() - start


def _same_rows(source: Path, target: Path) -> float:
    """Seconds to insert every row of the same tables, as the driver alone does it."""
    origin = sqlite3.connect(source)
    copy = sqlite3.connect(target, isolation_level=None)
    copy.execute("PRAGMA journal_mode=WAL")
    rows = {}
    for table in TABLES:
        made = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL"
        for (sql,) in origin.execute(made, (table,)).fetchall():
            copy.execute(sql)
        rows[table] = origin.execute(f"SELECT * FROM {table}").fetchall()
    start = perf_counter()
    copy.execute("BEGIN IMMEDIATE")
    for table, found in rows.items():
        copy.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
    copy.execute("COMMIT")
    spent = perf_counter() - start
    origin.close()
    copy.close()
    return spent


if __name__ == "__main__":
    main()
