"""2 000 files × 6 members × 9 criteria ranked, one sheet in thirty kept out by a déport, against the plain aggregate
statement that reads every mark. Prints milliseconds, their ratio and the statement. Targets: 50 ms, half of it."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import insert, select

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Mark, Meeting, Member, Recusal, Review
from cv_desktop.db.queries import calls, scores
from cv_desktop.db.store import NAME, Store
from cv_desktop.db.work import record
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.ranking import rank
from cv_desktop.services import demonstration, example

FILES, RUNS, TARGET_MS, KEPT_OUT = 2_000, 9, 50, 30
PLAIN = """
SELECT application_id, sum(weighted) FROM (
  SELECT review.application_id, mark.criterion, avg(mark.level) * weight.value / 3 AS weighted
  FROM mark
  JOIN review ON review.id = mark.review_id
  JOIN weight ON weight.criterion = mark.criterion
  WHERE review.returned_at IS NOT NULL AND mark.level IS NOT NULL
    AND review.id NOT IN (SELECT other.id FROM recusal JOIN review AS other USING (application_id, member_id))
  GROUP BY review.application_id, mark.criterion)
GROUP BY application_id
ORDER BY 2 DESC
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        example.create(folder, letter_pdf.render)
        with demonstration.reopen(folder) as store:
            call = _fill(store)
            with store.read() as session:
                weights = [(c.code, c.weight) for c in calls.grid(session, call).grid.criteria]
            plain = sqlite3.connect(folder / NAME)
            plain.execute("CREATE TEMP TABLE weight (criterion TEXT PRIMARY KEY, value INTEGER)")
            plain.executemany("INSERT INTO weight VALUES (?, ?)", weights)
            ours, floor = _timed(lambda: _ranked(store, call), lambda: plain.execute(PLAIN).fetchall())
            plain.close()
    print(f"ranking of {FILES} files × 6 members × 9 criteria  {ours:7.1f} ms   (target {TARGET_MS})")
    print(f"plain aggregate statement                       {floor:7.1f} ms   ratio {ours / floor:.2f} (target 0.5)")
    print(PLAIN)


def _ranked(store: Store, call: str) -> int:
    with store.read() as session:
        notes = scores.notes(session, call_id=call)
    return len(rank(notes, note=lambda key: notes[key], number=lambda key: key))


def _timed(*works: Callable[[], object]) -> list[float]:
    """Median milliseconds of each. They take turns, so that a busy machine slows all of them alike."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for work, times in zip(works, found, strict=True):
            start = perf_counter()
            work()
            times.append((perf_counter() - start) * 1000)
    return [median(times) for times in found]


def _fill(store: Store) -> str:
    """Copies of one eligible file, each with a returned sheet of every member, in a revealed meeting."""
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    with store.write("Banc") as session:
        meeting = session.scalars(select(Meeting)).one()
        members = session.scalars(select(Member.id)).all()
        one = session.scalars(select(Application).where(Application.status == "eligible")).first()
        assert one is not None
        columns = {c.key: getattr(one, c.key) for c in Application.__mapper__.column_attrs}
        codes = calls.grid(session, meeting.call_id).grid.codes
        grid = calls.grid(session, meeting.call_id).id
        keys = [f"f{i}" for i in range(FILES)]
        session.execute(
            insert(Application),
            [
                {**columns, "id": key, "seq": 1000 + i, "number": f"B-{i:05d}", "external_id": key}
                for i, key in enumerate(keys)
            ],
        )
        empty = {"opinion": None, "amount_cents": None, "reason": "", "given_at": None, "score_snapshot": None}
        session.execute(
            insert(AgendaItem),
            [
                {"meeting_id": meeting.id, "application_id": key, "position": 100 + i, **empty}
                for i, key in enumerate(keys)
            ],
        )
        sheets = [(f"{key}-{m}", key, member) for key in keys for m, member in enumerate(members)]
        session.execute(
            insert(Review),
            [
                {"id": i, "application_id": key, "member_id": member, "grid_id": grid, "returned_at": moment}
                for i, key, member in sheets
            ],
        )
        session.execute(
            insert(Mark),
            [
                {
                    "review_id": sheet,
                    "criterion": code,
                    "level": (row * 7 + place) % 4,
                    "not_applicable": False,
                    "dedicated": False,
                    "comment": "",
                    "marked_at": moment,
                }
                for row, (sheet, _key, _member) in enumerate(sheets)
                for place, code in enumerate(codes)
            ],
        )
        session.execute(
            insert(Recusal),
            [
                {
                    "id": f"r{row}",
                    "member_id": member,
                    "application_id": key,
                    "reason": "",
                    "declared_at": moment,
                    "lifted_at": None,
                }
                for row, (_sheet, key, member) in enumerate(sheets)
                if row % KEPT_OUT == 0
            ],
        )
        record(session, verb="bench", noun="call", noun_id=meeting.call_id, summary="Banc d’essai")
        return meeting.call_id


if __name__ == "__main__":
    main()
