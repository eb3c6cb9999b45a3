"""Files: their documents, and the legal passages recevable, à compléter, irrecevable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, Letter
from cv_desktop.db.queries import calls, facts
from cv_desktop.db.queries.lots import awaiting, in_force
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, Step, in_turn
from cv_desktop.domain.completion import points
from cv_desktop.domain.eligibility import Result, check
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.reasons import required_reason
from cv_desktop.domain.states import ApplicationStatus, Outcome
from cv_desktop.domain.text import quote
from cv_desktop.domain.workflow import (
    blocking,
    may_ask_completion,
    may_declare_eligible,
    may_declare_ineligible,
    refusing,
    to_complete,
)
from cv_desktop.services import phases, requests, rules_versions

# Once one of these is issued, the association knows where it stands.
_FINAL_LETTERS = ("IRR", "ATT", "ATT-P", "REF")
_JUDGED = ("eligible", "ineligible", "withdrawn")


def checks(session: Session, *, call_id: str) -> dict[str, tuple[Result, ...]]:
    """The results of every check of the campaign's règlement, by key of file."""
    rules = calls.rules(session, call_id)
    return {key: check(file, rules) for key, file in facts.of_call(session, call_id).items()}


def checks_of(session: Session, *, application_id: str) -> tuple[Result, ...]:
    """The results of one file: those frozen at its passage when it was judged, else computed now."""
    file = session.get_one(Application, application_id)
    if file.checks_snapshot is not None and file.status in _JUDGED:
        return tuple(Result.from_json(r) for r in file.checks_snapshot)
    return current_checks(session, file)


def declare_eligible(session: Session, *, application_id: str) -> Changes:
    """Pass a file « recevable ». Raises UserError while a blocking check fails; the checks are frozen with it."""
    file = session.get_one(Application, application_id)
    results = current_checks(session, file)
    may_declare_eligible(results, ApplicationStatus(file.status))
    return _pass(session, file, ApplicationStatus.ELIGIBLE, results, ())


def ask_completion(session: Session, *, application_id: str) -> Changes:
    """Pass a file « à compléter ». Raises UserError when nothing is missing that the association can give."""
    file = session.get_one(Application, application_id)
    results = current_checks(session, file)
    may_ask_completion(results, ApplicationStatus(file.status))
    return _pass(session, file, ApplicationStatus.INCOMPLETE, results, to_complete(results))


def declare_ineligible(session: Session, *, application_id: str) -> Changes:
    """Pass a file « irrecevable ». Raises UserError when no rule allows it."""
    file = session.get_one(Application, application_id)
    results = current_checks(session, file)
    asked = requests.opened(session, application_id)
    due = asked.due_on if asked else None
    may_declare_ineligible(results, ApplicationStatus(file.status), completion_due=due, today=today(session))
    return _pass(session, file, ApplicationStatus.INELIGIBLE, results, refusing(results) or blocking(results))


def reopen(session: Session, *, application_id: str, reason: str) -> Changes:
    """Take a passage back: the file is « déposé » again and its checks run anew. Asks a reason."""
    required_reason(reason, "de la réouverture")
    file = session.get_one(Application, application_id)
    if file.status not in ("incomplete", "eligible", "ineligible"):
        raise UserError("Ce dossier n’a pas encore été instruit : il n’y a rien à rouvrir.")
    return set_status(session, file, ApplicationStatus.DEPOSITED, None, "", reason.strip())


def restore_status(
    session: Session,
    *,
    application_id: str,
    status: str,
    snapshot: Any,
    status_reason: str,
    version: str | None,
    requested: requests.State = (),
) -> Changes:
    """Put back a state exactly as it was, with the version of the règlement it was judged under: a passage undone."""
    file = session.get_one(Application, application_id)
    changes = set_status(session, file, ApplicationStatus(status), snapshot, status_reason, "")
    file.rules_version_id = version
    requests.restore(session, file.id, requested)
    return changes


def examine(session: Session, *, call_id: str, only: Sequence[str] | None = None) -> Changes:
    """Make the passage that the checks dictate for every file still « déposé », in order of deposit.

    ``only`` limits it to some files. A file with a rule that cannot be mended is « irrecevable », one
    with something to give is « à compléter », the others are « recevables ».
    """
    rules = calls.rules(session, call_id)
    wanted = None if only is None else frozenset(only)
    known = facts.of_call(session, call_id)
    touched = Changes()
    back: list[Step] = []
    # A file refused frees its structure's place for the next one: the facts of that one are asked again.
    freed: set[str] = set()
    for key, seen in known.items():
        file = session.get_one(Application, key)
        if file.status != ApplicationStatus.DEPOSITED or (wanted is not None and key not in wanted):
            continue
        again = file.structure_id in freed
        results = check(facts.of_call(session, call_id, only=key)[key] if again else seen, rules)
        if refused := refusing(results):
            passed = _pass(session, file, ApplicationStatus.INELIGIBLE, results, refused)
            freed.add(file.structure_id)
        elif any(r.blocks for r in results):
            passed = _pass(session, file, ApplicationStatus.INCOMPLETE, results, to_complete(results))
        else:
            passed = _pass(session, file, ApplicationStatus.ELIGIBLE, results, ())
        touched |= passed
        if passed.undo:
            back.append(passed.undo)
        if file.structure_id in freed:
            session.flush()
    return Changes(touched.touched, Step(in_turn, {"steps": tuple(reversed(back))}) if back else None)


def current_checks(session: Session, file: Application) -> tuple[Result, ...]:
    """The results of a file as it stands now, whatever was frozen with it. Raises UserError on a draft."""
    session.flush()
    found = facts.of_call(session, file.call_id, only=file.id).get(file.id)
    if found is None:
        raise UserError("Ce dossier est un brouillon : enregistrez d’abord son dépôt.")
    return check(found, calls.rules(session, file.call_id))


def _pass(
    session: Session,
    file: Application,
    status: ApplicationStatus,
    results: Iterable[Result],
    causes: Iterable[Result],
) -> Changes:
    found = tuple(results)
    reason = " ".join(r.sentence for r in causes)
    passed = set_status(session, file, status, [asdict(r) for r in found], reason, reason)
    if status is ApplicationStatus.INCOMPLETE:
        requests.prepare(session, file.id, points(found))
    return passed


def set_status(
    session: Session, file: Application, status: ApplicationStatus, snapshot: Any, status_reason: str, why: str
) -> Changes:
    """Give a file a state, with the checks frozen with it and the reason; ``why`` goes to the journal.

    Raises UserError once a letter told the decision, while a lot puts the file to the vote, or once it is decided.
    """
    _refuse_told(session, file)
    if file.status != ApplicationStatus.DEPOSITED or status is ApplicationStatus.WITHDRAWN:
        # Files were once reopened in spite of their lot or their act: these find their passage again.
        _refuse_voted(session, file)
    phases.of_open(session, file.call_id)
    before: dict[str, Any] = {
        "status": file.status,
        "snapshot": file.checks_snapshot,
        "status_reason": file.status_reason,
        "version": file.rules_version_id,
        "requested": requests.kept(session, file.id),
    }
    file.rules_version_id = rules_versions.current(session, file.call_id).id if snapshot is not None else None
    file.status, file.checks_snapshot, file.status_reason = status.value, snapshot, status_reason
    record(
        session,
        verb="applications.set_status",
        noun="application",
        noun_id=file.id,
        summary=f"{file.number} : {ApplicationStatus(before['status']).label} → {status.label}",
        before=before["status"],
        after={"status": status.value, "checks": snapshot},
        reason=why,
    )
    if before["status"] == ApplicationStatus.INCOMPLETE and status is not ApplicationStatus.INCOMPLETE:
        requests.leave(session, file.id, today(session))
    undo = Step(restore_status, {"application_id": file.id, **before})
    return Changes.of("application", file.id, undo=undo)


def _refuse_told(session: Session, file: Application) -> None:
    told = session.scalars(
        select(Letter.number).where(
            Letter.application_id == file.id, Letter.kind.in_(_FINAL_LETTERS), Letter.number.is_not(None)
        )
    ).first()
    if told:
        raise UserError(
            f"Le courrier {told} a déjà fait connaître la décision sur ce dossier : elle ne se change plus ici."
        )


def _refuse_voted(session: Session, file: Application) -> None:
    """What a lot puts to the vote, or an act decided, stands on the passage as it was."""
    if lot := awaiting(session, application_id=file.id):
        raise UserError(
            f"{file.number} attend son vote dans {quote(lot)}\u00a0: retournez-le d’abord à l’arbitrage "
            f"({quote('Ouvrir le lot')})."
        )
    decided = select(Decision.id).where(Decision.application_id == file.id, in_force())
    if session.scalars(decided.where(Decision.outcome != Outcome.ADJOURNED)).first():
        raise UserError(
            f"{file.number} est décidé\u00a0: rouvrez ou retirez sa décision, dans l’onglet Décision du dossier."
        )


def refuse_judged(file: Application) -> None:
    """Raises UserError when a file was judged or withdrawn: what was judged is no longer edited."""
    if file.status in _JUDGED:
        raise UserError(
            f"Le dossier {file.number} est « {ApplicationStatus(file.status).label} » : rouvrez-le pour le modifier."
        )
