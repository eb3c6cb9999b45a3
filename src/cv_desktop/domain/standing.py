"""How far a campaign is: what its files, meetings, acts and letters add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.states import Phase


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of one campaign, as its viewer may know them.

    ``files`` leaves out drafts and withdrawn ones. ``unscheduled`` are the eligible files that no meeting has seen,
    ``marked`` those with enough returned sheets or an opinion, ``opinions`` those a meeting gave one on.
    ``unpriced`` are favourable or reserved without amount, ``to_submit`` wait for a lot, ``to_decide`` for an act.
    ``untold`` are decisions whose letter is not issued. ``closes`` is the end of the deposit, of the
    last round when there are rounds; ``opened`` and ``closed`` say what the service did of the campaign.
    """

    files: int = 0
    deposited: int = 0
    incomplete: int = 0
    eligible: int = 0
    unscheduled: int = 0
    marked: int = 0
    meetings_pending: int = 0
    meetings_closed: int = 0
    opinions: int = 0
    unpriced: int = 0
    to_submit: int = 0
    to_decide: int = 0
    decided: int = 0
    untold: int = 0
    opens: date | None = None
    closes: date | None = None
    opened: bool = False
    closed: bool = False

    def open_on(self, day: date) -> bool:
        """Whether files may be deposited that day."""
        return (self.opens is None or self.opens <= day) and (self.closes is None or day <= self.closes)

    @property
    def examined(self) -> int:
        """Files that are complete: neither waiting for a passage nor for documents."""
        return self.files - self.deposited - self.incomplete

    def phase(self, day: date) -> Phase:
        """Where the campaign stands that day: what is under way before what could begin again."""
        if self.closed:
            return Phase.CLOSED
        if not self.files:
            waits = self.opened and (self.closes is None or day <= self.closes)
            return Phase.DEPOSIT if waits else Phase.PREPARATION
        if self.meetings_pending:
            return Phase.MEETINGS
        if self.to_decide:
            return Phase.ARBITRATION
        if self.untold:
            return Phase.NOTIFICATION
        if not self.meetings_closed and self.closes is not None and day <= self.closes:
            return Phase.DEPOSIT
        if self.deposited or self.unscheduled or (self.incomplete and not self.meetings_closed):
            return Phase.INSTRUCTION
        return Phase.EXECUTION
