"""Arbitrage: what is free, the files by rank, and the lot that goes to the vote."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import envelopes
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.dates import local
from cv_desktop.services.boards import Board
from cv_desktop.ui import look
from cv_desktop.ui.arbitration.ballot_panel import files
from cv_desktop.ui.arbitration.band import EnvelopeBand
from cv_desktop.ui.arbitration.base_question import BaseQuestion
from cv_desktop.ui.arbitration.board import BoardOnShow
from cv_desktop.ui.arbitration.columns import Writers
from cv_desktop.ui.arbitration.comparing import Comparing
from cv_desktop.ui.arbitration.concordance_card import ConcordanceCard
from cv_desktop.ui.arbitration.dock import Dock
from cv_desktop.ui.arbitration.file_finder import FileFinder
from cv_desktop.ui.arbitration.firmness import Firmness
from cv_desktop.ui.arbitration.gestures import Gestures, spoken
from cv_desktop.ui.arbitration.heading import Heading
from cv_desktop.ui.arbitration.key_gestures import KeyGestures
from cv_desktop.ui.arbitration.leaving import Leaving
from cv_desktop.ui.arbitration.lines import Line, inside, lines_of
from cv_desktop.ui.arbitration.panel import Panel
from cv_desktop.ui.arbitration.propose_panel import ProposePanel
from cv_desktop.ui.arbitration.proposing import Proposing
from cv_desktop.ui.arbitration.replaying import Replaying
from cv_desktop.ui.arbitration.scenario_gestures import ScenarioGestures
from cv_desktop.ui.arbitration.share_gestures import ShareGestures
from cv_desktop.ui.arbitration.table import AmountTable
from cv_desktop.ui.arbitration.voting import Voting
from cv_desktop.ui.arbitration.what_if_panel import WhatIfPanel
from cv_desktop.ui.card import rule
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.screen import Command, Screen
from cv_desktop.ui.tables.clipboard import Refusal, summary

DOCK = 296
FEW = 24  # files: as many as a window shows are never folded
UNRETAINED = "Ce scénario n’est pas le scénario retenu. Retenez-le (★) pour préparer le lot."


class ArbitrationScreen(Screen):
    """One scenario at a time, in its tab; a panel takes the place of the dock while it asks something."""

    title = "Arbitrage"
    nouns = frozenset(
        {
            "call",
            "application",
            "review",
            "meeting",
            "rules",
            "scenario",
            "scenario_line",
            "lot",
            "decision",
            "recusal",
            "letter",
        }
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._board: Board | None = None
        self._on_show = BoardOnShow(context)
        self._call = ""
        self.firmness = Firmness(context, self)
        self.firmness.ready.connect(self._put_lines)
        self.gestures = Gestures(context, self)
        self.keys = KeyGestures(context, self.gestures)
        self.scenario_gestures = ScenarioGestures(context)
        self.band = EnvelopeBand()
        gestures, memory = self.gestures, context.settings.memory("arbitration")
        self._memory = memory
        self.question = BaseQuestion()
        shares = ShareGestures(context, gestures, self.question)
        write = Writers(
            amount=gestures.write_amount,
            rate=shares.write_rate,
            base=shares.write_base,
            base_rate=shares.write_base_rate,
            minimum=shares.write_minimum,
            motive=gestures.write_motive,
        )
        self.table = AmountTable(write, gestures.paste, memory)
        self.question.over(self.table)
        self.leaving = Leaving(context, self)
        self.middle = Comparing(context, self.table, self.band, self.leaving)
        self.exports = self.leaving.menu(lambda: self._board)
        self.heading, self.finder = Heading(self.exports), FileFinder(self.table)
        self.tabs = self.heading.tabs
        self.dock, self.proposing = Dock(), ProposePanel()
        self.search = Proposing(context, self.proposing)
        self.concordance = ConcordanceCard(context)
        self.dock.agreement.addWidget(self.concordance)
        self.pages = QStackedWidget()
        self.voting = Voting(context, gestures, self.dock, self.pages, self._today)
        self.balloting, self.acting, self.lot = self.voting.balloting, self.voting.acting, self.voting.lot
        self.side = QStackedWidget()
        self.trying = WhatIfPanel()
        self.replay = Replaying(context, self.trying, self.middle, self.leaving)
        for page in (self.dock, self.proposing, self.balloting, self.acting, self.trying, self.voting.promoting):
            self.side.addWidget(page)
        self._lay_out()
        self._wire()
        self._seen = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._seen:
            # The first time the keyboard lands in the list; afterwards it comes back where it was.
            self._seen = True
            QTimer.singleShot(0, self.table.setFocus)

    def refresh(self) -> None:
        self._call = self.context.calls.id or ""
        if self._call:
            self._show_board(self._on_show.read(self._call))
        else:
            self._nothing()

    def _show_board(self, board: Board) -> None:
        known, self._board = self._board, board
        self.gestures.scenario, self.gestures.rules = board.shown.id, board.rules
        self.heading.tabs.put(board.scenarios, board.shown.id)
        self.band.put(board.buckets, board.year)
        count = len(board.ranked)
        self.heading.say(f"{files(count)} instruit{'s' if count > 1 else ''}", foldable=count > FEW)
        self._put_lines()
        # The draws are the same while nothing but amounts moved, unless the envelope ends elsewhere.
        same = known is not None and known.solidity is board.solidity
        self.firmness.ask(board.call_id, inside(board.ranked, board.buckets.free_cents), again=not same)
        self.dock.show_parts(board)
        self.dock.others.setVisible(board.viewer is None)
        if self.side.currentWidget() is self.trying:
            if board.viewer is not None or self.replay.call_id != board.call_id:
                self._close()
            else:
                self.replay.follow(board)
        self.middle.follow(board)
        self.dock.show_rules(board.rules, board.shown.rule)
        fresh = known is None or known.lots is not board.lots
        self.voting.follow(board, again=fresh)
        if fresh:
            self.concordance.show_call(board.call_id)
        else:
            self.concordance.follow(board)
        self._show_file(self.voting.file)
        waiting = any(r.row.lot_id is None for r in board.ranked)
        self._offer(waiting)
        if self.side.currentWidget() is self.balloting:
            if waiting:
                self.voting.weigh()
            else:
                self._close()
        elif self.side.currentWidget() is self.acting:
            self.voting.judge()
        self.table.start()

    def _put_lines(self) -> None:
        board = self._board
        if board is not None:
            cut = self.firmness.of(board.call_id)
            free = board.buckets.free_cents
            kept = {x.id: x for x in self.table.all_lines}
            self.table.put(lines_of(board.ranked, free, board.rules, board.solidity, board.left, cut, kept))

    def _changed(self, changes: Changes, origin: QObject | None) -> None:
        self._on_show.wrote(changes, behind=self.stale)
        super()._changed(changes, origin)

    def commands(self) -> dict[str, Command]:
        return {
            "export_file": self._export,
            "filter": self._find,
            "next_record": lambda: self.table.step(1),
            "previous_record": lambda: self.table.step(-1),
        }

    def _find(self) -> None:
        if self.middle.currentWidget() is self.table and self.pages.currentIndex() == 0:
            self.finder.ask()
        else:
            self.context.told.emit("Revenez au tableau pour y chercher un dossier.")

    def regions(self) -> list[QWidget]:
        return [self.middle, self.lot, self.side, self.band]

    def open(self, noun: str, id: str) -> None:
        """A file in the table, or the act of a lot to complete."""
        self.mark_stale()
        if noun == "lot":
            call = self.context.calls.id
            lots = self.context.read(envelopes.lots, call_id=call, viewer=self.context.viewer) if call else []
            lot = next((lot for lot in lots if lot.id == id), None)
            if lot is not None:
                self.voting.act(lot)
        else:
            self.table.go_to(id)

    def place(self) -> tuple[str, str] | None:
        line = self.table.line()
        return ("application", line.id) if line else None

    def show_scenario(self, scenario_id: str) -> None:
        """Another tab: remembered for the campaign as long as the window is open."""
        self._on_show.show(self._call, scenario_id, behind=self.stale)
        self.mark_stale()

    def _copy(self, scenario_id: str) -> None:
        new = self.scenario_gestures.duplicate(scenario_id)
        if new:
            self.show_scenario(new)
            self.heading.tabs.rename()

    def _nothing(self) -> None:
        self._board = None
        self._on_show.forget()
        self.heading.tabs.put([], "")
        self.table.set_rows([])
        self.heading.say("Choisissez une campagne en haut à gauche.")
        self.dock.show_line(None, None)
        self.dock.show_parts(None)
        self.dock.show_lots([])
        self._offer(False)

    def _fold(self, folding: bool) -> None:
        self._memory["folded"] = folding
        self.table.fold(folding)

    def _offer(self, waiting: bool) -> None:
        """The verbs of the band serve only while files wait for an amount and no panel is open."""
        idle = self.side.currentWidget() is self.dock
        reason = "" if waiting else "Aucun dossier instruit n’attend de montant."
        reason = reason if idle or reason else "Fermez d’abord le panneau de droite."
        for button in (self.band.propose, self.band.prepare):
            button.setEnabled(waiting and idle)
            button.setToolTip(reason)
        if waiting and self._board is not None and not self._board.shown.retained:
            self.band.prepare.setEnabled(False)
            self.band.prepare.setToolTip(UNRETAINED)
        self.heading.export.setEnabled(bool(self._call))
        self._waiting = waiting

    def _show(self, page: QWidget) -> None:
        self.side.setCurrentWidget(page)
        self._widen()
        self._offer(self._waiting)

    def _widen(self) -> None:
        """The dock tells of one file: scenarios side by side have its room, and so has a trial without its values."""
        trial = self.middle.currentWidget() is self.replay.page and self.replay.page.alone
        hidden = trial or (self.middle.there and self.side.currentWidget() is self.dock)
        for widget in (self.edge, self.side):
            widget.setHidden(hidden)

    def _close(self) -> None:
        if self.side.currentWidget() is self.trying:
            self.replay.leave()
        self._show(self.dock)
        self.table.setFocus()

    def _show_file(self, id: str) -> None:
        """The dock tells of the file the keyboard is on: that of the lot opened, else that of the table."""
        in_lot = next((line for line in self.table.all_lines if line.id == id), None) if id else None
        self.dock.show_line(in_lot if id else self.table.line(), self._board)

    def _selected(self, line: Line | None) -> None:
        self.dock.show_line(line if line and line.ranked else None, self._board)
        if line and line.ranked:
            self.context.told.emit(spoken(line))

    def _ask_share(self) -> None:
        self._show(self.proposing)
        self.proposing.setFocus()

    def _propose(self, share: int, _rule: str) -> None:
        self.search.run(self.gestures.scenario, share, self.proposing.rule)

    def _proposed(self, scenario_id: str) -> None:
        self.show_scenario(scenario_id)
        if self.side.currentWidget() is self.proposing:
            self._close()

    def _try_rules(self) -> None:
        if self._board is not None:
            self.pages.setCurrentIndex(0)
            self.replay.open(self._board)
            self._show(self.trying)
            self.trying.setFocus()

    def _export(self) -> None:
        self.leaving.decisions(self._board)

    def _pasted(self, done: int, refusals: list[Refusal]) -> None:
        message = Message("warning" if refusals else "success", summary(done, refusals))
        self.context.messages.show_message(message)

    def _today(self) -> date:
        return local(self.context.clock()).date()

    def _wire(self) -> None:
        self.table.current_row_changed.connect(self._selected)
        self.table.asked.connect(self.keys.press)
        self.table.refused.connect(self.context.told)
        self.table.pasted.connect(self._pasted)
        self.table.opened.connect(lambda line: self.context.visit.emit("applications", "application", line.id))
        self.table.empty_pressed.connect(lambda: self.context.visit.emit("meetings", "", ""))
        self.band.propose.clicked.connect(self._ask_share)
        self.band.prepare.clicked.connect(self.voting.prepare)
        self.heading.columns.clicked.connect(lambda: self.heading.drop(self.table.arrangement.columns_menu()))
        self.heading.fold_wanted.connect(self._fold)
        self.heading.seek.clicked.connect(self._find)
        self.table.unfold_wanted.connect(lambda: self.heading.fold.setChecked(False))
        self.heading.fold.setChecked(self._memory.get("folded", True))
        self.dock.tried.connect(self.gestures.try_amounts)
        self.dock.rules_wanted.connect(self._try_rules)
        self.replay.closed.connect(self._close)
        self.replay.wide.connect(self._widen)
        self.middle.toggled.connect(self._widen)
        self.middle.currentChanged.connect(lambda _page: self.finder.hide())
        self.tabs.chosen.connect(self.show_scenario)
        self.tabs.copy_wanted.connect(self._copy)
        self.tabs.name_wanted.connect(self.scenario_gestures.rename)
        self.tabs.retain_wanted.connect(self.scenario_gestures.retain)
        self.tabs.removal_wanted.connect(self.scenario_gestures.remove)
        self.dock.file_wanted.connect(lambda id: self.context.visit.emit("applications", "application", id))
        self.voting.panel_wanted.connect(self._show)
        self.voting.left.connect(self.table.setFocus)
        self.voting.file_shown.connect(self._show_file)
        self.voting.closed.connect(self._close)
        self.proposing.closed.connect(self._close)
        self.proposing.wanted.connect(self._propose)
        self.search.made.connect(self._proposed)
        self._waiting = False

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(0)
        work = QWidget()
        inside = QVBoxLayout(work)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.heading)
        inside.addWidget(self.finder)
        inside.addWidget(rule())
        inside.addWidget(self.middle, 1)
        for page in (work, self.lot):
            self.pages.addWidget(page)
        left.addWidget(self.pages, 1)
        self.side.setFixedWidth(look.px(DOCK))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(left, 1)
        self.edge = rule(vertical=True)
        middle.addWidget(self.edge)
        middle.addWidget(self.side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.band)
        layout.addWidget(rule())
        layout.addLayout(middle, 1)
        Panel.setTabOrder(self.table, self.side)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
