"""The documents of a file as lines of the tab « Pièces »: where each stands, and until when it is good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cv_desktop.domain.dates import short_date
from cv_desktop.domain.documents import OTHERS, Received, State
from cv_desktop.domain.expected_documents import PAYMENT
from cv_desktop.domain.facts import DOCUMENTS
from cv_desktop.ui.applications.dossier import Dossier

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Paper:
    """``id`` is the kind; ``expected`` says that the règlement asks it; ``code`` the check it would be set aside for.

    ``derogation`` is the key of the one in force, empty otherwise. ``asked_on`` is the day it was last asked.
    """

    id: str
    label: str
    detail: str
    state: State
    filename: str
    reason: str
    received_on: date | None
    dated_on: date | None
    valid_until: date | None
    expired: bool
    expected: bool
    open: bool
    code: str = ""
    derogation: str = ""
    asked_on: date | None = None

    @property
    def came(self) -> bool:
        return self.state in (State.RECEIVED, State.VALID, State.REJECTED)


def papers(dossier: Dossier) -> list[Paper]:
    """Those the règlement expects, then those received besides."""
    expected = {document.kind: document for document in dossier.papers}
    labels = {**DOCUMENTS, **OTHERS, **{kind: document.label for kind, document in expected.items()}}
    codes = {kind: r.code for r in dossier.results for kind, _words in r.items}
    waived = {d.item: d for d in dossier.derogations if d.item and d.lifted_at is None}
    asked = {p.item: row.asked_on for row in dossier.requests for p in row.points if row.asked_on}
    found = []
    for kind in dict.fromkeys((*expected, *dossier.record.documents)):
        document = expected.get(kind)
        received = dossier.record.documents.get(kind)
        paper = received or Received(kind, State.EXPECTED)
        waiver = waived.get(kind)
        at_hand = dossier.held.get(kind) if received is None else None
        if at_hand is not None and at_hand.good_on(dossier.deposit_day):
            paper = Received(kind, State.HELD, dated_on=at_hand.dated_on)
        until = paper.valid_until(document.validity_months) if document else None
        details = []
        if document is not None:
            details.append("avant le versement" if document.due == PAYMENT else document.condition_words)
            if document.validity_months:
                details.append(f"valable {document.validity_months}{NBSP}mois")
        else:
            details.append("non demandée")
        if received is None and asked.get(kind):
            details.append(f"demandée le {short_date(asked[kind])}")
        found.append(
            Paper(
                id=kind,
                label=labels.get(kind, kind),
                detail=", ".join(details),
                state=State.WAIVED if waiver and paper.state is State.EXPECTED else paper.state,
                filename=paper.filename,
                reason=waiver.reason if waiver else paper.reason,
                received_on=paper.received_on,
                dated_on=paper.dated_on,
                valid_until=until,
                expired=until is not None and until < (dossier.deposit_day or dossier.today),
                expected=document is not None,
                open=dossier.open,
                code=codes.get(kind, ""),
                derogation=waiver.id if waiver else "",
                asked_on=asked.get(kind),
            )
        )
    return found


def tab_title(dossier: Dossier) -> str:
    """« Pièces 1/2 »: of those expected at the deposit, what came and is not refused, or is dispensed."""
    kinds = dossier.documents
    waived = {d.item for d in dossier.derogations if d.lifted_at is None}
    held = [
        kind
        for kind in kinds
        if kind in waived
        or (kind in dossier.held and dossier.held[kind].good_on(dossier.deposit_day))
        or (kind in dossier.record.documents and dossier.record.documents[kind].state is not State.REJECTED)
    ]
    return f"Pièces {len(held)}/{len(kinds)}" if kinds else "Pièces"
