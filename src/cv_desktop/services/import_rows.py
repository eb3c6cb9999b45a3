"""The applications of an import as rows, gathered then written at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.bulk import insert_rows
from cv_desktop.db.models.application import Application, ApplicationQuarter, BudgetLine, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.funding import Funding
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.imported import BUDGET, funding, told
from cv_desktop.domain.intake import Deposit
from cv_desktop.domain.own_funding import OwnNames
from cv_desktop.domain.quarters import is_outside
from cv_desktop.domain.text import fold
from cv_desktop.services import import_values
from cv_desktop.services.budgets import FunderLabels
from cv_desktop.services.fundings import AMOUNTS


@dataclass(slots=True)
class Rows:
    """Plain rows gathered for a few large inserts: mapped objects would take ten times longer."""

    own: OwnNames
    carried: frozenset[str]
    codes: frozenset[str]
    themes: Mapping[str, str]
    funders: FunderLabels
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    applications: list[dict[str, object]] = field(default_factory=list)
    quarters: list[dict[str, object]] = field(default_factory=list)
    lines: list[dict[str, object]] = field(default_factory=list)
    documents: list[dict[str, object]] = field(default_factory=list)
    fundings: list[dict[str, object]] = field(default_factory=list)

    def take(
        self,
        session: Session,
        call: Call,
        structure: Structure,
        import_id: str,
        seq: int,
        source: str,
        deposit: Deposit,
    ) -> None:
        """Gather one application, and what its file said of it."""
        key = new_id(session)
        said = self.values[key] = told(
            deposit, self.carried, codes=self.codes, themes=self.themes, own=self.own, structure_id=structure.id
        )
        number = f"{call.code}-{seq:04d}"
        inside = [q for q in deposit.quarters if q in self.codes]
        written = [q for q in deposit.quarters if q not in self.codes]
        raw = deposit.structure.siret_raw if deposit.structure.siret is None else ""
        self.applications.append(
            {
                "id": key,
                "call_id": call.id,
                "structure_id": structure.id,
                "import_id": import_id,
                "seq": seq,
                "number": number,
                "source": source,
                "external_id": deposit.number,
                "line": deposit.line,
                "status": "deposited",
                "status_reason": "",
                "title": deposit.title,
                "theme_code": self.themes.get(fold(deposit.theme_label)),
                "theme_label": deposit.theme_label,
                "quarters_text": ", ".join(written),
                "outside_quarters": any(map(is_outside, written)),
                "description": deposit.description,
                "beneficiaries": deposit.beneficiaries,
                "women": deposit.women,
                "quarter_residents": deposit.qpv_residents,
                "starts_on": deposit.starts_on,
                "ends_on": deposit.ends_on,
                "cost_cents": deposit.cost_cents or 0,
                "asked_cents": deposit.asked_cents,
                "minimum_cents": deposit.minimum_cents,
                "equality": deposit.equality,
                "participation": deposit.participation,
                "ecology": deposit.ecology,
                "republican_contract": deposit.republican_contract,
                "siret_raw": raw or None,
                "deposited_at": deposit.deposited_at,
                "checks_snapshot": None,
            }
        )
        # What the file says holds them already, when it has a column of amounts.
        states = (
            [line[-1] for line in said[BUDGET]]
            if BUDGET in said
            else [funding(entry, self.own).value for entry in deposit.budget]
        )
        self.quarters.extend({"application_id": key, "quarter_code": code} for code in dict.fromkeys(inside))
        self.lines.extend(
            {
                "id": new_id(session),
                "application_id": key,
                "side": entry.side,
                "position": position,
                "account": entry.account,
                "label": entry.label,
                "amount_cents": entry.amount_cents,
                "state": state,
                "funder_code": self.funders.code(entry) or None,
            }
            for position, (entry, state) in enumerate(zip(deposit.budget, states, strict=True))
        )
        self.documents.extend(
            {"id": new_id(session), "application_id": key, "kind": kind, "filename": name}
            for kind, name in deposit.documents.items()
            if name
        )
        given: dict[str, dict[str, int]] = {}
        for amount in deposit.fundings:
            given.setdefault(amount.code, {})[amount.name] = amount.cents
        self.fundings.extend(
            {"application_id": key, "funder_code": code, **dict.fromkeys(AMOUNTS), **amounts}
            for code, amounts in given.items()
        )
        record(
            session,
            verb="applications.create",
            noun="application",
            noun_id=key,
            summary=f"Dossier {number} créé par l’import (n° externe {deposit.number})",
            after={"asked_cents": deposit.asked_cents, "cost_cents": deposit.cost_cents},
            source="import",
        )

    def write(self, session: Session) -> None:
        """Write all that was gathered."""
        for table, rows in (
            (Application, self.applications),
            (ApplicationQuarter, self.quarters),
            (BudgetLine, self.lines),
            (Document, self.documents),
            (Funding, self.fundings),
        ):
            insert_rows(session, table, rows)
        import_values.remember(session, self.values)
