"""A list of 10 000 past grants in 40 columns, from the file to the base: seconds, ratio to a floor, and memory.

The floor is python-calamine reading the same file, and sqlite3 inserting its cells as they are, in one transaction.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import openpyxl
from python_calamine import CalamineWorkbook
from stdnum import luhn

from cv_desktop.db.store import Store
from cv_desktop.domain.past_grants import read_history
from cv_desktop.services import bases, past_grants, readings, vocabulary

ROWS, COLUMNS = 10_000, 40
HEADERS = [
    "N° dossier", "Exercice", "Collectivité", "Nom du bénéficiaire", "SIRET", "RNA", "Objet", "Montant demandé",
    "Montant voté", "Montant versé", "Date de décision", "Dispositif", "Thème", "Commune",
]  # fmt: skip


def write(path: Path) -> None:
    """A list as an authority exports it, its total on the last line."""
    draw = random.Random(1)
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Subventions 2023")
    page.append([*HEADERS, *(f"Colonne {at}" for at in range(COLUMNS - len(HEADERS)))])
    total = 0
    for row in range(ROWS):
        siren = f"{draw.randrange(10**8):08d}"
        siren += luhn.calc_check_digit(siren)
        siret = f"{siren}0001"
        siret += luhn.calc_check_digit(siret)
        cents = draw.randrange(100, 50_000) * 100
        total += cents
        known = [
            f"D{row:06d}", 2023, "Ville Exemple", f"Association Témoin {row}", siret, f"W77{row:07d}",
            f"Fête numéro {row}", cents / 50, cents / 100, cents / 100, "12/03/2023", "Fonds", "Culture", "Melun",
        ]  # fmt: skip
        page.append([*known, *(f"texte {row % 97}" if at % 2 else row * 1.5 for at in range(COLUMNS - len(known)))])
    page.append(["", "", "", "TOTAL", "", "", "", "", total / 100])
    book.save(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "liste.xlsx"
        write(path)
        spent = process_time()
        floor = _floor(path, folder / "nu.sqlite")
        floor_cpu = process_time() - spent
        base = bases.create(folder / "base", actor="Banc", scheme="FIA")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with Store.open(base) as store:
            start, spent = perf_counter(), process_time()
            file = readings.open_file(path)
            opened = perf_counter()
            history = read_history(file.sheets, vocabulary.words(), source="Ville Exemple", filename=path.name)
            read = perf_counter()
            with store.write("Banc") as session:
                past_grants.run(session, history=history, filename=path.name, sha256=file.sha256, path=path)
            ours, cpu = perf_counter() - start, process_time() - spent
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{history.accepted} grants of {ROWS} lines, {len(history.problems)} problems")
    print(f"opened {opened - start:.2f} s, read {read - opened:.2f} s, written {ours - (read - start):.2f} s")
    print(f"calamine and bare inserts {floor:.2f} s, whole import {ours:.2f} s, ratio {ours / floor:.1f}")
    print(f"processor alone: {floor_cpu:.2f} s and {cpu:.2f} s, ratio {cpu / floor_cpu:.1f}")
    print(f"peak memory {memory} MB ({before} MB before the import)")


def _floor(path: Path, target: Path) -> float:
    start = perf_counter()
    with CalamineWorkbook.from_path(path) as workbook:
        rows = workbook.get_sheet_by_index(0).to_python()
    connection = sqlite3.connect(target, isolation_level=None)
    names = ", ".join(f"c{at}" for at in range(COLUMNS))
    connection.execute(f"CREATE TABLE liste ({names})")
    connection.execute("BEGIN")
    marks = ", ".join("?" * COLUMNS)
    connection.executemany(f"INSERT INTO liste VALUES ({marks})", rows[1:])
    connection.execute("COMMIT")
    connection.close()
    return perf_counter() - start


if __name__ == "__main__":
    main()
