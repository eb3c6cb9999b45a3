"""The delays of a recourse against a decision, and of its withdrawal by the authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cv_desktop.domain.dates import add_months, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote
from cv_desktop.domain.working_days import working_day

NBSP = "\u00a0"
# CJA R421-1: two months to seize the court, from the notification; CRPA L411-2: a gracious recourse keeps that delay.
RECOURSE_MONTHS = 2
# CJA R421-2 and CRPA L231-4: the authority that says nothing for two months has rejected.
SILENCE_MONTHS = 2
# CRPA L242-1: an illegal decision that creates rights is withdrawn within four months of the day it was taken.
WITHDRAWAL_MONTHS = 4


class Kind(StrEnum):
    GRACIOUS = "gracious"
    COURT = "court"

    @property
    def label(self) -> str:
        return {"gracious": "Recours gracieux", "court": "Recours contentieux"}[self.value]


class Ending(StrEnum):
    """Why a decision no longer counts."""

    RENOUNCED = "renounced"
    ILLEGAL = "illegal"
    UNMET = "unmet"

    @property
    def label(self) -> str:
        return {
            "renounced": "Renonciation de l’association",
            "illegal": "Retrait d’une décision illégale (CRPA L242-1)",
            "unmet": "Retrait, conditions non respectées (CRPA L242-2)",
        }[self.value]


def last_day(notified_on: date | None) -> date | None:
    """The last day to challenge a decision; None while no notification makes the delay run (CJA R421-5).

    The delay is « franc »: neither the day that starts it nor the one on which it ends counts, and it goes on to the
    next working day (CJA R421-1, CPC 642). Notified on 10 March, a decision is challenged until 11 May.
    """
    return working_day(add_months(notified_on, RECOURSE_MONTHS) + timedelta(days=1)) if notified_on else None


@dataclass(frozen=True, slots=True)
class Recourse:
    """``notified_on``: the day the association received the decision, None when nothing proves it.

    ``answered_on`` is the day of the answer, ``told_on`` the one on which it is proved to have received that.
    ``ended_on``: the day since which the decision no longer counts, withdrawn or given up. ``before`` are the gracious
    recourses against the same decision, that may keep the delay of one before the court (CRPA L411-2).
    """

    kind: Kind
    filed_on: date
    notified_on: date | None = None
    outcome: str = ""
    answered_on: date | None = None
    told_on: date | None = None
    ended_on: date | None = None
    before: tuple[Recourse, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day to file it; None while no notification makes the delay run (CJA R421-5).

        A gracious recourse filed in time puts that of the court off; None too while nothing makes it run anew.
        """
        first, kept = last_day(self.notified_on), self._kept
        if first is None or not kept:
            return first
        days = [day for one in kept if (day := one.court_until()) is not None]
        return max(days) if len(days) == len(kept) else None

    @property
    def _kept(self) -> list[Recourse]:
        """The recourses that put off the delay of this one: a gracious recourse is put off by none."""
        return [one for one in self.before if self.kind is Kind.COURT and not one.late]

    @property
    def late(self) -> bool:
        return self.last_day is not None and self.filed_on > self.last_day

    @property
    def silent_on(self) -> date | None:
        """The day at which silence rejects a gracious recourse; a court answers by a judgment."""
        return add_months(self.filed_on, SILENCE_MONTHS) if self.kind is Kind.GRACIOUS else None

    def court_until(self) -> date | None:
        """The last day to seize the court after a gracious recourse that kept the delay; None for a late one.

        A rejection said while the silence may still be challenged makes the delay run anew, from the day it is
        received: None while nothing proves that. One said later only repeats it (CJA R421-1, R421-2).
        """
        if self.kind is not Kind.GRACIOUS or self.late or self.outcome == "accepted":
            return None
        return last_day(self.silent_on if self.by_silence else self.told_on)

    @property
    def by_silence(self) -> bool:
        """Whether what may be challenged is the silence: nothing was said before its own delay ended (CJA R421-2)."""
        silent = last_day(self.silent_on)
        return silent is not None and (self.answered_on is None or self.answered_on > silent)

    def standing(self, day: date) -> str:
        """Where it stands on a day, in a sentence."""
        if self.outcome == "accepted":
            return f"Accueilli le {long_date(self.answered_on)}." if self.answered_on else "Accueilli."
        if self.outcome == "rejected":
            told = f"Rejeté le {long_date(self.answered_on)}." if self.answered_on else "Rejeté."
        elif self.silent_on is None:
            return f"Devant le tribunal administratif.{self._late}"
        elif self.ended_on is not None:
            return (
                f"La décision n’a plus cours depuis le {long_date(self.ended_on)}{NBSP}: il n’attend plus de réponse."
            )
        elif day > self.silent_on:
            told = f"Rejeté par le silence depuis le {long_date(self.silent_on)}."
        else:
            return f"À répondre avant le {long_date(self.silent_on)}{NBSP}: le silence le rejette ensuite.{self._late}"
        until = self.court_until()
        if until is None and self.kind is Kind.GRACIOUS and not self.late:
            return (
                f"{told} Le délai du tribunal court du jour où la réponse est reçue{NBSP}: notez la réception du "
                f"courrier dans {quote('Courriers')}."
            )
        if until is None:
            return f"{told}{self._late}"
        # CRPA L110-1, L112-6: the delay of the silence holds against who received an acknowledgement that says it.
        only = ", si un accusé de réception du recours l’a dit (CRPA L112-6)" if self.by_silence else ""
        return f"{told} Le tribunal peut être saisi jusqu’au {long_date(until)}{only}."

    @property
    def _late(self) -> str:
        """One more sentence, when it was filed after its last day."""
        if not self.late or self.last_day is None:
            return ""
        only = (
            ", si un accusé de réception du recours gracieux l’a dit" if any(x.by_silence for x in self._kept) else ""
        )
        return f" Déposé hors délai{NBSP}: il pouvait l’être jusqu’au {long_date(self.last_day)}{only}."


def may_end(ending: Ending, decided_on: date, day: date) -> None:
    """Raises UserError when a decision can no longer be withdrawn as illegal (CRPA L242-1).

    One whose conditions were not met may be at any time (CRPA L242-2, 2°), and the association may always give up.
    """
    last = add_months(decided_on, WITHDRAWAL_MONTHS)
    if ending is Ending.ILLEGAL and day > last:
        raise UserError(
            f"Une décision illégale se retire dans les quatre mois (CRPA L242-1){NBSP}: jusqu’au {long_date(last)} "
            "pour celle-ci. Si les conditions de la subvention n’ont pas été respectées, choisissez ce motif."
        )
