"""A file typed from paper: the structure recognised or made, the file written whole, in one go."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application, Document
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.journal import JournalEntry
from cv_desktop.db.work import new_id, record, today
from cv_desktop.domain import budget
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.entry import UNTITLED, Entry, missing
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.form import ALL, TEXTS
from cv_desktop.domain.money import euros
from cv_desktop.domain.shares import wrong_minimum
from cv_desktop.services import budgets, drafts, entry_structures, indicators, objectives, partners, phases
from cv_desktop.services.budgets import Line

SOURCE = "Saisie"


def create(session: Session, *, call_id: str, entry: Entry) -> tuple[Changes, str]:
    """Write a file typed in a campaign; it is deposited when nothing it needs is missing, a draft otherwise.

    What it asks and what it costs come from its budget where the form leaves them empty. Gives the changes and the
    key of the file. Raises UserError without the name of a structure, or when a value does not hold.
    """
    call = phases.of_open(session, call_id)
    structure, steps = entry_structures.take(session, entry)
    values = _values(session, call_id, entry)
    lacking = missing(values, structure=structure.name)
    seq = next_seq(session, call)
    file = Application(
        id=new_id(session),
        call_id=call_id,
        structure_id=structure.id,
        seq=seq,
        number=f"{call.code}-{seq:04d}",
        source=SOURCE,
        status="draft" if lacking else "deposited",
        status_reason="",
        theme_label="",
        quarters_text="",
        outside_quarters=False,
        siret_raw=entry.structure.siret_raw or None if not entry.structure.siret else None,
        renewed_from_id=entry.renewed_from or None,
        **values,
    )
    session.add(file)
    session.flush()
    objectives.write_quarters(session, file, entry.quarters, entry.outside)
    objectives.write_objectives(session, file, entry.objectives)
    objectives.write_priorities(session, file.id, entry.priorities)
    lines = budgets.marked(session, call_id=call_id, lines=entry.budget)
    budgets.write(session, file.id, [Line(x) for x in lines])
    partners.write(session, file.id, entry.partners)
    indicators.write(session, file.id, entry.indicators)
    session.add_all(
        Document(
            id=new_id(session),
            application_id=file.id,
            kind=kind,
            filename="reçue sur papier",
            received_on=today(session),
        )
        for kind in dict.fromkeys(entry.documents)
    )
    record(
        session,
        verb="entries.create",
        noun="application",
        noun_id=file.id,
        summary=f"Dossier {file.number} saisi ({'brouillon' if lacking else 'déposé'}) : {structure.name}, "
        f"{euros(file.asked_cents)} demandés",
        after=drafts.plain(drafts.snapshot(session, file.id)),
    )
    session.flush()
    touched = Changes.of("application", file.id) | Changes.of("structure", structure.id)
    return Changes(touched.touched, together(*steps, Step(drafts.take_back, {"application_id": file.id}))), file.id


def next_seq(session: Session, call: Call) -> int:
    """The next order number of a campaign; that of a draft once deleted is not given again."""
    used = session.scalar(select(func.max(Application.seq)).where(Application.call_id == call.id)) or 0
    gone = session.scalars(
        select(JournalEntry.before).where(JournalEntry.verb == drafts.DELETED, JournalEntry.noun == "application")
    )
    deleted = [
        int(before["application"]["seq"])
        for before in gone
        if isinstance(before, dict) and before["application"]["call_id"] == call.id
    ]
    return int(max([used, *deleted])) + 1


def _values(session: Session, call_id: str, entry: Entry) -> dict[str, Any]:
    """Every field of the form: what was typed, else empty, the amounts from the budget where they are not."""
    values: dict[str, Any] = {
        name: entry.values.get(name, "" if name in TEXTS or field.kind == "line" else None)
        for name, field in ALL.items()
    }
    lines = budgets.marked(session, call_id=call_id, lines=entry.budget)
    ours = sum(x.amount_cents for x in lines if x.state == budget.Funding.OURS)
    values["title"] = str(values["title"] or "").strip() or UNTITLED
    values["asked_cents"] = values["asked_cents"] or ours
    values["cost_cents"] = values["cost_cents"] or budget.charges(lines)
    if values["asked_cents"] and (wrong := wrong_minimum(values["minimum_cents"], values["asked_cents"])):
        raise UserError(wrong, field="minimum_cents")
    return values
