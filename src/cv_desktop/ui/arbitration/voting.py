"""From the amounts to the vote: the lot prepared, opened file by file, its act, the waiting list under it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from cv_desktop.db.queries import calls
from cv_desktop.db.queries.envelopes import LotRow
from cv_desktop.db.queries.lot_lines import LotLineRow
from cv_desktop.domain.dates import long_date
from cv_desktop.services import ballot as ballots
from cv_desktop.services import lot_changes, versions
from cv_desktop.services.boards import Board
from cv_desktop.ui.arbitration.act_panel import ActPanel
from cv_desktop.ui.arbitration.ballot_panel import BallotPanel
from cv_desktop.ui.arbitration.dock import Dock
from cv_desktop.ui.arbitration.gestures import Gestures
from cv_desktop.ui.arbitration.lot_page import LotPage
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.arbitration.promote_panel import PromotePanel
from cv_desktop.ui.context import Context


class Voting(QObject):
    """``panel_wanted`` for one of its panels beside the table, ``closed`` once it is done with it.

    ``pages`` holds the table, then the lot opened; ``file_shown(id)`` as one walks in it, empty once it is left.
    """

    panel_wanted = Signal(object)
    closed = Signal()
    left = Signal()
    file_shown = Signal(str)

    def __init__(
        self, context: Context, gestures: Gestures, dock: Dock, pages: QStackedWidget, today: Callable[[], date]
    ) -> None:
        super().__init__(pages)
        self._context, self._gestures, self._dock, self._pages, self._today = context, gestures, dock, pages, today
        self._call = ""
        self.balloting, self.acting, self.lot = BallotPanel(), ActPanel(today), LotPage(context)
        self.promoting = PromotePanel()
        self._board: Board | None = None
        dock.vote_wanted.connect(self.act)
        dock.dates_wanted.connect(self.act)
        dock.return_wanted.connect(gestures.return_lot)
        dock.lot_wanted.connect(self._open)
        dock.promotion_wanted.connect(self._ask_promotion)
        self.promoting.wanted.connect(self._promote)
        # From a member's seat nothing may be left of a list that names every file.
        context.viewer_changed.connect(lambda: self.promoting.put([], 0))
        self.lot.closed.connect(self._leave)
        self.lot.table.current_row_changed.connect(self._walked)
        for panel in (self.balloting, self.acting, self.promoting):
            panel.closed.connect(self.closed)
        self.balloting.wanted.connect(self._submit)
        self.balloting.waiting_changed.connect(self.weigh)
        self.acting.wanted.connect(self._record)

    @property
    def file(self) -> str:
        """The file the keyboard is on in the lot opened; empty when none is."""
        row: LotLineRow | None = self.lot.table.current_row() if self._opened else None
        return row.application_id if row else ""

    @property
    def _opened(self) -> bool:
        return self._pages.currentWidget() is self.lot and self.lot.lot is not None

    def prepare(self) -> None:
        """The panel that says what the lot would be, and what stands in its way."""
        self.panel_wanted.emit(self.balloting)
        self.weigh()
        self.balloting.setFocus()

    def weigh(self) -> None:
        found = self._context.read(
            ballots.ballot,
            scenario_id=self._gestures.scenario,
            call_id=self._call,
            waiting=self.balloting.waiting,
        )
        self.balloting.put(found, f"Lot du {long_date(self._today())}")

    def follow(self, board: Board, *, again: bool) -> None:
        """The lots of the dock, the waiting list under them, and the lot opened; read ``again`` when they changed."""
        self._call, self._board = board.call_id, board
        if not again:
            return
        self._dock.show_lots(board.lots)
        self._show_waiting(board)
        if self._opened and self.lot.lot is not None:
            shown = next((lot for lot in board.lots if lot.id == self.lot.lot.id), None)
            if shown is None:
                self._leave()
            else:
                self.lot.show_lot(shown)

    def act(self, lot: LotRow) -> None:
        """The panel of the act of a lot, to record or to complete."""
        rules = self._context.read(calls.rules, str(self._context.calls.id))
        self.acting.put(lot, rules.cents("delegation_max") if "delegation_max" in rules else None)
        self.judge()
        self.panel_wanted.emit(self.acting)
        self.acting.start()

    def judge(self) -> None:
        """What changed of the lot to vote since it was submitted."""
        lot = self.acting.lot
        if lot is not None:
            self.acting.judge(self._context.read(lot_changes.since, lot_id=lot.id))

    def _show_waiting(self, board: Board) -> None:
        proposed = self._context.read(versions.promotions, call_id=board.call_id, viewer=board.viewer)
        self._dock.show_waiting(proposed, board.buckets.free_cents)
        if self.promoting.isVisible():  # one field per file: made when they are asked for
            self.promoting.put(proposed, board.buckets.free_cents)

    def _ask_promotion(self) -> None:
        self.panel_wanted.emit(self.promoting)
        if self._board is not None:
            self._show_waiting(self._board)  # what is free may have moved since the lots were read
        self.promoting.start()

    def _promote(self, amounts: dict[str, int], reason: str) -> None:
        if self._gestures.promote(self._call, amounts, reason, self.promoting.effects(amounts)):
            self.closed.emit()

    def _submit(self, label: str, reason: str) -> None:
        self._gestures.submit(self.balloting, label, reason, self._submitted)

    def _submitted(self) -> None:
        self.balloting.label.set_value("")
        self._done(self.balloting)

    def _done(self, panel: Panel) -> None:
        """Closes a panel once its lot is written, unless another one was opened meanwhile."""
        if panel.isVisible():
            self.closed.emit()

    def _open(self, lot: LotRow) -> None:
        self.lot.show_lot(lot)
        self._pages.setCurrentWidget(self.lot)
        self.lot.table.setFocus()
        self.file_shown.emit(self.file)

    def _walked(self, row: LotLineRow | None) -> None:
        if self._opened and row is not None:
            self.file_shown.emit(row.application_id)

    def _leave(self) -> None:
        self._pages.setCurrentIndex(0)
        self.left.emit()
        self.file_shown.emit("")

    def _record(self, _lot_id: str, values: dict[str, object]) -> None:
        lot = self.acting.lot
        if lot is None:
            return
        if not self.acting.voted:
            self._gestures.record_vote(self.acting, lot, values, lambda: self._done(self.acting))
        elif self._gestures.set_dates(lot, values, self.acting.refuse):
            self.closed.emit()
