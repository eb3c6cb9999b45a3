"""A document of a file: where it stands, and until when it is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cv_desktop.domain.dates import add_months
from cv_desktop.domain.facts import DOCUMENTS

OTHERS: Mapping[str, str] = {"bilan": "bilan de l’action précédente"}


class State(StrEnum):
    """« attendue » until it comes, « au service » when the structure gave it for all, « dérogation » if dispensed."""

    EXPECTED = "expected"
    RECEIVED = "received"
    VALID = "valid"
    REJECTED = "rejected"
    WAIVED = "waived"
    HELD = "held"

    @property
    def word(self) -> str:
        return _STATES[self][0]

    @property
    def tint(self) -> str:
        """Name of the status colours of the screen."""
        return _STATES[self][1]

    @property
    def icon(self) -> str:
        return _STATES[self][2]


_STATES = {
    State.EXPECTED: ("Attendue", "warning", "clock"),
    State.RECEIVED: ("Reçue", "info", "circle-dot-dashed"),
    State.VALID: ("Conforme", "success", "check"),
    State.REJECTED: ("Non conforme", "danger", "x"),
    State.HELD: ("Au service", "success", "check"),
    State.WAIVED: ("Dérogation", "neutral", "minus"),
}


@dataclass(frozen=True, slots=True)
class Received:
    """A document that came: ``dated_on`` is the day it bears, ``reason`` says why it is not right."""

    kind: str
    state: State = State.RECEIVED
    filename: str = ""
    reason: str = ""
    received_on: date | None = None
    dated_on: date | None = None

    def valid_until(self, months: int | None) -> date | None:
        """The last day it is good, from the day it bears; None when it does not expire or bears no known day."""
        return add_months(self.dated_on, months) if months and self.dated_on else None


def label(kind: str) -> str:
    """« RIB », « bilan de l’action précédente »; the code itself when it has no name."""
    return DOCUMENTS.get(kind) or OTHERS.get(kind, kind)
