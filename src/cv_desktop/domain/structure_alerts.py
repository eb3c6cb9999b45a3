"""What is missing, expired or doubtful about a structure, as the sentences of its alerts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cv_desktop.domain.dates import long_date
from cv_desktop.domain.text import quote

FLAG_KINDS = {"missing_report": "Bilan manquant", "dispute": "Litige", "other": "Autre"}
STATUTES = "statuts"
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """The last document of its kind that a structure gave."""

    kind: str
    label: str
    dated_on: date | None
    valid_until: date | None

    def state(self, day: date) -> str:
        """« expired », « soon » within thirty days, else « valid »."""
        if self.valid_until is None:
            return "valid"
        return "expired" if self.valid_until < day else "soon" if self.valid_until <= day + SOON else "valid"


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """What the alerts read. ``siret_raw`` is a wrong SIRET that one of its files wrote."""

    siret: str
    siret_raw: str
    rna: str
    no_number_reason: str
    account: bool
    representative: bool
    dissolved_on: date | None = None
    flags: tuple[tuple[str, date, str], ...] = ()
    documents: tuple[DocumentFact, ...] = ()
    office_changed_on: date | None = None


def alerts(facts: StructureFacts, day: date) -> tuple[str, ...]:
    """The sentences, the gravest first: flags, dissolution, numbers, account, representative, documents."""
    found = [
        f"{FLAG_KINDS[kind]} depuis le {long_date(since)} : {reason.rstrip('.')}."
        for kind, since, reason in facts.flags
    ]
    if facts.dissolved_on is not None and facts.dissolved_on <= day:
        found.append(f"Structure dissoute le {long_date(facts.dissolved_on)}.")
    if not facts.siret and facts.siret_raw:
        found.append(f"SIRET à vérifier : {quote(facts.siret_raw)}.")
    elif not facts.siret and not facts.no_number_reason:
        found.append("SIRET non renseigné.")
    if not facts.rna and not facts.no_number_reason:
        found.append("RNA non renseigné.")
    if not facts.account:
        found.append("Compte bancaire non renseigné.")
    if not facts.representative:
        found.append("Représentant ou représentante légale non renseignée.")
    return (*found, *_of_documents(facts.documents, facts.office_changed_on, day))


def _of_documents(documents: Iterable[DocumentFact], office: date | None, day: date) -> list[str]:
    found = []
    for document in documents:
        state = document.state(day)
        if document.valid_until is not None and state != "valid":
            verb = "a expiré le" if state == "expired" else "expire le"
            found.append(f"{document.label} : {verb} {long_date(document.valid_until)}.")
        if document.kind == STATUTES and document.dated_on and office and document.dated_on.year < office.year:
            found.append(
                f"Les statuts datent de {document.dated_on.year} et le bureau a changé en {office.year}. "
                "Demandez la pièce."
            )
    return found
