"""Last year's file taken up again: what stays is copied, amounts and dates wait for the new form, the link is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import form as queries
from cv_desktop.domain.budget import CHARGE, Funding
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.entry import Entry
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import StructureRead
from cv_desktop.services import budgets, entries

# What belongs to one year only.
_LEFT = frozenset(
    ("deposited_at", "asked_cents", "minimum_cents", "cost_cents", "starts_on", "ends_on", "signed_on",
     "beneficiaries", "women", "under_25", "quarter_residents", "republican_contract", "obligations_met",
     "public_aid_above_limit", "power_of_signature", "other_aid", "tranche", "tranches", "renewal")
)  # fmt: skip


def entry(session: Session, *, application_id: str) -> Entry:
    """What a new file takes from an earlier one: words, places, objectives, partners, budget lines without amounts."""
    file = session.get_one(Application, application_id)
    found = queries.record(session, application_id=application_id)
    assert found is not None
    values: dict[str, Any] = {name: value for name, value in found.values.items() if name not in _LEFT}
    values["renewal"] = True
    if file.tranche and file.tranches and file.tranche < file.tranches:
        values |= {"tranche": file.tranche + 1, "tranches": file.tranches}
    structure = session.get_one(Structure, file.structure_id)
    return Entry(
        structure=StructureRead(name=structure.name, siren=structure.siren, siret=structure.siret),
        structure_id=file.structure_id,
        values=values,
        quarters=found.quarters,
        outside=found.outside,
        objectives=found.objectives,
        priorities=found.priorities,
        budget=tuple(
            replace(x.line, amount_cents=0, state=Funding.NONE if x.line.side == CHARGE else _again(x.line.state))
            for x in budgets.of(session, application_id)
        ),
        partners=tuple(replace(x, id="") for x in found.partners),
        indicators=tuple(replace(x, id="", planned=None) for x in found.indicators),
        renewed_from=file.id,
    )


def create(session: Session, *, application_id: str, call_id: str) -> tuple[Changes, str]:
    """A draft renewed from a file of an earlier campaign. Raises UserError when it was renewed there already."""
    file, call = session.get_one(Application, application_id), session.get_one(Call, call_id)
    if file.call_id == call_id:
        raise UserError(f"Le dossier {file.number} est déjà dans « {call.label} ». Choisissez une autre campagne.")
    again = session.scalars(
        select(Application.number).where(Application.renewed_from_id == application_id, Application.call_id == call_id)
    ).first()
    if again:
        raise UserError(f"Le dossier {file.number} a déjà été repris dans « {call.label} » : {again}.")
    return entries.create(session, call_id=call_id, entry=entry(session, application_id=application_id))


def _again(state: str) -> str:
    """A funder of last year is asked again: nothing is granted yet, and a refusal is forgotten."""
    return str(Funding.OURS) if state == Funding.OURS else str(Funding.ASKED)
