"""10 000 applications written into a base, against the bare insertion of the same rows: seconds and their ratio."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from cv_desktop.db.queries import call_rows
from cv_desktop.db.store import NAME, Store
from cv_desktop.documents.sheet_read import read_workbook
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.paths import resource
from cv_desktop.services import bases, imports, vocabulary

COUNT = 10_000
TABLES = ("structure", "application", "application_quarter", "budget_line", "document", "journal")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = bases.create(folder, actor="Banc", scheme="FIA")
        with Store.open(path) as store:
            with store.read() as session:
                call = call_rows.rows(session)[0].id
                known = imports.known_quarters(session)
            example = read_deposits(
                read_workbook(Path(str(resource("demo", "depots_fia_2026.xlsx")))), vocabulary.deposits(), known
            )
            deposits = tuple(
                replace(
                    deposit,
                    number=str(10_000_000 + i),
                    structure=replace(deposit.structure, siren=None, siret=None, rna=f"W77{i // 2:07d}"),
                )
                for i, deposit in ((i, example.deposits[i % len(example.deposits)]) for i in range(COUNT))
            )
            intake = replace(example, rows=COUNT, deposits=deposits, drafts=(), problems=())
            start = perf_counter()
            with store.write("Banc") as session:
                imports.run(session, call_id=call, intake=intake, filename="banc.xlsx", sha256="")
            ours = perf_counter() - start
        floor = _bare(folder / NAME, folder / "nu.sqlite")
    print(f"import of {COUNT} applications     {ours:6.2f} s")
    print(f"bare insertion of the same rows  {floor:6.2f} s   ratio {ours / floor:.1f}")


def _bare(source: Path, target: Path) -> float:
    """Seconds to insert every row of the same tables, as the driver alone does it."""
    origin = sqlite3.connect(source)
    copy = sqlite3.connect(target, isolation_level=None)
    copy.execute("PRAGMA journal_mode=WAL")
    rows = {}
    for table in TABLES:
        (created,) = origin.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        copy.execute(created)
        rows[table] = origin.execute(f"SELECT * FROM {table}").fetchall()
    start = perf_counter()
    copy.execute("BEGIN IMMEDIATE")
    for table, found in rows.items():
        marks = ", ".join("?" * len(found[0]))
        copy.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
    copy.execute("COMMIT")
    spent = perf_counter() - start
    origin.close()
    copy.close()
    return spent


if __name__ == "__main__":
    main()
