"""All that the record of one file shows, asked in one reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cv_desktop.db.queries import (
    application_records,
    completions,
    convention_standings,
    derogations,
    facts,
    fundings,
    movements,
    outcomes,
    silences,
    structure_documents,
)
from cv_desktop.db.queries import rules as rules_queries
from cv_desktop.db.queries.application_records import ApplicationRecord
from cv_desktop.db.queries.completions import CompletionRow
from cv_desktop.db.queries.convention_standings import ConventionRow
from cv_desktop.db.queries.derogations import DerogationRow
from cv_desktop.db.queries.fundings import FundingRow, TrancheRow
from cv_desktop.db.queries.movements import MovementRow
from cv_desktop.db.queries.outcomes import Outcomes
from cv_desktop.db.queries.rules import VersionRow
from cv_desktop.db.queries.structure_documents import Held
from cv_desktop.domain import budget
from cv_desktop.domain.dates import local
from cv_desktop.domain.eligibility import Result
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.expected_documents import DEPOSIT, ExpectedDocument
from cv_desktop.domain.movements import Bucket
from cv_desktop.domain.silence import SILENCE_ALERT_DAYS, Silence, alert_days
from cv_desktop.domain.states import ApplicationStatus, Outcome
from cv_desktop.domain.workflow import (
    NextStep,
    may_ask_completion,
    may_declare_eligible,
    may_declare_ineligible,
    next_step,
)
from cv_desktop.services import applications


@dataclass(frozen=True, slots=True)
class Dossier:
    """``documents`` are the kinds and labels expected at the deposit, ``papers`` those and the ones before payment.

    ``ineligible`` are the accounts out of the base, ``requests`` what was asked of the association, the first first,
    ``version`` the règlement it was judged under, ``held`` the documents that the structure gave once for all.
    ``payments`` are the movements of its calls and payments, ``money`` what it holds in each bucket, in cents.
    """

    record: ApplicationRecord
    results: tuple[Result, ...]
    outcomes: Outcomes
    documents: dict[str, str]
    ineligible: tuple[str, ...]
    today: date
    papers: tuple[ExpectedDocument, ...] = ()
    requests: tuple[CompletionRow, ...] = ()
    derogations: tuple[DerogationRow, ...] = ()
    silence: Silence | None = None
    version: VersionRow | None = None
    silence_alert_days: int = SILENCE_ALERT_DAYS
    held: Mapping[str, Held] = field(default_factory=dict)
    fundings: tuple[FundingRow, ...] = ()
    tranches: tuple[TrancheRow, ...] = ()
    convention: ConventionRow | None = None
    payments: tuple[MovementRow, ...] = ()
    money: Mapping[Bucket, int] = field(default_factory=dict)

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

    @property
    def deposit_day(self) -> date | None:
        moment = self.record.row.deposited_at
        return local(moment).date() if moment else None

    @property
    def waiting(self) -> CompletionRow | None:
        """The request that is not closed, None when nothing is awaited."""
        found = [row for row in self.requests if row.closed_on is None]
        return found[-1] if found and self.status is ApplicationStatus.INCOMPLETE else None


def load(session: Any, application_id: str, viewer: str | None, today: date) -> Dossier | None:
    """None when the file does not exist or is hidden from the viewer."""
    record = application_records.record(session, application_id=application_id, viewer=viewer)
    if record is None:
        return None
    rules = rules_queries.of_application(session, application_id)
    first = facts.first_request(session, application_id)
    cents, key = record.row.asked_cents, record.row.structure_id
    found = outcomes.of_application(session, application_id=application_id)
    papers = tuple(d for d in rules.documents if d.applies(asked_cents=cents, first_request=first))
    return Dossier(
        record=record,
        results=()
        if record.row.progress.status is ApplicationStatus.DRAFT
        else applications.checks_of(session, application_id=application_id),
        outcomes=found,
        documents={document.kind: document.label for document in papers if document.due == DEPOSIT},
        ineligible=rules.list("ineligible_accounts") if "ineligible_accounts" in rules else (),
        today=today,
        papers=papers,
        silence_alert_days=alert_days(rules),
        requests=tuple(completions.of_file(session, application_id=application_id)),
        derogations=tuple(derogations.rows(session, application_id=application_id)),
        version=rules_queries.version_of_application(session, application_id),
        held=structure_documents.held(session, structure_id=key).get(key, {}),
        fundings=(
            fundings.own(session, application_id=application_id),
            *fundings.of_file(session, application_id=application_id),
        ),
        tranches=tuple(fundings.tranches(session, application_id=application_id)),
        silence=_silence(silences.of_file(session, application_id=application_id, day=today), found),
        convention=convention_standings.of_application(session, application_id=application_id),
        payments=tuple(x for x in movements.of_file(session, application_id=application_id) if x.of_payment),
        money=movements.balances(session, call_id=record.call_id, files=[application_id]).get(application_id, {}),
    )


def _silence(found: Silence | None, after: Outcomes) -> Silence | None:
    """With the act that decided the request, if any; nothing is left to say of it once that decision was withdrawn."""
    acts = [d for d in after.decisions if d.outcome is not Outcome.ADJOURNED]
    if found is None or not acts:
        return found
    return None if acts[-1].ending else replace(found, decided_on=acts[-1].act_on)


def _why(ask: Any) -> str:
    try:
        ask()
    except UserError as refusal:
        return refusal.message
    return ""
