"""The board on show, read again no more than what was written asks: one line after an amount, all of it otherwise."""

from __future__ import annotations

from cv_desktop.domain.changes import Changes
from cv_desktop.services import boards
from cv_desktop.services.boards import Board
from cv_desktop.ui.context import Context

# Where nothing else was written, the files, their ranks, the lots and the rules are as they were.
LIGHT = frozenset({"scenario", "scenario_line"})


class BoardOnShow:
    """``wrote`` at each change, ``read`` when the screen asks again; ``show`` for another tab."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._board: Board | None = None
        self._shown: dict[str, str] = {}  # the tab of each campaign
        self._light = False
        self._files: set[str] | None = None  # of which a line was written since; None: of any

    def wrote(self, changes: Changes, *, behind: bool) -> None:
        """``behind``: the screen already had something to read again, and did not yet."""
        self._light = (self._light or not behind) and changes.nouns <= LIGHT
        if not behind:
            self._files = set()
        if "scenario" in changes.nouns:
            self._files = None
        elif self._files is not None:
            self._files |= {key for noun, key in changes.touched if noun == "scenario_line"}

    def show(self, call_id: str, scenario_id: str, *, behind: bool) -> None:
        """Another tab: remembered for the campaign as long as the window is open."""
        self._shown[call_id] = scenario_id
        self._light, self._files = not behind, None

    def read(self, call_id: str) -> Board:
        """The board of a campaign as the base has it now, for whom the window is."""
        light, files, self._light, self._files = self._light, self._files, False, None
        wanted, viewer, board = self._shown.get(call_id, ""), self._context.viewer, self._board
        if light and board is not None and (board.call_id, board.viewer) == (call_id, viewer):
            board = self._context.read(boards.follow, board=board, wanted=wanted, files=files)
        else:
            board = self._context.read(boards.read, call_id=call_id, wanted=wanted, viewer=viewer, before=board)
        self._board = board
        return board

    def forget(self) -> None:
        """No campaign is chosen any more."""
        self._board = None
