"""Writes without end, one line on the standard output after each confirmed write, until it is killed.

Run: python victim.py import|mark|letters|share|sign BASE [WORKBOOK]
"""

from __future__ import annotations

import signal
import sys
import time
from itertools import count
from pathlib import Path

from PIL import Image

from cv_desktop.db.queries import applications, call_rows, calls
from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.queries import meetings as rooms
from cv_desktop.db.queries import signatories as signatories_of
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.documents.sheet_read import read_workbook
from cv_desktop.domain.deposits import read_deposits
from cv_desktop.domain.errors import Unavailable
from cv_desktop.services import calls as campaigns
from cv_desktop.services import imports, letters, reviews, seals, signatories, signatures, vocabulary
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


def share(base: Path) -> None:
    """Three letters at a time, the base opened anew for each: another process does the same."""
    left = True
    while left:
        try:
            with Store.open(base, clock=clock, actor=ACTOR) as store:
                with store.write(ACTOR) as session:
                    call = call_rows.rows(session)[0].id
                    letters.prepare(session, call_id=call)
                with store.read() as session:
                    ready = letters.not_issued(session, call_id=call)
                _changes, done = letters.issue(store, actor=ACTOR, letter_ids=ready[:3], render=letter_pdf.render)
                for issued in done:
                    say(issued.number)
                left = len(ready) > 3
        except Unavailable:
            time.sleep(0.02)


def seal(store: Store) -> None:
    """Every letter of the vote signed by an image, one after the other."""
    with store.write(ACTOR) as session:
        person = signatories_of.rows(session)[0]
        image = store.folder / "paraphe.png"
        Image.new("RGB", (300, 100), (20, 30, 120)).save(image)
        signatories.set_image(session, signatory_id=person.id, path=image)
    with store.read() as session:
        person = signatories_of.rows(session)[0]
        call = call_rows.rows(session)[0].id
        waiting = [row for row in outbox.rows(session, call_id=call) if row.lot_id]
        made = seals.of_image(session, person)
    say("READY")
    for row in waiting:
        signatures.sign(
            store, actor=ACTOR, letter_ids=[row.id], signatory_id=person.id, seal=made, render=letter_pdf.render
        )
        say(row.number)
    signal.pause()


if __name__ == "__main__":
    what, base, *more = sys.argv[1:]
    if what == "share":
        share(Path(base))
        sys.exit()
    with Store.open(Path(base), clock=clock, actor=ACTOR) as opened:
        if what == "import":
            bring(opened, Path(more[0]))
        elif what == "mark":
            mark(opened)
        elif what == "sign":
            seal(opened)
        else:
            post(opened)
