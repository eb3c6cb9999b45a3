"""The screen « Dossiers » on a campaign of 20 000 files: milliseconds of each thing a person does there, once painted.

The files are those of the example, copied with their quarters, opinions, decisions and letters. Each action is timed
three times on the real screen, from the click to the picture: the slowest is printed. Target: 100 ms each.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from PySide6.QtWidgets import QApplication

from cv_desktop.db.queries import call_rows
from cv_desktop.db.store import NAME, Store
from cv_desktop.documents import letter_pdf
from cv_desktop.services import demonstration, example
from cv_desktop.settings import LocalSettings
from cv_desktop.ui import theme
from cv_desktop.ui.applications.screen import ApplicationsScreen
from cv_desktop.ui.backup_keeper import BackupKeeper
from cv_desktop.ui.calls_selection import CallChoice, CallsSelection
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Jobs
from cv_desktop.ui.message_bar import MessageBar

FILES, RUNS, LIMIT = 20_000, 3, 100.0
FOLLOWING = (
    "application_quarter", "budget_line", "document", "agenda_item", "lot_line", "decision", "letter", "completion",
)  # fmt: skip


class Watch:
    """Times the actions and keeps the slowest run of each."""

    def __init__(self, screen: ApplicationsScreen) -> None:
        self._screen = screen
        self.slowest = 0.0

    def time(self, label: str, *actions: Callable[[], object]) -> None:
        """Each of ``actions`` follows the one before; they are all the same thing to a person."""
        walls, own = [], []
        for action in actions:
            start, spent = perf_counter(), process_time()
            action()
            self._screen.grab()
            walls.append((perf_counter() - start) * 1000)
            own.append((process_time() - spent) * 1000)
        self.slowest = max(self.slowest, *walls)
        said = "  ".join(f"{wall:6.1f}" for wall in walls)
        print(f"{label:<46}{max(walls):8.1f} ms   (processor {max(own):6.1f})   each: {said}")


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv)
    theme.apply(app)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        example.create(folder, letter_pdf.render)
        with demonstration.reopen(folder) as store:
            with store.read() as session:
                full, other = sorted(call_rows.rows(session), key=lambda call: -call.applications)[:2]
            with closing(sqlite3.connect(folder / NAME)) as base, base:
                fill(base, full.id)
            return _walk(app, store, full.id, other.id)


def _walk(app: QApplication, store: Store, full: str, other: str) -> int:
    context = _context(store)
    context.calls.offer([CallChoice(other, "Autre", "AAP"), CallChoice(full, "FIA 2026", "FIA")])
    screen = ApplicationsScreen(context)
    screen.resize(1440, 860)
    screen.show()
    app.processEvents()
    context.calls.select(full)
    app.processEvents()
    context.calls.select(other)
    watch = Watch(screen)
    select = context.calls.select
    for _ in range(RUNS):
        select(other)
        watch.time("campaign chosen, first page shown", lambda: select(full))
        _rest(watch, screen)
    for _ in range(RUNS):
        screen.hide()
        screen._touched = None
        screen.mark_stale()
        watch.time("back to Dossiers, something else written", screen.show)
        _rest(watch, screen)
    table = screen.list.table.rows
    assert table.total == FILES, table.total
    watch.time("list, sort by amount and back", *(lambda s=s: table.sort_by(s) for s in ([("asked", True)], [])))
    watch.time("list, first filter typed", lambda: screen.list.filter.set_text("j"))
    watch.time(
        "list, next letters",
        *(lambda t="jardin"[: n + 1]: screen.list.filter.set_text(t) for n in range(1, 6)),
        lambda: screen.list.filter.set_text(""),
    )
    watch.time("full table, first time (Ctrl+Maj+L)", screen.toggle_form)
    watch.time("back to the list, and the table again", *([screen.toggle_form] * 4))
    table = screen.full.table.rows
    for column in table.columns:
        steps = ([(column.key, False)], [(column.key, True)], [])
        watch.time(f"full table, sort by {column.title}", *(lambda s=s: table.sort_by(s) for s in steps))
    field = screen.full.filter
    watch.time("full table, first filter typed", lambda: field.set_text("j"))
    watch.time("full table, next letters", *(lambda t="jardin"[: n + 1]: field.set_text(t) for n in range(1, 6)))
    watch.time("full table, filter emptied", lambda: field.set_text(""))
    for key in ("status", "theme", "quarters", "opinion"):
        at = table.column_index(key)
        opened = partial(screen.full.table.arrangement.values_menu, at)
        watch.time(f"full table, funnel of {table.columns[at].title} opened", opened, opened)
        menu = opened()
        if menu is None:
            continue
        box = menu.actions()[0]
        watch.time("… a value kept, and left", box.toggle, box.toggle)
    watch.time("full table, campaign read again", lambda: (setattr(screen, "_touched", None), screen.mark_stale()))
    _rest(watch, screen)
    return int(watch.slowest > LIMIT)


def _rest(watch: Watch, screen: ApplicationsScreen) -> None:
    """What comes between the keystrokes after the first page: the longest that one of them waits, and all of it."""
    start, longest, own = perf_counter(), 0.0, process_time()
    while screen._reading.under_way:
        began = perf_counter()
        QApplication.processEvents()
        longest = max(longest, (perf_counter() - began) * 1000)
    spent, own = (perf_counter() - start) * 1000, (process_time() - own) * 1000
    watch.slowest = max(watch.slowest, longest)
    print(
        f"  the rest of the files is there {spent:.0f} ms later (processor {own:.0f}), the longest step {longest:.1f}"
    )


def fill(base: sqlite3.Connection, call: str) -> None:
    """Copies of the files of a campaign, with all that was written of them, until there are FILES."""
    models = base.execute("SELECT count(*) FROM application WHERE call_id = ?", (call,)).fetchone()[0]
    copied = (
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT {times}) "
        "INSERT INTO {table} ({names}) SELECT {values} FROM n CROSS JOIN {table} AS x WHERE {where}"
    )
    times = -(-FILES // models) - 1
    own = {
        "id": "x.id || '-' || n",
        "seq": "x.seq + 1000 * n",
        "number": "x.number || '-' || n",
        "external_id": "x.external_id || '-' || n",
        "application_id": "x.application_id || '-' || n",
        "asked_cents": "x.asked_cents + n * 100",
        "title": "x.title || ' ' || n",
    }
    where = "x.call_id = '{call}'"
    for table in ("application", *FOLLOWING):
        names = [name for _, name, *_ in base.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(own.get(name, f"x.{name}") for name in names)
        if table != "application":
            where = "x.application_id IN (SELECT id FROM application WHERE call_id = '{call}' AND seq < 1000)"
        base.execute(
            copied.format(
                times=times, table=table, names=", ".join(names), values=values, where=where.format(call=call)
            )
        )
    extra = models * (times + 1) - FILES
    for table in FOLLOWING:
        base.execute(
            f"DELETE FROM {table} WHERE application_id IN "
            "(SELECT id FROM application WHERE call_id = ? ORDER BY seq DESC LIMIT ?)", (call, extra),
        )  # fmt: skip
    base.execute(
        "DELETE FROM application WHERE id IN "
        "(SELECT id FROM application WHERE call_id = ? ORDER BY seq DESC LIMIT ?)", (call, extra),
    )  # fmt: skip


def _context(store: Store) -> Context:
    messages = MessageBar()
    settings = LocalSettings(store.folder / "poste.json")
    jobs = Jobs(messages)
    return Context(
        store=store,
        messages=messages,
        settings=settings,
        jobs=jobs,
        calls=CallsSelection(settings, "base", messages),
        backups=BackupKeeper(store.path, lambda _b, where, _m: where, jobs, store.clock, messages),
        actor="Banc",
        clock=store.clock,
        parent=messages,
    )


if __name__ == "__main__":
    sys.exit(main())
