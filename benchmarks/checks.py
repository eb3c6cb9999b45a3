"""The checks of eligibility: one file read and judged, and 2 000 of a campaign. Prints milliseconds and targets.

Floor: one file against a plain select of its rows; 2 000 against a plain select of all their rows.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.store import NAME, Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.services import applications, demonstration, example

FILES, RUNS = 2_000, 9
TABLES = ("application", "budget_line", "document", "application_quarter")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        example.create(folder, letter_pdf.render)
        with demonstration.reopen(folder) as store:
            call, one = _fill(store)
            single, single_cpu = _timed(lambda: _read(store, lambda s: applications.checks_of(s, application_id=one)))
            whole, whole_cpu = _timed(lambda: _read(store, lambda s: applications.checks(s, call_id=call)))
            plain = sqlite3.connect(folder / NAME)
            floor, _floor_cpu = _timed(lambda: [plain.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES])
            plain.close()
    print(f"one file, read and judged          {single:8.1f} ms   (target 50), processor {single_cpu:.1f} ms")
    print(f"{FILES} files, read and judged       {whole:8.1f} ms   (target 2000), processor {whole_cpu:.1f} ms")
    print(f"their rows by plain selects        {floor:8.1f} ms   ratio {whole / floor:.1f}")


def _read(store: Store, ask: Callable[[Session], object]) -> object:
    with store.read() as session:
        return ask(session)


def _fill(store: Store) -> tuple[str, str]:
    """Copies of the example's files until there are 2 000, each of a structure of its own."""
    with store.write("Mesure") as session:
        models = list(session.scalars(select(Application).where(Application.deposited_at.is_not(None))))
        call = models[0].call_id
        columns = [c.name for c in Application.__table__.columns]
        structures, files, lines, papers, places = [], [], [], [], []
        for rank in range(FILES - len(models)):
            model = models[rank % len(models)]
            key, owner = f"mesure{rank:05d}", f"porteur{rank:05d}"
            structures.append(
                {
                    "id": owner, "name": f"Porteur {rank}", "folded_name": f"porteur {rank}", "legal_form": "9220",
                    "commune_code": "77288", "created_at": datetime(2026, 1, 1, tzinfo=UTC),
                }
            )  # fmt: skip
            values = {name: getattr(model, name) for name in columns}
            deposited = (model.deposited_at or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(minutes=rank)
            files.append(
                values
                | {
                    "id": key, "structure_id": owner, "seq": 1000 + rank, "number": f"FIA-2026-{1000 + rank}",
                    "external_id": None, "status": "deposited", "checks_snapshot": None, "deposited_at": deposited,
                    "rules_version_id": None,
                }
            )  # fmt: skip
            for source, kept in ((BudgetLine, lines), (Document, papers), (ApplicationQuarter, places)):
                names = [c.name for c in source.__table__.columns]
                for place, row in enumerate(session.scalars(select(source).filter_by(application_id=model.id))):
                    copied = {name: getattr(row, name) for name in names} | {"application_id": key}
                    kept.append(copied | ({"id": f"{key}-{place}"} if "id" in copied else {}))
        for table, rows in (
            (Structure, structures), (Application, files), (BudgetLine, lines), (Document, papers),
            (ApplicationQuarter, places),
        ):  # fmt: skip
            session.execute(insert(table), rows)
        record(session, verb="benchmark.fill", noun="application", noun_id=call, summary="Dossiers de mesure")
        return call, str(files[-1]["id"])


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Medians of the time that passed and of the processor time, which other programs do not lengthen."""
    run()
    walls, processor = [], []
    for _ in range(RUNS):
        start, spent = perf_counter(), process_time()
        run()
        walls.append((perf_counter() - start) * 1000)
        processor.append((process_time() - spent) * 1000)
    return median(walls), median(processor)


if __name__ == "__main__":
    main()
