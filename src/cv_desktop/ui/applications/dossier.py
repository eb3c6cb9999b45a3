"""All that the record of one file shows, asked in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cv_desktop.db.queries import applications as queries
from cv_desktop.db.queries import calls, facts, outcomes
from cv_desktop.db.queries.applications import ApplicationRecord
from cv_desktop.db.queries.outcomes import Outcomes
from cv_desktop.domain import budget
from cv_desktop.domain.eligibility import Result
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.facts import DOCUMENTS
from cv_desktop.domain.states import ApplicationStatus
from cv_desktop.domain.workflow import (
    NextStep,
    may_ask_completion,
    may_declare_eligible,
    may_declare_ineligible,
    next_step,
)
from cv_desktop.services import applications

OTHER_DOCUMENTS = {"bilan": "bilan de l’action précédente"}


@dataclass(frozen=True, slots=True)
class Dossier:
    """``documents`` are the kinds and labels the règlement expects; ``ineligible`` the accounts out of the base."""

    record: ApplicationRecord
    results: tuple[Result, ...]
    outcomes: Outcomes
    documents: dict[str, str]
    ineligible: tuple[str, ...]
    today: date

    @property
    def id(self) -> str:
        return self.record.row.id

    @property
    def status(self) -> ApplicationStatus:
        return self.record.row.progress.status

    @property
    def open(self) -> bool:
        """Whether its fields may still change."""
        return self.status in (ApplicationStatus.DRAFT, ApplicationStatus.DEPOSITED, ApplicationStatus.INCOMPLETE)

    @property
    def lines(self) -> tuple[budget.BudgetLine, ...]:
        return tuple(x.line for x in self.record.lines)

    @property
    def next_step(self) -> NextStep | None:
        return next_step(self.record.row.progress, self.results, self.today)

    @property
    def why_not_eligible(self) -> str:
        """What forbids « Déclarer recevable », empty when nothing does."""
        return _why(lambda: may_declare_eligible(self.results, self.status))

    @property
    def why_not_completion(self) -> str:
        return _why(lambda: may_ask_completion(self.results, self.status))

    @property
    def why_not_ineligible(self) -> str:
        due = self.record.row.progress.completion_due
        return _why(lambda: may_declare_ineligible(self.results, self.status, completion_due=due, today=self.today))

    @property
    def why_not_reopen(self) -> str:
        judged = (ApplicationStatus.INCOMPLETE, ApplicationStatus.ELIGIBLE, ApplicationStatus.INELIGIBLE)
        return "" if self.status in judged else "Ce dossier n’a pas encore été instruit : il n’y a rien à rouvrir."

    def expected(self) -> list[tuple[str, str]]:
        """(kind, words) of the documents expected, then of those received besides."""
        kinds = dict.fromkeys((*self.documents, *self.record.documents))
        labels = {**DOCUMENTS, **OTHER_DOCUMENTS, **self.documents}
        return [(kind, labels.get(kind, kind)) for kind in kinds]


def load(session: Any, application_id: str, viewer: str | None, today: date) -> Dossier | None:
    """None when the file does not exist or is hidden from the viewer."""
    record = queries.record(session, application_id=application_id, viewer=viewer)
    if record is None:
        return None
    rules = calls.rules(session, record.call_id)
    first = facts.first_request(session, application_id)
    owed = rules.documents_at_deposit(asked_cents=record.row.asked_cents, first_request=first)
    return Dossier(
        record=record,
        results=()
        if record.row.progress.status is ApplicationStatus.DRAFT
        else applications.checks_of(session, application_id=application_id),
        outcomes=outcomes.of_application(session, application_id=application_id),
        documents={document.kind: document.label for document in owed},
        ineligible=rules.list("ineligible_accounts") if "ineligible_accounts" in rules else (),
        today=today,
    )


def _why(ask: Any) -> str:
    try:
        ask()
    except UserError as refusal:
        return refusal.message
    return ""
