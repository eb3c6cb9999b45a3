"""Whether a file respects the règlement: one result per check, each with its article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from cv_desktop.domain import checks_documents, checks_file, checks_money, checks_structure, checks_year
from cv_desktop.domain.facts import DOCUMENTS, FileFacts
from cv_desktop.domain.findings import NBSP, Finding, Items, Question, moot
from cv_desktop.domain.rules import BLOCK, COMPLETE, NONE, WARN, Parameter, Rules

__all__ = ["CHECKS", "DOCUMENTS", "FileFacts", "Result", "Status", "check", "summary"]

CHECKS: Mapping[str, Callable[[Question], Finding]] = MappingProxyType(
    {
        "legal_form": checks_file.legal_form,
        "perimeter": checks_file.perimeter,
        "bad_siret": checks_file.bad_siret,
        "too_young": checks_structure.too_young,
        "not_small": checks_structure.not_small,
        "late": checks_file.late,
        "not_qpv": checks_file.not_qpv,
        "qpv_share": checks_file.qpv_share,
        "one_per_year": checks_file.one_per_year,
        "one_per_round": checks_file.one_per_round,
        "over_ceiling": checks_money.over_ceiling,
        "below_minimum": checks_money.below_minimum,
        "budget_ceiling": checks_money.budget_ceiling,
        "over_structure_year": checks_year.over_structure_year,
        "unbalanced": checks_money.unbalanced,
        "in_kind": checks_money.in_kind,
        "request_line": checks_money.request_line,
        "rate": checks_money.rate,
        "own_funds": checks_money.own_funds,
        "late_start": checks_file.late_start,
        "period": checks_file.period,
        "missing_docs": checks_documents.missing_docs,
        "wanted_docs": checks_documents.wanted_docs,
        "outdated_docs": checks_documents.outdated_docs,
        "no_cer": checks_file.no_cer,
        "double_funding": checks_file.double_funding,
        "missing_report": checks_file.missing_report,
        "ineligible_expense": checks_money.ineligible_expense,
        "spoken_expense": checks_money.spoken_expense,
        "expense_cap": checks_money.expense_cap,
        "convention_threshold": checks_year.convention_threshold,
        "annex_threshold": checks_year.annex_threshold,
        "audit_threshold": checks_year.audit_threshold,
        "public_aid": checks_year.public_aid,
    }
)


class Status(StrEnum):
    """How a check ends, in the order the screen shows them."""

    FAIL = "fail"
    WARN = "warn"
    PASS = "pass"
    NA = "na"

    @property
    def label(self) -> str:
        return {"fail": "Non respecté", "warn": "À vérifier", "pass": "Respecté", "na": "Sans objet"}[self.value]

    @property
    def tint(self) -> str:
        """Name of the status colours of the screen."""
        return {"fail": "danger", "warn": "warning", "pass": "success", "na": "neutral"}[self.value]

    @property
    def icon(self) -> str:
        return {"fail": "x", "warn": "triangle-alert", "pass": "check", "na": "minus"}[self.value]


_ORDER = {code: place for place, code in enumerate(CHECKS)}
_RANKS = {status: place for place, status in enumerate(Status)}


@dataclass(frozen=True, slots=True)
class Result:
    """One line of « Recevabilité ».

    ``sentence`` says what is wrong and cites the article (empty when nothing is); ``value`` is the
    short text on the right. ``unknown`` is true when the file says too little to tell. ``remedy`` is
    "complete" or "refuse" when something is wrong, "none" otherwise. ``derogation`` is the reason
    given by whoever set the check aside. ``items`` are the (code, words) of the documents it is about.
    """

    code: str
    title: str
    article: str
    status: Status
    severity: str
    remedy: str
    sentence: str
    value: str
    unknown: bool = False
    derogation: str = ""
    items: Items = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        """A result frozen with the file that was judged."""
        items = tuple((code, words) for code, words in data.get("items", ()))
        return cls(**{**data, "status": Status(data["status"]), "items": items})

    @property
    def blocks(self) -> bool:
        """Whether it forbids the passage « recevable »: broken, or not known, on a blocking rule."""
        return self.status is Status.FAIL or (self.unknown and self.severity == BLOCK and self.status is Status.WARN)

    @property
    def reference(self) -> str:
        """« art. 6 », as the right end of the line."""
        return f"art.{NBSP}{self.article}" if self.article.isdigit() else self.article

    @property
    def consequence(self) -> str:
        """What follows for the officer, said after the sentence while the file is being written."""
        if not self.blocks:
            return ""
        return f"Le dossier reste enregistrable{NBSP}; il ne pourra pas être déclaré recevable."


def check(facts: FileFacts, rules: Rules) -> tuple[Result, ...]:
    """The results of all the checks the règlement asks: fails, to verify, passed, without object."""
    results = [_judge(facts, rules, p) for p in rules.values() if p.check]
    return tuple(sorted(results, key=lambda r: (_RANKS[r.status], _ORDER.get(r.code, len(_ORDER)))))


def summary(results: Iterable[Result]) -> dict[Status, int]:
    """How many checks ended in each way; those without object included."""
    counts = dict.fromkeys(Status, 0)
    for result in results:
        counts[result.status] += 1
    return counts


def _judge(facts: FileFacts, rules: Rules, parameter: Parameter) -> Result:
    code = parameter.check or ""
    function = CHECKS.get(code)
    if function is None:
        # A règlement written for a later version: said, never judged and never silently passed.
        sentence = f"{parameter.label}{NBSP}: règle à vérifier à la main ({parameter.reference})."
        return Result(code, parameter.label, parameter.article, Status.WARN, WARN, NONE, sentence, "à vérifier")
    if parameter.severity == NONE or (parameter.unit == "flag" and parameter.value is False):
        finding = moot(parameter.label)
    else:
        finding = function(Question(facts, parameter, rules))
    status, remedy = _outcome(finding, parameter)
    reason = facts.derogations.get(code, "") if finding.kind in ("broken", "doubt", "unknown") else ""
    if reason:
        sentence = f"{finding.sentence} Dérogation{NBSP}: {reason.removesuffix('.')}."
        return Result(
            code, finding.title, parameter.article, Status.PASS, parameter.severity, NONE, sentence, "dérogation",
            derogation=reason,
        )  # fmt: skip
    return Result(
        code,
        finding.title,
        parameter.article,
        status,
        parameter.severity,
        remedy,
        finding.sentence,
        finding.value,
        unknown=finding.kind == "unknown",
        items=finding.items,
    )


def _outcome(finding: Finding, parameter: Parameter) -> tuple[Status, str]:
    match finding.kind:
        case "kept":
            return Status.PASS, NONE
        case "moot":
            return Status.NA, NONE
        case "unknown":
            # Nothing is refused for a blank: it is asked.
            return Status.WARN, COMPLETE
        case "doubt":
            return Status.WARN, NONE
        case "broken":
            blocks = parameter.severity == BLOCK and not finding.soft
            return Status.FAIL if blocks else Status.WARN, parameter.remedy
