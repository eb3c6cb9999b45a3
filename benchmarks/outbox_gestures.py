"""The outbox with 1 000 letters to re-read: milliseconds of each gesture of an officer, and what follows it.

The decided files of the example are copied with their structures, decisions and letters. Each gesture is timed on the
real screen, from the key to the picture: wall and processor. « after » is what is read away from the window until
everything is known again: the badges of empty fields, the page beside the list. Target: 33 ms a gesture (two frames).

Run: python benchmarks/outbox_gestures.py [how many]
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter, process_time, thread_time

from PySide6.QtWidgets import QApplication

from cv_desktop.db.queries import call_rows
from cv_desktop.db.store import NAME
from cv_desktop.documents import letter_pdf
from cv_desktop.services import demonstration, example, letters, settings
from cv_desktop.ui import theme
from cv_desktop.ui.letters.entries import ALL, TO_READ
from cv_desktop.ui.letters.screen import LettersScreen
from files_list import _context

COUNT, RUNS, LIMIT = 1_000, 3, 33.0
TABLES = ("structure", "mandate", "bank_account", "application", "application_quarter", "budget_line", "agenda_item",
          "lot_line", "decision", "letter")  # fmt: skip
_KEYS = ("id", "structure_id", "application_id", "decision_id", "number", "external_id", "name", "title")


def fill(base: sqlite3.Connection, call: str, count: int) -> None:
    """Copies of the decided files of a campaign, each with a structure of its own, until ``count`` letters wait."""
    waiting = "SELECT application_id FROM letter WHERE number IS NULL AND call_id = :call"
    files = f"SELECT id FROM application WHERE id IN ({waiting})"
    owners = f"SELECT structure_id FROM application WHERE id IN ({waiting})"
    which = {
        "structure": f"x.id IN ({owners})",
        "mandate": f"x.structure_id IN ({owners})",
        "bank_account": f"x.structure_id IN ({owners})",
        "application": f"x.id IN ({files})",
        "letter": "x.number IS NULL AND x.call_id = :call",
    }
    one = base.execute(f"SELECT count(*) FROM ({waiting})", {"call": call}).fetchone()[0]
    rows: dict[str, list[tuple[object, ...]]] = {}
    for table in TABLES:
        names = [name for _, name, *_ in base.execute(f"PRAGMA table_info({table})")]
        where = which.get(table, f"x.application_id IN ({files})")
        kept = base.execute(f"SELECT * FROM {table} AS x WHERE {where}", {"call": call}).fetchall()
        rows[table] = kept
        for turn in range(1, -(-count // one)):
            copies = []
            for row in kept:
                found = dict(zip(names, row, strict=True))
                for name in _KEYS:
                    if isinstance(found.get(name), str) and not (table == "letter" and name == "number"):
                        found[name] = f"{found[name]}-{turn}"
                if table == "structure":
                    found |= {"siren": None, "rna": None}
                if table == "application":
                    found["seq"] += 1000 * turn
                copies.append(tuple(found.values()))
            marks = ", ".join("?" * len(names))
            base.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", copies)


class Watch:
    """Times gestures and what follows; keeps the slowest gesture."""

    def __init__(self, screen: LettersScreen) -> None:
        self._screen = screen
        self.slowest = 0.0

    def time(self, label: str, *actions: Callable[[], object]) -> None:
        walls, own, after, longest = [], [], [], []
        for action in actions:
            start, spent = perf_counter(), thread_time()
            action()
            self._screen.grab()
            walls.append((perf_counter() - start) * 1000)
            own.append((thread_time() - spent) * 1000)
            spent, slow = process_time(), 0.0
            while self._screen.context.jobs._running or self._screen.preview._later.isActive():
                begun = thread_time()
                QApplication.processEvents()
                slow = max(slow, (thread_time() - begun) * 1000)
            after.append((process_time() - spent) * 1000)
            longest.append(slow)
        self.slowest = max(self.slowest, *own)
        print(
            f"{label:<40}{max(own):8.1f} ms processor ({max(walls):7.1f} wall)   "
            f"after: {max(after):7.0f} ms, longest step {max(longest):6.1f}"
        )


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv)
    theme.apply(app)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        example.create(folder, letter_pdf.render)
        with demonstration.reopen(folder) as store:
            with store.read() as session:
                call = max(call_rows.rows(session), key=lambda row: row.applications).id
            with closing(sqlite3.connect(folder / NAME)) as base, base:
                fill(base, call, count)
            with store.read() as session:
                keys = letters.not_issued(session, call_id=call)
                start = process_time()
                lacking = letters.missing(session, letter_ids=keys)
                spent = (process_time() - start) * 1000
            print(
                f"{len(keys)} letters, empty fields of all: {spent:.0f} ms processor, "
                f"{sum(1 for x in lacking.values() if x)} incomplete"
            )
            context = _context(store)
            from cv_desktop.ui.calls_selection import CallChoice

            context.calls.offer([CallChoice(call, "FIA 2026", "FIA")])
            screen = LettersScreen(context)
            screen.resize(1256, 780)
            watch = Watch(screen)
            watch.time("shown for the first time", screen.show)
            box = screen.outbox
            box.select_tab(TO_READ)
            watch.time("next letter", *([lambda: screen._step(1)] * 5))
            watch.time("marked re-read (Ctrl+R)", *([screen._mark_read] * 5))
            box.select_tab(ALL)
            watch.time("tab Tous and back", lambda: box.select_tab(TO_READ), lambda: box.select_tab(ALL))
            read = next(entry.id for entry in box.shown() if entry.row.state == "read")
            box.table.select_identity(read)
            watch.time("put back to re-read", screen._mark_unread)
            watch.time("filter typed", *(lambda t=t: box.filter.set_text(t) for t in ("j", "ja", "jar", "")))
            watch.time("one box ticked", *(lambda i=i: screen._toggle(box.shown()[i], True) for i in range(3)))
            watch.time("all ticked, none ticked", lambda: screen._tick_all(True), lambda: screen._tick_all(False))
            ids = [e.id for e in box.shown() if e.readable][:300]
            watch.time("300 marked re-read at once", lambda: screen.dispatch._mark_all(ids))
            watch.time("undone", context.undo_last)

            def rename() -> None:
                context.do("", settings.set_value, key="agent_name", value="Camille Modèle")

            watch.time("a setting written elsewhere", rename)
            context.jobs.stop_all()
            return int(watch.slowest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
