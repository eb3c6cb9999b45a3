"""The files of the letters on the disk: looked at when the screen is shown, away from the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cv_desktop.db.queries.letters import LetterRow
from cv_desktop.services.letter_files import Damage, damages
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Token

# So that a preview asked meanwhile waits a tenth of a second at most.
CHUNK = 40


class FileWatch:
    """``found`` is what happened to which letter; ``moved`` is called when it changes."""

    def __init__(self, context: Context, moved: Callable[[], None]) -> None:
        self._context, self._moved = context, moved
        self.found: dict[str, Damage] = {}
        self._known: set[str] = set()
        self._turn = 0

    def forget(self) -> None:
        """The next look reads every file again: somebody may have been at the folder meanwhile."""
        self._known.clear()

    def look(self, rows: Sequence[LetterRow]) -> None:
        """Reads the files of the letters not looked at yet; one signed since has a new file."""
        keys = {f"{row.id} {row.signed is not None}": row.id for row in rows if row.issued}
        self.found = {key: damage for key, damage in self.found.items() if key in keys.values()}
        waiting = [key for name, key in keys.items() if name not in self._known]
        self._known = set(keys)
        self._turn += 1
        self._next(self._turn, waiting)

    def _next(self, turn: int, waiting: Sequence[str]) -> None:
        if turn != self._turn or not waiting:
            return
        store, some = self._context.store, list(waiting[:CHUNK])

        def work(_token: Token) -> dict[str, Damage]:
            with store.read() as session:
                return damages(session, letter_ids=some)

        self._context.jobs.run(
            "Lecture des PDF", work, on_done=lambda read: self._read(turn, waiting, read), quiet=True
        )

    def _read(self, turn: int, waiting: Sequence[str], read: dict[str, Damage]) -> None:
        some = waiting[:CHUNK]
        seen = {key: self.found[key] for key in some if key in self.found}
        if seen != read:
            self.found = {key: damage for key, damage in self.found.items() if key not in some} | read
            self._moved()
        self._next(turn, waiting[CHUNK:])
