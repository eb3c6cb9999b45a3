"""The states of a file and of a campaign, with their words, colours and icons."""

from __future__ import annotations

from enum import StrEnum


class ApplicationStatus(StrEnum):
    """What is stored of a file; the rest is computed from its meetings, decision and letter."""

    DRAFT = "draft"
    DEPOSITED = "deposited"
    INCOMPLETE = "incomplete"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return DisplayedStatus(self.value).label


class DisplayedStatus(StrEnum):
    """What the chip of a file says."""

    DRAFT = "draft"
    DEPOSITED = "deposited"
    INCOMPLETE = "incomplete"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"
    IN_MEETING = "in_meeting"
    REVIEWED = "reviewed"
    GRANTED = "granted"
    PARTIAL = "partial"
    REFUSED = "refused"
    ADJOURNED = "adjourned"
    WAITING = "waiting"
    REVOKED = "revoked"
    NOTIFIED = "notified"

    @property
    def label(self) -> str:
        return _CHIPS[self][0]

    @property
    def tint(self) -> str:
        """Name of the status colours: neutral, info, success, warning, danger or pause."""
        return _CHIPS[self][1]

    @property
    def icon(self) -> str:
        """Lucide name of the icon."""
        return _CHIPS[self][2]


_CHIPS = {
    DisplayedStatus.DRAFT: ("Brouillon", "neutral", "pencil"),
    DisplayedStatus.DEPOSITED: ("Déposé", "info", "circle-dot-dashed"),
    DisplayedStatus.INCOMPLETE: ("À compléter", "warning", "triangle-alert"),
    DisplayedStatus.ELIGIBLE: ("Recevable", "success", "check"),
    DisplayedStatus.INELIGIBLE: ("Irrecevable", "danger", "x"),
    DisplayedStatus.WITHDRAWN: ("Retiré", "neutral", "minus"),
    DisplayedStatus.IN_MEETING: ("En instruction", "info", "circle-dot-dashed"),
    DisplayedStatus.REVIEWED: ("Instruit", "success", "check"),
    DisplayedStatus.GRANTED: ("Attribué", "success", "check"),
    DisplayedStatus.PARTIAL: ("Attribué en partie", "info", "circle-dot-dashed"),
    DisplayedStatus.REFUSED: ("Refusé", "danger", "x"),
    DisplayedStatus.ADJOURNED: ("Ajourné", "pause", "clock"),
    DisplayedStatus.WAITING: ("Liste d’attente", "pause", "clock"),
    DisplayedStatus.REVOKED: ("Décision retirée", "neutral", "minus"),
    DisplayedStatus.NOTIFIED: ("Notifié", "success", "check"),
}


class Opinion(StrEnum):
    """What the committee thinks of a file."""

    FAVORABLE = "favorable"
    RESERVED = "reserved"
    UNFAVORABLE = "unfavorable"
    ADJOURNED = "adjourned"

    @property
    def label(self) -> str:
        return {
            "favorable": "Favorable",
            "reserved": "Avec réserves",
            "unfavorable": "Défavorable",
            "adjourned": "Ajourné",
        }[self.value]

    @property
    def tint(self) -> str:
        return {"favorable": "success", "reserved": "warning", "unfavorable": "danger", "adjourned": "pause"}[
            self.value
        ]

    @property
    def icon(self) -> str:
        return {"favorable": "check", "reserved": "triangle-alert", "unfavorable": "x", "adjourned": "clock"}[
            self.value
        ]

    @property
    def band(self) -> str:
        """Code of the band of the grid this opinion follows; empty for an adjournment."""
        return {"favorable": "favorable", "reserved": "reserve", "unfavorable": "defavorable"}.get(self.value, "")

    def departs_from(self, band: str) -> bool:
        """Whether it contradicts the band of the note, so that a reason must be given."""
        return bool(band) and bool(self.band) and band != self.band


class Outcome(StrEnum):
    """What the deciding body decided."""

    GRANTED = "granted"
    PARTIAL = "partial"
    REFUSED = "refused"
    ADJOURNED = "adjourned"
    WAITING = "waiting"
    RETURNED = "returned"
    REVOKED = "revoked"
    INELIGIBLE = "ineligible"

    @property
    def label(self) -> str:
        return "Retourné" if self is Outcome.RETURNED else DisplayedStatus(self.value).label

    @property
    def tint(self) -> str:
        return "neutral" if self is Outcome.RETURNED else DisplayedStatus(self.value).tint

    @property
    def icon(self) -> str:
        return "undo-2" if self is Outcome.RETURNED else DisplayedStatus(self.value).icon

    @property
    def gives(self) -> bool:
        """Whether money is awarded."""
        return self in (Outcome.GRANTED, Outcome.PARTIAL)

    @staticmethod
    def of_amount(granted_cents: int, asked_cents: int) -> Outcome:
        """The outcome that an amount voted on a request makes."""
        if granted_cents <= 0:
            return Outcome.REFUSED
        return Outcome.GRANTED if granted_cents >= asked_cents else Outcome.PARTIAL


class LetterState(StrEnum):
    """Where the letter that tells the decision (or the request for documents) stands."""

    NONE = ""
    DRAFT = "draft"
    ISSUED = "issued"
    SENT = "sent"


class Phase(StrEnum):
    """Where a campaign stands."""

    PREPARATION = "preparation"
    DEPOSIT = "deposit"
    INSTRUCTION = "instruction"
    MEETINGS = "meetings"
    ARBITRATION = "arbitration"
    NOTIFICATION = "notification"
    EXECUTION = "execution"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            "preparation": "Préparation",
            "deposit": "Dépôt",
            "instruction": "Instruction",
            "meetings": "Séances",
            "arbitration": "Arbitrage",
            "notification": "Notification",
            "execution": "Exécution",
            "closed": "Close",
        }[self.value]

    @property
    def tint(self) -> str:
        return {"preparation": "neutral", "closed": "neutral"}.get(self.value, "info")
