"""Writes without end, one line on the standard output after each confirmed write, until it is killed.

Run: python victim.py import|mark|letters BASE [WORKBOOK]
"""

from __future__ import annotations

import signal
import sys
from itertools import count
from pathlib import Path

from cv_desktop.db.queries import applications, call_rows, calls
from cv_desktop.db.queries import meetings as rooms
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.documents.sheet_read import read_workbook
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.services import calls as campaigns
from cv_desktop.services import imports, letters, reviews, vocabulary
from cv_desktop.services.demonstration import ACTOR, clock


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def bring(store: Store, workbook: Path) -> None:
    """The same workbook into one new campaign after the other."""
    with store.read() as session:
        intake = read_deposits(read_workbook(workbook), vocabulary.deposits(), imports.known_quarters(session))
    say("READY")
    for number in count(1):
        with store.write(ACTOR) as session:
            _changes, call = campaigns.create(
                session, code=f"FIA-{number}", scheme="FIA", year=2026, envelope_cents=1_000_000
            )
        with store.write(ACTOR) as session:
            imports.run(session, call_id=call, intake=intake, filename=workbook.name, sha256="0")
        say(f"FIA-{number}")


def mark(store: Store) -> None:
    """The marks of every member on every file, over and over."""
    with store.read() as session:
        call = call_rows.rows(session)[0].id
        grid = calls.grid(session, call).grid
        members = [m.id for m in rooms.members(session, call_id=call)]
        files = [r.id for r in applications.rows(session, call_id=call) if r.status.value == "eligible"]
    say("READY")
    for turn in count():
        for file in files[3:]:
            for member in members:
                for criterion in grid.criteria:
                    with store.write(ACTOR) as session:
                        reviews.set_mark(
                            session, application_id=file, member_id=member, criterion=criterion.code, level=turn % 4
                        )
                    say(file, member, criterion.code, turn % 4)


def post(store: Store) -> None:
    """Every letter of the campaign, a few at a time."""
    with store.write(ACTOR) as session:
        call = call_rows.rows(session)[0].id
        letters.prepare(session, call_id=call)
    with store.read() as session:
        ready = letters.not_issued(session, call_id=call)
    say("READY")
    for start in range(0, len(ready), 3):
        _changes, done = letters.issue(
            store, actor=ACTOR, letter_ids=ready[start : start + 3], render=letter_pdf.render
        )
        for issued in done:
            say(issued.number)
    signal.pause()


if __name__ == "__main__":
    what, base, *more = sys.argv[1:]
    with Store.open(Path(base), clock=clock, actor=ACTOR) as opened:
        if what == "import":
            bring(opened, Path(more[0]))
        elif what == "mark":
            mark(opened)
        else:
            post(opened)
