"""The steps of a file: what is allowed, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.eligibility import Result, Status
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.progress import Progress
from cv_desktop.domain.rules import COMPLETE, REFUSE
from cv_desktop.domain.states import ApplicationStatus, LetterState, Opinion, Outcome

NBSP = "\u00a0"


def blocking(results: Iterable[Result]) -> tuple[Result, ...]:
    """The results that forbid the passage « recevable »."""
    return tuple(r for r in results if r.blocks)


def may_declare_eligible(results: Iterable[Result], status: ApplicationStatus) -> None:
    """Raises UserError naming the state or the checks that forbid it."""
    _under_instruction(status, "déclaré recevable")
    wrong = blocking(results)
    if wrong:
        raise UserError(f"Le dossier ne peut pas être déclaré recevable{NBSP}: {_named(wrong)}.")


def may_ask_completion(results: Iterable[Result], status: ApplicationStatus) -> None:
    """Raises UserError when the state forbids it or when nothing is to be completed."""
    _under_instruction(status, "mis à compléter")
    if not to_complete(results):
        raise UserError("Rien ne manque à ce dossier que l’association puisse compléter.")


def may_declare_ineligible(
    results: Iterable[Result],
    status: ApplicationStatus,
    *,
    completion_due: date | None = None,
    today: date | None = None,
) -> None:
    """Raises UserError when no rule that cannot be mended is broken.

    A file whose documents were asked may be refused once the delay is over (CRPA L114-5).
    """
    _under_instruction(status, "déclaré irrecevable")
    found = tuple(results)
    if refusing(found):
        return
    wrong = blocking(found)
    if not wrong:
        raise UserError(
            f"Aucune règle bloquante n’est enfreinte{NBSP}: le dossier ne peut pas être déclaré irrecevable."
        )
    if status is not ApplicationStatus.INCOMPLETE:
        raise UserError(f"Ces points se complètent{NBSP}: {_named(wrong)}. Demandez d’abord les pièces.")
    if completion_due is None:
        raise UserError(f"La demande de pièces n’est pas partie{NBSP}: émettez d’abord son courrier.")
    if today and today <= completion_due:
        raise UserError(f"L’association a jusqu’au {long_date(completion_due)} pour compléter son dossier.")


def to_complete(results: Iterable[Result]) -> tuple[Result, ...]:
    """The results a request to the association can mend."""
    return tuple(r for r in results if r.status in (Status.FAIL, Status.WARN) and r.remedy == COMPLETE)


def refusing(results: Iterable[Result]) -> tuple[Result, ...]:
    """The broken blocking rules that lead to an inadmissibility."""
    return tuple(r for r in results if r.status is Status.FAIL and r.remedy == REFUSE)


def may_give_opinion(present: int, quorum: int) -> None:
    """Raises UserError while the quorum is not reached."""
    if present < quorum:
        count = f"{present} présent{'s' if present > 1 else ''}"
        raise UserError(f"Quorum non atteint{NBSP}: {count}, il en faut {quorum}. L’avis ne peut pas être rendu.")


def _under_instruction(status: ApplicationStatus, wanted: str) -> None:
    if status in (ApplicationStatus.DEPOSITED, ApplicationStatus.INCOMPLETE):
        return
    if status is ApplicationStatus.DRAFT:
        raise UserError(f"Ce dossier est un brouillon{NBSP}: enregistrez d’abord son dépôt.")
    raise UserError(f"Ce dossier est «{NBSP}{status.label}{NBSP}»{NBSP}: il ne peut plus être {wanted}.")


def _named(results: Iterable[Result]) -> str:
    parts = []
    for r in results:
        title = r.title[:1].lower() + r.title[1:] if r.title[1:2].islower() else r.title
        given = f" {r.value}" if r.unknown else ""
        where = f"article{NBSP}{r.article}" if r.article.isdigit() else r.article
        parts.append(f"{title}{given} ({where})")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class NextStep:
    """``verb`` is the code the screen maps to an action; ``label`` is what the button says."""

    verb: str
    label: str


_TELL = {
    Outcome.GRANTED: "Préparer la notification",
    Outcome.PARTIAL: "Préparer la notification",
    Outcome.REFUSED: "Préparer le courrier de refus",
    Outcome.ADJOURNED: "Préparer le courrier d’ajournement",
}


def next_step(progress: Progress, results: Sequence[Result], today: date) -> NextStep | None:
    """The next legal step, or None when nothing is left to do in this file.

    Verbs: deposit, declare_eligible, ask_completion, receive_documents, declare_ineligible,
    add_to_meeting, open_grid, prepare_lot, record_vote, prepare_letter, open_letter.
    """
    match progress.status:
        case ApplicationStatus.DRAFT:
            return NextStep("deposit", "Enregistrer le dépôt")
        case ApplicationStatus.WITHDRAWN:
            return None
        case ApplicationStatus.INELIGIBLE:
            return _letter(progress, "Préparer le courrier d’irrecevabilité")
        case ApplicationStatus.ELIGIBLE:
            return _after_eligibility(progress)
    return _instruction(progress, results, today)


def _instruction(progress: Progress, results: Sequence[Result], today: date) -> NextStep:
    refuse = NextStep("declare_ineligible", "Déclarer irrecevable…")
    if not blocking(results):
        return NextStep("declare_eligible", "Déclarer recevable")
    if refusing(results):
        return refuse
    match progress.completion:
        case LetterState.NONE:
            return NextStep("ask_completion", "Préparer la demande de pièces")
        case LetterState.DRAFT | LetterState.ISSUED:
            return NextStep("open_letter", "Relire la demande de pièces")
    if progress.completion_due and today > progress.completion_due:
        return refuse
    return NextStep("receive_documents", "Enregistrer les pièces reçues")


def _after_eligibility(progress: Progress) -> NextStep | None:
    outcome = progress.outcome
    if outcome in (Outcome.WAITING, Outcome.REVOKED):
        return None
    if outcome is not None:
        return _letter(progress, _TELL.get(outcome, "Préparer le courrier"))
    if progress.in_lot:
        return NextStep("record_vote", "Enregistrer le vote")
    if progress.opinion is Opinion.ADJOURNED or not (progress.in_meeting or progress.opinion):
        return NextStep("add_to_meeting", "Inscrire à une séance")
    if progress.opinion is None:
        return NextStep("open_grid", "Noter le dossier")
    return NextStep("prepare_lot", "Préparer le lot de vote")


def _letter(progress: Progress, label: str) -> NextStep | None:
    match progress.letter:
        case LetterState.NONE:
            return NextStep("prepare_letter", label)
        case LetterState.SENT:
            return None
    return NextStep("open_letter", "Relire le courrier")
