"""How far a file went, and the state shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.states import ApplicationStatus, DisplayedStatus, LetterState, Opinion, Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file went. ``letter`` is the letter of its decision, or of its inadmissibility.

    ``completion`` is the letter that asked for documents and ``completion_due`` the day its delay
    ends. ``in_meeting`` is true from the agenda on; ``opinion`` is the opinion of its last meeting,
    None again once the file is put on a new agenda.
    """

    status: ApplicationStatus
    in_meeting: bool = False
    opinion: Opinion | None = None
    in_lot: bool = False
    outcome: Outcome | None = None
    letter: LetterState = LetterState.NONE
    completion: LetterState = LetterState.NONE
    completion_due: date | None = None


def displayed(progress: Progress) -> DisplayedStatus:
    """The state shown, the furthest the file reached. A notified refusal stays « Refusé »."""
    outcome = progress.outcome
    if progress.status is ApplicationStatus.WITHDRAWN:
        return DisplayedStatus.WITHDRAWN
    if progress.status is not ApplicationStatus.ELIGIBLE:
        return DisplayedStatus(progress.status.value)
    if outcome is not None:
        notified = outcome.gives and progress.letter is LetterState.SENT
        return DisplayedStatus.NOTIFIED if notified else DisplayedStatus(outcome.value)
    if progress.opinion is Opinion.ADJOURNED:
        return DisplayedStatus.ADJOURNED
    if progress.opinion is not None:
        return DisplayedStatus.REVIEWED
    return DisplayedStatus.IN_MEETING if progress.in_meeting else DisplayedStatus.ELIGIBLE
