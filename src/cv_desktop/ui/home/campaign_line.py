"""The steps of a campaign with their counts, and where each leads."""

from __future__ import annotations

from datetime import date

from cv_desktop.domain.dates import abridged_date
from cv_desktop.domain.standing import Standing
from cv_desktop.domain.states import DisplayedStatus
from cv_desktop.ui.charts.steps import CampaignStep, State
from cv_desktop.ui.home.wording import several

DESTINATIONS = {
    "deposit": "applications",
    "completeness": "applications",
    "eligibility": "applications",
    "instruction": "meetings",
    "meeting": "meetings",
    "arbitration": "arbitration",
    "vote": "arbitration",
    "notification": "letters",
}

# The files a step shows, by the words of their state; none: all of them.
FILTERS = {
    "completeness": (DisplayedStatus.DEPOSITED.label, DisplayedStatus.INCOMPLETE.label),
    "eligibility": (DisplayedStatus.ELIGIBLE.label, DisplayedStatus.INELIGIBLE.label),
}


def steps_of(stand: Standing, today: date, *, late: bool = False, meeting_on: date | None = None) -> list[CampaignStep]:
    """What is done, where the campaign stands, what comes. ``late``: a delay given to an association is over."""
    s, opened = stand, stand.open_on(today)
    done = {
        "deposit": s.files > 0 and not opened,
        "completeness": s.files > 0 and not s.deposited,
        "eligibility": s.files > 0 and not s.deposited,
        "instruction": s.eligible > 0 and s.marked == s.eligible,
        "meeting": s.eligible > 0 and s.meetings_closed > 0 and not s.meetings_pending and not s.unscheduled,
        "arbitration": s.opinions > 0 and not s.to_submit,
        "vote": s.decided > 0 and not s.to_decide,
        "notification": s.decided > 0 and not s.untold,
    }
    said = {
        "deposit": ("Dépôt", _deposit(s, today)),
        "completeness": ("Complétude", _completeness(s)),
        "eligibility": ("Recevabilité", several(s.eligible, "recevable") if s.deposited < s.files else ""),
        "instruction": ("Instruction", f"{s.marked} sur {s.eligible} notés" if s.eligible else ""),
        "meeting": ("Séance", _meeting(s, meeting_on)),
        "arbitration": ("Arbitrage", f"{s.opinions - s.to_submit} soumis sur {s.opinions}" if s.opinions else ""),
        "vote": ("Vote", f"{s.decided} votés" if s.decided > 1 else several(s.decided, "voté") if s.decided else ""),
        "notification": ("Notification", f"{s.decided - s.untold} sur {s.decided}" if s.decided else ""),
    }
    now = next((key for key in said if not done[key]), "")
    result = []
    for key, (label, detail) in said.items():
        state: State = "done" if done[key] else "now" if key == now else "next"
        if key == "completeness" and late:
            state = "warning"
        result.append(CampaignStep(key, label, detail, state))
    return result


def _deposit(s: Standing, today: date) -> str:
    if s.opens is not None and today < s.opens:
        return f"dès le {abridged_date(s.opens, year=False)}"
    if s.closes is not None and today <= s.closes and not s.files:
        return f"jusqu’au {abridged_date(s.closes, year=False)}"
    return several(s.files, "dossier")


def _completeness(s: Standing) -> str:
    if s.incomplete:
        return several(s.incomplete, "à compléter", "à compléter")
    return several(s.examined, "complet") if s.examined else ""


def _meeting(s: Standing, meeting_on: date | None) -> str:
    if meeting_on is not None and not s.opinions:
        return abridged_date(meeting_on, year=False)
    return f"{s.opinions} avis sur {s.eligible}" if s.eligible else ""
