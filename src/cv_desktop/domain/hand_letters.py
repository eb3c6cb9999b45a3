"""Which letters may be prepared by hand for a file, in the state where it is, and why the others may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.text import NBSP


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true of a file. ``granted`` is a decision in force that gives money, ``ended`` one withdrawn.

    ``due_on`` is the day its report is due, None when it has none to give; ``reported`` whether it came. ``unpayable``
    says what keeps a payment waiting, ``unlifted`` why no réserve is said to be lifted, as sentences.
    """

    deposited: bool = False
    decided: bool = False
    granted: bool = False
    ended: bool = False
    challenged: bool = False
    due_on: date | None = None
    reported: bool = False
    unpayable: str = ""
    unlifted: str = ""


# In the order of the life of a file.
KINDS = ("AVIS", "AVE", "PRO", "LEV", "VER", "REL-1", "REL-2", "MED", "REV", "RET-CER", "RETRAIT", "REC", "ATTEST")
_NEEDS_GRANT = frozenset({"AVE", "PRO", "LEV", "VER", "REL-1", "REL-2", "MED"})


def why_not(kind: str, file: Situation) -> str:
    """Why a letter makes no sense for a file, in a sentence; empty when it does."""
    if kind == "ATTEST":
        return "" if file.deposited else "Ce dossier est un brouillon."
    if kind == "AVIS":
        if not file.deposited:
            return f"Ce dossier est un brouillon{NBSP}: déposez-le avant de demander un avis."
        return f"Une décision est prise{NBSP}: un avis ne l’éclaire plus." if file.decided else ""
    if kind == "REC":
        return "" if file.challenged else "Aucun recours gracieux n’est enregistré sur la décision de ce dossier."
    if kind == "RETRAIT":
        return "" if file.ended else f"La décision n’est pas retirée{NBSP}: enregistrez d’abord son retrait."
    if kind in ("REV", "RET-CER"):
        return "" if file.granted or file.ended else "Aucune subvention n’est attribuée à ce dossier."
    if kind in _NEEDS_GRANT and not file.granted:
        return "Aucune subvention n’est attribuée à ce dossier."
    if kind == "LEV":
        return file.unlifted
    if kind == "VER":
        return file.unpayable
    if kind in ("REL-1", "REL-2"):
        if file.due_on is None:
            return "La date du bilan n’est pas connue."
        return f"Le bilan est reçu{NBSP}: il n’est plus à rappeler." if file.reported else ""
    return ""


def step_reached(file: Situation, offsets: Sequence[int], day: date) -> int | None:
    """Which reminder of the report is due on a day, counted from 0 in the order of the règlement; None when none is."""
    if file.due_on is None or file.reported or not file.granted:
        return None
    reached = [step for step, days in enumerate(sorted(offsets)) if day >= file.due_on + timedelta(days=days)]
    return reached[-1] if reached else None


def reminder_kind(step: int, offsets: Sequence[int]) -> str:
    """The last of several reminders is signed by the elected member: REL-2."""
    return "REL-2" if step > 0 and step == len(offsets) - 1 else "REL-1"


def next_reminder(due_on: date, offsets: Sequence[int], day: date) -> str:
    """« Le premier rappel part le 31 mai 2027. », for when none is due yet."""
    coming = [due_on + timedelta(days=days) for days in sorted(offsets) if due_on + timedelta(days=days) > day]
    return f"Le prochain rappel part le {long_date(coming[0])}." if coming else ""
