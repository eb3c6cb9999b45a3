"""The empty fields of the letters not issued: read away from the window, and read again only where something moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.domain.letters import Missing
from cv_desktop.services import letters
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Token
from cv_desktop.ui.letters.file_watch import CHUNK

# A letter draws from its own rows: what is written of another one, or of a scan, says nothing of it.
_OWN = frozenset({"letter", "application", "structure"})
_APART = frozenset({"scan"})


class EmptyFields:
    """``found`` is what each letter lacks, as last read; ``moved`` is called when it changes."""

    def __init__(self, context: Context, moved: Callable[[], None]) -> None:
        self._context, self._moved = context, moved
        self.found: dict[str, tuple[Missing, ...]] = {}
        self._rows: list[LetterRow] = []
        self._known: set[str] = set()  # read since anything they draw from was written
        self._asked: set[str] = set()  # being read, and still true
        self._reading = False
        self._day: date | None = None

    def wrote(self, changes: Changes) -> None:
        """Something was written: the letters that draw from it are to be read again, the others are not."""
        wide = any(noun not in _OWN | _APART or key == "*" for noun, key in changes.touched)
        if wide:
            self._forget()
            return
        touched = {key for noun, key in changes.touched if noun in _OWN}
        files = {row.application_id for row in self._rows if touched & {row.id, row.application_id, row.structure_id}}
        again = {row.id for row in self._rows if row.application_id in files} | touched
        self._known -= again
        self._asked -= again

    def look(self, rows: Sequence[LetterRow]) -> None:
        """Reads the letters of these that are not known, some at a time."""
        self._rows = list(rows)
        today = local(self._context.clock()).date()
        if today != self._day:
            # A letter carries the date of the day, and says delays from it.
            self._day = today
            self._forget()
        waiting = {row.id for row in rows if not row.issued}
        self._known &= waiting
        self._asked &= waiting
        self.found = {key: found for key, found in self.found.items() if key in waiting}
        self._next()

    def _forget(self) -> None:
        self._known.clear()
        self._asked.clear()

    def _next(self) -> None:
        if self._reading:
            return
        some = [row.id for row in self._rows if not row.issued and row.id not in self._known][:CHUNK]
        if not some:
            return
        self._reading, self._asked = True, set(some)
        store = self._context.store

        def work(_token: Token) -> dict[str, tuple[Missing, ...]]:
            with store.read() as session:
                return letters.missing(session, letter_ids=some)

        self._context.jobs.run("Lecture des champs", work, on_done=self._read, on_failed=self._lost, quiet=True)

    def _read(self, read: dict[str, tuple[Missing, ...]]) -> None:
        self._reading = False
        # One put away meanwhile has nothing to say, and is not asked for ever.
        fresh = {key: read.get(key, ()) for key in self._asked}
        self._known |= fresh.keys()
        moved = any(self.found.get(key, ()) != found for key, found in fresh.items())
        self.found |= fresh
        if moved:
            self._moved()
        self._next()

    def _lost(self, _error: BaseException) -> None:
        """Not read: the next look asks again."""
        self._reading = False
