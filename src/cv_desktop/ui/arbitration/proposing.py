"""The search of a distribution, away from the window; what it finds becomes a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cv_desktop.domain.allocation_instance import Rule
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import counted
from cv_desktop.services import proposals
from cv_desktop.services.proposals import Proposal
from cv_desktop.ui.arbitration.propose_panel import ProposePanel
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.message_bar import Message

if TYPE_CHECKING:
    from cv_desktop.db.store import Store

STOPPED = "Répartition arrêtée."
NAMED = 4  # tied files that the message names; all of them say it in their line


def searched(token: Token, store: Store, scenario_id: str, rate: int, rule: Rule) -> Proposal:
    """The answer; Stopped once « Arrêter » was used, for a distribution cut short is none."""
    with store.read() as session:
        question = proposals.ask(session, scenario_id=scenario_id, rule=rule, rate=rate)
    try:
        found = proposals.answer(question, stop=lambda: token.cancelled, tell=token.progress)
    except UserError:
        # Stopped before it found any, the search cannot tell whether the limits clash.
        if not token.cancelled:
            raise
        raise Stopped from None
    if token.cancelled:
        raise Stopped
    return found


class Proposing(QObject):
    """``made(scenario)`` once the new scenario is written."""

    made = Signal(str)

    def __init__(self, context: Context, panel: ProposePanel) -> None:
        super().__init__(panel)
        self._context, self._panel = context, panel
        self._job: Job | None = None
        panel.work.stop_asked.connect(self._stop)

    def run(self, scenario_id: str, rate: int, rule: Rule) -> None:
        self._panel.busy("Répartition")
        self._job = self._context.jobs.run(
            "Répartition", searched, self._context.store, scenario_id, rate, rule,
            on_done=self._found, on_failed=self._failed, on_progress=self._panel.work.progress,
        )  # fmt: skip

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _found(self, proposal: Proposal) -> None:
        self._panel.free()
        done = self._context.do("répartition proposée", proposals.keep, proposal=proposal)
        if done is None:
            return
        key = next(key for noun, key in done.touched if noun == "scenario")
        undo = (("Annuler", self._context.undo_last),)
        self._context.messages.show_message(Message("success", "Répartition proposée.", summary(proposal), undo))
        self.made.emit(key)

    def _failed(self, reason: BaseException) -> None:
        self._panel.free()
        if isinstance(reason, UserError):
            self._context.refuse(reason)
        elif isinstance(reason, Stopped):
            self._context.messages.show_message(Message("info", STOPPED, "Rien n’a été écrit."))


def summary(proposal: Proposal) -> str:
    """« 31 dossiers servis, 2 650 € restent. 2 dossiers à départager : … »."""
    served = counted(len(proposal.chosen), "dossier servi")
    left = proposal.left_cents
    words = [f"{served}, {euros(left)} {'restent' if left >= 200 else 'reste'}."]
    if proposal.ties:
        others = len(proposal.ties) - NAMED
        more = f" et {counted(others, 'autre')}" if others > 0 else ""
        words.append(f"À départager, à égalité\u00a0: {', '.join(proposal.ties[:NAMED])}{more}.")
    words += [
        f"Il manque {euros(cents)} au plancher {name.partition(':')[2]}." for name, cents in proposal.unmet.items()
    ]
    if not proposal.proved:
        words.append("Rien ne prouve qu’il n’en existe pas de meilleure.")
    return " ".join(words)
